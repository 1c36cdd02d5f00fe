"""When a party held a lot, and what of it was on the road: what the account of a lot is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from models.projections.moves import Step


@dataclass(frozen=True, slots=True)
class Span:
    """A time during which one party held the lot, and the entries that began and ended it."""

    party: str
    place: str | None
    since: datetime
    received: int
    until: datetime | None = None
    shipped: int | None = None
    released: int | None = None
    amount: Decimal | None = None
    signed_both: bool = False


@dataclass(slots=True)
class Transit:
    """Goods on the road: from whom, to whom (several names may fit, or nobody said), and what has arrived."""

    sender: str
    to: frozenset[str]
    amount: Decimal | None
    step: Step
    received: Decimal = Decimal(0)
    closed: bool = False
    receipts: list[int] = field(default_factory=list)

    @property
    def left(self) -> Decimal | None:
        """Return what has not arrived yet."""
        return None if self.amount is None else self.amount - self.received
