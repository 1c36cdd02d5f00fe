"""A pack is what its entries say and nothing else: any changed cell, added or dropped row is found."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

import builders
from builders import AT, CARRIER, COOPERATIVE, FIELD, LOT, LOT_2, MERCHANT, SHOP, later, quantity
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.events import codec
from ledger.events.codec import Event
from ledger.events.supply import BizTransaction, ErrorDeclaration
from ledger.events.values import freeze
from models.packs import fsma204, hegezheng
from models.packs.records import Chain, Record
from models.packs.sheet import read_sheet, write_sheet

PACKED = "https://id.gs1.org/01/09521000000025/10/P1"
ORDER = (BizTransaction("urn:suxin:document:BOL-7", "bol"),)


def chain(*events: Event | tuple[str, Event]) -> Chain:
    """Entries in the order given; a bare event is the cooperative's."""
    said = [each if isinstance(each, tuple) else (COOPERATIVE, each) for each in events]
    return Chain(
        Record(index, party, AT, sha256(codec.encode(event)).digest(), event)
        for index, (party, event) in enumerate(said)
    )


def described(kind: str, code: str, **attributes: Any) -> Event:
    return builders.master_data(kind=kind, id=code, attributes=attributes)


HARVEST = builders.object_event(
    ilmd=freeze({"cbvmda:harvestEndDate": "2026-03-01"}), biz_transaction_list=ORDER
)
PACKING = builders.transformation_event(
    event_time=later(days=2),
    event_time_zone_offset="+08:00",
    biz_step="packing",
    input_quantity_list=(quantity(LOT, "900"),),
    output_quantity_list=(quantity(PACKED, "880"),),
)
NAMES = (
    described(
        "product", "https://id.gs1.org/01/09521000000025", name="Apples", netContent="5 kg", category="fruit"
    ),
    described("location", FIELD, name="East orchard", party=COOPERATIVE, city="Qixia"),
    described("location", SHOP, name="Lane shop", party=MERCHANT),
    builders.party_enrolled(name="青岭合作社"),
    builders.party_enrolled(party=MERCHANT, name="禾田超市", name_en=None),
    described("party", COOPERATIVE, phone="0535-5550100"),
)


def goods(lot: str) -> dict[str, Any]:
    return {"quantity_list": (quantity(lot, "880"),), "biz_transaction_list": ORDER}


WALK = (
    *NAMES,
    HARVEST,
    PACKING,
    builders.shipping(event_time=later(days=3), **goods(PACKED)),
    (MERCHANT, builders.receiving(event_time=later(days=4), **goods(PACKED))),
    (MERCHANT, builders.retail_sale(event_time=later(days=5), quantity_list=(quantity(PACKED, "5"),))),
)


def test_a_walk_from_orchard_to_shop_has_a_row_for_each_tracking_event() -> None:
    rows = fsma204.rows(chain(*WALK))
    told = [(row["cte"], row["traceability_lot_code"], row["quantity"]) for row in rows]
    assert told == [
        ("Harvesting", "(01)09521000000018(10)L20260301", "1000"),
        ("Initial packing", "(01)09521000000025(10)P1", "880"),
        ("Transformation", "(01)09521000000018(10)L20260301", "900"),
        ("Shipping", "(01)09521000000025(10)P1", "880"),
        ("Receiving", "(01)09521000000025(10)P1", "880"),
    ]
    packing, shipping, receiving = rows[1], rows[3], rows[4]
    assert packing["harvest_date"] == "2026-03-01"
    assert packing["harvester"] == "青岭合作社, 0535-5550100"
    assert packing["field"] == "East orchard"
    assert packing["product_description"] == "Apples 5 kg"
    assert shipping["subsequent_recipient"].startswith("禾田超市")
    assert shipping["reference_document_number"] == "BOL-7"
    assert shipping["missing"] == ""
    assert receiving["previous_source"].startswith("青岭合作社")
    assert receiving["tlc_source_reference"] == FIELD
    assert "received_date" in packing["missing"]


def test_a_day_is_the_day_where_it_happened() -> None:
    late = replace(HARVEST, event_time=AT.replace(hour=20))
    assert fsma204.rows(chain(late))[0]["date"] == "2026-03-02"


def test_goods_inside_a_pallet_have_their_rows() -> None:
    packed = builders.aggregation_event(event_time=later(hours=3), child_quantity_list=(quantity(LOT, "20"),))
    moved = builders.shipping(quantity_list=(), epc_list=(builders.CASE,))
    rows = fsma204.rows(chain(builders.object_event(), packed, moved))
    assert [(row["cte"], row["lot"], row["quantity"]) for row in rows if row["cte"] == "Shipping"] == [
        ("Shipping", LOT, "20")
    ]


