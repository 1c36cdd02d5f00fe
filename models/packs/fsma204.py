"""The sortable sheet of the United States' Food Traceability Rule: one row per tracking event and lot.

Rule: a row says only what was recorded; an element the rule asks for and nobody recorded is named in
`missing`, never filled in. Which elements belong to which event is data (resources/packs/fsma204.json).
Source: 21 CFR part 1 subpart S.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import resources
from ledger.events.supply import ObjectEvent
from ledger.events.values import FrozenMap, decimal_text
from models.packs.records import Chain
from models.projections.book import Passage
from models.projections.codes import gtin_or_none, kind_of, lot_number
from models.projections.moves import local

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class _Origin:
    """Where a lot's code was given: which event, where, and whether that was the harvest."""

    passage: Passage
    harvest: bool


def columns() -> tuple[tuple[str, str], ...]:
    """Return the columns of the sheet: key and heading."""
    return tuple((key, words) for key, words in document()["columns"])


def rows(chain: Chain) -> tuple[Row, ...]:
    """Return the sheet's rows in order of time, then entry and lot."""
    sheet = _Sheet(chain)
    found = [row for lot in sheet.lots for row in sheet.rows_of(lot)]
    return tuple(sorted(found, key=lambda row: (row["date"], int(row["entry"]), row["role"], row["lot"])))


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    """Return the rule's elements as data."""
    found: dict[str, Any] = resources.document("packs/fsma204.json")
    return found


class _Sheet:
    def __init__(self, chain: Chain) -> None:
        self._chain = chain
        book = chain.book
        self._ways = {code: book.passages(code) for code in chain.codes if _is_lot(chain, code)}
        self.lots = tuple(sorted(self._ways))
        self._origins = {lot: origin for lot in self.lots if (origin := self._origin(lot)) is not None}
        self._harvested = {lot for lot, origin in self._origins.items() if origin.harvest}

    def rows_of(self, lot: str) -> Iterator[Row]:
        seen: set[tuple[int, str]] = set()
        for passage in self._ways[lot]:
            cte = self._event_of(passage)
            if cte is not None and (passage.step.index, passage.role) not in seen:
                seen.add((passage.step.index, passage.role))
                yield self._row(lot, passage, cte)

    def _event_of(self, passage: Passage) -> str | None:
        """Return which of the seven events this is, or none of them."""
        step = _word(passage.step.biz_step)
        steps: dict[str, list[str]] = document()["steps"]
        named = next((cte for cte, words in steps.items() if step in words), None)
        if passage.step.type == "TransformationEvent":
            first = named in ("initial_packing", None) and self._packs_first(passage.step.index)
            if named == "first_land_based_receiving" and passage.role == "made":
                return named
            return "initial_packing" if first and passage.role == "made" else "transformation"
        if passage.role == "made":
            if named in ("harvesting", "initial_packing", "first_land_based_receiving"):
                return named
            return "harvesting" if self._is_harvest(passage) else "initial_packing"
        return named if named in ("cooling", "shipping", "receiving", "first_land_based_receiving") else None

    def _origin(self, lot: str) -> _Origin | None:
        made = next((passage for passage in self._ways[lot] if passage.role == "made"), None)
        return None if made is None else _Origin(made, self._is_harvest(made))

    def _is_harvest(self, passage: Passage) -> bool:
        event = self._chain.records[passage.step.index].event
        if not isinstance(event, ObjectEvent):
            return False
        said = event.ilmd if isinstance(event.ilmd, FrozenMap) else FrozenMap({})
        dated = any(local(name).startswith("harvest") for name in said)
        return dated or _word(passage.step.biz_step) in document()["steps"]["harvesting"]

    def _packs_first(self, index: int) -> bool:
        """Say whether a transformation packs goods for the first time: all inputs were only harvested."""
        step = self._chain.book.steps[index]
        if _word(step.biz_step) not in document()["steps"]["initial_packing"]:
            return False
        used = self._chain.used_in(index)
        return bool(used) and all(code in self._harvested for code in used)

    def _row(self, lot: str, passage: Passage, cte: str) -> Row:
        chain, index = self._chain, passage.step.index
        rule = document()["events"][cte]
        made: Row = {key: "" for key, _ in columns()}
        made |= {
            "cte": rule["words"],
            "section": rule["section"],
            "date": chain.day(index),
            "traceability_lot_code": _code(lot),
            "role": {"made": "new", "used": "used"}.get(passage.role, "moved"),
            "product_description": chain.product(lot),
            "location": chain.location(passage.step.place or passage.step.read_point, passage.step.actor),
            "recorded_by": chain.name(passage.step.signer) or passage.step.signer,
            "lot": lot,
            "entry": str(index),
            "leaf_hash": chain.records[index].leaf_hash.hex(),
        }
        made |= _amount(passage) | self._document(index) | self._sides(lot, passage, cte)
        made |= self._source(lot) | self._harvest(lot, passage, cte)
        if cte in ("shipping", "receiving") and self._before_packing(lot):
            made["note"] = f"before initial packing, {rule['section']}(c)"
        needed = [*rule["required"], *(rule.get("required_new", ()) if passage.role == "made" else ())]
        made["missing"] = ", ".join(key for key in needed if not made[key])
        return made

    def _sides(self, lot: str, passage: Passage, cte: str) -> Row:
        """Return from whom and to whom, as the event says; else by the lot's nearest shipment or receipt."""
        chain, step = self._chain, passage.step
        way = self._ways[lot]
        if cte == "shipping":
            to = step.destination
            return {"subsequent_recipient": chain.location(None, to) if to else ""}
        if cte == "receiving":
            sent = [p.step for p in way if self._event_of(p) == "shipping" and p.step.order < step.order]
            source = step.source or (sent[-1].actor if sent else None)
            place = sent[-1].place if sent and source in (None, sent[-1].actor) else None
            return {"previous_source": chain.location(place, source) if place or source else ""}
        if cte in ("harvesting", "cooling"):
            shipped = next(
                (p.step for p in way if self._event_of(p) == "shipping" and p.step.order > step.order), None
            )
            if shipped is not None and shipped.destination:
                return {"subsequent_recipient": chain.location(None, shipped.destination)}
        return {}

    def _source(self, lot: str) -> Row:
        """Return where the lot's code was given: at packing, landing or transformation, not at harvest."""
        origin = self._origins.get(lot)
        if origin is None or (origin.harvest and self._before_packing(lot)):
            return {}
        step = origin.passage.step
        return {
            "tlc_source": self._chain.location(step.place or step.read_point, step.actor),
            "tlc_source_reference": step.place or "",
        }

    def _before_packing(self, lot: str) -> bool:
        uses = [passage.step.index for passage in self._ways[lot] if passage.role == "used"]
        return lot in self._harvested and any(self._packs_first(index) for index in uses)

    def _harvest(self, lot: str, passage: Passage, cte: str) -> Row:
        """Return what is known of harvest, cooling and receipt, for events that ask for it."""
        chain, found = self._chain, Row()
        if cte not in ("harvesting", "cooling", "initial_packing", "first_land_based_receiving"):
            return found
        used = [] if cte != "initial_packing" else chain.used_in(passage.step.index)
        for source in (lot, *used):
            origin = self._origins.get(source)
            if origin is not None and (origin.harvest or source == lot):
                _join(found, self._harvest_of(origin))
            for each in self._ways.get(source, ()):
                named = self._event_of(each) if source != lot or each is not passage else None
                if named == "cooling":
                    _join(found, {"cooling_date": chain.day(each.step.index)})
                    _join(found, {"cooling_location": chain.location(each.step.place, each.step.actor)})
                if named == "receiving" and source in used:
                    amount = _amount(each)
                    _join(found, {"received_date": chain.day(each.step.index)})
                    _join(found, {"received_quantity": f"{amount['quantity']} {amount['unit']}".strip()})
        return found

    def _harvest_of(self, origin: _Origin) -> Row:
        step = origin.passage.step
        day = step.made_day.isoformat() if step.made_day else ""
        field = self._chain.name(step.read_point or step.place)
        phone = self._chain.contact(step.actor)
        who = ", ".join(part for part in (self._chain.name(step.actor), phone) if part)
        place = self._chain.location(step.place or step.read_point, step.actor)
        harvest = self._chain.day(step.index) if origin.harvest else ""
        known = {"harvest_date": day or harvest, "field": field if origin.harvest else ""}
        known |= {"harvester": who, "harvest_location": place} if origin.harvest else {}
        return {key: value for key, value in known.items() if value}

    def _document(self, index: int) -> Row:
        event = self._chain.records[index].event
        named = getattr(event, "biz_transaction_list", ())
        if not named:
            return {}
        types = document()["document_types"]
        kinds = [types.get(each.type or "", each.type or "Document") for each in named]
        numbers = [each.id.rpartition("/")[2].rpartition(":")[2] or each.id for each in named]
        return {
            "reference_document_type": "; ".join(kinds),
            "reference_document_number": "; ".join(numbers),
        }


