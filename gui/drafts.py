"""Keep what somebody began to type and has not recorded: one small file beside the keys.

Rule: a draft is no truth and nothing is judged by it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from gui.keptrows import read_rows, write_rows

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


class Keeper(Protocol):
    """Where drafts are kept."""

    def all(self, page: str = "") -> tuple[Draft, ...]:
        """Return every draft, or those of one page, the one changed last first."""

    def get(self, id: str) -> Draft | None:
        """Return a draft, or nothing once it was recorded or discarded."""

    def keep(self, draft: Draft) -> None:
        """Keep a draft in the place of what was kept of it."""

    def forget(self, id: str) -> Draft | None:
        """Put a draft away and return it."""


class Passing:
    """Drafts that nothing writes down: gone with whoever holds this (what a shopper types at a counter)."""

    def __init__(self) -> None:
        self._kept: dict[str, Draft] = {}

    def all(self, page: str = "") -> tuple[Draft, ...]:
        """Return every draft, or those of one page, the one changed last first."""
        return tuple(draft for draft in reversed(self._kept.values()) if not page or draft.page == page)

    def get(self, id: str) -> Draft | None:
        """Return a draft, or nothing once it was discarded."""
        return self._kept.get(id)

    def keep(self, draft: Draft) -> None:
        """Keep a draft in the place of what was kept of it."""
        self._kept.pop(draft.id, None)
        self._kept[draft.id] = draft

    def forget(self, id: str) -> Draft | None:
        """Put a draft away and return it, so that putting it away can be undone."""
        return self._kept.pop(id, None)


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
        return read_rows(self._path, _draft)

    def _write(self, drafts: Iterable[Draft]) -> None:
        write_rows(self._path, (asdict(one) | {"changed": one.changed.isoformat()} for one in drafts))


def _draft(row: Mapping[str, object]) -> Draft:
    values, changed = row["values"], datetime.fromisoformat(str(row["changed"]))
    if not isinstance(values, dict) or changed.tzinfo is None:
        raise ValueError("not a draft")
    return Draft(str(row["id"]), str(row["page"]), str(row["kind"]), str(row["said"]), changed, values)
