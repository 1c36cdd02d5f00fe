"""The family of a batch as a graph: what went into it on the left, what was made of it on the right."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QVBoxLayout

from gui.context import Context, Page, State
from gui.widgets import Card, EmptyState, button, clear, label, scrolled
from gui.widgets.graph import Graph, GraphEdge, GraphNode
from gui.wording import finding_text


class GenealogyPage(Page):
    """Reached from a batch; a click on a box walks there."""

    key = "genealogy"
    icon = "batch"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        words = self.words
        self.code = ""
        self.header.add(button(words("genealogy.lot"), lambda: context.go("lot", {"code": self.code})))
        self.header.add(button(words("genealogy.recall"), lambda: context.go("recall", {"code": self.code})))
        self.card = Card("", words("genealogy.about"))
        self.column.addWidget(self.card, 1)
        self.graph = Graph(context.theme)
        self.graph.opened.connect(self.walk)
        self.inside = scrolled(self.graph, sideways=True)
        self.card.add(self.inside, 1)
        self.notes = QVBoxLayout()
        self.card.body.addLayout(self.notes)

    @classmethod
    def sample(cls, workspace: Any) -> State:
        """Show a batch that was made of others and became others."""
        rows = workspace.lots("", None, None, 200)
        for row in rows:
            traced = workspace.trace(row.lot)
            if traced.lots_upstream and traced.lots_downstream:
                return {"code": row.lot}
        return {"code": rows[0].lot} if rows else {}

    def enter(self, code: str = "", **_: Any) -> None:
        """Ask for the family of a batch."""
        self.code = code or self.code
        self.refresh()

    def refresh(self) -> None:
        """Ask again."""
        workspace, code = self.context.workspace, self.code
        if code:
            self.context.workers.read(lambda: workspace.trace(code), self._show, self._fail, self)

    def state(self) -> State:
        """Keep which batch it is."""
        return {"code": self.code}

    def walk(self, lot: str) -> None:
        """Look at another batch of the family."""
        if lot != self.code:
            self.code = lot
            self.refresh()

    def _show(self, trace: Any) -> None:
        words = self.words
        row = trace.subjects[0]
        self.code = row.lot
        self.header.say(words("page.genealogy.title"), row.lot_number or row.lot)
        flagged = {found.subject for found in trace.findings}
        nodes = [self._node(node, -node.depth, flagged) for node in trace.lots_upstream]
        nodes.append(GraphNode(row.lot, self._name(row), self._note(row), 0, "here"))
        nodes += [self._node(node, node.depth, flagged) for node in trace.lots_downstream]
        edges = {
            (source[0], target[0])
            for event in trace.events
            for source in event.inputs
            for target in event.outputs
            if source[0] != target[0]
        }
        said = words("genealogy.said", before=len(trace.lots_upstream), behind=len(trace.lots_downstream))
        self.graph.show_graph(nodes, [GraphEdge(*pair) for pair in sorted(edges)], said)
        clear(self.notes)
        self.notes.addWidget(label(said, "secondary"))
        for found in trace.findings[:3]:
            self.notes.addWidget(label(finding_text(words, found)))

    def _node(self, node: Any, column: int, flagged: set[str]) -> GraphNode:
        kind = "attention" if node.lot in flagged else ""
        return GraphNode(node.lot, self._name(node), self._note(node), column, kind)

    def _name(self, row: Any) -> str:
        name = row.product_name if self.words.chinese else row.product_name_en or row.product_name
        return name or self.words("batches.unnamed")

    def _note(self, row: Any) -> str:
        amount = self.words.quantity(row.quantity, row.uom) if row.quantity is not None else ""
        return " · ".join(part for part in (row.lot_number or row.lot, amount) if part)

    def _fail(self, problem: Any) -> None:
        what, remedy = self.words.problem(problem)
        clear(self.notes)
        self.notes.addWidget(EmptyState(self.context.theme, "batch", what, remedy))
