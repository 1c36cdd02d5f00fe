"""How goods flow: who holds how much, what moves between whom, what is late, and what could go together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QTabWidget, QWidget

from gui.context import Context, Page, State
from gui.widgets import Card, Column, DataTable, EmptyState, RowsModel, scrolled
from gui.widgets.graph import Graph, GraphEdge, GraphNode


class LogisticsPage(Page):
    """The flow as a picture, and its nodes, alarms, stations and joint trips as tables."""

    key = "logistics"
    icon = "location"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        words = self.words
        self.found: Any = None
        card = Card(words("logistics.flow"), words("logistics.flow.about"))
        self.graph = Graph(context.theme)
        card.add(scrolled(self.graph, sideways=True), 1)
        self.column.addWidget(card, 3)
        self.tabs = QTabWidget()
        self.models: dict[str, Any] = {}
        for name, columns in self._tables():
            self.tabs.addTab(self._table(name, columns), words(f"logistics.{name}"))
        self.column.addWidget(self.tabs, 2)

    @classmethod
    def sample(cls, workspace: Any) -> State:  # noqa: ARG003
        """Show the whole flow."""
        return {}

    def enter(self, **_: Any) -> None:
        """Ask for the flow."""
        self.refresh()

    def refresh(self) -> None:
        """Ask again."""
        workspace = self.context.workspace
        self.context.workers.read(lambda: _asked(workspace), lambda found: self._show(*found), owner=self)

    def state(self) -> State:
        """Nothing is chosen here."""
        return {}

    def _table(self, name: str, columns: tuple[Column[Any], ...]) -> QWidget:
        model = RowsModel[Any](columns, self.context.theme, self)
        self.models[name] = model
        empty = EmptyState(self.context.theme, "move", self.words(f"logistics.{name}.none"), "")
        return DataTable(self.context.theme, model, self.words(f"logistics.{name}"), empty)

    def _tables(self) -> tuple[tuple[str, tuple[Column[Any], ...]], ...]:
        words, column = self.words, self._column
        nodes = (
            column("party", lambda row: self._name(row.party)),
            column("in", lambda row: self._sum(row.came), width=140, right=True),
            column("out", lambda row: self._sum(row.went), width=140, right=True),
            column("stock", lambda row: self._sum(row.stock), width=140, right=True),
            column("dwell", lambda row: self._days(row.dwell_hours), width=140, right=True),
        )
        alarms = (
            column("alarm", self._alarm),
            column("hours", lambda row: self._days(row.hours), width=120, right=True),
        )
        stations = (
            column("station", lambda row: row.name),
            column("level", lambda row: words(f"station.{row.level}"), width=120),
            column("own", lambda row: self._sum(dict(row.own)), width=140, right=True),
            column("total", lambda row: self._sum(dict(row.total)), width=140, right=True),
        )
        trips = (
            column("sender", lambda row: self._name(row.sender)),
            column("receiver", lambda row: self._name(row.receiver)),
            column("day", lambda row: words.date(row.day), width=140),
            column("parcels", lambda row: words.number(row.parcels), width=90, right=True),
            column("vehicles", lambda row: words.number(row.vehicles), width=110, right=True),
            column("apart", lambda row: words.number(row.apart), width=110, right=True),
        )
        return (("nodes", nodes), ("alarms", alarms), ("stations", stations), ("trips", trips))

    def _column(
        self, name: str, text: Callable[[Any], str], width: int = 0, right: bool = False
    ) -> Column[Any]:
        return Column(self.words(f"logistics.{name}"), text, width=width, right=right)

    def _show(self, found: Any, trips: list[Any], columns: dict[str, int]) -> None:
        self.found = found
        self.models["nodes"].set_rows(found.nodes)
        self.models["alarms"].set_rows(found.alarms)
        self.models["stations"].set_rows(found.stations)
        self.models["trips"].set_rows(trips)
        most = max((link.parcels for link in found.links), default=1)
        late = {(alarm.parcel.sender, alarm.parcel.receiver) for alarm in found.alarms}
        stocks = {node.party: node for node in found.nodes}
        nodes = [self._node(party, column, stocks.get(party)) for party, column in columns.items()]
        edges = [
            GraphEdge(
                link.sender,
                link.receiver,
                link.parcels / most,
                "attention" if (link.sender, link.receiver) in late else "",
            )
            for link in found.links
        ]
        counts = {"nodes": len(found.nodes), "links": len(found.links), "alarms": len(found.alarms)}
        self.graph.show_graph(nodes, edges, self.words("terminal.logistics", **counts))

    def _node(self, party: str, column: int, node: Any) -> GraphNode:
        stock = self.words("logistics.stock_of", amount=self._sum(node.stock)) if node is not None else ""
        short = node is not None and any(amount < 0 for amount in node.stock.values())
        return GraphNode(party, self._name(party), stock, column, "attention" if short else "")

    def _alarm(self, alarm: Any) -> str:
        return self.words(
            f"alarm.{alarm.kind}",
            lot=alarm.parcel.lot.rpartition("/10/")[2],
            sender=self._name(alarm.parcel.sender),
            receiver=self._name(alarm.parcel.receiver),
            hours=round(alarm.hours),
            limit=round(alarm.limit_hours),
        )

    def _sum(self, amounts: Any) -> str:
        return self.words.listing(self.words.quantity(n, unit) for unit, n in amounts.items()) or "—"

    def _days(self, hours: float | None) -> str:
        return "—" if hours is None else self.words("logistics.days", n=f"{hours / 24:.1f}")

    def _name(self, party: str | None) -> str:
        known = self.found.names.get(party) if self.found is not None else None
        return self.words.name(known) if known is not None else party or "—"


def _asked(workspace: Any) -> tuple[Any, list[Any], dict[str, int]]:
    """Return how goods flow, the joint trips by what they save, each party's column (on a reading thread)."""
    found = workspace.goods.logistics()
    trips = sorted(found.trips, key=lambda trip: (trip.vehicles - trip.apart, trip.day))
    return found, trips, _columns([(link.sender, link.receiver) for link in found.links])


def _columns(links: list[tuple[str, str]]) -> dict[str, int]:
    """Return the column of each party: one behind whoever sends to it, loops cut."""
    parties = sorted({party for link in links for party in link})
    columns = dict.fromkeys(parties, 0)
    for _ in range(len(parties)):
        moved = False
        for sender, receiver in links:
            if sender != receiver and columns[receiver] <= columns[sender] < len(parties):
                columns[receiver] = columns[sender] + 1
                moved = True
        if not moved:
            break
    order = {column: place for place, column in enumerate(sorted(set(columns.values())))}
    return {party: order[column] for party, column in columns.items()}
