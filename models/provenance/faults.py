"""Every kind of fault in a clean chain, with the findings it must give; and honest dirt that gives none.

Rule: a fault changes one thing. What real chains are full of (carriers, pallets never unloaded, both sides
writing, slips corrected, amounts left out) stands here too, and must stay silent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from ledger.events.codec import Event
from ledger.events.scans import ScanReceipt
from ledger.events.supply import AggregationEvent, ErrorDeclaration, Quantity
from ledger.events.values import freeze
from models.provenance.samplechain import Chain, Said, kilograms, later

Fault = Callable[[Chain], Said]


def _changed(number: int, **changes: Any) -> Fault:
    def fault(chain: Chain) -> Said:
        said = chain.said()
        party, event = said[number]
        said[number] = (party, replace(event, **changes))
        return said

    return fault


def _amount(*changes: tuple[int, int]) -> Fault:
    def fault(chain: Chain) -> Said:
        said = chain.said()
        for number, amount in changes:
            party, event = said[number]
            said[number] = (party, replace(event, quantity_list=(kilograms(chain.milled, amount),)))  # type: ignore[arg-type]  # of a goods event
        return said

    return fault


def _with(make: Callable[[Chain], tuple[str, Event]], clean: Callable[[Chain], Said] = Chain.said) -> Fault:
    return lambda chain: [*clean(chain), make(chain)]


def _without(number: int) -> Fault:
    return lambda chain: [told for place, told in enumerate(chain.said()) if place != number]


def _signed_by(number: int, role: int) -> Fault:
    def fault(chain: Chain) -> Said:
        said = chain.said()
        said[number] = (chain.party(role), said[number][1])
        return said

    return fault


def _replaced(number: int, make: Callable[[Chain], Event]) -> Fault:
    def fault(chain: Chain) -> Said:
        said = chain.said()
        said[number] = (said[number][0], make(chain))
        return said

    return fault


def _far_shop(chain: Chain) -> Said:
    said = chain.said()
    said[2] = (chain.party(2), chain.site(2, "23.1", "113.3"))
    said[7] = (chain.party(2), replace(said[7][1], event_time=later(24.7)))
    return said


def _scanned(chain: Chain) -> Said:
    far = ((56.0, "geo:45.8,126.5"), (56.6, "geo:31.2,121.5"))
    scans = [(chain.party(3), ScanReceipt(later(hours), chain.item, place)) for hours, place in far]
    return [*chain.with_item(), *scans]


def _shelf_scan(chain: Chain) -> ScanReceipt:
    return ScanReceipt(later(90), chain.item, None, "shelf")


def _by_carrier(chain: Chain) -> Said:
    """A carrier takes it over on the way, and says so, though it was sent to the shop."""
    said, carrier = chain.said(), chain.party(3)
    on = chain.ends(3, 2)
    taken = chain.act(26, "receiving", chain.milled, 650, 3, **chain.ends(1, 3))
    return [
        *said[:7],
        (carrier, taken),
        (carrier, chain.act(27, "shipping", chain.milled, 650, 3, **on)),
        *said[7:],
    ]


def _pallet(chain: Chain) -> Said:
    """It travels on a pallet nobody is said to unload, and the empty pallet goes back after the sale."""
    said, (farm, shop) = chain.said(), (chain.party(1), chain.party(2))
    pallet = chain.party(5).replace("/417/", "/8003/0")
    box = AggregationEvent(
        later(20), "ADD", pallet, child_quantity_list=(kilograms(chain.milled, 650),), biz_step="packing"
    )
    out, back = chain.ends(1, 2), chain.ends(2, 1)
    rides = [
        (farm, chain.act(24, "shipping", "", 0, 1, epc_list=(pallet,), **out)),
        (shop, chain.act(30, "receiving", "", 0, 2, epc_list=(pallet,), **out)),
        (shop, chain.act(54, "retail_selling", chain.milled, 650, 2)),
        (shop, chain.act(70, "shipping", "", 0, 2, epc_list=(pallet,), **back)),
        (farm, chain.act(80, "receiving", "", 0, 1, epc_list=(pallet,), **back)),
    ]
    return [*said[:6], (farm, box), *rides]


def _told_twice(chain: Chain) -> Said:
    """Both sides write down both halves of the handover."""
    said, (farm, shop) = chain.said(), (chain.party(1), chain.party(2))
    return [*said[:7], (shop, said[6][1]), said[7], (farm, said[7][1]), said[8]]


def _declared(chain: Chain) -> Said:
    """A sale written down too large, declared wrong by its author, and written down right."""
    said, shop = chain.said(), chain.party(2)
    wrong = replace(
        chain.act(54, "retail_selling", chain.milled, 6000, 2), event_id=f"urn:uuid:wrong-{chain.number}"
    )
    undone = replace(wrong, error_declaration=ErrorDeclaration(later(60), "incorrect_data"))
    return [*said[:8], (shop, wrong), (shop, undone), said[8]]


def _no_amounts(chain: Chain) -> Said:
    """Nobody weighs anything."""
    bare = (Quantity(chain.milled, None, None),)
    said = chain.said()
    for number in (6, 7, 8):
        said[number] = (said[number][0], replace(said[number][1], quantity_list=bare))  # type: ignore[arg-type]  # of a goods event
    return said


def _cases(chain: Chain) -> Said:
    """Made and moved in kilograms, sold in cases."""
    said = chain.said()
    cases = (Quantity(chain.milled, Decimal(60), "XCS"),)
    said[8] = (said[8][0], replace(said[8][1], quantity_list=cases))  # type: ignore[arg-type]  # of a goods event
    return said


FAULTS: dict[str, tuple[Fault, tuple[str, ...]]] = {
    "nothing wrong": (Chain.said, ()),
    "honest: written down in the wrong order": (lambda chain: chain.said()[::-1], ()),
    "honest: written down by both sides": (_told_twice, ()),
    "honest: by a carrier": (_by_carrier, ()),
    "honest: on a pallet never unloaded, that goes back empty": (_pallet, ()),
    "honest: a slip that was declared": (_declared, ()),
    "honest: nobody stated an amount": (_no_amounts, ()),
    "honest: sold in cases, held in kilograms": (_cases, ()),
    "sold before it was made": (_changed(8, event_time=later(4)), ("sold-before-made",)),
    "used before it was made": (_changed(4, event_time=later(6)), ("used-before-made",)),
    "shipped before it was made": (
        _changed(6, event_time=later(4.5)), ("shipped-before-made",)),
    "sold before its harvest": (
        _changed(5, ilmd=freeze({"cbvmda:harvestEndDate": "2026-03-20"})), ("moved-before-harvest",)),
    "received before it was shipped": (_changed(7, event_time=later(12)), ("received-before-shipped",)),
    "more shipped than held": (_amount((6, 900), (7, 900)), ("shipped-more-than-held",)),
    "more received than shipped": (_amount((7, 700)), ("received-more-than-shipped",)),
    "less received than shipped": (_amount((7, 610)), ("received-less-than-shipped",)),
    "more sold than held": (_amount((8, 700)), ("sold-more-than-held",)),
    "more used than made": (
        _replaced(5, lambda chain: chain.milling(input_quantity_list=(kilograms(chain.grown, 1600),))),
        ("used-more-than-held",)),
    "more milled than there was": (
        _replaced(5, lambda chain: chain.milling(output_quantity_list=(kilograms(chain.milled, 1600),))),
        ("yield-above-bound",)),
    "two custodians at once": (
        _with(lambda chain: (chain.party(3), chain.handed(40, "receiving", 1, 3))),
        ("two-custodians",)),
    "shipped by one who no longer has it": (
        _with(lambda chain: (chain.party(1), chain.handed(40, "shipping", 1, 3))),
        ("shipped-by-non-holder",)),
    "sold by one who never had it": (
        _with(lambda chain: (chain.party(3), chain.act(60, "retail_selling", chain.milled, 5, 3))),
        ("sold-by-non-holder",)),
    "received by another than it was sent to": (
        lambda chain: [*chain.said()[:7],
                       (chain.party(3), chain.handed(30, "receiving", 1, 3)),
                       (chain.party(3), chain.act(54, "retail_selling", chain.milled, 600, 3))],
        ("received-by-other",)),
    "receipt not recorded": (_without(7), ("handover-receipt-missing",)),
    "shipment not recorded": (_without(6), ("handover-shipment-missing",)),
    "handover signed by one side only": (_signed_by(7, 1), ("handover-one-signer",)),
    "one lot registered by two": (
        _with(lambda chain: (chain.party(3), chain.act(1, "commissioning", chain.grown, 1000, 3, action="ADD",
                                                       read_point=None, biz_location=None))),
        ("registered-by-two",)),
    "impossible travel": (_far_shop, ("impossible-travel",)),
    "certificate lapsed that day": (_changed(0, valid_until=date(2026, 2, 1)), ("certificate-expired",)),
    "certificate revoked before": (
        _with(lambda chain: (chain.party(4), chain.certificate(status="revoked", event_time=later(-48)))),
        ("certificate-revoked",)),
    "certificate for something else": (
        lambda chain: [(chain.party(4), chain.certificate(scope=("09521234543213",))), *chain.said()[1:5],
                       (chain.party(1), chain.milling(certification_info=f"urn:x:ORG-{chain.number}")),
                       *chain.said()[6:]],
        ("certificate-out-of-scope",)),
    "certificate nobody issued": (
        _replaced(5, lambda chain: chain.milling(certification_info="urn:x:ORG-NOBODY")),
        ("certificate-unknown",)),
    "sold after its day": (
        _changed(5, ilmd=freeze({"cbvmda:itemExpirationDate": "2026-03-02"})), ("sold-after-expiry",)),
    "copy: sold twice": (
        _with(lambda chain: (chain.party(2), chain.sold(100, 2)), Chain.with_item), ("cloned-sold-twice",)),
    "copy: scanned in two cities": (_scanned, ("cloned-too-far-apart",)),
    "copy: on a shelf after its sale": (
        _with(lambda chain: (chain.party(3), _shelf_scan(chain)), Chain.with_item),
        ("cloned-on-shelf-after-sale",)),
    "copy: no such serial": (
        lambda chain: [*chain.said()[:5],
                       (chain.party(1), chain.milling(output_epc_list=(f"{chain.milled}/21/2",))),
                       *chain.said()[6:]],
        ("cloned-never-printed",)),
}  # fmt: skip
