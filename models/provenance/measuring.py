"""Measure tracing on a large invented ledger, beside a plain recursive query and networkx on the same data.

Rule: peers answer the same question (the set of lots before and behind) about the same lots, in turn and
with warm caches; their answers must be ours, which also brings distances and amounts. Random numbers come
from a seed: two runs measure the same.
"""

from __future__ import annotations

import importlib
import importlib.util
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from functools import partial
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection, Text, bindparam, select, text

from ledger.events.supply import Destination, ObjectEvent, Quantity, Source, SupplyEvent, TransformationEvent
from models.projections.entries import EntryList
from models.projector import Projector
from models.provenance.lineage import Way, closure, reach
from models.provenance.recall import plan
from models.provenance.trace import trace
from models.tables import edges
from models.views import create_views_engine, reading

START = datetime(2026, 1, 1, tzinfo=UTC)
MAKER, BUYER = "https://id.gs1.org/417/9521000000015", "https://id.gs1.org/417/9521000000022"
LEVELS = 12
PLAIN = {
    "back": """WITH RECURSIVE found(lot) AS (SELECT :lot UNION SELECT used.code FROM found
        JOIN moves made ON made.code = found.lot AND made.role = 'made'
        JOIN moves used ON used.node = made.node AND used.role = 'used') SELECT lot FROM found""",
    "forward": """WITH RECURSIVE found(lot) AS (SELECT :lot UNION SELECT made.code FROM found
        JOIN moves used ON used.code = found.lot AND used.role = 'used'
        JOIN moves made ON made.node = used.node AND made.role = 'made') SELECT lot FROM found""",
}
"""What one writes first: correct, and without an index made for the question."""
_WAYS: tuple[Way, ...] = ("back", "forward")
_LOTS = {way: select(closure(select(bindparam("lot", type_=Text)), way).c.lot) for way in _WAYS}
Row = dict[str, Any]
Lots = tuple[set[str], set[str]]


@dataclass(frozen=True, slots=True)
class Told:
    """An entry without a ledger."""

    index: int
    party: str
    record_time: datetime
    event: SupplyEvent


def measure(events: int, say: Callable[[str], None], asked: int = 40) -> list[Row]:
    """Return the rows of the performance table.

    Args:
        events: how many supply events the invented ledger has.
        asked: how many lots are traced.
    """
    say(f"trace: telling {events} events")
    told, lots = chains(events)
    source = EntryList([Told(index, MAKER, event.event_time, event) for index, event in enumerate(told)])
    with TemporaryDirectory() as folder, _views(Path(folder)) as engine:
        say("trace: folding them")
        projector = Projector(source, engine)
        seconds, _ = _timed(projector.rebuild)
        rows = [_row(f"{events} events folded into views (events/s)", events / seconds, None, None, 0)]
        with reading(engine) as connection:
            say("trace: tracing")
            return rows + _traces(connection, lots, asked, events)


def chains(events: int) -> tuple[list[SupplyEvent], list[str]]:
    """Invent chains of lots made, mixed, split, shipped; return the events and lots made of others.

    Nobody uses or ships more than there is: what honest people do is what a trace meets every day.
    """
    drawn = _draws()
    levels: list[list[str]] = [[] for _ in range(LEVELS + 1)]
    held: dict[str, Decimal] = {}
    told: list[SupplyEvent] = []

    def new_lots(count: int, amount: Decimal) -> list[str]:
        fresh = [f"https://id.gs1.org/01/09521000000100/10/B{len(held) + back}" for back in range(count)]
        held.update(dict.fromkeys(fresh, amount))
        return fresh

    while len(told) < events:
        moment = START + timedelta(minutes=len(told))
        level, kind = next(drawn) % LEVELS, next(drawn) % 100
        if kind < 30 or not levels[level]:
            levels[0] += (fresh := new_lots(1, Decimal(1000)))
            told.append(ObjectEvent(moment, "ADD", quantity_list=_kg(fresh, held), biz_step="commissioning"))
        elif kind < 65:
            count = min(len(levels[level]), (1, 1, 2, 3)[next(drawn) % 4])
            used = [levels[level].pop(next(drawn) % len(levels[level])) for _ in range(count)]
            parts = (1, 1, 2, 3)[next(drawn) % 4]
            share = (sum((held[lot] for lot in used), Decimal(0)) / parts).quantize(
                Decimal("0.001"), ROUND_DOWN
            )
            levels[level + 1] += (fresh := new_lots(parts, share))
            told.append(
                TransformationEvent(
                    moment,
                    input_quantity_list=_kg(used, held),
                    output_quantity_list=_kg(fresh, held),
                    biz_step="commissioning",
                )
            )
        else:
            lot = levels[level][next(drawn) % len(levels[level])]
            sent = _thousandth(held[lot] / 100)
            held[lot] -= sent
            told.append(
                ObjectEvent(
                    moment,
                    "OBSERVE",
                    quantity_list=_kg([lot], {lot: sent}),
                    biz_step="shipping",
                    source_list=(Source(MAKER, "owning_party"),),
                    destination_list=(Destination(BUYER, "owning_party"),),
                )
            )
    return told, [lot for level in levels[2:] for lot in level]


