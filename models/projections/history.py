"""Fold what a lot went through into who held it, how much is left, and what does not fit.

Rule: pure. The fold believes each event in order of claimed time and, when one contradicts the others, says
so and goes on as a person would: somebody who packs what was sent to him has received it, recorded or not.
Amounts are in the lot's own base unit; `None` means all of it, or an amount nobody stated.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from models.finding import Finding, Severity, finding
from models.projections.book import Book, Passage
from models.projections.codes import kind_of
from models.projections.moves import RECEIVES, SHIPS, Step

TOLERANCE = Decimal("0.005")
"""Two honest scales differ; more than half a percent over is worth a look."""
_BEFORE = {"sold": "sold-before-made", "used": "used-before-made"}


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


def history(book: Book, code: str) -> History:
    """Fold everything the book knows about one lot."""
    passages = book.passages(code)
    makings = [passage for passage in passages if passage.role == "made"]
    fold = _Fold(code, _unit(passages, makings))
    first = makings[0] if makings else None
    for passage in sorted(passages, key=lambda passage: _believable(passage, first)):
        fold.take(passage)
    fold.finish(makings, passages)
    return History(
        code=code,
        kind=kind_of(code, holds_others=book.holds_others(code) and not makings),
        passages=passages,
        unit=fold.unit,
        made=fold.made if any(fold.known(passage) is not None for passage in makings) else None,
        remaining=fold.remaining(),
        status=fold.status(passages),
        holder=fold.holder(),
        place=next((p.step.place for p in reversed(passages) if p.step.place), None),
        seller=fold.seller or fold.holder(),
        registered=None if first is None else first.step,
        spans=tuple(sorted(fold.spans, key=lambda span: (span.since, span.received))),
        findings=tuple(fold.findings),
    )


@dataclass(slots=True)
class _Transit:
    sender: str
    to: frozenset[str]
    amount: Decimal | None
    step: Step
    received: Decimal = Decimal(0)
    closed: bool = False
    receipts: list[int] = field(default_factory=list)

    @property
    def left(self) -> Decimal | None:
        return None if self.amount is None else self.amount - self.received


@dataclass(slots=True)
class _Fold:
    """The state of one fold; it lives for one call of `history`."""

    code: str
    unit: str | None
    made: Decimal = Decimal(0)
    holdings: dict[str, Decimal | None] = field(default_factory=dict)
    transits: list[_Transit] = field(default_factory=list)
    early: list[tuple[Step, str]] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    seller: str | None = None
    ended: str | None = None
    last_party: str | None = None
    flagged: int | None = None
    debts: dict[str, Decimal] = field(default_factory=dict)

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
            self._possess(step, "handled-by-non-holder")

    def known(self, passage: Passage) -> Decimal | None:
        """Return the amount in the lot's unit; items of a weighed lot weigh an unknown part of it (0)."""
        if passage.amount is not None and passage.unit == self.unit:
            return passage.amount
        if passage.items:
            return Decimal(passage.items) if self.unit == "EA" else Decimal(0)
        return None if passage.amount is None else Decimal(0)

    def remaining(self) -> Decimal | None:
        """Return what parties hold or send, when every part of it is known."""
        parts = list(self.holdings.values()) + [t.left for t in self.transits if not t.closed]
        if self.unit is None or any(part is None for part in parts):
            return None
        return sum((part for part in parts if part is not None), Decimal(0))

    def holder(self) -> str | None:
        """Return who holds most of it, or held it last."""
        if not self.holdings:
            return self.last_party
        latest = {span.party: span.since for span in self.spans}
        return max(
            self.holdings,
            key=lambda party: (
                self.holdings[party] is None,
                self.holdings[party] or Decimal(0),
                str(latest.get(party, "")),
                party,
            ),
        )

    def status(self, passages: tuple[Passage, ...]) -> str:
        """Return one word for how the lot stands."""
        if not passages:
            return "void"
        if any(not transit.closed for transit in self.transits):
            return "shipped"
        return "active" if self.holdings else (self.ended or "active")

    def finish(self, makings: list[Passage], passages: tuple[Passage, ...]) -> None:
        """Say what only the end shows: events before the lot existed, receipts nobody sent, losses."""
        if makings:
            self._check_before(makings[0].step, passages)
            makers = {making.step.actor: making.step.index for making in makings}
            if len(makers) > 1:
                self._find(
                    "registered-by-two", "attention", tuple(makers.values()), parties=" · ".join(makers)
                )
        for step, sender in self.early:
            self._find("handover-shipment-missing", "info", (step.index,), sender=sender, receiver=step.actor)
        for transit in self.transits:
            left = transit.left
            if transit.receipts and left is not None and not transit.closed:
                transit.closed = left <= (transit.amount or 0) * TOLERANCE
                if not transit.closed:
                    self._find(
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
        self.made += amount or 0
        self._give(passage.step.actor, amount, passage.step, None)

    def _ship(self, passage: Passage) -> None:
        step = passage.step
        sender = step.source or self._guess_sender(step)
        to = frozenset(party for party in (step.destination, step.owner) if party and party != sender)
        if not to and step.destination == sender:
            return  # from one of its own places to another
        early = next((pair for pair in self.early if pair[0].actor in to or not to), None)
        if early is not None:
            self.early.remove(early)
            if early[0].event_time < step.event_time:
                self._find(
                    "received-before-shipped",
                    "attention",
                    (early[0].index, step.index),
                    received=early[0].event_time.isoformat(),
                    shipped=step.event_time.isoformat(),
                    receiver=early[0].actor,
                )
            self._mark_shipment(early[0].index, step)
            return
        self._possess(step, "shipped-by-non-holder", sender)
        amount = self._drop(sender, self.known(passage), step, "shipped-more-than-held")
        self.transits.append(_Transit(sender, to, amount, step))

    def _receive(self, passage: Passage) -> None:
        step, amount = passage.step, self.known(passage)
        transit = self._find_transit(step)
        if transit is not None:
            self._arrive(transit, step, amount)
        elif step.actor not in self.holdings:
            self._receive_unsent(step, amount)

    def _unship(self, passage: Passage) -> None:
        for transit in reversed(self.transits):
            if not transit.closed and transit.sender in (passage.step.actor, passage.step.source):
                transit.closed = True
                self._give(transit.sender, transit.left, passage.step, None)
                return

    def _use(self, passage: Passage) -> None:
        step, role = passage.step, passage.role
        code = {"used": "handover-missing", "sold": "sold-by-non-holder"}.get(role, "handled-by-non-holder")
        party = self._possess(step, code)
        over = {"used": "used-more-than-held", "sold": "sold-more-than-held"}.get(
            role, "removed-more-than-held"
        )
        self._drop(party, self.known(passage), step, over)
        self.last_party = step.actor
        self.ended = {"used": "consumed", "sold": "sold", "gone": "destroyed"}[role]
        if role == "sold":
            self.seller = step.actor

    # -- custody --

    def _possess(self, step: Step, code: str, who: str | None = None) -> str:
        """Return whose holding an act draws on; say so when the actor held nothing."""
        party = who or step.actor
        if party in self.holdings or not (self.holdings or self.transits):
            return party
        coming = next((t for t in self.transits if not t.closed and (party in t.to or not t.to)), None)
        if coming is not None:
            self._find(
                "handover-receipt-missing",
                "info",
                (coming.step.index, step.index),
                sender=coming.sender,
                receiver=party,
            )
            self._arrive(coming, replace(step, actor=party), None, confirmed=False)
            return party
        holder = self.holder()
        if holder is None or holder == party:
            return party
        self.flagged = step.index
        severity: Severity = "info" if code == "handover-missing" else "attention"
        began = next((span.received for span in reversed(self.spans) if span.party == holder), step.index)
        self._find(
            code, severity, (began, step.index), party=party, holder=holder, step=step.biz_step or step.type
        )
        return holder if holder in self.holdings else party

    def _arrive(
        self, transit: _Transit, step: Step, amount: Decimal | None, *, confirmed: bool = True
    ) -> None:
        left = transit.left
        if amount is not None and left is not None and amount > left * (1 + TOLERANCE) and amount:
            self._find(
                "received-more-than-shipped",
                "attention",
                (transit.step.index, *transit.receipts, step.index),
                shipped=transit.amount,
                received=transit.received + amount,
                uom=self.unit,
            )
        got = left if amount is None else amount
        transit.received += got or 0
        transit.receipts.append(step.index)
        transit.closed = left is None or amount is None or transit.received >= (transit.amount or 0)
        if transit.to and step.actor not in transit.to:
            self._find(
                "received-by-other",
                "attention",
                (transit.step.index, step.index),
                expected=" · ".join(sorted(transit.to)),
                receiver=step.actor,
            )
        if confirmed and transit.step.provider == step.provider and transit.sender != step.actor:
            self._find(
                "handover-one-signer",
                "info",
                (transit.step.index, step.index),
                sender=transit.sender,
                receiver=step.actor,
                reporter=step.provider,
            )
        self._give(step.actor, got, step, transit if confirmed else None, shipped=transit.step)

    def _receive_unsent(self, step: Step, amount: Decimal | None) -> None:
        """Somebody received what nobody sent: take it from whoever had it, or say that two have it now."""
        holders = [party for party in self.holdings if party != step.actor]
        sender = self._likely_sender(step, holders, amount)
        if sender is not None:
            self._drop(sender, amount, step, "received-more-than-held")
            self.early.append((step, sender))
        elif self.ended and not holders:
            self._find(
                "handled-after-end",
                "attention",
                (step.index,),
                end=self.ended,
                party=step.actor,
                step=step.biz_step or step.type,
            )
        elif holders:
            began = tuple(
                span.received for span in self.spans if span.party in holders and span.until is None
            )
            self._find(
                "two-custodians",
                "bad",
                (*began, step.index),
                parties=" · ".join([*holders, step.actor]),
                receiver=step.actor,
            )
        self._give(step.actor, amount, step, None)

    def _likely_sender(self, step: Step, holders: list[str], amount: Decimal | None) -> str | None:
        if step.source is not None:
            return step.source if step.source in holders else None
        held = {party: self.holdings[party] for party in holders}
        enough = [party for party, most in held.items() if most is None or amount is None or most >= amount]
        if len(enough) == 1 or (len(enough) > 1 and amount is not None):
            return enough[0]
        return holders[0] if len(holders) == 1 else None

    def _give(
        self,
        party: str,
        amount: Decimal | None,
        step: Step,
        transit: _Transit | None,
        shipped: Step | None = None,
    ) -> None:
        if party in self.holdings:
            held = self.holdings[party]
            self.holdings[party] = None if held is None or amount is None else held + amount
            return
        self.holdings[party] = amount
        self.last_party = party
        both = (
            (transit.step.signer == transit.sender and step.signer == party)
            if transit
            else (shipped is None and step.signer == party and not self.spans)
        )
        self.spans.append(
            Span(
                party,
                step.place,
                step.event_time,
                step.index,
                None,
                None if shipped is None else shipped.index,
                None,
                amount,
                both,
            )
        )

    def _drop(self, party: str, amount: Decimal | None, step: Step, code: str) -> Decimal | None:
        """Take an amount from a party's holding; return what went, the whole holding when none is stated."""
        if party not in self.holdings:
            self._check_spent(party, amount, step, code)
            return amount
        held = self.holdings[party]
        if amount is None or (held is not None and amount and amount >= held):
            del self.holdings[party]
            self.last_party = party
            if amount is not None and held is not None:
                self._check_debt(party, amount, held, step, code)
            self._close(party, step)
        elif held is not None:
            self.holdings[party] = held - amount
        return held if amount is None else amount

    def _check_debt(self, party: str, amount: Decimal, held: Decimal, step: Step, code: str) -> None:
        """What is over adds up: several small amounts too many are one large one."""
        debt = self.debts[party] = self.debts.get(party, Decimal(0)) + amount - held
        if debt > max(self.made, held) * TOLERANCE:
            began = next((span.received for span in reversed(self.spans) if span.party == party), step.index)
            self._find(
                code, "attention", (began, step.index), amount=amount, held=held, uom=self.unit, party=party
            )

    def _check_spent(self, party: str, amount: Decimal | None, step: Step, code: str) -> None:
        """Somebody who has passed all of it on passes it on again."""
        last = next((span for span in reversed(self.spans) if span.party == party), None)
        if last is not None and self.flagged != step.index:
            self._find(
                code,
                "attention",
                (last.released or last.received, step.index),
                amount=last.amount if amount is None else amount,
                held=0,
                uom=self.unit,
                party=party,
            )

    def _close(self, party: str, step: Step) -> None:
        for number in range(len(self.spans) - 1, -1, -1):
            if self.spans[number].party == party and self.spans[number].until is None:
                self.spans[number] = replace(self.spans[number], until=step.event_time, released=step.index)
                return

    def _mark_shipment(self, received: int, step: Step) -> None:
        for number, span in enumerate(self.spans):
            if span.received == received:
                self.spans[number] = replace(span, shipped=step.index)

    def _guess_sender(self, step: Step) -> str:
        if step.actor in self.holdings or len(self.holdings) != 1:
            return step.actor
        return next(iter(self.holdings)) if step.owner == step.actor else step.actor

    def _find_transit(self, step: Step) -> _Transit | None:
        waiting = [t for t in self.transits if not t.closed and t.sender != step.actor]
        named = [t for t in waiting if step.actor in t.to] or [t for t in waiting if not t.to]
        same = [t for t in named if step.source in (None, t.sender)]
        return next(iter(same or named or ([] if step.actor in self.holdings else waiting)), None)

    def _check_before(self, made: Step, passages: tuple[Passage, ...]) -> None:
        for passage in passages:
            if passage.step.event_time >= made.event_time or passage.role == "noted":
                continue
            ships = passage.role == "moved" and passage.step.biz_step in SHIPS
            code = "shipped-before-made" if ships else _BEFORE.get(passage.role, "seen-before-made")
            self._find(
                code,
                "bad",
                (passage.step.index, made.index),
                made=made.event_time.isoformat(),
                then=passage.step.event_time.isoformat(),
                step=passage.step.biz_step or passage.step.type,
            )

    def _find(self, code: str, severity: Severity, entries: tuple[int, ...], **params: object) -> None:
        self.findings.append(finding(code, severity, self.code, entries, **params))


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
