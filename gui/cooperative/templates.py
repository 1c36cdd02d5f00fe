"""Templates of batches: what one registers every week, filled in by its name; no Qt here.

Rule: a template fills a form and records nothing. Its batch number is a pattern: the day it was made takes
the place of the day in the number it was saved from, and a number that is taken gets a counter.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from itertools import count
from pathlib import Path

from gui.keptrows import read_rows, write_rows

NAME = "templates.json"
_DAYS = ("%Y%m%d", "%y%m%d", "%m%d")
_COUNTER = re.compile(r"(?<=\})-\d{1,3}$")
_PLACE = re.compile(r"\{(%[^}]*)\}")


@dataclass(frozen=True, slots=True)
class Template:
    """What a batch of one kind has in common with the next.

    Args:
        lot: the batch number's pattern, as `pattern_of` returns it.
        quantity: as it is typed; uom: a UN/CEFACT code.
        shelf_days: from the day it was made to best before; None when none is printed.
        place: the id of the place, "" for none.
    """

    name: str
    gtin: str
    lot: str
    quantity: str
    uom: str
    shelf_days: int | None
    place: str

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise ValueError("a template has a name")


class Templates:
    """The templates of one home folder, by name; every call reads the file."""

    def __init__(self, home: Path) -> None:
        self._path = home / NAME

    def all(self) -> tuple[Template, ...]:
        """Return every template, by name."""
        return tuple(sorted(read_rows(self._path, _template), key=lambda one: one.name))

    def keep(self, template: Template) -> None:
        """Keep a template in the place of one of the same name; raises OSError."""
        others = [one for one in self.all() if one.name != template.name]
        write_rows(self._path, (asdict(one) for one in [*others, template]))

    def forget(self, name: str) -> None:
        """Put a template away; raises OSError."""
        write_rows(self._path, (asdict(one) for one in self.all() if one.name != name))


def pattern_of(lot: str, made: date) -> str:
    """Return a batch number with the day it was made left open.

    >>> pattern_of("QL-260412-2", date(2026, 4, 12)), pattern_of("A7", date(2026, 4, 12))
    ('QL-{%y%m%d}', 'A7')
    """
    for day in _DAYS:
        if (text := made.strftime(day)) in lot:
            return _COUNTER.sub("", lot.replace(text, "{" + day + "}", 1))
    return lot


def next_lot(pattern: str, made: date, taken: Container[str]) -> str:
    """Return the first number of a pattern that no batch has.

    >>> next_lot("QL-{%y%m%d}", date(2026, 4, 13), {"QL-260413"})
    'QL-260413-2'
    """
    plain = lot_of(pattern, made)
    numbers = (plain if number == 1 else f"{plain}-{number}" for number in count(1))
    return next(number for number in numbers if number not in taken)


def lot_of(pattern: str, made: date) -> str:
    """Return a pattern's number of a day."""
    return _PLACE.sub(lambda place: made.strftime(place[1]), pattern)


def _template(row: Mapping[str, object]) -> Template:
    days = row["shelf_days"]
    texts = {name: str(row[name]) for name in ("name", "gtin", "lot", "quantity", "uom", "place")}
    return Template(**texts, shelf_days=None if days is None else int(str(days)))
