"""What a label says and what paper it goes on: values and their limits, no drawing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import resources
from ledger.errors import EventInvalid
from ledger.events.identifiers import parse_digital_link

LONGEST = 170
LEVELS = ("L", "M", "Q", "H")
# The narrowest module that ordinary phones and printers manage (GS1 General Specifications 5.12: 0.396).
SMALLEST_MODULE_MM = 0.4
QUIET_MODULES = 4
DEFAULT_STOCK = "roll-50x30"


@dataclass(frozen=True, slots=True)
class Label:
    """One label: the code in its symbol, and the words a person reads beside it.

    Args:
        code: what the symbol says: a Digital Link, an EPC URN, or any other text up to 170 characters.
        title: the product's name, the largest line.
        lines: further words, one line each.
        level: error correction: M for clean goods, Q for wet or rough ones, H where labels get scratched.
        capitals: write a link's scheme and host in capitals, so that a smaller symbol can hold it.
        says: what the symbol says instead of the code: a signed text of several lines.
    """

    code: str
    title: str = ""
    lines: tuple[str, ...] = ()
    level: str = "M"
    capitals: bool = False
    says: str = ""

    def __post_init__(self) -> None:
        if not self.code.strip():
            raise _unfit("The label has no code.", "label-empty", "", "a link, a URN or a lot's code")
        if len(self.code) > LONGEST:
            raise _unfit(
                "The code is too long for a label that a phone reads.",
                "label-too-long",
                f"{len(self.code)} characters",
                f"at most {LONGEST}",
                "Use a shorter lot number or a shorter web address.",
            )
        if not self.code.isprintable():
            raise _unfit(
                "The code holds invisible characters.", "label-invisible", repr(self.code), "plain text"
            )
        if self.level not in LEVELS:
            raise EventInvalid(
                "There is no such error correction level.",
                field="level",
                code="label-level",
                found=self.level,
                expected="M, Q or H",
            )

    @property
    def payload(self) -> str:
        """Return the symbol's text: the code itself, or its link in capitals.

        >>> Label("https://id.gs1.org/01/09521234543213/10/L1", capitals=True).payload
        'HTTPS://ID.GS1.ORG/01/09521234543213/10/L1'
        """
        if self.says or not self.capitals:
            return self.says or self.code
        try:
            return parse_digital_link(self.code).uri(upper=True)
        except EventInvalid:
            # Only the host of a link may change its case; any other code is itself, letter by letter.
            return self.code


@dataclass(frozen=True, slots=True)
class Stock:
    """A sheet or roll of labels, all lengths in millimetres from the page's top left."""

    name: str
    page: tuple[float, float]
    columns: int
    rows: int
    label: tuple[float, float]
    origin: tuple[float, float]
    gap: tuple[float, float]

    @property
    def per_page(self) -> int:
        """Return how many labels a page holds."""
        return self.columns * self.rows

    def places(self) -> Iterator[tuple[float, float]]:
        """Yield the top left corner of each label, row by row."""
        for row in range(self.rows):
            for column in range(self.columns):
                yield (
                    self.origin[0] + column * (self.label[0] + self.gap[0]),
                    self.origin[1] + row * (self.label[1] + self.gap[1]),
                )


def stocks() -> tuple[Stock, ...]:
    """Return the papers the program knows."""
    return tuple(
        Stock(
            entry["name"],
            tuple(entry["page"]),
            entry["columns"],
            entry["rows"],
            tuple(entry["label"]),
            tuple(entry["origin"]),
            tuple(entry["gap"]),
        )
        for entry in resources.document("labels/stocks.json")
    )


def stock(name: str | None) -> Stock:
    """Return the paper of that name, the 50 x 30 mm roll by default.

    Raises:
        EventInvalid: there is no such paper; the message lists those there are.
    """
    known = {one.name: one for one in stocks()}
    if (name or DEFAULT_STOCK) not in known:
        raise EventInvalid(
            "There is no such label sheet.",
            field="sheet",
            code="label-sheet-unknown",
            found=name,
            expected=", ".join(known),
        )
    return known[name or DEFAULT_STOCK]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a label, in millimetres from its top left."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the symbol and the words of a label lie."""

    symbol: Box
    words: Box | None
    title_mm: float
    line_mm: float
    code_mm: float


def layout(size: tuple[float, float], words: bool = True) -> Layout:
    """Arrange a label of `size`: the symbol as large as it goes, words beside it or below it.

    The symbol's square includes its quiet zone.
    """
    width, height = size
    pad = min(2.0, 0.06 * min(width, height))
    # 3.2 mm capitals on a 37 mm label, and in proportion, but never too small to read.
    title = min(max(height * 0.085, 2.2), 4.6)
    sizes = (title, max(title * 0.75, 1.8), max(title * 0.55, 1.5))
    if not words:
        side = min(width, height) - 2 * pad
        return Layout(Box((width - side) / 2, (height - side) / 2, side, side), None, *sizes)
    if width >= height * 1.25:
        side = min(height - 2 * pad, width * 0.55)
        text = Box(pad + side + 0.6, pad + 0.8, width - 2 * pad - side - 0.6, height - 2 * pad - 1.2)
        return Layout(Box(pad, (height - side) / 2, side, side), text, *sizes)
    side = min(width - 2 * pad, height * 0.68)
    text = Box(pad + 0.8, pad + side + 0.4, width - 2 * pad - 1.6, height - 2 * pad - side - 0.4)
    return Layout(Box((width - side) / 2, pad, side, side), text, *sizes)


def _unfit(what: str, code: str, found: str, expected: str, remedy: str = "") -> EventInvalid:
    return EventInvalid(what, field="code", code=code, found=found, expected=expected, remedy=remedy)
