"""Keep a few rows of one's own beside the keys: a small JSON file that only its owner may read.

Rule: it is written whole and renamed into place; an unreadable one is put aside and the program starts
without it. Nothing is judged by what stands here.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

Row = Mapping[str, object]
Made = TypeVar("Made")


def read_rows(path: Path, made: Callable[[Row], Made]) -> list[Made]:
    """Return what is kept, each row as `made` makes it; nothing when there is no file or it is broken.

    Args:
        made: raises ValueError, KeyError, TypeError or AttributeError for a row that is not one of its kind.
    """
    try:
        return [made(row) for row in json.loads(path.read_text(encoding="utf-8"))]
    except FileNotFoundError:
        return []
    except (ValueError, KeyError, TypeError, AttributeError, OSError):
        with suppress(OSError):
            os.replace(path, path.with_suffix(".json.bad"))
        return []


def write_rows(path: Path, rows: Iterable[Row]) -> None:
    """Keep these rows and no others.

    Raises:
        OSError: the file cannot be written; what was kept before is untouched.
    """
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump([dict(row) for row in rows], file, ensure_ascii=False, indent=1)
    os.replace(fresh, path)
