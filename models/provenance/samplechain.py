"""A small chain that is clean, for injecting faults into: one farm, one mill, one shop, all invented.

Rule: GS1's demonstration prefix 952, no two chains share a party, a place or a lot.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from ledger.events.codec import Event
from ledger.events.evidence import Certificate
from ledger.events.governance import MasterData
from ledger.events.identifiers import check_digit
from ledger.events.supply import Destination, ObjectEvent, Quantity, Source, TransformationEvent
from ledger.events.values import freeze

START = datetime(2026, 3, 1, 2, 30, tzinfo=UTC)
Said = list[tuple[str, Event]]


@dataclass(frozen=True, slots=True)
class Chain:
    """From field to table: certified, grown, milled, shipped, received, sold; nothing wrong with it."""

    number: int

    def party(self, role: int) -> str:
        """Return the id of the farm (1), the shop (2), a stranger (3) or a certifier (4) of this chain."""
        body = f"952{self.number:05d}{role:04d}"
        return f"https://id.gs1.org/417/{body}{check_digit(body)}"

    def place(self, role: int) -> str:
        """Return where that party is."""
        return self.party(role).replace("/417/", "/414/")

    @property
    def product(self) -> str:
        """Return the product of the milled lot; the grown one has its own."""
        body = f"0952{self.number:05d}0010"
        return f"https://id.gs1.org/01/{body}{check_digit(body)}"

    @property
    def grown(self) -> str:
        """Return the lot that was harvested."""
        return f"{self.product}/10/GROWN"

    @property
    def milled(self) -> str:
        """Return the lot that was sold: the one a story is asked of."""
        return f"{self.product}/10/MILLED"

    @property
    def item(self) -> str:
        """Return one piece of what was sold."""
        return f"{self.milled}/21/1"

    def said(self) -> Said:
        """Return the clean chain: (party, event) in order."""
        farm, shop, certifier = self.party(1), self.party(2), self.party(4)
        return [
            (certifier, self.certificate()),
            (farm, self.site(1, "44.9", "127.2")),
            (shop, self.site(2, "45.8", "126.5")),
            (farm, MasterData(START, "product", self.product, freeze({"name": "米", "category": "rice"}))),
            (farm, self.act(0, "commissioning", self.grown, 1000, 1, action="ADD")),
            (farm, self.milling()),
            (farm, self.act(24, "shipping", self.milled, 650, 1, **self.ends(1, 2))),
            (shop, self.act(30, "receiving", self.milled, 650, 2, **self.ends(1, 2))),
            (shop, self.act(54, "retail_selling", self.milled, 600, 2)),
        ]

    def certificate(self, **changes: Any) -> Certificate:
        """Return the farm's certificate."""
        fields: dict[str, Any] = {
            "event_time": START - timedelta(days=60), "subject": self.party(1), "scheme": "organic",
            "number": f"ORG-{self.number}", "valid_from": date(2026, 1, 1), "valid_until": date(2026, 12, 31),
            "scope": (self.product,),
        }  # fmt: skip
        return Certificate(**{**fields, **changes})

    def site(self, role: int, latitude: str, longitude: str) -> MasterData:
        """Return where a place lies."""
        where = {"name": f"site {role}", "latitude": latitude, "longitude": longitude, "areaMu": "10"}
        return MasterData(START, "location", self.place(role), freeze(where))

    def milling(self, **changes: Any) -> TransformationEvent:
        """Return how the grown lot became the one that is sold."""
        fields: dict[str, Any] = {
            "input_quantity_list": (kilograms(self.grown, 1000),),
            "output_quantity_list": (kilograms(self.milled, 650),),
            "biz_step": "commissioning",
            "biz_location": self.place(1),
        }
        return TransformationEvent(START + timedelta(hours=5), **{**fields, **changes})

    def act(self, hours: float, step: str, lot: str, amount: int, role: int, **more: Any) -> ObjectEvent:
        """Return one thing a party did with an amount of a lot."""
        fields: dict[str, Any] = {
            "action": "OBSERVE",
            "quantity_list": (kilograms(lot, amount),) if amount else (),
            "biz_step": step,
            "read_point": self.place(role),
            "biz_location": self.place(role),
        }
        return ObjectEvent(START + timedelta(hours=hours), **{**fields, **more})

    def ends(self, sender: int, receiver: int) -> dict[str, Any]:
        """Return from whom to whom."""
        return {
            "source_list": (Source(self.party(sender), "possessing_party"),),
            "destination_list": (Destination(self.party(receiver), "possessing_party"),),
        }

    def with_item(self) -> Said:
        """Return the chain in which one piece of the lot has a serial number and was sold."""
        said = self.said()
        said[5] = (self.party(1), self.milling(output_epc_list=(self.item,)))
        return [*said[:8], (self.party(2), self.sold(54, 2))]

    def sold(self, hours: float, role: int) -> ObjectEvent:
        """Return the sale of the one piece."""
        return self.act(hours, "retail_selling", "", 0, role, epc_list=(self.item,))

    def handed(self, hours: float, step: str, sender: int, receiver: int) -> ObjectEvent:
        """Return one half of a handover of the whole milled lot."""
        at = sender if step == "shipping" else receiver
        return self.act(hours, step, self.milled, 650, at, **self.ends(sender, receiver))


def kilograms(lot: str, amount: int) -> Quantity:
    """Return an amount of a lot."""
    return Quantity(lot, Decimal(amount), "KGM")


def later(hours: float) -> datetime:
    """Return an instant some hours after the harvest."""
    return START + timedelta(hours=hours)
