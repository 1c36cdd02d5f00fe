"""Keep account of who holds how much of one lot, what is on the road, and which handovers do not fit.

Rule: pure bookkeeping for one fold. It believes every event and goes on as a person would; whatever had to be
assumed, or contradicts what was believed before, becomes a finding. Amounts are in the lot's own base unit;
`None` means all of it, or an amount nobody stated.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal

from models.finding import Finding, Severity, finding
from models.projections.moves import Step
from models.projections.spans import Span, Transit

TOLERANCE = Decimal("0.005")
"""Two honest scales differ; more than half a percent over is worth a look."""


@dataclass(slots=True)
class Holding:
    """The account of one lot; it lives for one fold."""

    code: str
    unit: str | None
    made: Decimal = Decimal(0)
    holdings: dict[str, Decimal | None] = field(default_factory=dict)
    transits: list[Transit] = field(default_factory=list)
    early: list[tuple[Step, str]] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    ended: str | None = None
    last_party: str | None = None
    flagged: int | None = None
    debts: dict[str, Decimal] = field(default_factory=dict)
    astray: list[tuple[Transit, Step]] = field(default_factory=list)

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

    def possess(self, step: Step, code: str, who: str | None = None) -> str:
        """Return whose holding an act draws on; say so when the actor held nothing."""
        party = who or step.actor
        if party in self.holdings or not (self.holdings or self.transits):
            return party
        coming = next((t for t in self.transits if not t.closed and (party in t.to or not t.to)), None)
        if coming is not None:
            self.find(
                "handover-receipt-missing",
                "info",
                (coming.step.index, step.index),
                sender=coming.sender,
                receiver=party,
            )
            self.arrive(coming, replace(step, actor=party), None, confirmed=False)
            return party
        holder = self.holder()
        if holder is None or holder == party:
            return party
        self.flagged = step.index
        severity: Severity = "info" if code == "handover-missing" else "attention"
        began = next((span.received for span in reversed(self.spans) if span.party == holder), step.index)
        self.find(
            code, severity, (began, step.index), party=party, holder=holder, step=step.biz_step or step.type
        )
        return holder if holder in self.holdings else party

    def arrive(self, transit: Transit, step: Step, amount: Decimal | None, *, confirmed: bool = True) -> None:
        """Goods arrive; `confirmed` unless their receipt had to be assumed."""
        left = transit.left
        if amount is not None and left is not None and amount > left * (1 + TOLERANCE) and amount:
            self.find(
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
            self.astray.append((transit, step))
        if confirmed and transit.step.provider == step.provider and transit.sender != step.actor:
            self.find(
                "handover-one-signer",
                "info",
                (transit.step.index, step.index),
                sender=transit.sender,
                receiver=step.actor,
                reporter=step.provider,
            )
        self.give(step.actor, got, step, transit if confirmed else None, shipped=transit.step)

    def check_astray(self) -> None:
        """Say what went to somebody else; a carrier or a cross-dock on the way there is nobody else."""
        for transit, step in self.astray:
            arrived = any(span.party in transit.to and span.since >= step.event_time for span in self.spans)
            if not arrived:
                self.find(
                    "received-by-other",
                    "attention",
                    (transit.step.index, step.index),
                    expected=" · ".join(sorted(transit.to)),
                    receiver=step.actor,
                )

    def receive_unsent(self, step: Step, amount: Decimal | None) -> None:
        """Somebody received what nobody sent: take it from whoever had it, or say that two have it now."""
        holders = [party for party in self.holdings if party != step.actor]
        sender = self._likely_sender(step, holders, amount)
        if sender is not None:
            self.drop(sender, amount, step, "received-more-than-held")
            self.early.append((step, sender))
        elif self.ended and not holders:
            self.find(
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
            self.find(
                "two-custodians",
                "bad",
                (*began, step.index),
                parties=" · ".join([*holders, step.actor]),
                receiver=step.actor,
            )
        self.give(step.actor, amount, step, None)

    def _likely_sender(self, step: Step, holders: list[str], amount: Decimal | None) -> str | None:
        if step.source is not None:
            return step.source if step.source in holders else None
        held = {party: self.holdings[party] for party in holders}
        enough = [party for party, most in held.items() if most is None or amount is None or most >= amount]
        if len(enough) == 1 or (len(enough) > 1 and amount is not None):
            return enough[0]
        return holders[0] if len(holders) == 1 else None

    def give(
        self,
        party: str,
        amount: Decimal | None,
        step: Step,
        transit: Transit | None,
        shipped: Step | None = None,
    ) -> None:
        """Put an amount into a party's hands; a new holder begins a new span of custody."""
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

    def drop(self, party: str, amount: Decimal | None, step: Step, code: str) -> Decimal | None:
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
            self.find(
                code, "attention", (began, step.index), amount=amount, held=held, uom=self.unit, party=party
            )

    def _check_spent(self, party: str, amount: Decimal | None, step: Step, code: str) -> None:
        """Somebody who has passed all of it on passes it on again."""
        last = next((span for span in reversed(self.spans) if span.party == party), None)
        if last is not None and self.flagged != step.index:
            self.find(
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

    def mark_shipment(self, received: int, step: Step) -> None:
        """Note the shipment that answers a receipt recorded earlier."""
        for number, span in enumerate(self.spans):
            if span.received == received:
                self.spans[number] = replace(span, shipped=step.index)

    def guess_sender(self, step: Step) -> str:
        """Return who sends when the event does not say: its reporter, or the one holder it takes from."""
        if step.actor in self.holdings or len(self.holdings) != 1:
            return step.actor
        return next(iter(self.holdings)) if step.owner == step.actor else step.actor

    def find_transit(self, step: Step) -> Transit | None:
        """Return the shipment a receipt answers: meant for the receiver first, then anybody's."""
        waiting = [t for t in self.transits if not t.closed and t.sender != step.actor]
        named = [t for t in waiting if step.actor in t.to] or [t for t in waiting if not t.to]
        same = [t for t in named if step.source in (None, t.sender)]
        return next(iter(same or named or ([] if step.actor in self.holdings else waiting)), None)

    def find(self, code: str, severity: Severity, entries: tuple[int, ...], **params: object) -> None:
        """Note what does not fit."""
        self.findings.append(finding(code, severity, self.code, entries, **params))
