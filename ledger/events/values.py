"""JSON that cannot change, and the names of identifiers.

Events keep every foreign field they arrived with, so a frozen event needs frozen JSON: objects become
`FrozenMap`, arrays become tuples, whole numbers become `int`, fractions `Decimal` (never `float`: two
machines must agree to the byte). Source: RFC 8259; the number rule is LEDGER fact 5.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import NewType, TypeAlias

from ledger.errors import EventInvalid

Gtin = NewType("Gtin", str)
Gln = NewType("Gln", str)
PartyId = NewType("PartyId", str)
KeyId = NewType("KeyId", str)
LotId = NewType("LotId", str)

LARGEST_INT = 2**53 - 1
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
DEEPEST = 64
LONGEST_NUMBER = 40


class FrozenMap(Mapping[str, "Json"]):
    """A JSON object that cannot change; equal to any mapping with the same items, in any order."""

    __slots__ = ("_hash", "_items")

    def __init__(self, items: Mapping[str, Json]) -> None:
        self._items = dict(items)
        self._hash: int | None = None

    def __getitem__(self, key: str) -> Json:
        return self._items[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = hash(frozenset(self._items.items()))
        return self._hash

    def __repr__(self) -> str:
        return f"FrozenMap({self._items!r})"


Json: TypeAlias = "bool | int | Decimal | str | tuple[Json, ...] | FrozenMap | None"


def freeze(value: object, *, field: str = "value") -> Json:
    """Return `value` as JSON that cannot change; floats are read by their shortest decimal text.

    Raises:
        EventInvalid: a value JSON does not know, NaN, a lone surrogate, NUL, or more than 64 levels.

    >>> freeze({"b": [1.50, 2.0]})
    FrozenMap({'b': (Decimal('1.5'), 2)})
    """
    return _freeze(value, field, DEEPEST)


def thaw(value: Json) -> object:
    """Return plain dicts, lists, and numbers (`Decimal` stays `Decimal`) that the caller may change."""
    if isinstance(value, FrozenMap):
        return {key: thaw(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [thaw(item) for item in value]
    return value


def tidy_decimal(value: object, *, field: str) -> Decimal:
    """Return a finite `Decimal` without trailing zeros, of at most 40 digits either side of the point.

    >>> tidy_decimal("10000.0", field="quantity")
    Decimal('10000')
    """
    try:
        number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)  # type: ignore[arg-type]  # or TypeError
    except (InvalidOperation, TypeError, ValueError) as error:
        raise _not_a_number(value, field) from error
    if isinstance(value, bool) or not number.is_finite():
        raise _not_a_number(value, field)
    _, digits, exponent = number.as_tuple()
    if not isinstance(exponent, int) or len(digits) > LONGEST_NUMBER or abs(exponent) > LONGEST_NUMBER:
        raise _not_a_number(value, field)
    return Decimal(decimal_text(number))


def decimal_text(number: Decimal) -> str:
    """Return the one text of a finite number: no exponent, no trailing zeros, no minus zero.

    >>> decimal_text(Decimal("1.50E+3")), decimal_text(Decimal("-0.0"))
    ('1500', '0')
    """
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _freeze(value: object, field: str, depth: int) -> Json:
    if depth == 0:
        raise EventInvalid("nested too deep", field=field, code="json-too-deep", expected=f"{DEEPEST} levels")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return clean_text(value, field=field)
    if isinstance(value, int | float | Decimal):
        return _freeze_number(value, field)
    if isinstance(value, Mapping):
        return FrozenMap(
            {
                clean_text(key, field=field): _freeze(item, f"{field}.{key}", depth - 1)
                for key, item in value.items()
            }
        )
    if isinstance(value, list | tuple):
        return tuple(_freeze(item, f"{field}[{index}]", depth - 1) for index, item in enumerate(value))
    raise EventInvalid("not JSON", field=field, code="json-unknown-type", found=type(value).__name__)


def _freeze_number(value: int | float | Decimal, field: str) -> Json:
    number = tidy_decimal(value, field=field)
    whole = number == number.to_integral_value() and abs(number) <= LARGEST_INT
    return int(number) if whole else number


def clean_text(value: object, *, field: str) -> str:
    """Return `value` if every engine can store it: text in UTF-8 without NUL."""
    if not isinstance(value, str):
        raise EventInvalid("not text", field=field, code="not-text", found=repr(value), expected="text")
    if _UNSTORABLE.search(value):
        raise EventInvalid(
            "text holds a character that cannot be stored",
            field=field,
            code="text-unstorable",
            found=ascii(value),
            expected="Unicode text without NUL or lone surrogates",
            remedy="save the file as UTF-8 and try again",
        )
    return value


def _not_a_number(value: object, field: str) -> EventInvalid:
    return EventInvalid(
        "not a number",
        field=field,
        code="not-a-number",
        found=str(value)[:80],
        expected="a finite decimal number such as 12.5",
        remedy="write digits and one point, without unit or thousands mark",
    )
