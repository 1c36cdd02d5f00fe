"""Read an XLSX workbook row by row while it is unpacked, so that nobody waits for the end of a sheet.

Rule: a cell is what openpyxl reads with `data_only` (a test compares them): of a formula the value that was
saved with it, of a number in a date's format the date. What a sheet says of its own size is only ever told,
never used to cut rows off: many programs write it wrong. Words are read as far as rows have asked for them.
Sources: ECMA-376 part 1, 18.2.19 (sheets), 18.3.1 (rows and cells), 18.4 (words), 18.8.30 (formats).
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from typing import IO
from xml.etree.ElementTree import Element
from xml.parsers import expat

import defusedxml.ElementTree
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils import column_index_from_string
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel, from_ISO8601

Cells = tuple[object, ...]
CHUNK = 1 << 16
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_WORKBOOK = "/officeDocument"
_DIGITS = "0123456789"
_LAST_ROW = re.compile(r"(\d+)$")


class Workbook:
    """An opened workbook.

    `titles` are the names of its sheets in their order.

    Raises:
        KeyError, OSError, ValueError: it is none; zipfile.BadZipFile, expat.ExpatError: it is broken.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._archive = zipfile.ZipFile(file)
        self._parts = set(self._archive.namelist())
        book = next((path for kind, path in self._relations("").values() if kind.endswith(_WORKBOOK)), None)
        if book is None:
            raise KeyError("no workbook in the package")
        root, related = self._parsed(book), self._relations(book)
        known = {kind.rpartition("/")[2]: path for kind, path in related.values()}
        self._paths = [(title, path) for title, path in _sheets(root, related) if path in self._parts]
        self._epoch = MAC_EPOCH if _is_1904(root) else WINDOWS_EPOCH
        self._dates, self._spans = self._formats(known.get("styles"))
        self._words = _Words(self._archive, known.get("sharedStrings"))
        self.titles = tuple(title for title, _ in self._paths)

    def last_row(self, place: int) -> int | None:
        """Return which row a sheet says is its last, if it says so before its first one."""
        with self._archive.open(self._paths[place][1]) as part:
            head = part.read(CHUNK).partition(b"<sheetData")[0]
        found = re.search(rb'<(?:\w+:)?dimension\b[^>]*\bref="([^"]*)"', head)
        number = _LAST_ROW.search(found[1].decode("ascii", "replace")) if found else None
        return int(number[1]) if number else None

    def rows(self, place: int) -> Iterator[Cells]:
        """Give a sheet's rows from its first line on, each as long as it has cells; one left out is empty."""
        read = _SheetReader(self._value)
        following = 1
        with self._archive.open(self._paths[place][1]) as part:
            for _ in _fed(part, read.parser):
                for number, cells in read.taken():
                    while following < number:
                        yield ()
                        following += 1
                    # A row that stands after later ones has no place any more.
                    if following == number:
                        yield cells
                        following += 1

    def _value(self, kind: str, style: str, text: str) -> object:
        """Return what a cell holds (18.18.11)."""
        if kind == "n":
            number = float(text) if "." in text or "E" in text or "e" in text else int(text)
            return self._styled(number, int(style))
        if kind == "s":
            return self._words[int(text)]
        if kind == "b":
            return bool(int(text))
        return from_ISO8601(text) if kind == "d" else text

    def _styled(self, number: float, style: int) -> object:
        if style not in self._dates:
            return number
        try:
            return from_excel(number, self._epoch, timedelta=style in self._spans)
        except (OverflowError, ValueError):
            return "#VALUE!"

    def _formats(self, path: str | None) -> tuple[set[int], set[int]]:
        """Return the styles of dates, and those among them of lengths of time."""
        if path is None or path not in self._parts:
            return set(), set()
        root = self._parsed(path)
        own = {
            int(each.get("numFmtId", -1)): each.get("formatCode", "") for each in _children(root, "numFmts")
        }
        used = [int(each.get("numFmtId", 0)) for each in _children(root, "cellXfs")]
        codes = [own.get(number, BUILTIN_FORMATS.get(number)) for number in used]
        dates = {place for place, code in enumerate(codes) if is_date_format(code)}
        return dates, {place for place, code in enumerate(codes) if is_timedelta_format(code)}

    def _parsed(self, path: str) -> Element:
        root: Element = defusedxml.ElementTree.fromstring(self._archive.read(path))
        return root

    def _relations(self, path: str) -> dict[str, tuple[str, str]]:
        """Return id -> (type, path) of what a part of the package refers to."""
        folder, name = posixpath.split(path)
        beside = posixpath.join(folder, "_rels", f"{name}.rels")
        if beside not in self._parts:
            return {}
        return {
            each.get("Id", ""): (
                each.get("Type", ""),
                posixpath.normpath(posixpath.join("/", folder, each.get("Target", ""))).lstrip("/"),
            )
            for each in self._parsed(beside)
        }


