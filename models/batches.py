"""What is recorded beside a batch: gates, counts of labels, rolls of item keys, promises, and its recall.

Rule: a batch is what its label says; what the ledger does not know cannot be labelled, promised or gated.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from ledger.errors import LedgerError
from ledger.events.evidence import Recall
from ledger.events.quality import ConformityPromise, LabelsPrinted, QualityGate
from ledger.receipts import Receipt
from models.items import DraftRoll, draft_roll, keep_register
from models.packs.promise import drafts
from models.provenance import drill as drills
from models.provenance.recall import RecallPlan
from models.recorder import Recorder


class Batches:
    """Record what belongs to batches."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def set_gate(
        self,
        product: str,
        steps: Sequence[str],
        check: str,
        valid_days: int | None = None,
        *,
        lift: bool = False,
        as_party: str | None = None,
    ) -> Receipt:
        """Hold a product's batches at these steps until a check passes, or no longer."""
        status = "lifted" if lift else "set"
        now, about = self._recorder.clock(), self._recorder.quality.gated(product)
        gate = QualityGate(now, about, tuple(steps), check, valid_days, status)
        return self._recorder.record(gate, as_party=as_party)

    def count_labels(
        self,
        lot: str,
        kind: str,
        count: int,
        content: tuple[Decimal, str | None] | None = None,
        as_party: str | None = None,
    ) -> int:
        """Record that labels of a lot were printed, printed again or spoiled, and return the entry."""
        amount, uom = content or (None, None)
        event = LabelsPrinted(self._recorder.clock(), lot, kind, count, amount, uom)
        return self._recorder.record(event, as_party=as_party).index

    def promise(
        self, codes: Sequence[str], basis: Sequence[str], *, as_party: str | None = None
    ) -> tuple[tuple[Receipt, ConformityPromise], ...]:
        """Issue promises of conformity for batches; none named: for every batch of the party without one."""
        recorder = self._recorder
        party = recorder.signer(as_party)
        lots = [recorder.label_words(code)[1].lot for code in codes]
        events = drafts(recorder.reader, party, lots, basis, recorder.clock())
        receipts = recorder.record_all(events, as_party=party) if events else ()
        return tuple(zip(receipts, events, strict=True))

    def make_roll(
        self, lot: str, count: int, *, as_party: str | None = None
    ) -> tuple[Receipt, str, tuple[str, ...]]:
        """Register the keys of a lot's items; return the receipt, the lot and the tokens, in no order.

        The tokens are secrets: they are handed out once, to be printed, and kept nowhere.
        """
        roll = self.draft_roll(lot, count)
        return self.record_roll(roll, as_party=as_party), roll.code, roll.tokens

    def draft_roll(self, lot: str, count: int) -> DraftRoll:
        """Make the keys of a lot's items, to be printed first and recorded then."""
        recorder = self._recorder
        meant, row = recorder.label_words(lot)
        return draft_roll(recorder.items, meant, row, count, recorder.home.random, recorder.clock())

    def record_roll(self, roll: DraftRoll, *, as_party: str | None = None) -> Receipt:
        """Register the keys of a roll that has been written."""
        author = self._recorder.acting(as_party) or roll.lot.origin_party
        receipt = self._recorder.record(roll.event, as_party=author)
        keep_register(self._recorder.home.root, roll.register)
        return receipt

    def open_recall(
        self, lots: Sequence[str], level: str, reason: str, *, as_party: str | None = None
    ) -> Receipt:
        """Call lots back; everything made from them is recalled with them."""
        recall = Recall(self._recorder.clock(), tuple(lots), level, reason)
        return self._recorder.record(recall, as_party=as_party)

    def recall_report(
        self, plan: RecallPlan, seconds: float, *, drill: bool = True, as_party: str | None = None
    ) -> dict[str, Any]:
        """Return the report of a recall or a drill, signed; nothing is recorded."""
        recorder = self._recorder
        party = recorder.signer(as_party)
        pair = recorder.home.author(party)
        report = drills.report_of(plan, seconds, recorder.clock(), recorder.size(), drill=drill)
        if pair is None:
            raise LedgerError("the key of this party is not here", code="key-locked", found=party)
        return drills.signed(report, party, pair)
