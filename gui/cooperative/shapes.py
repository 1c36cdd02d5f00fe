"""What each kind of movement asks for: how many rows of goods on each side, and which parts of the form.

No Qt here: a new kind of movement is a row of this table and a function that says the event.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

MOST = 8
"""Rows on one side; whoever has more has a spreadsheet, which the import takes."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What one kind of movement asks for.

    Args:
        inputs, outputs: the fewest and the most rows of each side.
        product: whether what comes out is another product, in a unit of its own.
    """

    inputs: tuple[int, int] = (0, 0)
    outputs: tuple[int, int] = (0, 0)
    coming: bool = False
    receiver: bool = False
    product: bool = False


SHAPES: Mapping[str, Shape] = {
    "ship": Shape(inputs=(1, MOST), receiver=True),
    "receive": Shape(coming=True),
    "transform": Shape(inputs=(1, MOST), outputs=(1, MOST), product=True),
    "split": Shape(inputs=(1, 1), outputs=(2, MOST)),
    "merge": Shape(inputs=(2, MOST), outputs=(1, 1)),
    "sell": Shape(inputs=(1, MOST)),
}
INPUT, OUTPUT = ("lot", "quantity"), ("gtin", "made_lot", "made_quantity", "made_uom")


def numbered(name: str, number: int) -> str:
    """Return a field's name in the row of that number: the first has none ("lot", "lot2")."""
    return name if number == 1 else f"{name}{number}"