class _Words:
    """The shared strings, read no further than somebody has asked."""

    def __init__(self, archive: zipfile.ZipFile, path: str | None) -> None:
        self._known: list[str] = []
        self._more = iter(()) if path is None else self._read(archive, path)

    def __getitem__(self, place: int) -> str:
        while place >= len(self._known) and next(self._more, None) is not None:
            pass
        if not 0 <= place < len(self._known):
            raise ValueError(f"no shared string {place}")
        return self._known[place]

    def _read(self, archive: zipfile.ZipFile, path: str) -> Iterator[int]:
        heard = _Text()
        parser = heard.parser
        parser.StartElementHandler = heard.begin

        def end(tag: str) -> None:
            if heard.end(tag) == "si":
                self._known.append(heard.take().replace("x005F_", ""))

        parser.EndElementHandler = end
        with archive.open(path) as part:
            yield from _fed(part, parser)


class _Text:
    """Gathers the plain text and the runs of what is being read, without how to pronounce it (18.4)."""

    def __init__(self) -> None:
        self.parser = _parser()
        self._parts: list[str] = []
        self._spoken = 0

    def begin(self, tag: str, _: dict[str, str]) -> None:
        """A `t` that is none of a phonetic run is heard."""
        name = _name(tag)
        if name == "rPh":
            self._spoken += 1
        elif name == "t" and not self._spoken:
            self.hear(True)

    def end(self, tag: str) -> str:
        """Return the name of what ended."""
        name = _name(tag)
        if name == "rPh":
            self._spoken -= 1
        elif name == "t":
            self.hear(False)
        return name

    def hear(self, on: bool) -> None:
        """Listen, or listen no more."""
        self.parser.CharacterDataHandler = self._parts.append if on else None

    def take(self) -> str:
        """Return what was heard since the last time."""
        text = "".join(self._parts)
        self._parts.clear()
        return text


class _SheetReader:
    """Makes rows of what the parser of one sheet hears."""

    def __init__(self, value: Callable[[str, str, str], object]) -> None:
        self._value = value
        self._done: list[tuple[int, Cells]] = []
        self._cells: list[object] = []
        self._row = self._column = 0
        self._kind, self._style = "n", "0"
        self._held: str | None = None
        self._columns: dict[str, int] = {}
        self._text = _Text()
        self.parser = self._text.parser
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end

    def taken(self) -> list[tuple[int, Cells]]:
        """Return the rows that are whole, by their numbers."""
        done, self._done = self._done, []
        return done

    def _begin(self, tag: str, attributes: dict[str, str]) -> None:
        name = _name(tag)
        if name == "c":
            self._column = self._place(attributes.get("r"))
            self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "0")
            self._held = None
        elif name == "v":
            self._text.hear(True)
        elif name == "row":
            self._row = int(float(attributes["r"])) if "r" in attributes else self._row + 1
            self._column, self._cells = 0, []
        elif name:
            self._text.begin(tag, attributes)

    def _end(self, tag: str) -> None:
        name = _name(tag)
        if name == "v":
            self._text.hear(False)
            held = self._text.take()
            self._held = None if self._kind == "inlineStr" else held
        elif name == "is":
            held = self._text.take()
            self._held = held if self._kind == "inlineStr" else self._held
        elif name == "c":
            self._keep()
        elif name == "row":
            self._done.append((self._row, tuple(self._cells)))
        elif name:
            self._text.end(tag)

    def _keep(self) -> None:
        while len(self._cells) < self._column:
            self._cells.append(None)
        if self._kind == "inlineStr":
            self._cells[self._column - 1] = self._held
        elif self._held:
            self._cells[self._column - 1] = self._value(self._kind, self._style, self._held)

    def _place(self, reference: str | None) -> int:
        """Return the column of a cell, which may leave out where it stands."""
        if reference is None:
            return self._column + 1
        letters = reference.rstrip(_DIGITS)
        if letters not in self._columns:
            self._columns[letters] = column_index_from_string(letters)
        return self._columns[letters]


def _name(tag: str) -> str:
    """Return an element's name, nothing for one of another vocabulary."""
    return tag[len(_MAIN) + 1 :] if tag.startswith(_MAIN) else ""


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.EntityDeclHandler = _no_entities
    return parser


def _no_entities(*_: object) -> None:
    # No workbook needs one, and a few of them can stand for gigabytes.
    raise ValueError("it declares entities")


def _fed(part: IO[bytes], parser: expat.XMLParserType) -> Iterator[int]:
    """Give a part of the package to its parser, piece by piece."""
    while piece := part.read(CHUNK):
        parser.Parse(piece, False)
        yield len(piece)
    parser.Parse(b"", True)
    yield 0


def _children(root: Element, name: str) -> list[Element]:
    found = root.find(f"{{{_MAIN}}}{name}")
    return [] if found is None else list(found)


def _is_1904(root: Element) -> bool:
    found = root.find(f"{{{_MAIN}}}workbookPr")
    return found is not None and found.get("date1904", "0") in ("1", "true")


def _sheets(root: Element, related: Mapping[str, tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Give the names and parts of the sheets that have cells, unlike sheets of charts and of macros."""
    for each in _children(root, "sheets"):
        kind, path = related.get(each.get(_ID, ""), ("", ""))
        if kind.endswith("/worksheet"):
            yield each.get("name", ""), path
