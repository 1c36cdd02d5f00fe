"""Write JSON in the one form that is signed (RFC 8785).

The one rule: equal documents have equal bytes, on every machine and in every language. Entries keep to a
narrow profile (ASCII keys, no fractions, whole numbers below 2**53) on which orjson's sorted output is
RFC 8785, and is an order of magnitude faster than writing it out here. Documents of others
(verifiable credentials) may be any JSON: `jcs` writes those.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import orjson

from ledger.errors import EventInvalid

LARGEST_INTEGER = 2**53 - 1
_OPTIONS = (
    orjson.OPT_SORT_KEYS
    | orjson.OPT_STRICT_INTEGER
    | orjson.OPT_PASSTHROUGH_SUBCLASS
    | orjson.OPT_PASSTHROUGH_DATACLASS
    | orjson.OPT_PASSTHROUGH_DATETIME
)


def canonical(document: object) -> bytes:
    """Return the canonical bytes of a document of the signed profile.

    Raises:
        EventInvalid: code `not-canonical`: a fraction, a key that is not ASCII, a number of 2**53 or
            more, half a surrogate pair, or something that is not JSON.
    """
    _check_profile(document, 0)
    try:
        return orjson.dumps(document, option=_OPTIONS)
    except (orjson.JSONEncodeError, TypeError) as error:
        raise _not_canonical(str(error)) from error


def parse_canonical(data: bytes) -> object:
    """Return the document whose canonical bytes these are.

    Raises:
        EventInvalid: code `not-canonical`: `canonical` would not have written these bytes.
    """
    try:
        document: object = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise _not_canonical(str(error)) from error
    if canonical(document) != data:
        raise _not_canonical("other spacing, order, escapes or a name given twice")
    return document


def in_profile(value: Any) -> bool:
    """Say whether an object or list read from JSON keeps to the signed profile, numbers' size apart.

    For the audit's pass over every entry: it costs a third of writing the document again.
    """
    try:
        return _in_profile(value)
    except RecursionError:
        return False


def jcs(value: object) -> bytes:
    """Return any JSON value in RFC 8785 form: keys by UTF-16, numbers as ECMAScript writes them.

    >>> jcs({"b": [1e21, 0.000001, 4.50], "a": "\\u20ac"}).decode()
    '{"a":"€","b":[1e+21,0.000001,4.5]}'

    Raises:
        EventInvalid: code `not-canonical`.
    """
    parts: list[str] = []
    try:
        _write(value, parts)
        return "".join(parts).encode()
    except (UnicodeEncodeError, RecursionError) as error:
        raise _not_canonical(str(error)) from error


def jcs_of_text(text: bytes) -> bytes:
    """Return the RFC 8785 form of a JSON text; numbers too large for 53 bits are read as ECMAScript does.

    Raises:
        EventInvalid: code `not-canonical`: not JSON, or an object names a member twice.
    """
    try:
        value = json.loads(text.decode(), object_pairs_hook=_unique, parse_int=_integer)
    except (ValueError, RecursionError) as error:
        raise _not_canonical(str(error)) from error
    return jcs(value)


def _in_profile(value: Any) -> bool:
    for each in value.values() if type(value) is dict else value:
        kind = type(each)
        if kind is str or kind is int or kind is bool or each is None:
            continue
        if kind is float or not _in_profile(each):
            return False
    return type(value) is list or "".join(value).isascii()


def _check_profile(value: object, depth: int) -> None:
    kind = type(value)
    if kind is str or kind is int or value is None or kind is bool:
        return
    if depth > 100:
        raise _not_canonical("nested more than 100 deep")
    if isinstance(value, dict):
        for key, each in value.items():
            if type(key) is not str or not key.isascii():
                raise _not_canonical(f"the key {key!r} is not ASCII")
            if type(each) is not str:
                _check_profile(each, depth + 1)
    elif kind is list or kind is tuple:
        for each in value:  # type: ignore[attr-defined]  # narrowed by kind, which mypy does not follow
            if type(each) is not str:
                _check_profile(each, depth + 1)
    else:
        raise _not_canonical(f"{value!r} is a {kind.__name__}")


def _write(value: Any, parts: list[str]) -> None:
    if value is None or value is True or value is False:
        parts.append({None: "null", True: "true", False: "false"}[value])
    elif isinstance(value, str):
        parts.append(_string(value))
    elif isinstance(value, int):
        parts.append(_whole(value))
    elif isinstance(value, float):
        parts.append(_fraction(value))
    elif isinstance(value, Mapping):
        _write_object(value, parts)
    elif isinstance(value, list | tuple):
        parts.append("[")
        for place, each in enumerate(value):
            parts.append("," if place else "")
            _write(each, parts)
        parts.append("]")
    else:
        raise _not_canonical(f"{value!r} is not JSON")


def _write_object(value: Mapping[Any, object], parts: list[str]) -> None:
    if not all(isinstance(key, str) for key in value):
        raise _not_canonical("a key that is not text")
    parts.append("{")
    # RFC 8785 3.2.3 orders by UTF-16 code units; big-endian bytes compare in the same order.
    for place, key in enumerate(sorted(value, key=lambda key: key.encode("utf-16-be"))):
        parts.append("," if place else "")
        parts.append(_string(key) + ":")
        _write(value[key], parts)
    parts.append("}")


def _string(value: str) -> str:
    # json escapes quotation mark, backslash and U+0000 to U+001F, exactly as RFC 8785 3.2.2.2 asks.
    return json.dumps(value, ensure_ascii=False)


def _whole(value: int) -> str:
    if abs(value) > LARGEST_INTEGER:
        raise _not_canonical(f"{value} does not fit 53 bits")
    return str(value)


def _fraction(value: float) -> str:
    """Return Number::toString of ECMA-262: Python has the same shortest digits, laid out differently."""
    if not math.isfinite(value):
        raise _not_canonical(f"{value} is not a JSON number")
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    mantissa, _, power = f"{abs(value)!r}".partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    # The value is 0.DIGITS * 10**point.
    point = int(power or 0) + len(whole) - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    return sign + _lay_out(digits, point)


def _lay_out(digits: str, point: int) -> str:
    if len(digits) <= point <= 21:
        return digits + "0" * (point - len(digits))
    if 0 < point <= 21:
        return f"{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return "0." + "0" * -point + digits
    fraction = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{digits[0]}{fraction}e{point - 1:+d}"


def _integer(text: str) -> int | float:
    return int(text) if len(text) <= 17 and abs(int(text)) <= LARGEST_INTEGER else float(text)


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("an object names a member twice")
    return found


def _not_canonical(found: str) -> EventInvalid:
    return EventInvalid(
        "this has no canonical form",
        field="document",
        code="not-canonical",
        found=found,
        expected='ASCII keys, text, whole numbers below 2**53; a quantity as text: {"quantity": "12.5"}',
    )
