"""Element strings: AI values between brackets, or run together as a scanner sends them.

Rule: every value passes its format and content checks before it is returned, and `bracketed` and
`unbracketed` write what the parsers read. In unbracketed text `^` stands for the FNC1 separator.
Source: GS1 General Specifications 7.8.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ledger.errors import EventInvalid
from ledger.events.gs1.linters import check_digit, lint
from ledger.events.gs1.table import Entry, entry_at, entry_of

_CHARSETS = {"N": "csetnumeric", "X": "cset82", "Y": "cset39", "Z": "cset64"}
_SERIALISED = {"253": 13, "255": 13, "8003": 14}


@dataclass(frozen=True, slots=True)
class Element:
    """One application identifier with its value."""

    ai: str
    value: str


def parse_bracketed(text: str, *, unknown: bool = False) -> tuple[Element, ...]:
    r"""Return the elements of human-readable text; `\(` is a bracket inside a value.

    >>> parse_bracketed("(01)09521234543213(10)LOT1")
    (Element(ai='01', value='09521234543213'), Element(ai='10', value='LOT1'))
    """
    elements: list[Element] = []
    rest = text
    while rest:
        ai, bracket, rest = rest[1:].partition(")") if rest.startswith("(") else ("", "", rest)
        entry = entry_of(ai, unknown=unknown) if bracket else None
        if entry is None:
            raise refused(
                "an unknown application identifier", "ai-unknown", ai or rest, "such as (01) or (10)"
            )
        value, rest = _until_bracket(rest)
        elements.append(Element(ai, check_value(entry, value)))
    if not elements:
        raise refused("no element string", "elements-empty", text, "such as (01)09521234543213(10)LOT1")
    return tuple(elements)


def parse_unbracketed(text: str, *, unknown: bool = False) -> tuple[Element, ...]:
    """Return the elements of text as `^011234567890123110LOT1^21X`, `^` being FNC1; the first is required."""
    if not text.startswith("^") or len(text) == 1:
        raise refused(
            "no FNC1 before the first identifier", "fnc1-missing", text, "^01... with data after it"
        )
    elements: list[Element] = []
    rest = text[1:]
    while rest:
        entry = entry_at(rest, unknown=unknown)
        if entry is None:
            raise refused(
                "no known application identifier starts here", "ai-unknown", rest[:8], "such as 01 or 10"
            )
        value = _take_value(entry, rest[len(entry.ai) :])
        elements.append(Element(entry.ai, value))
        rest = rest[len(entry.ai) + len(value) :]
        if entry.separated and rest and not rest.startswith("^"):
            raise refused(
                "the value is too long", "ai-value-too-long", f"({entry.ai}){value}{rest}", _lengths(entry)
            )
        rest = rest.removeprefix("^")
    return tuple(elements)


def bracketed(elements: Sequence[Element]) -> str:
    """Return human-readable text: (01)09521234543213(10)LOT1."""
    return "".join(f"({element.ai})" + element.value.replace("(", "\\(") for element in elements)


def unbracketed(elements: Sequence[Element]) -> str:
    """Return the text as it stands in a symbol, `^` before the first value and wherever one must end."""
    text, separate = "", True
    for element in elements:
        entry = entry_of(element.ai, unknown=True)
        text += ("^" if separate else "") + element.ai + element.value
        separate = entry is None or entry.separated
    return text


def check_value(entry: Entry, value: str) -> str:
    """Return `value` if it fits the format of its AI and passes each content check."""
    if not value or not entry.shortest <= len(value) <= entry.longest:
        raise refused(
            "the value has the wrong length", "ai-value-length", f"({entry.ai}){value}", _lengths(entry)
        )
    if _take_value(entry, value) != value:
        raise refused("the value is too long", "ai-value-length", f"({entry.ai}){value}", _lengths(entry))
    return value


def check_associations(elements: Sequence[Element]) -> None:
    """Refuse elements that may not stand together, or lack one they need.

    Raises:
        EventInvalid: one AI with two values, a forbidden pair, a missing companion, or a signature (8030)
            over a key without its serial part.
    """
    for place, element in enumerate(elements):
        for other in elements[place + 1 :]:
            if other.ai == element.ai and other.value != element.value:
                raise refused(
                    "one identifier with two values",
                    "ai-repeated",
                    f"({other.ai}){other.value}",
                    f"({element.ai}){element.value} only",
                )
        _check_pairs(element, elements)
    if any(element.ai == "8030" for element in elements):
        for element in elements:
            if len(element.value) == _SERIALISED.get(element.ai):
                raise refused(
                    "a signature over a key without serial",
                    "ai-serial-missing",
                    f"({element.ai}){element.value}",
                    f"a serial part after ({element.ai})",
                )


def refused(what: str, code: str, found: str, expected: str) -> EventInvalid:
    """Make the refusal of this package; callers that know the form field wrap it with its name."""
    return EventInvalid(
        what,
        field="code",
        code=code,
        found=found[:200],
        expected=expected,
        remedy="scan the label again, or type the code below the symbol",
    )


def _check_pairs(element: Element, elements: Sequence[Element]) -> None:
    entry = entry_of(element.ai, unknown=True)
    if entry is None:
        return
    for pattern in entry.excludes:
        for other in elements:
            if other.ai != element.ai and _matches(other.ai, pattern):
                raise refused(
                    "two identifiers that may not stand together",
                    "ai-pair-forbidden",
                    f"({element.ai}) with ({other.ai})",
                    f"({element.ai}) or ({other.ai})",
                )
    for alternatives in entry.requires:
        if not any(
            all(_present(pattern, element.ai, elements) for pattern in group) for group in alternatives
        ):
            raise refused(
                "an identifier lacks its companion",
                "ai-companion-missing",
                f"({element.ai})",
                " or ".join("+".join(group) for group in alternatives),
            )


def _present(pattern: str, ignored: str, elements: Sequence[Element]) -> bool:
    return any(other.ai != ignored and _matches(other.ai, pattern) for other in elements)


def _matches(ai: str, pattern: str) -> bool:
    prefix = pattern.rstrip("n")
    return ai.startswith(prefix) and len(ai) == len(pattern)


def _until_bracket(text: str) -> tuple[str, str]:
    value, rest = "", text
    while True:
        head, bracket, tail = rest.partition("(")
        if bracket and head.endswith("\\"):
            value, rest = value + head[:-1] + "(", tail
            continue
        return value + head, bracket + tail


def _take_value(entry: Entry, data: str) -> str:
    """Return the part of `data` that is the value of `entry`, each component checked."""
    end = data.find("^")
    field = data if end < 0 else data[:end]
    taken = 0
    for part in entry.components:
        component = field[taken : taken + part.most]
        if part.optional and not component:
            continue
        if len(component) < part.least:
            raise refused(
                "the value is too short", "ai-value-length", f"({entry.ai}){field[:100]}", _lengths(entry)
            )
        for linter in (_CHARSETS[part.charset], *part.linters):
            wrong = lint(linter, component)
            if wrong:
                # Only the check digit has a word of its own for people; the other checks share one.
                code = wrong if wrong == "incorrect-check-digit" else "ai-content"
                what = f"the value of ({entry.ai}) {entry.title} is wrong: {wrong.replace('-', ' ')}"
                raise refused(what, code, f"({entry.ai}){field[:100]}", _wanted(component, linter))
        taken += len(component)
    return field[:taken]


def _wanted(component: str, linter: str) -> str:
    """Return what would have been right: the check digit itself where that is what is wrong."""
    if linter == "csum":
        return f"{component[:-1]}{check_digit(component[:-1])}"
    return f"{component!r} to pass {linter}"


def _lengths(entry: Entry) -> str:
    span = str(entry.longest) if entry.shortest == entry.longest else f"{entry.shortest} to {entry.longest}"
    return f"{span} characters for ({entry.ai}) {entry.title}"