def test_an_event_its_author_took_back_has_no_row() -> None:
    wrong = builders.shipping(event_id="urn:uuid:11111111-1111-4111-8111-111111111111")
    declared = replace(wrong, error_declaration=ErrorDeclaration(later(days=9)))
    assert len(fsma204.rows(chain(HARVEST, wrong))) == 2
    assert len(fsma204.rows(chain(HARVEST, wrong, declared))) == 1


@settings(max_examples=20, deadline=None)
@given(st.permutations(range(len(WALK))))
def test_a_sheet_does_not_depend_on_the_order_in_which_the_ledger_learned(order: list[int]) -> None:
    """Only the entry numbers differ; what is said is the same."""
    open_cells = ("entry", "leaf_hash")
    mixed = fsma204.rows(chain(*(WALK[place] for place in order)))
    straight = fsma204.rows(chain(*WALK))
    cut = [
        [{k: v for k, v in row.items() if k not in open_cells} for row in rows] for rows in (mixed, straight)
    ]
    assert sorted(cut[0], key=str) == sorted(cut[1], key=str)


def test_a_sheet_needs_only_the_entries_it_consulted() -> None:
    whole = chain(*WALK, described("location", "https://id.gs1.org/414/9521000000995", name="nobody's"))
    rows = fsma204.rows(whole)
    part = Chain(whole.records[index] for index in {*whole.supply(), *whole.consulted})
    assert len(part.records) < len(whole.records)
    assert fsma204.rows(part) == rows


def test_every_batch_has_a_row_and_an_issued_promise_says_what_it_rests_on() -> None:
    first = builders.conformity_promise(number="HG-1", based_on=())
    second = builders.conformity_promise(
        number="HG-2", lot=PACKED, based_on=("HG-1",), event_time=later(days=2)
    )
    rows = hegezheng.rows(chain(*WALK, first, second))
    assert [(row["number"], row["status"], row["based_on"]) for row in rows] == [
        ("HG-1", "已开具", ""),
        ("HG-2", "已开具", "HG-1"),
    ]
    assert rows[1]["product"] == "Apples 5 kg"
    assert (rows[1]["duty"], rows[1]["contact"]) == ("应当开具", "0535-5550100")
    assert rows[1]["keep_until"] == "2028-03-02"
    assert rows[1]["missing"] == ""


def test_a_batch_nobody_promised_for_is_listed_with_what_it_would_rest_on() -> None:
    promise = builders.conformity_promise(number="HG-1", based_on=())
    due = hegezheng.rows(chain(*WALK, promise))[0]
    assert (due["lot"], due["status"], due["based_on"]) == (PACKED, "未开具", "HG-1")
    assert "合格证编号" in due["missing"]
    withdrawn = replace(promise, status="withdrawn", event_time=later(days=8))
    rows = hegezheng.rows(chain(*WALK, promise, withdrawn))
    assert [row["status"] for row in rows] == ["未开具", "已作废"]
    assert rows[0]["based_on"] == ""


def test_mixed_batches_rest_on_every_promise_that_came_with_them() -> None:
    other = builders.object_event(quantity_list=(quantity(LOT_2),))
    mixed = replace(PACKING, input_quantity_list=(quantity(LOT, "400"), quantity(LOT_2, "400")))
    promises = (
        builders.conformity_promise(number="HG-1", based_on=()),
        builders.conformity_promise(number="HG-2", lot=LOT_2, based_on=()),
    )
    batches = hegezheng.Batches(chain(HARVEST, other, mixed, *promises))
    assert sorted(batches.received(PACKED)) == ["HG-1", "HG-2"]
    assert CARRIER not in {made.step.actor for made in batches.made.values()}


TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12).map(str.strip)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=8), st.sampled_from([".csv", ".xlsx"]))
def test_cells_come_back_as_they_were_written(rows: list[tuple[str, str]], kind: str) -> None:
    wanted = [("=1+1", "-5"), ("'x", "+86"), *rows]
    data = write_sheet(("a", "b"), wanted, kind, title="t", made=AT + timedelta(days=1))
    headings, read = read_sheet(data, f"x{kind}")
    assert headings == ["a", "b"]
    padded = [(*(cell.strip() for cell in row), "", "")[:2] for row in read]
    assert padded + [("", "")] * (len(wanted) - len(padded)) == wanted


def test_no_cell_begins_a_formula() -> None:
    data = write_sheet(("a",), [("=HYPERLINK(1)",), ("@x",), ("-5",)], ".csv", title="t", made=AT)
    cells = [row[0] for row in csv.reader(io.StringIO(data.decode("utf-8-sig")))]
    assert cells == ["a", "'=HYPERLINK(1)", "'@x", "-5"]
    assert Decimal(cells[3]) == -5
