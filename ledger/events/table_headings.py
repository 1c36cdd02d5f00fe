"""Find a table's headings and say which column of the template each of them means.

Rule: a heading is known by the template's words in either language and by the other words people use
(resources/vocab/headings.json), or because a person said what it means; the rest is told as unknown, never
guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from ledger.errors import EventInvalid
from ledger.events.spreadsheet import Body, Cells, Sheets, Source, show
from ledger.events.table_words import known_headings, table_words
from ledger.events.written import plain
from ledger.events.written_units import unit_and_factor

NEEDED = ("event", "time", "product", "lot")
HEADING_WITHIN = 10
_BRACKETS = re.compile(r"[(\[]([^)\]]*)[)\]]")


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a table's headings stand and what each means.

    Args:
        line: the number of the heading row.
        titles: the headings as they stand; headings: the template's column of each, "" for an unknown one.
        source: which sheet of the file, or how the file is written.
        place: how many sheets come before it.
        unit: what stands in the heading of the amounts, such as 公斤 in 数量(公斤).
    """

    line: int
    titles: tuple[str, ...]
    headings: tuple[str, ...]
    source: Source
    place: int = 0
    unit: str = ""

    @property
    def known(self) -> tuple[tuple[str, str], ...]:
        """Return heading -> column of those that are known."""
        return tuple((title, column) for title, column in self._pairs() if column)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Return the headings nobody knows."""
        return tuple(title for title, column in self._pairs() if title and not column)

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the columns every event needs that no heading means."""
        return tuple(column for column in NEEDED if column not in self.headings)

    def _pairs(self) -> Iterator[tuple[str, str]]:
        return zip(self.titles, self.headings, strict=True)


def find_table(sheets: Sheets, columns: Mapping[str, str]) -> tuple[Layout, Body]:
    """Return a table's layout and the rows below its headings: of the first sheet that has what is needed.

    Raises:
        EventInvalid: code `column-missing`, or it is no spreadsheet.
    """
    best = survey(sheets, columns)
    if best.missing:
        raise _lacking(best, sheets.name)
    return best, sheets.body(best.place, best.line)


def survey(sheets: Sheets, columns: Mapping[str, str]) -> Layout:
    """Return the layout of the sheet and row whose headings say most, whether they say enough or not.

    Of rows that say nothing, the one with most words is taken for the headings.
    """
    best: tuple[tuple[int, int], Layout] | None = None
    for place, (source, rows) in enumerate(sheets.firsts(HEADING_WITHIN)):
        above: Cells = ()
        for line, cells in enumerate(rows, start=1):
            for titles in _titles(above, cells):
                layout = _layout(line, titles, columns, source, place)
                if not layout.missing:
                    return layout
                worth = len(set(layout.headings) - {""}), sum(_is_word(title) for title in titles)
                if best is None or worth > best[0]:
                    best = worth, layout
            above = cells
    return best[1] if best is not None else Layout(1, (), (), Source())


def tidy(text: str) -> str:
    """Return a cell without what nobody sees: odd spaces, full-width forms, an apostrophe that marks text."""
    return plain(text).removeprefix("'")


def _lacking(layout: Layout, name: str) -> EventInvalid:
    known = table_words("zh_CN")
    return EventInvalid(
        "the sheet lacks columns every event needs",
        field=layout.missing[0],
        code="column-missing",
        found=", ".join(sorted(set(layout.headings) - {""})) or "no known heading",
        expected=", ".join(f"{known[f'table.column.{column}']} / {column}" for column in layout.missing),
        where=name,
        remedy="start from the template, or say which heading means which column",
    )


def _titles(above: Cells, cells: Cells) -> Iterator[tuple[str, ...]]:
    """Give the headings a row may mean: its own, or with those above it where cells were merged."""
    own = [tidy(show(cell)) for cell in cells]
    upper = [tidy(show(cell)) for cell in above]
    # A row ends with its last cell, and the headings above may go on.
    merged = [title or over for title, over in zip_longest(own, upper, fillvalue="")]
    for titles in (own, merged):
        while titles and not titles[-1]:
            titles.pop()
        yield tuple(titles)


def _layout(
    line: int, titles: tuple[str, ...], columns: Mapping[str, str], source: Source, place: int
) -> Layout:
    headings = tuple(_headings(titles, columns))
    units = (_unit_of(title) for title, column in zip(titles, headings, strict=True) if column == "quantity")
    return Layout(line, titles, headings, source, place, next(units, ""))


def _headings(titles: Sequence[str], columns: Mapping[str, str]) -> list[str]:
    """Return the template's column of each heading; a second heading for the same column is none."""
    found: list[str] = []
    for title in titles:
        column = _column(title, columns)
        # A day and a clock time often stand in columns of their own.
        found.append(("clock" if column == "time" else "") if column in found else column)
    return found


def _column(title: str, columns: Mapping[str, str]) -> str:
    """Return the template's column for a heading, or nothing; a unit in brackets is no part of it."""
    if title in columns:
        return columns[title]
    word = title.strip().rstrip("*").strip().lower()
    return known_headings().get(word) or known_headings().get(_BRACKETS.sub("", word).strip(), "")


def _unit_of(title: str) -> str:
    """Return the unit a heading carries in brackets, such as 数量(公斤), or nothing."""
    match = _BRACKETS.search(title)
    word = "" if match is None else match[1].strip()
    try:
        return word if word and unit_and_factor(word) else ""
    except EventInvalid:
        return ""


def _is_word(title: str) -> bool:
    return bool(title) and not title[0].isdigit()
