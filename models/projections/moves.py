"""Read a supply event as the few facts lineage and custody need: one `Step`, and a `Move` for each thing.

Rule: pure, total and silent. Whatever the ledger admitted can be read here; what is odd about it becomes a
finding elsewhere. Who did it: an event of our own is its signer's; an event imported from elsewhere may name
its `informationProvider` and `productOwner`, which are believed as hints, never as signatures.
Source: EPCIS 2.0 7.4; CBV 2.0 7.1; GDST 1.2 extensions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from ledger.events.supply import (
    AggregationEvent,
    AssociationEvent,
    Destination,
    ObjectEvent,
    Quantity,
    Source,
    SupplyEvent,
    TransactionEvent,
    TransformationEvent,
)
from ledger.events.values import FrozenMap, Json
from models.projections.codes import name_of, product_of, serial_key, thing_of
from models.views import key

SHIPS = frozenset({"shipping", "consigning"})
RECEIVES = frozenset({"receiving", "accepting"})
SELLS = frozenset({"retail_selling", "dispensing"})
REWORKS = frozenset({"repairing", "replacing"})
Amount = tuple[str, Decimal | None, str | None, int]
MADE_DAYS = ("harvestEndDate", "harvestStartDate", "harvestDate", "productionDate")
EXPIRES_DAYS = ("itemExpirationDate", "expirationDate", "bestBeforeDate")


@dataclass(frozen=True, slots=True)
class Step:
    """What one supply event says about itself: when, where, who, from whom, to whom.

    Args:
        signer: the party whose key signed the entry.
        provider: who the event says reported it; the signer when it does not say.
        actor: who did it, as far as the event tells.
        made_day: harvest or production day on the things made.
    """

    index: int
    type: str
    action: str | None
    biz_step: str | None
    disposition: str | None
    event_time: datetime
    record_time: datetime
    signer: str
    provider: str
    actor: str
    owner: str | None = None
    source: str | None = None
    destination: str | None = None
    place: str | None = None
    read_point: str | None = None
    event_id: str | None = None
    in_error: bool = False
    made_day: date | None = None
    expires_day: date | None = None
    certificates: tuple[str, ...] = ()

    @property
    def order(self) -> tuple[datetime, int]:
        """Return the place of this step in the story: claimed time first, then ledger order."""
        return (self.event_time, self.index)


@dataclass(frozen=True, slots=True)
class Move:
    """What an event did to one thing.

    Args:
        role: made, used, moved, sold, gone, noted, packed, unpacked; for a container: parent, emptied.
        items: how many single items were named one by one (their quantity is then not given).
        parent: the container, for packed and unpacked.
        node: the transformation that joins inputs to outputs, for made and used.
        kind: how that transformation joins them: transform, split, merge or rework.
    """

    index: int
    part: int
    code: str
    role: str
    quantity: Decimal | None = None
    uom: str | None = None
    items: int = 0
    parent: str | None = None
    node: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One single item that an event names by its serial number."""

    index: int
    item: str
    code: str
    role: str
    parent: str | None = None
    serial: str = ""


def step_of(event: SupplyEvent, index: int, record_time: datetime, signer: str) -> Step:
    """Return the facts of the event as a whole."""
    provider = _extension(event, "informationProvider") or signer
    owner = _extension(event, "productOwner")
    source, destination = _party_of(event.source_list), _party_of(event.destination_list)
    place = event.biz_location or event.read_point
    ilmd = event.ilmd if isinstance(event, ObjectEvent | TransformationEvent) else None
    return Step(
        index=index,
        type=type(event).__name__,
        action=None if isinstance(event, TransformationEvent) else event.action,
        biz_step=event.biz_step,
        disposition=event.disposition,
        event_time=event.event_time,
        record_time=record_time,
        signer=name_of(signer),
        provider=name_of(provider),
        actor=name_of(_actor(event, source, destination, provider, owner)),
        owner=_name(owner),
        source=_name(source),
        destination=_name(destination),
        place=_name(place),
        read_point=_name(event.read_point),
        event_id=None if event.event_id is None else key(event.event_id),
        in_error=event.error_declaration is not None,
        made_day=_day(ilmd, MADE_DAYS),
        expires_day=_day(ilmd, EXPIRES_DAYS),
        certificates=_certificates(event),
    )


def moves_of(event: SupplyEvent, index: int, signer: str) -> tuple[tuple[Move, ...], tuple[Item, ...]]:
    """Return what the event did to each lot and container, and the single items it names."""
    moves: list[Move] = []
    items: list[Item] = []
    for row in _rows(event, index, signer):
        counted: Counter[str] = Counter()
        for thing in map(thing_of, row.epcs):
            counted[thing.code] += thing.item is not None
            if thing.item is not None:
                serial = serial_key(thing.item)
                items.append(Item(index, thing.item, thing.code, row.role, row.parent, serial))
        amounts: list[Amount] = [(code, None, None, count) for code, count in counted.items()]
        amounts += [(thing_of(q.epc_class).code, q.quantity, q.uom, 0) for q in row.quantities]
        for code, quantity, uom, count in amounts:
            unit = (uom or "EA") if quantity is not None else None
            part = len(moves)
            moves.append(
                Move(index, part, code, row.role, quantity, unit, count, row.parent, row.node, row.kind)
            )
    return tuple(moves), tuple(items)


