"""The items of a lot and what was said with their keys: registered, sold, counted.

Rule: the root that fixes how many items a lot has is the one of the event that made the lot, else of the
first roll its maker recorded before anything of it was sold; later ones change nothing. A key counts once,
and never more keys than were sold, where sales are recorded by the piece. Where no sale is recorded at all,
how many were sold is unknown, which is not none.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from threading import RLock

from sqlalchemy import Engine, select

from ledger.durable import PUBLIC, write_file
from ledger.errors import EventInvalid, LedgerError
from ledger.events.codec import Event
from ledger.events.evidence import Complaint, Review
from ledger.events.identifiers import canonical
from ledger.events.itemkeys import (
    ItemRegister,
    ItemRoot,
    check_review,
    make_secrets,
    register_items,
    registered_items,
    token_of,
)
from ledger.events.supply import ObjectEvent, Quantity, TransformationEvent
from ledger.reader import Reader
from models import tables
from models.projections.shelf import withdrawn
from models.provenance import gates as gating
from models.provenance import lots as lot_views
from models.views import reading

BY_THE_PIECE = (None, "EA", "H87", "C62")


@dataclass(frozen=True, slots=True)
class ItemCounts:
    """Of one lot: items registered, sold (None: not known), and keys that counted."""

    lot: str
    registered: int
    sold: int | None
    counted: int

    @property
    def fits(self) -> bool:
        """Say whether counted <= sold <= registered, as far as it is known."""
        return self.counted <= (self.registered if self.sold is None else self.sold) <= self.registered


@dataclass(frozen=True, slots=True)
class DraftRoll:
    """A scratch roll before it is recorded: until then none of its secrets is worth anything.

    Args:
        code: the lot's own code; tokens: the secrets, in no order, to be printed and kept nowhere.
    """

    code: str
    lot: lot_views.LotRow
    register: ItemRegister
    event: ObjectEvent
    tokens: tuple[str, ...] = field(repr=False)


@dataclass(slots=True)
class ItemBook:
    """Item roots and keys of one ledger."""

    reader: Reader
    views: Engine
    _counted: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    _lock: RLock = field(default_factory=RLock)

    def root(self, lot: str) -> ItemRoot | None:
        """Return the root over the item keys of a lot, if there is one."""
        with reading(self.views) as connection:
            row = lot_views.lot(connection, lot)
            if row is None or row.registered_index is None:
                return None
            steps, moves = tables.steps, tables.moves
            encoded = (
                select(steps.c.index)
                .join(moves, moves.c.index == steps.c.index)
                .where(moves.c.code == row.lot, steps.c.biz_step == "encoding", ~steps.c.in_error)
                .where(steps.c.signer == row.origin_party)
                .order_by(steps.c.index)
            )
            later = list(connection.execute(encoded).scalars())
        sale = self.first_sale(row.lot)
        for index in (row.registered_index, *later):
            event = self.reader.entry(index).event
            found = _root(event)
            if found is not None and (sale is None or index < sale):
                return found
        return None

    def proven(self, review: Review) -> bool:
        """Say whether a review counts as a sold item's: registered key, fitting signature, not oversold."""
        root = self.root(review.lot) if review.lot and review.item_key else None
        if root is None or review.item_key is None:
            return False
        try:
            check_review(review, root)
        except EventInvalid:
            return False
        with self._lock:
            keys = self._counted[root.lot]
            if review.item_key not in keys:
                index = self._index(review)
                sold = self.sold(root.lot, index)
                if sold is not None and len(keys) >= sold:
                    return False
                keys[review.item_key] = index
        return True

    def counts(self, lot: str) -> ItemCounts | None:
        """Return how many items of a lot are registered, sold and heard; None without a root."""
        root = self.root(lot)
        if root is None:
            return None
        said = tables.reviews
        keyed = select(said.c.index).where(said.c.lot == root.lot, said.c.item_key.is_not(None))
        with reading(self.views) as connection:
            indexes = list(connection.execute(keyed.order_by(said.c.index)).scalars())
        for index in indexes:
            event = self.reader.entry(index).event
            if isinstance(event, Review):
                self.proven(event)
        return ItemCounts(root.lot, root.count, self.sold(root.lot), len(self._counted[root.lot]))

    def sold(self, lot: str, before: int | None = None) -> int | None:
        """Return how many pieces of a lot were sold by the entries before one; None where it is not known."""
        steps, moves = tables.steps, tables.moves
        query = (
            select(
                moves.c.quantity,
                moves.c.uom,
                moves.c["items"],
                steps.c.index.label("entry"),
                steps.c.in_error,
            )
            .join(steps, moves.c.index == steps.c.index)
            .where(moves.c.code == canonical(lot), steps.c.biz_step == "retail_selling")
        )
        if before is not None:
            query = query.where(steps.c.index < before)
        with reading(self.views) as connection:
            sales = connection.execute(query).all()
            wrong = any(sale.in_error for sale in sales)
            void = withdrawn(connection, {sale.entry for sale in sales}) if wrong else set()
        rows = [tuple(sale)[:3] for sale in sales if sale.entry not in void]
        if not rows or any(quantity is not None and uom not in BY_THE_PIECE for quantity, uom, _ in rows):
            return None
        return sum(int(quantity or Decimal(0)) or int(items) for quantity, _, items in rows)

    def used(self, item_key: str) -> bool:
        """Say whether an item's key has spoken already, in a review or a complaint."""
        with reading(self.views) as connection:
            return any(
                connection.execute(select(table.c.index).where(table.c.item_key == item_key).limit(1)).first()
                for table in (tables.reviews, tables.complaints)
            )

    def first_sale(self, lot: str) -> int | None:
        """Return the first entry that sells something of a lot."""
        steps, moves = tables.steps, tables.moves
        query = (
            select(steps.c.index)
            .join(moves, moves.c.index == steps.c.index)
            .where(moves.c.code == lot, steps.c.biz_step == "retail_selling")
            .order_by(steps.c.index)
            .limit(1)
        )
        with reading(self.views) as connection:
            return connection.execute(query).scalar()

    def _index(self, review: Review) -> int:
        query = select(tables.reviews.c.index).where(tables.reviews.c.item_signature == review.item_signature)
        with reading(self.views) as connection:
            found = connection.execute(query.order_by(tables.reviews.c.index).limit(1)).scalar()
        return self.reader.size() if found is None else int(found)


