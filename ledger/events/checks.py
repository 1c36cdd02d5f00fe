"""The questions events ask of their own fields; each refusal names the field, what was found and expected.

Rule: a check never repairs what it cannot be sure of. Instants are moved to UTC, which loses nothing
the event does not keep beside it (`event_time_zone_offset`).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import UTC, date, datetime

from ledger.errors import EventInvalid
from ledger.events.values import clean_text

LONGEST_ID = 2000
LONGEST_TEXT = 500
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^ ]+\Z")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_HEX = re.compile(r"[0-9a-f]+")
_CODE_WORD = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*")


def instant(value: object, field: str) -> datetime:
    """Return an aware instant in UTC; a time without a zone is refused, never guessed."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC)
    raise refusal(
        "a time without a time zone",
        field,
        "time-without-zone",
        value,
        "an instant such as 2026-07-22T06:45:00+08:00",
    )


def day(value: object, field: str) -> date:
    """Return a calendar day (a `datetime` is not a day)."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise refusal("not a date", field, "not-a-date", value, "a day such as 2026-07-22")


def text(value: object, field: str, longest: int = LONGEST_TEXT) -> str:
    """Return text that is not blank, has no control characters and is not too long."""
    words = clean_text(value, field=field)
    if not words.strip() or len(words) > longest or _CONTROL.search(words):
        raise refusal(
            "text is missing, too long or on several lines",
            field,
            "text-unfit",
            words[:80],
            f"1 to {longest} characters on one line",
        )
    return words


def identifier(value: object, field: str) -> str:
    """Return a URI: a scheme, a colon, and only visible characters."""
    if isinstance(value, str) and len(value) <= LONGEST_ID and _URI.match(value) and value.isprintable():
        return value
    raise refusal(
        "not an identifier",
        field,
        "identifier-unfit",
        value,
        "a URI such as https://id.gs1.org/01/09521234543213/10/LOT1",
    )


def identifiers(values: object, field: str) -> tuple[str, ...]:
    """Return a tuple of different URIs."""
    found = tuple(
        identifier(value, f"{field}[{index}]") for index, value in enumerate(sequence(values, field))
    )
    if len(set(found)) != len(found):
        twice = next(value for index, value in enumerate(found) if value in found[:index])
        raise refusal("the same identifier twice", field, "identifier-twice", twice, "each identifier once")
    return found


def sequence(values: object, field: str) -> tuple[object, ...]:
    """Return a list or tuple as a tuple; text is not a list."""
    if isinstance(values, list | tuple):
        return tuple(values)
    raise refusal("not a list", field, "not-a-list", values, "a list")


def one_of(value: object, words: Collection[str], field: str, code: str) -> str:
    """Return `value` if it is one of the words."""
    if isinstance(value, str) and value in words:
        return value
    raise refusal("not one of the known words", field, code, value, " | ".join(sorted(words)))


def code_word(value: object, field: str) -> str:
    """Return a lower-case word such as `green-food`, never a sentence about a person."""
    if isinstance(value, str) and len(value) <= 80 and _CODE_WORD.fullmatch(value):
        return value
    raise refusal("not a code word", field, "code-word-unfit", value, "a lower-case word such as green-food")


def hexadecimal(value: object, field: str, octets: int) -> str:
    """Return lower-case hexadecimal text of exactly `octets` bytes."""
    if isinstance(value, str) and len(value) == 2 * octets and _HEX.fullmatch(value):
        return value
    raise refusal("not hexadecimal of this length", field, "hex-unfit", value, f"{2 * octets} of 0-9a-f")


def whole(value: object, field: str, least: int, most: int) -> int:
    """Return a whole number within bounds; true and false are not numbers."""
    if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
        return value
    raise refusal("not a whole number in range", field, "number-out-of-range", value, f"{least} to {most}")


def refusal(what: str, field: str, code: str, found: object, expected: str, remedy: str = "") -> EventInvalid:
    """Make the one kind of error this package raises, with the found value cut to a readable length."""
    shown = found if isinstance(found, str) else repr(found)
    return EventInvalid(what, field=field, code=code, found=shown[:200], expected=expected, remedy=remedy)


def put(event: object, name: str, value: object) -> None:
    """Store a checked value on a frozen dataclass while it is being built."""
    object.__setattr__(event, name, value)
