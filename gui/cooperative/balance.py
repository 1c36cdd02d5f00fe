"""Weigh a movement while it is typed: what goes in, what comes out, what is left, lost or too much.

Rule: amounts are compared in the base unit of their kind (kg, l, pieces); where kinds differ there is no
balance to show, and none is shown. No Qt here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from gui.words import Words
from ledger.errors import EventInvalid
from ledger.events.supply import Quantity
from ledger.events.vocabulary import to_base

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Balance:
    """What went in and what came out, both in `unit`.

    >>> Balance(Decimal(412), Decimal(400), "KGM").share
    Decimal('2.9')
    """

    used: Decimal
    made: Decimal
    unit: str

    @property
    def left(self) -> Decimal:
        """Return what is left or lost; below 0 when more came out than went in."""
        return self.used - self.made

    @property
    def share(self) -> Decimal:
        """Return how much of what went in that is, in hundredths, to one place."""
        return (abs(self.left) * HUNDRED / self.used).quantize(Decimal("0.1")) if self.used else Decimal(0)


def balance(inputs: Iterable[Quantity], outputs: Iterable[Quantity]) -> Balance | None:
    """Return the balance of two sides, None when they cannot be compared or one of them is empty.

    >>> tonne, kilos = Quantity("urn:a", Decimal(1), "TNE"), Quantity("urn:b", Decimal(990), "KGM")
    >>> balance([tonne], [kilos])
    Balance(used=Decimal('1000'), made=Decimal('990'), unit='KGM')
    """
    used, made = _sum(inputs), _sum(outputs)
    if used is None or made is None or used[1] != made[1]:
        return None
    return Balance(used[0], made[0], used[1])


def balance_text(words: Words, kind: str, found: Balance | None) -> tuple[str, str, str]:
    """Return (sentence, word of its state, badge kind); empty texts where there is nothing to weigh.

    Args:
        kind: the movement: ship and sell leave something, receive compares with what was sent, the rest
            lose something on the way.
    """
    if found is None:
        return "", "", "neutral"
    group = {"ship": "stock", "sell": "stock", "receive": "arrival"}.get(kind, "made")
    state = "even" if not found.left else "over" if found.left < 0 else "left"
    text = words(
        f"balance.{group}.{state}",
        used=words.quantity(found.used, found.unit),
        made=words.quantity(found.made, found.unit),
        left=words.quantity(abs(found.left), found.unit),
        share=f"{found.share} %",
    )
    return text, words(f"balance.state.{group}.{state}"), _KINDS[state, group]


_KINDS = {
    ("even", "stock"): "ok",
    ("even", "arrival"): "ok",
    ("even", "made"): "ok",
    ("left", "stock"): "ok",
    ("left", "arrival"): "attention",
    ("left", "made"): "info",
    ("over", "stock"): "bad",
    ("over", "arrival"): "attention",
    ("over", "made"): "bad",
}


def _sum(goods: Iterable[Quantity]) -> tuple[Decimal, str] | None:
    total, units = Decimal(0), set()
    for each in goods:
        if each.quantity is None:
            return None
        try:
            amount, unit = to_base(each.quantity, each.uom)
        except EventInvalid:
            return None
        total += amount
        units.add(unit)
    return (total, units.pop()) if len(units) == 1 else None
