"""What a face asks about a batch before it goes: gates, laboratory reports, labels and their limits.

Rule: it only reads, each answer in one transaction. Refusing is the face's own act, with the finding shown.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection, Engine, select

from ledger.errors import EventInvalid, LedgerBug
from ledger.events.codec import Event
from ledger.events.identifiers import gtin
from ledger.events.supply import SupplyEvent
from ledger.receipts import Receipt
from models.finding import Finding
from models.projections.codes import thing_of
from models.provenance import gates as gating
from models.provenance import labelling
from models.provenance import lots as lot_views
from models.provenance.gates import GateState, Report
from models.provenance.labelling import Labelled
from models.provenance.lineage import reach
from models.provenance.localtables import STANDARDS, YIELDS, tables_of
from models.provenance.lots import LotRow
from models.provenance.names import party_names
from models.provenance.overview import QualityOverview, overview
from models.tables import gates as gate_table
from models.views import reading

Content = tuple[Decimal, str | None]


@dataclass(frozen=True, slots=True)
class GateRow:
    """A gate as it was set: the newest word about a product and check."""

    index: int
    product: str
    steps: tuple[str, ...]
    check: str
    valid_days: int | None
    author: str
    event_time: datetime


@dataclass(frozen=True, slots=True)
class BatchQuality:
    """Everything that decides whether a batch may go on."""

    row: LotRow
    gates: tuple[GateState, ...]
    reports: tuple[Report, ...]
    labels: Labelled


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """A promise of conformity that stands for a batch."""

    index: int
    event_time: datetime
    number: str
    basis: tuple[str, ...]
    party: str
    name: str
    name_en: str | None


@dataclass(frozen=True, slots=True)
class TakenSheet:
    """What became of a laboratory sheet: each report with its entry and how it is judged, and bad rows."""

    reports: tuple[tuple[Receipt, JudgedReport], ...]
    refused: tuple[EventInvalid, ...]


@dataclass(frozen=True, slots=True)
class JudgedReport:
    """A report beside the lot it is about."""

    lot: LotRow
    report: Report


class Quality:
    """The quality side of one ledger's views.

    Args:
        resolve: turns what a person typed into the code the views know.
    """

    def __init__(
        self, views: Engine, resolve: Callable[[Connection, str], str], clock: Callable[[], datetime]
    ) -> None:
        self._views, self._resolve, self._clock = views, resolve, clock

    def batch(self, code: str) -> BatchQuality:
        """Return gates, reports and labels of a batch the views know.

        Raises:
            LedgerBug: they do not know it.
        """
        with reading(self._views) as connection:
            tables_of(connection).check(STANDARDS)
            row = lot_views.lot(connection, self._resolve(connection, code))
            if row is None:
                raise LedgerBug(f"quality of an unknown lot: {code}")
            ancestors = sorted(reach(connection, [row.lot], "back").depth)
            return BatchQuality(
                row,
                gating.gates_of(connection, row, self._clock()),
                gating.reports_of(connection, ancestors, row.category),
                labelling.labelled(connection, row),
            )

    def labels(self, lot: str) -> Labelled:
        """Return the labels of a lot the views know.

        Raises:
            LedgerBug: they do not know it.
        """
        with reading(self._views) as connection:
            row = lot_views.lot(connection, lot)
            if row is None:
                raise LedgerBug(f"labels of an unknown lot: {lot}")
            return labelling.labelled(connection, row)

    def gates(self) -> tuple[GateRow, ...]:
        """Return the gates that are set, newest first."""
        newest: dict[tuple[str, str], GateRow] = {}
        with reading(self._views) as connection:
            for row in connection.execute(select(gate_table).order_by(gate_table.c.index)):
                newest.pop((row.product, row.check), None)
                if row.status == "set":
                    newest[(row.product, row.check)] = GateRow(
                        row[0],
                        row.product,
                        tuple(row.steps),
                        row.check,
                        row.valid_days,
                        row.author,
                        row.event_time,
                    )
        return tuple(reversed(newest.values()))

    def gated(self, product: str) -> str:
        """Return the id a gate keeps for what a person typed: a GTIN, a product's id or a category."""
        if product.isdigit():
            return f"https://id.gs1.org/01/{gtin(product, field='product')}"
        return product

    def judged(self, lot: str, entry: int) -> JudgedReport:
        """Return how the report of one entry is judged."""
        with reading(self._views) as connection:
            row = lot_views.lot(connection, lot)
            if row is None:
                raise LedgerBug(f"a report about an unknown lot: {lot}")
            found = gating.reports_of(connection, [row.lot], row.category)
            return JudgedReport(row, next(each for each in found if each.index == entry))

    def label_refusals(
        self, counts: Mapping[str, int], content: Content | None = None, *, again: bool = False
    ) -> tuple[Finding, ...]:
        """Return why so many labels of these lots must not be printed; nothing when they may."""
        with reading(self._views) as connection:
            tables_of(connection).check(YIELDS)
            rows = lot_views.lots_named(connection, counts)
            return tuple(
                found
                for lot, count in counts.items()
                if lot in rows
                for found in labelling.refusals(
                    connection, rows[lot], count, self._clock(), content, again=again
                )
            )

    def overview(self, mine: Collection[str], code: str | None = None) -> QualityOverview:
        """Return what waits, what was measured and what is promised, of one batch or of the newest."""
        with reading(self._views) as connection:
            lot = self._resolve(connection, code) if code else None
            return overview(connection, mine, self._clock(), lot)

    def gates_before(self, code: str) -> tuple[GateState, ...]:
        """Return the gates before a batch; none for a code that is no batch of its own."""
        with reading(self._views) as connection:
            row = lot_views.lot(connection, self._resolve(connection, code))
            return () if row is None else gating.gates_of(connection, row, self._clock())

    def promises_for(self, lot: str) -> tuple[PromiseRow, ...]:
        """Return the promises of conformity that stand for a lot or for what it was made from."""
        with reading(self._views) as connection:
            lots = sorted(reach(connection, [lot], "back").depth)
            said = gating.promised(connection, lots)
            names = party_names(connection, [row.author for row in said])
            return tuple(
                PromiseRow(
                    row.entry,
                    row.event_time,
                    row.number,
                    tuple(row.basis),
                    row.author,
                    names[row.author].name,
                    names[row.author].name_en,
                )
                for row in said
            )

    def refuse_held(self, event: Event) -> None:
        """Refuse an act of the program with goods that stand before a closed gate.

        Raises:
            LedgerError: code `gate-closed`.
        """
        step = gating.step_at(getattr(event, "biz_step", None))
        if step is None or not isinstance(event, SupplyEvent):
            return
        touched = {thing_of(each.epc_class).code for each in getattr(event, "quantity_list", ())}
        touched |= {thing_of(epc).code for epc in getattr(event, "epc_list", ())}
        with reading(self._views) as connection:
            for row in lot_views.lots_named(connection, touched).values():
                for found in gating.holds(connection, row, step, self._clock()):
                    raise gating.closed_gate(found, row.lot)
