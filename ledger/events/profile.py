"""The canonical profile of JSON: what may stand in signed bytes, and how single values are written.

Rule: reading accepts only what writing would write. Names are ASCII, whole numbers stay below 2^53, there
are no floats: a foreign fraction is {"@decimal": "1.5"}, and an object with other names is
{"@entries": [[name, value], ...]} in order of name. Source: RFC 8785; LEDGER fact 5.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import cast

from ledger.events.checks import refusal
from ledger.events.instants import instant_text
from ledger.events.values import LARGEST_INT, FrozenMap, Json, clean_text, decimal_text


@dataclass(frozen=True, slots=True)
class Form:
    """How one kind of value is written and read."""

    write: Callable[[object], object]
    read: Callable[[object, str], object]


def json_document(value: Json) -> object:
    """Return frozen JSON as the plain values of the canonical profile."""
    if isinstance(value, Decimal):
        return {"@decimal": decimal_text(value)}
    if isinstance(value, tuple):
        return [json_document(item) for item in value]
    if not isinstance(value, FrozenMap):
        return value
    if all(_plain_name(name) for name in value):
        return {name: json_document(item) for name, item in value.items()}
    return {"@entries": [[name, json_document(value[name])] for name in sorted(value)]}


def json_value(plain: object, field: str) -> Json:
    """Return the frozen JSON that `json_document` wrote as these plain values."""
    if plain is None or isinstance(plain, bool):
        return plain
    if isinstance(plain, str):
        return clean_text(plain, field=field)
    if isinstance(plain, int) and abs(plain) <= LARGEST_INT:
        return plain
    if isinstance(plain, list):
        return tuple(json_value(item, field) for item in plain)
    if isinstance(plain, dict):
        return _read_object(plain, field)
    raise refusal(
        "a number outside the canonical profile",
        field,
        "number-not-canonical",
        plain,
        'a whole number below 2^53, or {"@decimal": "1.5"}',
    )


def _read_object(plain: Mapping[str, object], field: str) -> Json:
    if set(plain) == {"@decimal"}:
        number = _read_decimal(plain["@decimal"], field)
        if number == number.to_integral_value() and abs(number) <= LARGEST_INT:
            raise refusal(
                "a whole number written as a decimal", field, "number-not-canonical", str(number), str(number)
            )
        return number
    if set(plain) == {"@entries"}:
        return _read_entries(plain["@entries"], field)
    if not all(_plain_name(name) for name in plain):
        raise refusal(
            "a name outside the canonical profile", field, "name-not-canonical", str(plain), '{"@entries"}'
        )
    return FrozenMap({name: json_value(item, f"{field}.{name}") for name, item in plain.items()})


def _read_entries(plain: object, field: str) -> FrozenMap:
    pairs = plain if isinstance(plain, list) else []
    names = [
        pair[0] for pair in pairs if isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], str)
    ]
    if len(names) != len(pairs) or names != sorted(set(names)) or all(_plain_name(name) for name in names):
        raise refusal(
            "entries out of order or not needed",
            field,
            "entries-not-canonical",
            str(plain),
            "pairs in order of name, one name outside the profile at least",
        )
    return FrozenMap(
        {clean_text(name, field=field): json_value(item, f"{field}.{name}") for name, item in pairs}
    )


def _plain_name(name: str) -> bool:
    return name.isascii() and name.isprintable() and name not in ("@decimal", "@entries")


def _same(value: object) -> object:
    return value


def _read_same(value: object, _: str) -> object:
    return value


def _write_instant(value: object) -> str:
    return instant_text(cast(datetime, value))


def _read_instant(value: object, field: str) -> datetime:
    try:
        moment = datetime.fromisoformat(cast(str, value)).astimezone(UTC)
        if _write_instant(moment) == value:
            return moment
    except (ValueError, TypeError, OverflowError):
        pass
    raise refusal("not a canonical instant", field, "instant-not-canonical", value, "2026-07-22T04:45:00Z")


def _read_day(value: object, field: str) -> date:
    try:
        found = date.fromisoformat(cast(str, value))
        if found.isoformat() == value:
            return found
    except (ValueError, TypeError):
        pass
    raise refusal("not a canonical date", field, "date-not-canonical", value, "2026-07-22")


def _read_decimal(value: object, field: str) -> Decimal:
    try:
        number = Decimal(cast(str, value))
        if number.is_finite() and decimal_text(number) == value:
            return number
    except (InvalidOperation, TypeError, ValueError):
        pass
    raise refusal("not a canonical decimal", field, "decimal-not-canonical", value, '"12.5"')


def list_of(form: Form) -> Form:
    """Return the form of a list whose items have this form."""

    def read(value: object, field: str) -> tuple[object, ...]:
        if not isinstance(value, list):
            raise refusal("not a list", field, "not-a-list", value, "a list")
        return tuple(form.read(item, f"{field}[{index}]") for index, item in enumerate(value))

    return Form(lambda value: [form.write(item) for item in cast(tuple[object, ...], value)], read)


SAME = Form(_same, _read_same)
INSTANT = Form(_write_instant, _read_instant)
DAY = Form(lambda value: cast(date, value).isoformat(), _read_day)
DECIMAL = Form(lambda value: decimal_text(cast(Decimal, value)), _read_decimal)
JSON = Form(lambda value: json_document(cast(Json, value)), json_value)
TEXTS = Form(lambda value: list(cast(tuple[str, ...], value)), list_of(SAME).read)
TEXT_OR_TEXTS = Form(
    lambda value: list(value) if isinstance(value, tuple) else value,
    lambda value, _: tuple(value) if isinstance(value, list) else value,
)
