"""承诺达标合格证: one row for each batch, with the promise that was issued for it or still is to be.

Rule: a promise is the promiser's own entry; the sheet only lists it, names what is missing, and never
promises by itself. A batch that was packed again or mixed from received batches names the promises it rests
on. Contents and duties are data with their source (resources/packs/hegezheng.json).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import resources
from ledger.events.quality import ConformityPromise
from ledger.events.values import decimal_text
from models.packs.records import Chain, Record
from models.projections.book import Passage
from models.projections.codes import kind_of, lot_number, thing_of

Row = dict[str, str]
Said = tuple[Record, ConformityPromise]
_CHINA = timedelta(hours=8)


def columns() -> tuple[tuple[str, str], ...]:
    """Return the columns of the sheet: key and heading."""
    return tuple((key, words) for key, words in document()["columns"])


def rows(chain: Chain) -> tuple[Row, ...]:
    """Return one row for each promise, and one for each batch without any, in order of entry."""
    batches = Batches(chain)
    found = [batches.promised(lot, *said) for lot, listed in batches.promises.items() for said in listed]
    found += [batches.due(lot) for lot in batches.made if lot not in batches.promises]
    return tuple(sorted(found, key=lambda row: (int(row["entry"]), row["lot"])))


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    """Return the certificate's contents as data."""
    found: dict[str, Any] = resources.document("packs/hegezheng.json")
    return found


class Batches:
    """The batches of a chain, with the promises said about each."""

    def __init__(self, chain: Chain) -> None:
        self.chain = chain
        self.made: dict[str, Passage] = {}
        for code in chain.codes:
            if kind_of(code) == "lot" and any(move.role == "made" for move in chain.book.moves(code)):
                self.made[code] = next(p for p in chain.book.passages(code) if p.role == "made")
        newest: dict[str, dict[tuple[str, str], Said]] = {}
        for _, record in sorted(chain.records.items()):
            event = record.event
            if isinstance(event, ConformityPromise):
                # A withdrawal stands in the place of what it withdraws.
                by_number = newest.setdefault(thing_of(event.lot).code, {})
                by_number[(record.party, event.number)] = (record, event)
        self.promises = {lot: tuple(said.values()) for lot, said in sorted(newest.items())}

    def standing(self, lot: str) -> tuple[Said, ...]:
        """Return the promises about a batch that were not withdrawn."""
        return tuple(said for said in self.promises.get(lot, ()) if said[1].status == "issued")

    def received(self, lot: str) -> tuple[str, ...]:
        """Return the numbers of the standing promises for what a batch was made from, nearest first."""
        numbers: dict[str, None] = {}
        ahead, seen = [lot], {lot}
        while ahead:
            for parent in sorted(self.chain.parents(ahead.pop(0)) - seen):
                seen.add(parent)
                standing = self.standing(parent)
                numbers |= dict.fromkeys(event.number for _, event in standing)
                if not standing:
                    ahead.append(parent)
        return tuple(numbers)

    def origin(self, lot: str) -> str | None:
        """Return where a batch was grown; where several were mixed, the place of mixing."""
        seen: set[str] = set()
        place: str | None = None
        while lot not in seen:
            seen.add(lot)
            made = self.made.get(lot)
            if made is not None:
                place = made.step.place or made.step.read_point or place
            parents = self.chain.parents(lot)
            if len(parents) == 1:
                lot = next(iter(parents))
        return place

    def promised(self, lot: str, record: Record, event: ConformityPromise) -> Row:
        """Return the row of a promise."""
        chain, words = self.chain, document()
        origin = event.origin or self.origin(lot)
        row = self._common(lot, record) | {
            "number": event.number,
            "status": words["statuses"][event.status],
            "quantity": "" if event.quantity is None else decimal_text(event.quantity),
            "unit": event.uom or "",
            "origin": chain.location(origin) if origin else "",
            "promiser": chain.name(record.party) or record.party,
            "contact": chain.contact(record.party) or chain.contact(origin),
            "issued": _day(event.event_time),
            "basis": "；".join(words["bases"][basis] for basis in event.basis),
            "based_on": "；".join(event.based_on),
            "keep_until": _day(event.event_time + timedelta(days=words["keep_days"])),
        }
        return _with_missing(row, words["needed"])

    def due(self, lot: str) -> Row:
        """Return the row of a batch nobody promised anything about yet."""
        chain, made = self.chain, self.made[lot]
        origin, actor = self.origin(lot), made.step.actor
        row = self._common(lot, chain.records[made.step.index]) | {
            "status": document()["statuses"]["due"],
            "quantity": "" if made.quantity is None else decimal_text(made.quantity),
            "unit": made.uom or "",
            "origin": chain.location(origin) if origin else "",
            "promiser": chain.name(actor) or actor,
            "contact": chain.contact(actor) or chain.contact(origin),
            "based_on": "；".join(self.received(lot)),
        }
        return _with_missing(row, [*document()["needed"], "number"])

    def _common(self, lot: str, record: Record) -> Row:
        words, category = document(), self.chain.category(lot)
        must, free = words["must_categories"], words["free_categories"]
        duty = "must" if category in must else "free" if category in free else "unknown"
        return {key: "" for key, _ in columns()} | {
            "product": self.chain.product(lot),
            "batch": lot_number(lot) or "",
            "promise": words["promise"],
            "duty": words["duties"][duty],
            "lot": lot,
            "entry": str(record.index),
            "leaf_hash": record.leaf_hash.hex(),
        }


def _with_missing(row: Row, needed: list[str]) -> Row:
    headings = dict(columns())
    return row | {"missing": "；".join(headings[key] for key in needed if not row[key])}


def _day(moment: datetime) -> str:
    return (moment + _CHINA).date().isoformat()