def refuse_roll(book: ItemBook, lot: lot_views.LotRow, count: int, now: datetime) -> None:
    """Refuse a scratch roll that this lot cannot have.

    Raises:
        LedgerError: a code beginning with `roll-`, or `gate-closed`.
    """
    if book.root(lot.lot) is not None:
        raise _refused("roll-exists", "this lot's items are registered already", lot.lot, "one roll a lot")
    if book.first_sale(lot.lot) is not None:
        raise _refused("roll-too-late", "something of this lot was sold", lot.lot, "a lot not yet sold")
    if lot.status == "recalled":
        raise _refused("roll-recalled", "this lot is recalled", lot.lot, "a lot that may be sold")
    with reading(book.views) as connection:
        for found in gating.holds(connection, lot, "labelling", now):
            raise gating.closed_gate(found, lot.lot)
    if lot.uom in BY_THE_PIECE and lot.quantity is not None and count > lot.quantity:
        raise _refused("roll-too-many", "more keys than pieces", str(count), f"at most {lot.quantity} pieces")


def draft_roll(
    book: ItemBook,
    code: str,
    lot: lot_views.LotRow,
    count: int,
    random: Callable[[int], bytes],
    now: datetime,
) -> DraftRoll:
    """Make the secrets of a lot's items, and the event with which the lot's maker registers them.

    Raises:
        LedgerError: as `refuse_roll` does.
    """
    refuse_roll(book, lot, count, now)
    secrets = make_secrets(count, random)
    register = register_items(lot.lot, secrets)
    event = ObjectEvent(
        now,
        "OBSERVE",
        biz_step="encoding",
        quantity_list=(Quantity(lot.lot),),
        extensions=register.root().as_ilmd(),
    )
    return DraftRoll(code, lot, register, event, tuple(shuffled(map(token_of, secrets), random(32))))


def keep_register(folder: Path, register: ItemRegister) -> Path:
    """Keep a lot's leaves, which hold no secret, where reviews find their proofs."""
    path = _place(folder, register.lot)
    path.parent.mkdir(parents=True, exist_ok=True)
    document = {"lot": register.lot, "leaves": [leaf.hex() for leaf in register.leaves]}
    write_file(path, json.dumps(document).encode(), mode=PUBLIC)
    return path


def read_register(folder: Path, lot: str) -> ItemRegister:
    """Return the leaves of a lot's items.

    Raises:
        LedgerError: code `roll-not-here`.
    """
    try:
        document = json.loads(_place(folder, canonical(lot)).read_bytes())
        return ItemRegister(document["lot"], tuple(bytes.fromhex(leaf) for leaf in document["leaves"]))
    except (OSError, ValueError, KeyError) as error:
        raise _refused(
            "roll-not-here", "the list of this lot's items is not on this machine", lot, str(folder)
        ) from error


def refuse_used(book: ItemBook, said: Review | Complaint) -> None:
    """Refuse to record a second word of one item, or one whose key is not registered.

    Raises:
        LedgerError: code `item-key-used` or `roll-not-here`; EventInvalid: what `check_review` raises.
    """
    root = book.root(said.lot or "")
    if root is None or said.item_key is None:
        raise _refused("roll-not-here", "this lot has no registered items", said.lot or "", "a scratch roll")
    check_review(said, root)
    if book.used(said.item_key):
        raise _refused(
            "item-key-used", "this code has been used already", said.item_key[:16], "one review or complaint"
        )


def shuffled(things: Iterable[str], random: bytes) -> list[str]:
    """Return things in an order that only `random` decides, so that a roll tells no item from another."""
    listed = list(things)
    keys = [sha256(random + n.to_bytes(8, "big")).digest() for n in range(len(listed))]
    return [thing for _, thing in sorted(zip(keys, listed, strict=True), key=lambda pair: pair[0])]


def _root(event: Event) -> ItemRoot | None:
    return registered_items(event) if isinstance(event, ObjectEvent | TransformationEvent) else None


def _place(folder: Path, lot: str) -> Path:
    return folder / "items" / f"{sha256(lot.encode()).hexdigest()[:32]}.json"


def _refused(code: str, what: str, found: str, expected: str) -> LedgerError:
    remedy = "see what is registered: roll LOT; the maker of a lot prints one roll before the first sale"
    return LedgerError(what, code=code, found=found, expected=expected, remedy=remedy)
