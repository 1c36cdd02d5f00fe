"""Fold what a lot went through into who held it, how much is left, and what does not fit.

Rule: pure. The fold believes each event in order of claimed time and, when one contradicts the others, says
so and goes on as a person would: somebody who packs what was sent to him has received it, recorded or not.
Amounts are in the lot's own base unit; `None` means all of it, or an amount nobody stated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from models.finding import Finding
from models.projections.book import Book, Passage
from models.projections.codes import kind_of
from models.projections.holding import TOLERANCE, Holding
from models.projections.moves import RECEIVES, SHIPS, Step
from models.projections.spans import Span, Transit

_BEFORE = {"sold": "sold-before-made", "used": "used-before-made"}


@dataclass(frozen=True, slots=True)
class History:
    """What became of one lot: amounts in `unit`, spans of custody in order, findings as they came up."""

    code: str
    kind: str
    passages: tuple[Passage, ...]
    unit: str | None
    made: Decimal | None
    remaining: Decimal | None
    status: str
    holder: str | None
    place: str | None
    seller: str | None
    registered: Step | None
    spans: tuple[Span, ...]
    findings: tuple[Finding, ...]
    held: Mapping[str, Decimal | None]
    """Who has some of it now, and how much."""


def history(book: Book, code: str) -> History:
    """Fold everything the book knows about one lot."""
    passages = book.passages(code)
    makings = [passage for passage in passages if passage.role == "made"]
    fold = _Fold(Holding(code, _unit(passages, makings)))
    first = makings[0] if makings else None
    for passage in sorted(passages, key=lambda passage: _believable(passage, first)):
        fold.take(passage)
    fold.finish(makings, passages)
    return History(
        code=code,
        kind=kind_of(code, holds_others=book.holds_others(code) and not makings),
        passages=passages,
        unit=fold.unit,
        made=fold.held.made if any(fold.known(passage) is not None for passage in makings) else None,
        remaining=fold.held.remaining(),
        status=fold.status(passages),
        holder=fold.held.holder(),
        place=next((p.step.place for p in reversed(passages) if p.step.place), None),
        seller=fold.seller or fold.held.holder(),
        registered=None if first is None else first.step,
        spans=tuple(sorted(fold.held.spans, key=lambda span: (span.since, span.received))),
        findings=tuple(fold.held.findings),
        held=dict(fold.held.holdings),
    )


@dataclass(slots=True)
class _Fold:
    """The state of one fold; it lives for one call of `history`."""

    held: Holding
    seller: str | None = None

    @property
    def unit(self) -> str | None:
        """Return the unit amounts are counted in."""
        return self.held.unit

    def take(self, passage: Passage) -> None:
        """Believe one event."""
        step, role = passage.step, passage.role
        if role == "made":
            self._make(passage)
        elif role == "moved" and step.biz_step in SHIPS:
            self._ship(passage)
        elif role == "moved" and step.biz_step in RECEIVES:
            self._receive(passage)
        elif role == "moved" and step.biz_step == "void_shipping":
            self._unship(passage)
        elif role in ("used", "sold", "gone"):
            self._use(passage)
        elif (role in ("packed", "unpacked") and passage.via is None) or role == "unpacked":
            self.held.possess(step, "handled-by-non-holder")

    def known(self, passage: Passage) -> Decimal | None:
        """Return the amount in the lot's unit; items of a weighed lot weigh an unknown part of it (0)."""
        if passage.amount is not None and passage.unit == self.unit:
            return passage.amount
        if passage.items:
            return Decimal(passage.items) if self.unit == "EA" else Decimal(0)
        return None if passage.amount is None else Decimal(0)

    def status(self, passages: tuple[Passage, ...]) -> str:
        """Return one word for how the lot stands."""
        if not passages:
            return "void"
        if any(not transit.closed for transit in self.held.transits):
            return "shipped"
        return "active" if self.held.holdings else (self.held.ended or "active")

    def finish(self, makings: list[Passage], passages: tuple[Passage, ...]) -> None:
        """Say what only the end shows: events before the lot existed, receipts nobody sent, losses."""
        if makings:
            self._check_before(makings[0].step, passages)
            makers = {making.step.actor: making.step.index for making in makings}
            if len(makers) > 1:
                self.held.find(
                    "registered-by-two", "attention", tuple(makers.values()), parties=" · ".join(makers)
                )
        self.held.check_astray()
        for step, sender in self.held.early:
            self.held.find(
                "handover-shipment-missing", "info", (step.index,), sender=sender, receiver=step.actor
            )
        for transit in self.held.transits:
            left = transit.left
            if transit.receipts and left is not None and not transit.closed:
                transit.closed = left <= (transit.amount or 0) * TOLERANCE
                if not transit.closed:
                    self.held.find(
                        "received-less-than-shipped",
                        "info",
                        (transit.step.index, *transit.receipts),
                        shipped=transit.amount,
                        received=transit.received,
                        uom=self.unit,
                    )

    # -- the kinds of event --

    def _make(self, passage: Passage) -> None:
        amount = self.known(passage)
        self.held.made += amount or 0
        self.held.give(passage.step.actor, amount, passage.step, None)

    def _ship(self, passage: Passage) -> None:
        step = passage.step
        sender = step.source or self.held.guess_sender(step)
        to = frozenset(party for party in (step.destination, step.owner) if party and party != sender)
        if not to and step.destination == sender:
            return  # from one of its own places to another
        early = next((pair for pair in self.held.early if pair[0].actor in to or not to), None)
        if early is not None:
            self.held.early.remove(early)
            if early[0].event_time < step.event_time:
                self.held.find(
                    "received-before-shipped",
                    "attention",
                    (early[0].index, step.index),
                    received=early[0].event_time.isoformat(),
                    shipped=step.event_time.isoformat(),
                    receiver=early[0].actor,
                )
            self.held.mark_shipment(early[0].index, step)
            return
        self.held.possess(step, "shipped-by-non-holder", sender)
        amount = self.held.drop(sender, self.known(passage), step, "shipped-more-than-held")
        self.held.transits.append(Transit(sender, to, amount, step))

    def _receive(self, passage: Passage) -> None:
        step, amount = passage.step, self.known(passage)
        transit = self.held.find_transit(step)
        if transit is not None:
            self.held.arrive(transit, step, amount)
        elif step.actor not in self.held.holdings:
            self.held.receive_unsent(step, amount)

    def _unship(self, passage: Passage) -> None:
        for transit in reversed(self.held.transits):
            if not transit.closed and transit.sender in (passage.step.actor, passage.step.source):
                transit.closed = True
                self.held.give(transit.sender, transit.left, passage.step, None)
                return

    def _use(self, passage: Passage) -> None:
        step, role = passage.step, passage.role
        code = {"used": "handover-missing", "sold": "sold-by-non-holder"}.get(role, "handled-by-non-holder")
        party = self.held.possess(step, code)
        over = {"used": "used-more-than-held", "sold": "sold-more-than-held"}.get(
            role, "removed-more-than-held"
        )
        self.held.drop(party, self.known(passage), step, over)
        self.held.last_party = step.actor
        self.held.ended = {"used": "consumed", "sold": "sold", "gone": "destroyed"}[role]
        if role == "sold":
            self.seller = step.actor

    def _check_before(self, made: Step, passages: tuple[Passage, ...]) -> None:
        for passage in passages:
            if passage.step.event_time >= made.event_time or passage.role == "noted":
                continue
            ships = passage.role == "moved" and passage.step.biz_step in SHIPS
            code = "shipped-before-made" if ships else _BEFORE.get(passage.role, "seen-before-made")
            self.held.find(
                code,
                "bad",
                (passage.step.index, made.index),
                made=made.event_time.isoformat(),
                then=passage.step.event_time.isoformat(),
                step=passage.step.biz_step or passage.step.type,
            )


def _believable(passage: Passage, first: Passage | None) -> int:
    """Making comes first; what claims to be earlier has its time wrong and is believed last."""
    if first is None or passage is first:
        return 0
    return 2 if passage.step.event_time < first.step.event_time else 1


def _unit(passages: tuple[Passage, ...], makings: list[Passage]) -> str | None:
    for passage in (*makings, *passages):
        if passage.unit is not None:
            return passage.unit
    return "EA" if any(passage.items for passage in passages) else None
