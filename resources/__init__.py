"""Find and read the data that ships with the program; this package holds data and this one door."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent


def path(name: str) -> Path:
    """Return where the resource `name` (such as "i18n/zh_CN.json") lies on disk."""
    return ROOT / name


def text(name: str) -> str:
    """Return the resource `name` as text (UTF-8)."""
    return path(name).read_text(encoding="utf-8")


def document(name: str) -> Any:
    """Return the resource `name` parsed as JSON."""
    return json.loads(text(name))
