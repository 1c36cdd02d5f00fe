"""One row of the spreadsheet template as the event it says.

Rule: a row is read only from what stands in it; what cannot be read is refused with the column it stands in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from urllib.parse import quote

from ledger.errors import EventInvalid
from ledger.events.checks import refusal
from ledger.events.gs1 import linters
from ledger.events.identifiers import DigitalLink, gln, gtin
from ledger.events.normalise import event_from_wire
from ledger.events.supply import SupplyEvent
from ledger.events.table_words import KINDS, known_kinds, table_words
from ledger.events.values import decimal_text, tidy_decimal
from ledger.events.written import amount, moment, number
from ledger.events.written_units import unit_and_factor

LOCAL_OFFSET = "+08:00"
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


def event_of(row: Mapping[str, str]) -> SupplyEvent:
    """Return the event a row says.

    Args:
        row: column of the template -> what stands in its cell.

    Raises:
        EventInvalid: names the column.
    """
    try:
        return event_from_wire(_wire(row), {})
    except EventInvalid as error:
        error.field = column_of(error.field)
        word = table_words("zh_CN").get(f"table.column.{error.field}")
        error.where = f"column {error.field} ({word})" if word else error.where
        raise


def column_of(field: str) -> str:
    """Return the template's column that an event's field is read from."""
    return _COLUMN_OF.get(field.partition("[")[0], field)


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
    if word in known_kinds():
        return known_kinds()[word]
    known = ", ".join(table_words("zh_CN")[f"table.kind.{kind}"] + "/" + kind for kind in KINDS)
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
