"""Open spreadsheets as rows of cells: XLSX or CSV, whatever Excel in China or elsewhere saved.

Rule: only opening happens here. CSV is UTF-8 (with or without a mark), UTF-16 or GB 18030, separated by
comma, semicolon, tab or bar; a workbook that would unpack to more than a gigabyte is refused. RFC 4180.
"""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from ledger.errors import EventInvalid

if TYPE_CHECKING:
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

MOST_ROWS = 200_000
MOST_UNPACKED = 1 << 30
Cells = tuple[object, ...]
# What unpacking, parsing and looking up do on a broken file; the second line is a torn or sealed archive, the
# third a part that the reader takes for granted. Nothing of ours runs where they are caught.
_BROKEN = (zipfile.BadZipFile, ParseError, LookupError, ValueError, OSError,
           zlib.error, EOFError, NotImplementedError, RuntimeError,
           AttributeError, TypeError)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """Where rows came from: a workbook's sheet by its name, or a CSV file's encoding and separator."""

    sheet: str = ""
    encoding: str = ""
    separator: str = ""


def sheets(data: bytes, name: str) -> Iterator[list[Cells]]:
    """Yield the rows of each sheet; a CSV file is one sheet.

    Raises:
        EventInvalid: not a spreadsheet, or too large a one.
    """
    book = Sheets(data, name)
    return (list(book.rows(place)) for place in range(len(book.sources)))


class Sheets:
    """A spreadsheet, opened once.

    Args:
        name: the file's, for messages.
        flowing: rows are given while they are read, for somebody who only looks; else `body` has read them
            all, so that of a file with a fault in it nothing is taken.

    Raises:
        EventInvalid: not a spreadsheet, or too large a one; here or while its rows are read.
    """

    def __init__(self, data: bytes, name: str, *, flowing: bool = False) -> None:
        self.name, self.flowing = name, flowing
        self._sheets: list[ReadOnlyWorksheet] = []
        self._lines: list[Cells] = []
        if not data.startswith(b"PK"):
            text, encoding = decoded(data, name)
            separator = _separator(text)
            self._lines = list(_csv_rows(text, separator, name))
            self.sources: tuple[Source, ...] = (Source("", encoding, separator),)
            return
        # Loaded for a workbook only: it takes a tenth of a second, and whoever opens a ledger would wait.
        import openpyxl

        with _told(name):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
                    raise _unreadable(name, "a workbook that unpacks to more than a gigabyte")
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        self._sheets = list(book.worksheets)
        self._last = [sheet.max_row for sheet in self._sheets]
        for sheet in self._sheets:
            # Many programs write it wrong, and rows below it would be left out.
            sheet.reset_dimensions()
        self.sources = tuple(Source(sheet.title) for sheet in self._sheets)

    def firsts(self, most: int) -> Iterator[tuple[Source, list[Cells]]]:
        """Yield each sheet with where it came from and no more than so many rows of it."""
        for place, source in enumerate(self.sources):
            yield source, list(islice(self.rows(place), most))

    def rows(self, place: int) -> Iterator[Cells]:
        """Give the rows of one sheet, as they are read."""
        if not self._sheets:
            return _limited(self._lines, self.name)
        return self._rows_of(self._sheets[place])

    def body(self, place: int, line: int) -> Body:
        """Return the rows of one sheet below a line."""
        rows = islice(self.rows(place), line, None)
        if not self.flowing or not self._sheets:
            held = list(rows)
            return Body(held, len(held))
        last = self._last[place]
        return Body(rows, last - line if last is not None and last > line else None)

    def _rows_of(self, sheet: ReadOnlyWorksheet) -> Iterator[Cells]:
        with _told(self.name):
            yield from _limited(sheet.iter_rows(values_only=True), self.name)


@dataclass(slots=True)
class Body:
    """The rows below a table's headings.

    Args:
        total: how many there are, as far as one knows yet; a workbook may be wrong about itself.
    """

    rows: Iterable[Cells]
    total: int | None

    def __iter__(self) -> Iterator[Cells]:
        read = 0
        for read, cells in enumerate(self.rows, start=1):
            if self.total is not None and read > self.total:
                self.total = None
            yield cells
        self.total = read


@contextmanager
def _told(name: str) -> Iterator[None]:
    """Turn what a broken workbook does to its readers into the refusal of the file."""
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        yield
    except EventInvalid:
        raise
    except (*_BROKEN, InvalidFileException) as error:
        raise _unreadable(name, str(error)) from error


def _csv_rows(text: str, separator: str, name: str) -> Iterator[Cells]:
    if "\x00" in text:
        raise _unreadable(name, "binary data")
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            yield tuple(row)
    except csv.Error as error:
        raise _unreadable(name, str(error)) from error


def _separator(text: str) -> str:
    """Return the mark that cuts the first lines most evenly: a title above the headings has none."""
    lines = [line for line in text.splitlines()[:30] if line.strip()]
    counts = {mark: [line.count(mark) for line in lines] for mark in ",;\t|"}
    return max(counts, key=lambda mark: (sum(n > 0 for n in counts[mark]), sum(counts[mark])))


def csv_bytes(rows: Iterable[Iterable[str]]) -> bytes:
    """Return rows as CSV that spreadsheet programs open with the right characters."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\r\n").writerows(rows)
    return b"\xef\xbb\xbf" + written.getvalue().encode()


def show(cell: object) -> str:
    """Return what a person sees in a cell: 6901234567892, not 6901234567892.0."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S" if cell.second else "%Y-%m-%d %H:%M")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell).strip()


def decode(data: bytes, name: str) -> str:
    """Return a file's text, whichever of the usual encodings it is in."""
    return decoded(data, name)[0]


def decoded(data: bytes, name: str) -> tuple[str, str]:
    """Return a file's text and the name of the encoding it is in."""
    for encoding in (*_utf_16(data), "utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding), encoding.removesuffix("-sig")
        except UnicodeDecodeError:
            continue
    raise _unreadable(name, "neither UTF-8, UTF-16 nor GB 18030")


def _utf_16(data: bytes) -> tuple[str, ...]:
    """Return UTF-16 where its mark, or a zero in nearly every second byte, says so."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return ("utf-16",)
    start = data[:400]
    zeros = start[1::2].count(0), start[::2].count(0)
    if max(zeros) * 8 < len(start) or min(zeros) * 4 > max(zeros):
        return ()
    return ("utf-16-le",) if zeros[0] > zeros[1] else ("utf-16-be",)


def _limited(rows: Iterable[Cells], name: str) -> Iterator[Cells]:
    for read, row in enumerate(rows):
        if read > MOST_ROWS:
            raise EventInvalid(
                "too many rows",
                field="file",
                code="sheet-too-large",
                found=f"more than {MOST_ROWS}",
                expected=MOST_ROWS,
                where=name,
                remedy="split the file",
            )
        yield row


def _unreadable(name: str, found: str) -> EventInvalid:
    return EventInvalid(
        "not a spreadsheet that can be opened",
        field="file",
        code="sheet-unreadable",
        found=found,
        expected="XLSX, or CSV in UTF-8 or GB 18030",
        where=name,
        remedy="save it as XLSX, or as CSV in UTF-8",
    )
