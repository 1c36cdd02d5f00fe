"""Spreadsheets: one row, one event; headings in Chinese or English, rows refused one by one.

Rule: a row is read only from what stands in it. A bad row is refused with its number and column and kept,
so that it can be corrected and read again; the others are taken. The template's words lie in
resources/i18n/*/table.json; other headings can be mapped by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from functools import lru_cache, partial
from urllib.parse import quote

import resources
from ledger.errors import EventInvalid
from ledger.events.checks import refusal
from ledger.events.foreign_rows import Import, Rows
from ledger.events.gs1 import linters
from ledger.events.identifiers import DigitalLink, gln, gtin
from ledger.events.normalise import event_from_wire
from ledger.events.spreadsheet import Cells, csv_bytes, sheets, show
from ledger.events.supply import SupplyEvent
from ledger.events.values import decimal_text, tidy_decimal
from ledger.events.written import amount, moment, number, plain
from ledger.events.written_units import unit_and_factor

LOCALES = ("zh_CN", "en")
COLUMNS = (
    "event", "time", "zone", "product", "lot", "quantity", "unit", "place", "from", "to", "inputs", "parent",
    "document", "id",
)  # fmt: skip
NEEDED = ("event", "time", "product", "lot")
KINDS = ("register", "process", "pack", "unpack", "store", "ship", "receive", "inspect", "sell", "destroy")
LOCAL_OFFSET = "+08:00"
_HEADING_WITHIN = 10
_BRACKETS = re.compile(r"[(\[]([^)\]]*)[)\]]")
_INPUT = re.compile(r"(\S+?)\s*[=＝]\s*([0-9.,]+)\s*(\S*)")
_ZONE = re.compile(r"[+-]\d\d:\d\d")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
_GS1 = "https://id.gs1.org"
_COLUMN_OF = {
    "eventTime": "time",
    "eventTimeZoneOffset": "zone",
    "eventID": "id",
    "parentID": "parent",
    "readPoint.id": "place",
    "bizTransactionList": "document",
    "sourceList": "from",
    "destinationList": "to",
    "inputQuantityList": "inputs",
    **dict.fromkeys(("quantityList", "childQuantityList", "outputQuantityList"), "quantity"),
}
_OBJECT = {
    "register": ("ADD", "commissioning", "active"),
    "store": ("OBSERVE", "storing", "in_progress"),
    "ship": ("OBSERVE", "shipping", "in_transit"),
    "receive": ("OBSERVE", "receiving", "in_progress"),
    "inspect": ("OBSERVE", "inspecting", "in_progress"),
    "sell": ("OBSERVE", "retail_selling", "retail_sold"),
    "destroy": ("DELETE", "destroying", "destroyed"),
}


def read_table(
    data: bytes, name: str, *, now: datetime | None = None, columns: Mapping[str, str] | None = None
) -> Import:
    """Return the events of a spreadsheet.

    Args:
        data: an XLSX workbook (its first sheet with known headings) or CSV in UTF-8 or GB 18030.
        name: the file's name, for messages.
        now: when given, an event that claims to happen later is refused.
        columns: heading -> column of the template (`COLUMNS`), for headings that are not the template's.

    Raises:
        EventInvalid: not a spreadsheet, or without the columns every event needs.
    """
    return next(table_parts(data, Rows(name, now), columns))


def table_parts(data: bytes, rows: Rows, columns: Mapping[str, str] | None = None) -> Iterator[Import]:
    """Give what `read_table` returns, in parts as large as `rows` wants them."""
    name = rows.name
    first, titles, body = _find_table(data, name, columns or {})
    del data
    headings = _headings(titles, columns or {})
    behind = next((_unit_of(t) for t, h in zip(titles, headings, strict=True) if h == "quantity"), "")
    known = tuple((title, column) for title, column in zip(titles, headings, strict=True) if column)
    heading = (*titles, _words("zh_CN")["table.column.reason"])
    rejected: list[tuple[str, ...]] = []

    def part() -> Import:
        refused, rejected[:] = tuple(rejected), []
        return replace(rows.part(), columns=known, rejected=(heading, *refused) if refused else ())

    for place, cells in enumerate(body, start=first + 1):
        texts = [_tidy(show(cell)) for cell in cells]
        row = {column: text for column, text in zip(headings, texts, strict=False) if column and text}
        if "quantity" in row and behind and "unit" not in row and amount(row["quantity"])[1] == "":
            row["unit"] = behind
        if row and not rows.take(f"{name}: row {place}", partial(_event, row)):
            rejected.append(
                (*texts[: len(titles)], *[""] * (len(titles) - len(texts)), str(rows.refused[-1]))
            )
        if rows.full:
            yield part()
    yield part()


def rejected_csv(rejected: Iterable[tuple[str, ...]]) -> bytes:
    """Return refused rows, headings first, with their reasons, as a file to correct and read again."""
    return csv_bytes(rejected)


def _find_table(data: bytes, name: str, columns: Mapping[str, str]) -> tuple[int, list[str], list[Cells]]:
    """Return the number of the heading row, its cells, and the rows below it."""
    best: set[str] = set()
    for rows in sheets(data, name):
        above: Cells = ()
        for line, cells in enumerate(rows[:_HEADING_WITHIN], start=1):
            for titles in _titles(above, cells):
                found = set(_headings(titles, columns)) - {""}
                if found.issuperset(NEEDED):
                    while titles and not titles[-1]:
                        titles.pop()
                    return line, titles, rows[line:]
                best = max(best, found, key=len)
            above = cells
    missing = [column for column in NEEDED if column not in best]
    words = [f"{_words('zh_CN')[f'table.column.{column}']} / {column}" for column in missing]
    raise EventInvalid(
        "the sheet lacks columns every event needs",
        field=missing[0],
        code="column-missing",
        found=", ".join(sorted(best)) or "no known heading",
        expected=", ".join(words),
        where=name,
        remedy="start from the template, or say which heading means which column",
    )


def _titles(above: Cells, cells: Cells) -> list[list[str]]:
    """Return the headings a row may mean: its own, or with those above it where cells were merged."""
    own = [_tidy(show(cell)) for cell in cells]
    upper = [_tidy(show(cell)) for cell in above] + [""] * len(own)
    return [own, [title or over for title, over in zip(own, upper, strict=False)]]


def _headings(titles: list[str], columns: Mapping[str, str]) -> list[str]:
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
    return _known_headings().get(word) or _known_headings().get(_BRACKETS.sub("", word).strip(), "")


def _unit_of(title: str) -> str:
    """Return the unit a heading carries in brackets, such as 数量(公斤), or nothing."""
    match = _BRACKETS.search(title)
    word = "" if match is None else match[1].strip()
    try:
        return word if word and unit_and_factor(word) else ""
    except EventInvalid:
        return ""


@lru_cache
def _known_headings() -> dict[str, str]:
    found = dict[str, str]()
    for column in COLUMNS:
        words = [column, *(_words(locale)[f"table.column.{column}"] for locale in LOCALES)]
        for word in (*words, *resources.document("vocab/headings.json")["columns"].get(column, ())):
            found.setdefault(plain(word).lower(), column)
    return found


@lru_cache
def _known_kinds() -> dict[str, str]:
    found = dict[str, str]()
    for kind in KINDS:
        words = [kind, *(_words(locale)[f"table.kind.{kind}"] for locale in LOCALES)]
        for word in (*words, *resources.document("vocab/headings.json")["kinds"].get(kind, ())):
            found.setdefault(plain(word).lower(), kind)
    return found


def _tidy(text: str) -> str:
    """Return a cell without what nobody sees: odd spaces, full-width forms, an apostrophe that marks text."""
    return plain(text).removeprefix("'")


def _event(row: Mapping[str, str]) -> SupplyEvent:
    try:
        return event_from_wire(_wire(row), {})
    except EventInvalid as error:
        error.field = _COLUMN_OF.get(error.field.partition("[")[0], error.field)
        word = _words("zh_CN").get(f"table.column.{error.field}")
        error.where = f"column {error.field} ({word})" if word else error.where
        raise


def _wire(row: Mapping[str, str]) -> dict[str, object]:
    """Return the row as EPCIS would say it."""
    kind = _kind(row)
    place = _place(row)
    wire: dict[str, object] = {
        "eventTime": _time(row),
        "eventTimeZoneOffset": row.get("zone", LOCAL_OFFSET),
        "readPoint": place,
        "bizLocation": None if kind == "ship" else place,
        "bizTransactionList": _documents(row),
        "eventID": row.get("id"),
    }
    if kind == "process":
        wire |= {
            "type": "TransformationEvent",
            "inputQuantityList": _inputs(row),
            "outputQuantityList": [_goods(row)],
        }
        return {**wire, "bizStep": "commissioning"}
    if kind in ("pack", "unpack"):
        wire |= {"type": "AggregationEvent", "parentID": _container(row), "childQuantityList": [_goods(row)]}
        return {**wire, "action": "ADD" if kind == "pack" else "DELETE", "bizStep": f"{kind}ing"}
    action, step, disposition = _OBJECT[kind]
    wire |= {"type": "ObjectEvent", "action": action, "bizStep": step, "disposition": disposition}
    wire |= {"sourceList": _hands(row, "from", "source"), "destinationList": _hands(row, "to", "destination")}
    return {**wire, "quantityList": [_goods(row)]}


def _kind(row: Mapping[str, str]) -> str:
    word = row.get("event", "").lower()
    if word in _known_kinds():
        return _known_kinds()[word]
    known = ", ".join(_words("zh_CN")[f"table.kind.{kind}"] + "/" + kind for kind in KINDS)
    raise refusal("not a kind of event in the template", "event", "event-kind-unknown", word, known)


def _time(row: Mapping[str, str]) -> str:
    parts = sorted((row.get("time", ""), row.get("clock", "")), key=lambda part: ":" in part[:3])
    text = " ".join(part.removesuffix(" 00:00") if part != parts[1] else part for part in parts if part)
    local = moment(text)
    if local is None:
        return text  # an ISO 8601 instant with its own zone, or refused where instants are read
    try:
        datetime.fromisoformat(local)
    except ValueError as error:
        raise refusal(
            "no such day", "time", "date-unreadable", text, "a day that exists, such as 2026-03-01"
        ) from error
    zone = row.get("zone", LOCAL_OFFSET)
    if not _ZONE.fullmatch(zone):
        raise refusal("not a time zone", "zone", "offset-unfit", zone, "such as +08:00")
    return f"{local.replace(' ', 'T')}{zone}"


def _goods(row: Mapping[str, str]) -> dict[str, object]:
    made: dict[str, object] = {"epcClass": _lot(row.get("product", ""), row.get("lot", ""))}
    if "quantity" in row:
        made |= _amount(row["quantity"], row.get("unit", ""))
    return made


def _amount(quantity: str, unit: str, field: str = "quantity") -> dict[str, object]:
    text, behind = amount(quantity)
    unit = _one_unit(unit, behind, field)
    value = number(text)
    code, factor = (
        unit_and_factor(unit, "unit" if field == "quantity" else field) if unit else ("", Decimal(1))
    )
    total = decimal_text(tidy_decimal(text if value is None else value, field=field) * factor)
    return {"quantity": total, "uom": code} if code else {"quantity": total}


def _one_unit(unit: str, behind: str, field: str) -> str:
    """Return the unit of an amount, from its own column or from behind the number; two must agree."""
    if not unit or not behind or unit_and_factor(unit) == unit_and_factor(behind):
        return unit or behind
    raise refusal(
        "two units for one amount", field, "unit-twice", f"{behind} / {unit}", "one unit, or the same twice"
    )


def _lot(product: str, lot: str, field: str = "product") -> str:
    if _URI.fullmatch(product):
        return product
    digits = gtin(re.sub(r"(?<=\d)[ -](?=\d)", "", product), field=field)
    if not lot:
        raise refusal(
            "a batch number is missing",
            "lot" if field == "product" else field,
            "field-missing",
            "nothing",
            "such as L20260301",
        )
    return DigitalLink(digits, lot=lot).uri()


def _inputs(row: Mapping[str, str]) -> list[object]:
    parts = [part.strip() for part in re.split(r"[;；\n]", row.get("inputs", "")) if part.strip()]
    if not parts:
        raise refusal(
            "processing without inputs",
            "inputs",
            "field-missing",
            "nothing",
            "09521000000018/L20260301 = 500 千克; ...",
        )
    return [_input(part) for part in parts]


def _input(part: str) -> dict[str, object]:
    match = _INPUT.fullmatch(part)
    if match is None:
        raise refusal("not an input", "inputs", "input-unreadable", part, "product/batch = quantity unit")
    code, quantity, unit = match.groups()
    product, _, lot = code.partition("/")
    thing = code if _URI.fullmatch(code) else _lot(product, lot, "inputs")
    return {"epcClass": thing, **_amount(quantity, unit, "inputs")}


def _place(row: Mapping[str, str]) -> object:
    text = row.get("place", "")
    return (
        {"id": text if _URI.fullmatch(text) else f"{_GS1}/414/{gln(text, field='place')}"} if text else None
    )


def _hands(row: Mapping[str, str], column: str, name: str) -> list[object]:
    text = row.get(column, "")
    if not text:
        return []
    party = text if _URI.fullmatch(text) else f"{_GS1}/417/{gln(text, field=column)}"
    return [{"type": "possessing_party", name: party}]


def _container(row: Mapping[str, str]) -> str:
    text = row.get("parent", "")
    if _URI.fullmatch(text):
        return text
    if not re.fullmatch(r"[0-9]{18}", text):
        raise refusal("not a container", "parent", "container-unfit", text, "an SSCC of 18 digits, or a link")
    if linters.lint("csum", text):
        raise refusal(
            "wrong check digit", "parent", "check-digit", text, text[:-1] + linters.check_digit(text[:-1])
        )
    return f"{_GS1}/00/{text}"


def _documents(row: Mapping[str, str]) -> list[Mapping[str, str]]:
    text = row.get("document", "")
    if not text:
        return []
    return [
        {"bizTransaction": text if _URI.fullmatch(text) else f"urn:suxin:document:{quote(text, safe='')}"}
    ]


@lru_cache
def _words(locale: str) -> dict[str, str]:
    words: dict[str, str] = resources.document(f"i18n/{locale}/table.json")
    return words