@dataclass(frozen=True, slots=True)
class _Row:
    role: str
    epcs: Sequence[str]
    quantities: Sequence[Quantity] = ()
    parent: str | None = None
    node: str | None = None
    kind: str | None = None


def _rows(event: SupplyEvent, index: int, signer: str) -> Iterator[_Row]:
    if isinstance(event, ObjectEvent):
        yield _Row(_object_role(event), event.epc_list, event.quantity_list)
    elif isinstance(event, TransactionEvent):
        yield _Row("noted", event.epc_list + _optional(event.parent_id), event.quantity_list)
    elif isinstance(event, TransformationEvent):
        node = f"{key(signer)} {event.transformation_id}" if event.transformation_id else str(index)
        kind = _kind(event)
        yield _Row("used", event.input_epc_list, event.input_quantity_list, node=key(node), kind=kind)
        yield _Row("made", event.output_epc_list, event.output_quantity_list, node=key(node), kind=kind)
    else:
        yield from _family_rows(event)


def _family_rows(event: AggregationEvent | AssociationEvent) -> Iterator[_Row]:
    parent = None if event.parent_id is None else thing_of(event.parent_id).code
    children = (event.child_epcs, event.child_quantity_list)
    if event.action == "OBSERVE" or parent is None:
        yield _Row("moved", event.child_epcs + _optional(event.parent_id), event.child_quantity_list)
    elif event.action == "ADD":
        yield _Row("packed", *children, parent=parent)
        yield _Row("parent", (parent,))
    else:
        yield _Row("unpacked", *children, parent=parent)
        yield _Row("parent" if any(children) else "emptied", (parent,))


def _object_role(event: ObjectEvent) -> str:
    if event.biz_step in SELLS or event.disposition == "retail_sold":
        return "sold"
    return {"ADD": "made", "DELETE": "gone"}.get(event.action, "moved")


def _kind(event: TransformationEvent) -> str:
    inputs = _codes(event.input_epc_list, event.input_quantity_list)
    outputs = _codes(event.output_epc_list, event.output_quantity_list)
    if inputs & outputs or event.biz_step in REWORKS:
        return "rework"
    products = {product_of(code) for code in inputs | outputs}
    same = len(products) == 1 and None not in products
    if len(inputs) > 1 and len(outputs) == 1 and (same or (event.biz_step or "").endswith("commingling")):
        return "merge"
    return "split" if len(inputs) == 1 and len(outputs) > 1 and same else "transform"


def _codes(epcs: Iterable[str], quantities: Iterable[Quantity]) -> set[str]:
    return {thing_of(epc).code for epc in epcs} | {
        thing_of(quantity.epc_class).code for quantity in quantities
    }


def _actor(
    event: SupplyEvent, source: str | None, destination: str | None, provider: str, owner: str | None
) -> str:
    if event.biz_step in SHIPS:
        return source or provider
    if event.biz_step in RECEIVES:
        return destination or owner or provider
    if isinstance(event, ObjectEvent) and event.action == "ADD":
        return owner or provider
    return provider


def _party_of(ends: Sequence[Source] | Sequence[Destination]) -> str | None:
    """Return who holds, or else who owns; a place alone names nobody."""
    by_type = {end.type: end.id for end in ends}
    return by_type.get("possessing_party") or by_type.get("owning_party")


def _extension(event: SupplyEvent, name: str) -> str | None:
    if not isinstance(event.extensions, FrozenMap):
        return None
    for label, value in event.extensions.items():
        if local(label) == name and isinstance(value, str) and value:
            return value
    return None


def _day(ilmd: Json, names: Sequence[str]) -> date | None:
    if not isinstance(ilmd, FrozenMap):
        return None
    values = {local(label): value for label, value in ilmd.items()}
    for name in names:
        value = values.get(name)
        found = instant(value) if isinstance(value, str) else None
        if found is not None:
            return found.date()
    return None


def instant(value: str) -> datetime | None:
    """Return the instant of an ISO 8601 text, or `None`; foreign fields are not checked when captured.

    >>> instant("2022-02-03T03:00:00.0000000+00:00")
    datetime.datetime(2022, 2, 3, 3, 0, tzinfo=datetime.timezone.utc)
    """
    try:
        found = datetime.fromisoformat(value)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _certificates(event: SupplyEvent) -> tuple[str, ...]:
    info = event.certification_info
    named = (info,) if isinstance(info, str) else tuple(info or ())
    return named + tuple(document.id for document in event.biz_transaction_list if document.type == "cert")


def local(label: str) -> str:
    """Return a field's name without its prefix: `gdst:productOwner`, `urn:...#name`."""
    return label.replace("#", ":").rpartition(":")[2]


def _optional(code: str | None) -> tuple[str, ...]:
    return () if code is None else (code,)


def _name(code: str | None) -> str | None:
    return None if code is None else name_of(code)