def _word(biz_step: str | None) -> str:
    """Return the last word of a business step, however it is written.

    >>> _word("urn:gdst:bizStep:farmHarvest"), _word("https://ref.gs1.org/cbv/BizStep-packing")
    ('farmharvest', 'packing')
    """
    return local(biz_step or "").rpartition("/")[2].rpartition("BizStep-")[2].lower()


def _is_lot(chain: Chain, code: str) -> bool:
    made = any(move.role == "made" for move in chain.book.moves(code))
    return kind_of(code, holds_others=chain.book.holds_others(code) and not made) in ("lot", "item")


def _code(lot: str) -> str:
    """Return the lot code as it stands on the goods.

    >>> _code("https://id.gs1.org/01/09521234543213/10/L1")
    '(01)09521234543213(10)L1'
    """
    gtin, number = gtin_or_none(lot), lot_number(lot)
    return f"(01){gtin}(10){number}" if gtin and number else (number or lot)


def _amount(passage: Passage) -> Row:
    if passage.quantity is not None:
        return {"quantity": decimal_text(passage.quantity), "unit": passage.uom or "EA"}
    return {"quantity": str(passage.items), "unit": "EA"} if passage.items else {"quantity": "", "unit": ""}


def _join(row: Row, more: Row) -> None:
    """Add what is new; several sources stand side by side."""
    for key, value in more.items():
        parts = [part for part in row.get(key, "").split(" | ") if part]
        if value and value not in parts:
            row[key] = " | ".join([*parts, value])