def _traces(connection: Connection, lots: Sequence[str], asked: int, events: int) -> list[Row]:
    chosen = [lots[number * max(1, len(lots) // asked)] for number in range(min(asked, len(lots)))]
    ours, plain, indexed = _side_by_side(
        (partial(_lineage, connection), partial(_plain, connection), partial(_indexed, connection)), chosen
    )
    for peer in (plain, indexed):
        _agree([found for _, found in peer], [found for _, found in ours])
    whole = [_timed(partial(trace, connection, lot)) for lot in chosen]
    recalls = [_timed(partial(plan, connection, lot)) for lot in chosen[-6:]]
    sizes = [len(found.lots_upstream) + len(found.lots_downstream) for _, found in whole]
    what = f"of {events} events, a lot with {statistics.median(sizes):.0f} others"
    question = f"{what}: all lots before and behind (ms)"
    note = _note(len(chosen))
    rows = [
        _row(question, _ms(ours), "plain recursive SQL", _ms(plain), 2) | note,
        _row(question, _ms(ours), "recursive SQL over our index, lots only", _ms(indexed), 2) | note,
        _row(f"{what}: the whole trace with events and findings (ms)", _ms(whole), None, None, 1),
        _row("a recall of it, with holders (ms)", _ms(recalls), None, None, 1),
    ]
    if importlib.util.find_spec("networkx") is not None:
        loading, asking, found = _networkx(connection, chosen)
        _agree(found, [lots for _, lots in ours])
        label = f"networkx, after {loading:.2f} s of loading"
        rows.append(_row(question, _ms(ours), label, asking, 2) | note | {"loading_s": round(loading, 2)})
    return rows


def _side_by_side(
    ask: Sequence[Callable[[str], Lots]], chosen: Sequence[str]
) -> list[list[tuple[float, Lots]]]:
    """Ask everyone about the same lots, in turn, after a round that only warms caches and statements."""
    for one in ask:
        one(chosen[0])
    found: list[list[tuple[float, Lots]]] = [[] for _ in ask]
    for lot in chosen:
        for one, answers in zip(ask, found, strict=True):
            answers.append(_timed(partial(one, lot)))
    return found


def _note(lots: int) -> Row:
    return {
        "compared": f"median of the same {lots} lots, asked in turn in one database with warm caches; ours"
        " brings distances and amounts too, the peer the lots alone",
        "ratio_is": "our time / the peer's: below 1 ours is faster",
    }


def _lineage(connection: Connection, lot: str) -> Lots:
    return set(reach(connection, [lot], "back").depth), set(reach(connection, [lot], "forward").depth)


def _plain(connection: Connection, lot: str) -> Lots:
    back, forward = (set(connection.scalars(text(PLAIN[way]), {"lot": lot})) for way in ("back", "forward"))
    return back, forward


def _indexed(connection: Connection, lot: str) -> Lots:
    """Ask our own index for the lots alone: what distances and amounts cost us is the difference."""
    back, forward = (set(connection.scalars(_LOTS[way], {"lot": lot})) for way in ("back", "forward"))
    return back, forward


def _networkx(connection: Connection, chosen: Sequence[str]) -> tuple[float, float, list[Lots]]:
    networkx = importlib.import_module("networkx")
    graph = networkx.DiGraph()

    def load() -> None:
        for node, side, lot in connection.execute(select(edges.c.node, edges.c.side, edges.c.lot)):
            graph.add_edge(*((lot, (node,)) if side == "in" else ((node,), lot)))

    def ask(lot: str) -> Lots:
        if lot not in graph:
            return {lot}, {lot}
        before, behind = networkx.ancestors(graph, lot), networkx.descendants(graph, lot)
        return {lot, *(n for n in before if isinstance(n, str))}, {
            lot,
            *(n for n in behind if isinstance(n, str)),
        }

    loading, _ = _timed(load)
    asked = [_timed(partial(ask, lot)) for lot in chosen]
    return loading, _ms(asked), [found for _, found in asked]


def _agree(peers: Sequence[Lots], ours: Sequence[Lots]) -> None:
    if any(peer != our for peer, our in zip(peers, ours, strict=False)):
        raise AssertionError("a peer found other lots: the figures would compare different questions")


@contextmanager
def _views(folder: Path) -> Iterator[Any]:
    engine = create_views_engine(f"sqlite:///{folder / 'views.db'}")
    try:
        yield engine
    finally:
        engine.dispose()


def _timed(act: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    answer = act()
    return time.perf_counter() - begun, answer


def _ms(timed: Sequence[tuple[float, Any]]) -> float:
    return 1000 * statistics.median(seconds for seconds, _ in timed)


def _row(what: str, ours: float, peer: str | None, theirs: float | None, digits: int) -> Row:
    ratio = round(ours / theirs, 3) if theirs else None
    named = None if peer is None or theirs is None else f"{peer}: {round(theirs, digits)}"
    return {"what": what, "ours": round(ours, digits), "peer": named, "ratio": ratio}


def _draws() -> Iterator[int]:
    block = b"suxin"
    while True:
        block = sha256(block).digest()
        yield from (int.from_bytes(block[at : at + 4], "big") for at in range(0, 32, 4))


def _thousandth(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.001"), ROUND_DOWN)


def _kg(lots: Sequence[str], held: Mapping[str, Decimal]) -> tuple[Quantity, ...]:
    return tuple(Quantity(lot, held[lot], "KGM") for lot in lots)
