"""Keep what somebody began to type and has not recorded: one small file beside the keys.

Rule: a draft is no truth and nothing is judged by it, so it is a plain file that only its owner may read,
written whole and renamed into place; an unreadable one is put aside and the program starts without drafts.
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

NAME = "drafts.json"
MOST = 200
"""More than anybody works on at once; the oldest go first."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One form as it was left.

    Args:
        page: the page whose form it is; kind: which of the page's forms, if it has several.
        said: what tells it from others in a list: a lot number, an amount.
        changed: when it was last changed, aware UTC.
        values: what each field holds.
    """

    id: str
    page: str
    kind: str
    said: str
    changed: datetime
    values: Mapping[str, object] = field(default_factory=dict)


def new_id() -> str:
    """Return a name for a draft that no other has."""
    return uuid.uuid4().hex


class Drafts:
    """The drafts of one home folder; every call reads the file, for several pages write it."""

    def __init__(self, home: Path) -> None:
        self._path = home / NAME

    def all(self, page: str = "") -> tuple[Draft, ...]:
        """Return every draft, or those of one page, the one changed last first."""
        return tuple(draft for draft in reversed(self._read()) if not page or draft.page == page)

    def get(self, id: str) -> Draft | None:
        """Return a draft, or nothing once it was recorded or discarded."""
        return next((draft for draft in self._read() if draft.id == id), None)

    def keep(self, draft: Draft) -> None:
        """Keep a draft in the place of what was kept of it.

        Raises:
            OSError: the file cannot be written; the form itself is untouched.
        """
        others = [one for one in self._read() if one.id != draft.id]
        # The file's order is the order of change; the clock may stand still or be set back.
        self._write([*others, draft][-MOST:])

    def forget(self, id: str) -> Draft | None:
        """Put a draft away and return it, so that putting it away can be undone."""
        kept = self._read()
        found = next((draft for draft in kept if draft.id == id), None)
        if found is not None:
            self._write(draft for draft in kept if draft.id != id)
        return found

    def _read(self) -> list[Draft]:
        try:
            rows = json.loads(self._path.read_text(encoding="utf-8"))
            return [_draft(row) for row in rows]
        except FileNotFoundError:
            return []
        except (ValueError, KeyError, TypeError, AttributeError, OSError):
            with suppress(OSError):
                os.replace(self._path, self._path.with_suffix(".json.bad"))
            return []

    def _write(self, drafts: Iterable[Draft]) -> None:
        rows = [asdict(draft) | {"changed": draft.changed.isoformat()} for draft in drafts]
        fresh = self._path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(rows, file, ensure_ascii=False, indent=1)
        os.replace(fresh, self._path)


def _draft(row: Mapping[str, object]) -> Draft:
    values, changed = row["values"], datetime.fromisoformat(str(row["changed"]))
    if not isinstance(values, dict) or changed.tzinfo is None:
        raise ValueError("not a draft")
    return Draft(str(row["id"]), str(row["page"]), str(row["kind"]), str(row["said"]), changed, values)
