"""Each injected fault is found, and only there; the same history without it is clean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import builders
import pytest
import sqlalchemy as sa
from builders import COOPERATIVE, FIELD, LOT, LOT_2, MERCHANT, SHOP, later, quantity
from histories import entries

from ledger.events.codec import Event
from ledger.events.governance import MasterData
from ledger.events.supply import Destination, ErrorDeclaration, Quantity, Source
from ledger.events.values import freeze
from models.finding import Finding
from models.projector import Projector
from models.provenance.preview import findings_for
from models.provenance.story import Story, story
from models.views import reading

SECOND_SHOP = "https://id.gs1.org/417/9521000000605"
Said = list[tuple[str, Event]]


def place(id: str, latitude: str, longitude: str, **more: Any) -> MasterData:
    attributes = {"name": id[-4:], "latitude": latitude, "longitude": longitude, **more}
    return MasterData(builders.AT, "location", id, freeze(attributes))


def clean() -> Said:
    """From field to table: made, milled, shipped, received, sold; nothing wrong with it."""
    return [
        (COOPERATIVE, builders.certificate()),
        (COOPERATIVE, place(FIELD, "44.9", "127.2", areaMu="10")),
        (MERCHANT, place(SHOP, "45.8", "126.5")),
        (COOPERATIVE, MasterData(builders.AT, "product", f"https://id.gs1.org/01/{builders.RICE}",
                                 freeze({"name": "米", "category": "rice"}))),
        (COOPERATIVE, builders.object_event()),
        (COOPERATIVE, builders.transformation_event(event_time=later(hours=5))),
        (COOPERATIVE, builders.shipping(quantity_list=(quantity(LOT_2, "650"),), read_point=FIELD)),
        (MERCHANT, builders.receiving(quantity_list=(quantity(LOT_2, "650"),))),
        (MERCHANT, builders.retail_sale(quantity_list=(quantity(LOT_2, "600"),))),
    ]  # fmt: skip


def changed(number: int, **changes: Any) -> Callable[[Said], Said]:
    def inject(said: Said) -> Said:
        party, event = said[number]
        return [*said[:number], (party, replace(event, **changes)), *said[number + 1 :]]

    return inject


def added(party: str, event: Event) -> Callable[[Said], Said]:
    return lambda said: [*said, (party, event)]


def left_out(number: int) -> Callable[[Said], Said]:
    return lambda said: said[:number] + said[number + 1 :]


def to(party: str) -> dict[str, Any]:
    return {"destination_list": (Destination(party, "possessing_party"),)}


FAULTS: dict[str, tuple[Callable[[Said], Said], set[str]]] = {
    "sold before it was made": (changed(8, event_time=later(hours=4)), {"sold-before-made"}),
    "used before it was made": (changed(4, event_time=later(hours=6)), {"used-before-made"}),
    "harvested after it was sold": (
        changed(5, ilmd={"cbvmda:harvestEndDate": "2026-03-20"}), {"moved-before-harvest"}),
    "received before it was shipped": (changed(7, event_time=later(hours=12)), {"received-before-shipped"}),
    "more shipped than held": (
        lambda said: changed(6, quantity_list=(quantity(LOT_2, "900"),))(
            changed(7, quantity_list=(quantity(LOT_2, "900"),))(said)), {"shipped-more-than-held"}),
    "more received than shipped": (
        changed(7, quantity_list=(quantity(LOT_2, "700"),)), {"received-more-than-shipped"}),
    "some lost on the way": (
        changed(7, quantity_list=(quantity(LOT_2, "610"),)), {"received-less-than-shipped"}),
    "more sold than held": (changed(8, quantity_list=(quantity(LOT_2, "700"),)), {"sold-more-than-held"}),
    "more used than made": (
        changed(5, input_quantity_list=(quantity(LOT, "1600"),)), {"used-more-than-held"}),
    "more milled than there was paddy": (
        changed(5, output_quantity_list=(quantity(LOT_2, "1600"),)), {"yield-above-bound"}),
    "two custodians at once": (
        added(SECOND_SHOP, builders.receiving(event_time=later(days=2, hours=9),
                                              quantity_list=(quantity(LOT_2, "650"),), **to(SECOND_SHOP))),
        {"two-custodians"}),
    "shipped twice": (
        added(COOPERATIVE, builders.shipping(event_time=later(days=2, hours=9),
                                             quantity_list=(quantity(LOT_2, "650"),), **to(SECOND_SHOP))),
        {"shipped-by-non-holder"}),
    "sold by somebody who never had it": (
        added(SECOND_SHOP, builders.retail_sale(event_time=later(days=3, hours=9),
                                                quantity_list=(quantity(LOT_2, "5"),))),
        {"sold-by-non-holder"}),
    "received by another than it was sent to": (
        lambda said: changed(7, **to(SECOND_SHOP))([*said[:7], (SECOND_SHOP, said[7][1])]),
        {"received-by-other"}),
    "receipt never recorded": (left_out(7), {"handover-receipt-missing"}),
    "shipment never recorded": (left_out(6), {"handover-shipment-missing"}),
    "one party signs both halves": (
        lambda said: [*said[:7], (COOPERATIVE, said[7][1]), *said[8:]], {"handover-one-signer"}),
    "the same lot registered by two": (
        added(MERCHANT, builders.object_event(event_time=later(hours=1), biz_location=None, read_point=None)),
        {"registered-by-two"}),
    "impossible travel": (
        lambda said: changed(7, event_time=later(days=1, minutes=40))(
            changed(2, attributes=freeze({"latitude": "23.1", "longitude": "113.3"}))(said)),
        {"impossible-travel"}),
    "certificate lapsed": (changed(0, valid_until=date(2026, 2, 1)), {"certificate-expired"}),
    "certificate revoked": (
        added(COOPERATIVE, builders.certificate(status="revoked", event_time=later(hours=-48))),
        {"certificate-revoked"}),
    "certificate for something else": (
        lambda said: changed(0, scope=("09521234543213",))(
            changed(5, certification_info="urn:x:CN-ORG-2026-0001")(said)), {"certificate-out-of-scope"}),
    "sold after its day": (
        changed(5, ilmd={"cbvmda:itemExpirationDate": "2026-03-02"}), {"sold-after-expiry"}),
}  # fmt: skip


def told(engine: sa.Engine, said: Said) -> Story:
    source = entries(said)
    Projector(source, engine).rebuild()
    with reading(engine) as connection:
        return story(connection, source, LOT_2, len(said))


def test_the_clean_history_has_no_findings_and_is_genuine(views_engine: sa.Engine) -> None:
    found = told(views_engine, clean())
    assert found.findings == ()
    assert found.verdict == "genuine"
    assert {check.code: check.status for check in found.checks} == {
        "recall": "pass",
        "unique": "unknown",
        "ledger": "pass",
        "identity": "pass",
        "order": "pass",
        "quantities": "pass",
        "custody": "pass",
        "storage": "unknown",
        "certificates": "pass",
        "inspections": "unknown",
    }


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_found_and_only_there(views_engine: sa.Engine, fault: str) -> None:
    inject, expected = FAULTS[fault]
    found = told(views_engine, inject(clean()))
    assert {each.code for each in found.findings} == expected
    assert all(each.entries and max(each.entries) < 11 for each in found.findings)


def test_a_correction_takes_the_finding_back(views_engine: sa.Engine) -> None:
    wrong = builders.retail_sale(quantity_list=(quantity(LOT_2, "900"),), event_id="urn:uuid:1")
    declared = replace(wrong, error_declaration=ErrorDeclaration(later(days=4), "incorrect_data"))
    said = [*clean()[:8], (MERCHANT, wrong)]
    assert [each.code for each in told(views_engine, said).findings] == ["sold-more-than-held"]
    assert told(views_engine, [*said, (MERCHANT, declared)]).findings == ()
    assert told(views_engine, [*said, (COOPERATIVE, declared)]).findings != (), (
        "only its author takes it back"
    )
    assert told(views_engine, [*said, (COOPERATIVE, builders.ruling(about=8))]).findings == ()


def preview(engine: sa.Engine, said: Said, event: Event, author: str) -> tuple[Finding, ...]:
    Projector(entries(said), engine).rebuild()
    with reading(engine) as connection:
        return findings_for(connection, event, author, later(days=9))


def test_what_would_not_fit_is_said_before_it_is_recorded(views_engine: sa.Engine) -> None:
    def heavy(amount: str) -> tuple[Quantity, ...]:
        return (quantity(f"https://id.gs1.org/01/{builders.RICE}/10/NEW", amount),)

    harvest = builders.object_event(event_time=later(days=1), quantity_list=heavy("18200"))
    (found,) = preview(views_engine, clean(), harvest, COOPERATIVE)
    assert (found.code, found.values["times"], found.entries) == ("plot-above-yield", "1.60", (4, 9))

    fits = builders.object_event(event_time=later(days=1), quantity_list=heavy("9000"))
    assert preview(views_engine, clean(), fits, COOPERATIVE) == ()

    oversold = builders.retail_sale(quantity_list=(quantity(LOT_2, "80"),), event_time=later(days=4))
    (found,) = preview(views_engine, clean(), oversold, MERCHANT)
    assert (found.code, found.values["held"]) == ("sold-more-than-held", "50")

    milled = builders.transformation_event(
        event_time=later(days=1),
        input_quantity_list=(Quantity("urn:x:paddy", quantity().quantity, "KGM"),),
        output_quantity_list=heavy("1500"),
    )
    (found,) = preview(views_engine, clean(), milled, COOPERATIVE)
    assert (found.code, found.values["times"]) == ("yield-above-bound", "1.50")

    recalled = [*clean(), (COOPERATIVE, builders.recall())]
    codes = {each.code for each in preview(views_engine, recalled, builders.retail_sale(
        quantity_list=(quantity(LOT_2, "5"),), event_time=later(days=4)), MERCHANT)}  # fmt: skip
    assert codes == {"recalled-lot-moved"}
    assert preview(views_engine, clean(), builders.inspection(), MERCHANT) == ()


def test_recording_what_was_previewed_shows_the_same_findings(views_engine: sa.Engine) -> None:
    oversold = builders.retail_sale(quantity_list=(quantity(LOT_2, "80"),), event_time=later(days=4))
    shown = preview(views_engine, clean(), oversold, MERCHANT)
    assert set(told(views_engine, [*clean(), (MERCHANT, oversold)]).findings) == set(shown)


def test_parties_are_called_by_their_names_in_findings(views_engine: sa.Engine) -> None:
    said = [*clean(), (MERCHANT, builders.party_enrolled(party=MERCHANT, name="禾田生鲜"))]
    inject, _ = FAULTS["more sold than held"]
    (found,) = told(views_engine, inject(said)).findings
    assert found.values["party"] == "禾田生鲜"


def test_the_source_of_a_shipment_may_be_named_by_its_place_only(views_engine: sa.Engine) -> None:
    said = clean()
    ends = {"source_list": (Source(FIELD, "location"),), "destination_list": (Destination(SHOP, "location"),)}
    for number in (6, 7):
        said = changed(number, **ends)(said)
    assert told(views_engine, said).findings == ()


def test_time_between_events_does_not_matter_when_nobody_knows_where(views_engine: sa.Engine) -> None:
    inject = changed(7, event_time=later(days=1) + timedelta(minutes=1), read_point=None, biz_location=None)
    assert told(views_engine, inject(clean())).findings == ()
