"""One batch, whole: how much is left and where, what is in it, where it went, every event on the way."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from gui.coldchain import cold_chain_place
from gui.context import Context, Page, State
from gui.cooperative.batches import STATUS_KINDS
from gui.entry import open_entry
from gui.turns import Turns
from gui.widgets import (
    Badge,
    Card,
    CheckRow,
    Column,
    DataTable,
    EmptyState,
    Facts,
    FlowRow,
    Place,
    RowsModel,
    button,
    clear,
    label,
    scrolled,
)
from gui.wording import SEVERITY_KINDS, correction_text, finding_text, step_text


class LotPage(Page):
    """Asked for with a code; reached from the batches, from a scan, from a link in another lot."""

    key = "lot"
    icon = "batch"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        words = self.words
        self.code = ""
        for name, target in (("genealogy", "genealogy"), ("label", "labels"), ("move", "movement")):
            self.header.add(button(words(f"lot.{name}"), partial(self._go, target)))
        self.inside = QWidget()
        self.body = QVBoxLayout(self.inside)
        self.body.setContentsMargins(0, 0, 8, 0)
        self.body.setSpacing(16)
        self.column.addWidget(scrolled(self.inside), 1)
        self._turns = Turns(self)

    @classmethod
    def sample(cls, workspace: Any) -> State:
        """Show a batch that was made from others."""
        rows = workspace.lots("", None, None, 200)
        made = next((row for row in rows if workspace.trace(row.lot, "back").lots_upstream), rows[0])
        return {"code": made.lot}

    def enter(self, code: str = "", **_: Any) -> None:
        """Ask for a batch."""
        self.code = code or self.code
        self.refresh()

    def refresh(self) -> None:
        """Ask again for the same batch."""
        workspace, code = self.context.workspace, self.code
        if code:
            self.context.workers.read(
                lambda: (
                    workspace.trace(code),
                    {party.id: party for party in workspace.parties()},
                    workspace.quality.gates_before(code),
                    workspace.corrections.of_lot(code),
                ),
                lambda found: self._show(*found),
                self._fail,
                self,
            )

    def state(self) -> State:
        """Keep which batch it is."""
        return {"code": self.code}

    def _go(self, target: str) -> None:
        args: State = {"code": self.code}
        if target == "movement":
            # Whoever holds the goods is who can say that they leave.
            args |= {"kind": "ship", "actor": self._holder}
        self.context.go(target, args)

    _holder: str = ""
    _gates: tuple[Any, ...] = ()

    def _show(
        self,
        trace: Any,
        parties: dict[str, Any],
        gates: tuple[Any, ...] = (),
        corrections: tuple[Any, ...] = (),
    ) -> None:
        words = self.words
        self._parties, self._gates = parties, gates
        clear(self.body)
        row = trace.subjects[0]
        self._holder = row.holder or ""
        name = self._product(row)
        self.setWindowTitle(f"{name} {row.lot_number or row.lot}")
        self.header.say(name, row.lot_number or row.lot)
        top = QHBoxLayout()
        top.setSpacing(16)
        top.addWidget(self._facts(row), 1)
        top.addWidget(self._findings(trace), 1)
        self.body.addLayout(top)
        open_here = partial(open_entry, self.context, parent=self)
        if corrections:
            self.body.addWidget(self._corrections(corrections))
        self.body.addWidget(cold_chain_place(self.context, row.lot, open_here))
        tabs = QTabWidget()
        behind = [
            self._tab_for(tabs, trace.lots_upstream, "lot.upstream"),
            self._tab_for(tabs, trace.lots_downstream, "lot.downstream"),
        ]
        tabs.addTab(self._events(trace.events), words("lot.events", n=len(trace.events)))
        tabs.setCurrentIndex(2)
        tabs.setMinimumHeight(self.context.theme.px(360))
        self.body.addWidget(tabs, 1)
        self._turns.take(behind)

    def _tab_for(self, tabs: QTabWidget, lots: Any, key: str) -> Callable[[], object]:
        """Add a tab that lies behind another, and return what makes its table, a turn of its own."""
        place = Place()
        tabs.addTab(place, self.words(key, n=len(lots)))
        return lambda: place.fill(self._lots(lots))

    def _facts(self, row: Any) -> Card:
        words = self.words
        card = Card(words("lot.facts"))
        card.add_action(Badge(words.code("lot_status", row.status), STATUS_KINDS.get(row.status, "neutral")))
        card.add(
            Facts(
                (
                    (words("batches.remaining"), words.quantity(row.remaining, row.uom)),
                    (words("batches.quantity"), words.quantity(row.quantity, row.uom)),
                    (words("batches.holder"), self._name(row.holder)),
                    (words("lot.origin"), self._name(row.origin_party)),
                    (words("lot.made"), words.time(row.registered_time)),
                    (words("lot.code"), row.lot),
                )
            )
        )
        for gate in self._gates:
            steps = words.listing(words.code("step", step) for step in gate.steps)
            held = "ok" if gate.standing == "open" else "attention"
            title = words(f"check.{gate.check}")
            card.add(
                CheckRow(title, words("lot.gate", steps=steps), words(f"standing.{gate.standing}"), held)
            )
        card.add(FlowRow((button(words("quality.lot.open"), partial(self._go, "quality"), "quiet"),)))
        card.body.addStretch()
        return card

    def _findings(self, trace: Any) -> Card:
        words = self.words
        card = Card(words("lot.findings"))
        if not trace.findings:
            card.add(CheckRow(words("lot.no_findings"), "", words("severity.ok"), "ok"))
        for one in trace.findings[:6]:
            index = one.entries[-1] if one.entries else None
            card.add(
                CheckRow(
                    self._said(finding_text(words, one)),
                    "",
                    words(f"severity.{one.severity}"),
                    SEVERITY_KINDS[one.severity],
                    words("common.details") if index is not None else "",
                    None if index is None else partial(open_entry, self.context, index, self),
                )
            )
        card.body.addStretch()
        return card

    def _corrections(self, corrections: tuple[Any, ...]) -> Card:
        """List what was declared wrong: it counts no more, but it is never hidden."""
        words = self.words
        card = Card(words("correction.title"))
        for one in corrections:
            more = partial(open_entry, self.context, one.index, self)
            said, status = correction_text(words, one), words("severity.info")
            card.add(CheckRow(said, "", status, "info", words("common.details"), more))
        return card

    def _lots(self, nodes: tuple[Any, ...]) -> QWidget:
        words = self.words
        columns = (
            Column[Any](words("batches.product"), self._product),
            Column[Any](words("batches.lot"), lambda node: node.lot_number or node.lot, width=160),
            Column[Any](
                words("batches.quantity"),
                lambda node: words.quantity(node.quantity, node.uom),
                width=120,
                right=True,
            ),
            Column[Any](words("batches.holder"), lambda node: self._name(node.holder)),
            Column[Any](
                words("lot.depth"), lambda node: words.number(node.depth), width=90, right=True, extra=True
            ),
        )
        model = RowsModel[Any](columns, self.context.theme, self)
        model.set_rows(list(nodes))
        empty = EmptyState(self.context.theme, "batch", words("lot.no_lots"), "")
        table = DataTable(self.context.theme, model, words("page.lot.title"), empty)
        table.opened.connect(lambda node: self.context.go("lot", {"code": node.lot}))
        return table

    def _events(self, events: tuple[Any, ...]) -> QWidget:
        words = self.words
        columns = (
            Column[Any](words("lot.when"), lambda event: words.time(event.event_time), width=140),
            Column[Any](
                words("lot.step"), lambda event: step_text(words, event.type, event.biz_step), width=150
            ),
            Column[Any](words("lot.who"), lambda event: self._name(event.party)),
            Column[Any](words("lot.amount"), self._amount, right=True),
            Column[Any](
                words("entry.index"),
                lambda event: words.number(event.index),
                width=80,
                right=True,
                extra=True,
            ),
        )
        model = RowsModel[Any](columns, self.context.theme, self)
        model.set_rows(list(events))
        table = DataTable(self.context.theme, model, words("lot.events", n=len(events)))
        table.opened.connect(lambda event: open_entry(self.context, event.index, self))
        return table

    def _amount(self, event: Any) -> str:
        goods = event.outputs or event.lots or event.inputs
        return (
            self.words.listing(self.words.quantity(value, uom) for _, value, uom in goods[:2])
            if goods
            else "—"
        )

    def _product(self, row: Any) -> str:
        name = row.product_name if self.words.chinese else row.product_name_en or row.product_name
        return name or self.words("batches.unnamed")

    def _name(self, party: str | None) -> str:
        known = getattr(self, "_parties", {}).get(party)
        return self.words.name(known) if known else party or "—"

    def _said(self, text: str) -> str:
        """Put names for the parties that a finding names by id."""
        for party, known in getattr(self, "_parties", {}).items():
            text = text.replace(party, self.words.name(known))
        return text

    def _fail(self, problem: Any) -> None:
        clear(self.body)
        what, remedy = self.words.problem(problem)
        self.body.addWidget(EmptyState(self.context.theme, "batch", what, remedy))
        self.body.addWidget(FlowRow((label("", "secondary"),)))
