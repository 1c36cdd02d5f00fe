"""JSON as others write it: read with exact numbers and exact complaints, written without floats.

Rule: a number keeps its decimal text, a name that stands twice in one object is refused (readers would
disagree which one counts), and a malformed file says line and column. Source: RFC 8259.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal

from ledger.errors import EventInvalid
from ledger.events.values import decimal_text

_LONGEST_NUMBER = 400


def parse_json(data: bytes, name: str) -> object:
    """Return the parsed text; fractions are `Decimal`.

    Raises:
        EventInvalid: not UTF-8, not JSON (with line and column), a repeated name, NaN, or nested too deep.
    """
    text = decode_text(data, name)
    try:
        parsed: object = json_decoder().decode(text)
    except json.JSONDecodeError as error:
        raise EventInvalid(
            f"not JSON: {error.msg}",
            field="file",
            code="json-malformed",
            found=_around(text, error.pos),
            expected="a whole JSON document",
            where=f"{name}: line {error.lineno}, column {error.colno}",
            remedy="export the file again; it may have been cut off or edited",
        ) from error
    except RecursionError as error:
        raise EventInvalid("nested too deep", field="file", code="json-too-deep", where=name) from error
    except EventInvalid as error:
        error.where = f"{name}: {error.where}"
        raise
    return parsed


def json_decoder() -> json.JSONDecoder:
    """Return the decoder that keeps the rule of this module."""
    return json.JSONDecoder(
        parse_float=Decimal, parse_int=_whole, parse_constant=_constant, object_pairs_hook=unique_names
    )


def decode_text(data: bytes, name: str) -> str:
    """Return the text of a UTF-8 file, with or without a byte order mark."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise EventInvalid(
            "not UTF-8 text",
            field="file",
            code="text-not-utf8",
            found=data[error.start : error.start + 8].hex(" "),
            expected="UTF-8",
            where=f"{name}: line {line}",
            remedy="save the file as UTF-8 and import it again",
        ) from error


def write_json(value: object, *, indent: str = "  ") -> str:
    """Return JSON text; `Decimal` becomes a number, mappings keep their order."""
    return "".join(_write(value, indent, "\n"))


def _write(value: object, indent: str, newline: str) -> Iterator[str]:
    inner = newline + indent
    if isinstance(value, Decimal):
        yield decimal_text(value)
    elif isinstance(value, Mapping) and value:
        for place, (name, item) in enumerate(value.items()):
            yield ("," if place else "{") + inner + json.dumps(name, ensure_ascii=False) + ": "
            yield from _write(item, indent, inner)
        yield newline + "}"
    elif isinstance(value, list | tuple) and value:
        for place, item in enumerate(value):
            yield ("," if place else "[") + inner
            yield from _write(item, indent, inner)
        yield newline + "]"
    else:
        plain = {} if isinstance(value, Mapping) else [] if isinstance(value, tuple) else value
        yield json.dumps(plain, ensure_ascii=False)


def unique_names(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return the object of these pairs, or refuse a name that stands twice."""
    made = dict(pairs)
    if len(made) != len(pairs):
        twice = next(
            name for place, (name, _) in enumerate(pairs) if name in [other for other, _ in pairs[:place]]
        )
        raise EventInvalid(
            "one name twice in an object",
            field=twice,
            code="json-name-twice",
            found=twice,
            expected="each name once",
            remedy="delete one of the two",
        )
    return made


def _whole(text: str) -> object:
    if len(text) > _LONGEST_NUMBER:
        raise EventInvalid(
            "a number of absurd length", field="file", code="not-a-number", found=text[:40] + "..."
        )
    return int(text)


def _constant(text: str) -> object:
    raise EventInvalid(
        "not a JSON number", field="file", code="not-a-number", found=text, expected="a finite number"
    )


def _around(text: str, position: int) -> str:
    found = text[max(0, position - 20) : position + 20]
    return found if position < len(text) else found + " <end of file>"
