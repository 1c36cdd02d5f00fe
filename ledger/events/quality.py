"""What stands between a batch and its way out: promises of conformity, laboratory reports, gates, labels.

Rule: each says one thing about one lot or product and can be counted. A laboratory's value is kept as it was
written ("<0.01" stays below the limit of detection); whether it passes is judged by readers, never here.
Sources: Law on the Quality and Safety of Agricultural Products, articles 38 and 39; Order 4 of 2025 of the
Ministry of Agriculture and Rural Affairs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from ledger.events import checks, vocabulary
from ledger.events.checks import put, refusal
from ledger.events.values import PartyId, tidy_decimal

BASES = ("quality-control", "own-test", "commissioned-test", "own-promise")
PROMISE_STATUSES = ("issued", "withdrawn")
GATED_STEPS = ("shipping", "labelling", "retail_selling", "packing")
GATE_CHECKS = ("lab-report", "conformity")
GATE_STATUSES = ("set", "lifted")
LABEL_KINDS = ("printed", "spoiled", "reprinted")
MOST_LABELS = 10_000_000


@dataclass(frozen=True, slots=True)
class ConformityPromise:
    """A producer's or buyer's own promise that a batch conforms (承诺达标合格证); its author promises.

    Args:
        basis: what the promise rests on, words of `BASES`.
        based_on: numbers of the received promises, where goods are packed again or mixed.
        origin: the place of production.
    """

    event_time: datetime
    number: str
    lot: str
    basis: tuple[str, ...]
    quantity: Decimal | None = None
    uom: str | None = None
    origin: str | None = None
    based_on: tuple[str, ...] = ()
    status: str = "issued"

    def __post_init__(self) -> None:
        put(self, "event_time", checks.instant(self.event_time, "event_time"))
        checks.text(self.number, "number", 100)
        checks.identifier(self.lot, "lot")
        basis = checks.sequence(self.basis, "basis")
        put(self, "basis", tuple(checks.one_of(word, BASES, "basis", "promise-basis") for word in basis))
        if not self.basis:
            raise refusal("a promise without a basis", "basis", "promise-basis", "nothing", " | ".join(BASES))
        _amount(self)
        if self.origin is not None:
            checks.identifier(self.origin, "origin")
        numbers = checks.sequence(self.based_on, "based_on")
        put(self, "based_on", tuple(checks.text(number, "based_on", 100) for number in numbers))
        checks.one_of(self.status, PROMISE_STATUSES, "status", "promise-status")


@dataclass(frozen=True, slots=True)
class Measured:
    """One measured value: `value` as the laboratory wrote it, a number perhaps after `<`, `≤`, `>` or ND.

    Args:
        substance: what was measured, as the sheet names it.
        detection_limit: the least the method can see, in the same unit.
    """

    substance: str
    value: str
    unit: str | None = None
    detection_limit: Decimal | None = None
    method: str | None = None

    def __post_init__(self) -> None:
        checks.text(self.substance, "substance", 100)
        checks.text(self.value, "value", 60)
        for name in ("unit", "method"):
            if getattr(self, name) is not None:
                checks.text(getattr(self, name), name, 100)
        if self.detection_limit is not None:
            limit = tidy_decimal(self.detection_limit, field="detection_limit")
            if limit < 0:
                raise refusal("below zero", "detection_limit", "quantity-negative", str(limit), "0 or more")
            put(self, "detection_limit", limit)


@dataclass(frozen=True, slots=True)
class LabReport:
    """What a laboratory measured in a sample of a lot; `digest` is the SHA-256 of the sheet it came on.

    Args:
        laboratory: who measured, where that is another than the author.
    """

    event_time: datetime
    subject: PartyId
    lot: str
    number: str
    results: tuple[Measured, ...]
    laboratory: str | None = None
    sampled: date | None = None
    digest: str | None = None

    def __post_init__(self) -> None:
        put(self, "event_time", checks.instant(self.event_time, "event_time"))
        checks.identifier(self.subject, "subject")
        checks.identifier(self.lot, "lot")
        checks.text(self.number, "number", 100)
        results = checks.sequence(self.results, "results")
        if not results or not all(isinstance(each, Measured) for each in results):
            raise refusal(
                "no measured values", "results", "lab-results-empty", f"{len(results)}", "one at least"
            )
        put(self, "results", results)
        if self.laboratory is not None:
            checks.text(self.laboratory, "laboratory", 200)
        if self.sampled is not None:
            checks.day(self.sampled, "sampled")
        if self.digest is not None:
            checks.hexadecimal(self.digest, "digest", 32)


@dataclass(frozen=True, slots=True)
class QualityGate:
    """From now on no lot of a product passes these steps before a check was passed, or no longer so.

    Args:
        product: a product's id, or a category of products as a code word.
        steps: words of `GATED_STEPS`.
        check: a passed laboratory report, or a promise of conformity.
        valid_days: how old the check may be; none: any age.
    """

    event_time: datetime
    product: str
    steps: tuple[str, ...]
    check: str = "lab-report"
    valid_days: int | None = None
    status: str = "set"

    def __post_init__(self) -> None:
        put(self, "event_time", checks.instant(self.event_time, "event_time"))
        if ":" in self.product:
            checks.identifier(self.product, "product")
        else:
            checks.code_word(self.product, "product")
        steps = checks.sequence(self.steps, "steps")
        put(self, "steps", tuple(checks.one_of(step, GATED_STEPS, "steps", "gate-step") for step in steps))
        if not self.steps:
            raise refusal("a gate at no step", "steps", "gate-step", "nothing", " | ".join(GATED_STEPS))
        checks.one_of(self.check, GATE_CHECKS, "check", "gate-check")
        if self.valid_days is not None:
            checks.whole(self.valid_days, "valid_days", 1, 3650)
        checks.one_of(self.status, GATE_STATUSES, "status", "gate-status")


@dataclass(frozen=True, slots=True)
class LabelsPrinted:
    """Labels of a lot that were printed, printed again for spoiled ones, or spoiled.

    Args:
        content: how much one label stands for, in `uom`; none: nobody said.
        digest: SHA-256 of the printed file.
    """

    event_time: datetime
    lot: str
    kind: str
    count: int
    content: Decimal | None = None
    uom: str | None = None
    digest: str | None = None

    def __post_init__(self) -> None:
        put(self, "event_time", checks.instant(self.event_time, "event_time"))
        checks.identifier(self.lot, "lot")
        checks.one_of(self.kind, LABEL_KINDS, "kind", "label-kind")
        checks.whole(self.count, "count", 1, MOST_LABELS)
        if self.content is not None:
            content = tidy_decimal(self.content, field="content")
            if content <= 0:
                raise refusal(
                    "a label for nothing", "content", "quantity-negative", str(content), "more than 0"
                )
            put(self, "content", content)
        if self.uom is not None:
            vocabulary.unit_of(self.uom)
        if self.digest is not None:
            checks.hexadecimal(self.digest, "digest", 32)


QualityEvent = ConformityPromise | LabReport | QualityGate | LabelsPrinted


def _amount(event: ConformityPromise) -> None:
    if event.quantity is not None:
        quantity = tidy_decimal(event.quantity, field="quantity")
        if quantity < 0:
            raise refusal("below zero", "quantity", "quantity-negative", str(quantity), "0 or more")
        put(event, "quantity", quantity)
    if event.uom is not None:
        vocabulary.unit_of(event.uom)
