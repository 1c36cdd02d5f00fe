"""Whatever a foreign file says that can be read is read once; each refused row says where and why."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import builders
import pytest
import strategies
from hypothesis import given, settings

from ledger.errors import EventInvalid
from ledger.events.foreign import Import, own_id, read_epcis, write_epcis
from ledger.events.supply import AggregationEvent, ObjectEvent, TransformationEvent
from ledger.events.values import freeze

CONTEXT = "https://ref.gs1.org/standards/epcis/epcis-context.jsonld"
AMOUNT = {"epcClass": "urn:x:y", "quantity": 1}
EVENT = {
    "type": "ObjectEvent",
    "eventTime": "2026-03-01T10:30:00+08:00",
    "eventTimeZoneOffset": "+08:00",
    "action": "OBSERVE",
    "epcList": ["urn:epc:id:sgtin:0614141.107346.2017"],
}


def read(*events: Any, **document: Any) -> Import:
    body = {
        "@context": [CONTEXT],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-03-02T00:00:00Z",
        "epcisBody": {"eventList": list(events)},
        **document,
    }
    return read_epcis(json.dumps(body).encode(), "in.json")


def only(imported: Import) -> Any:
    assert imported.refused == (), [str(error) for error in imported.refused]
    ((_, event),) = imported.events
    return event


@given(strategies.supply_events)
@settings(max_examples=60, deadline=None)
def test_what_is_written_is_read_back(made: Any) -> None:
    event = foreign(made)
    assert only(read_epcis(write_epcis([event], builders.AT), "x")) == event


def foreign(event: Any) -> Any:
    """Return the event with only such kept fields as a foreign file could carry."""
    changes: dict[str, Any] = {"extensions": {"@context": {"ext": "https://ext.example/"}, "ext:note": "é"}}
    if hasattr(event, "ilmd"):
        changes["ilmd"] = {"ext:lot": [1, {"a": 2.5}]} if event.ilmd else None
    changes["sensor_element_list"] = ()
    changes["error_declaration"] = None
    values = {name: getattr(event, name) for name in event.__dataclass_fields__}
    return type(event)(**{**values, **changes})


@pytest.mark.parametrize(
    "word",
    [
        "urn:epcglobal:cbv:bizstep:shipping",
        "cbv:BizStep-shipping",
        "shipping",
        "https://ref.gs1.org/cbv/BizStep-shipping",
        " shipping ",
    ],
)
def test_a_step_is_one_word_however_it_is_prefixed(word: str) -> None:
    assert only(read({**EVENT, "bizStep": word})).biz_step == "shipping"


def test_numbers_may_be_text_and_times_may_have_seven_digits() -> None:
    event = only(
        read(
            {
                **EVENT,
                "eventTime": "2021-10-05T11:10:00.0000000+00:00",
                "quantityList": [{"epcClass": "urn:x:y", "quantity": " 12.50 ", "uom": "KGM"}],
            }
        )
    )
    assert event.event_time == datetime(2021, 10, 5, 11, 10, tzinfo=UTC)
    assert str(event.quantity_list[0].quantity) == "12.5"


def test_a_bare_event_and_a_list_of_events_are_read_too() -> None:
    for text in (
        json.dumps(EVENT),
        json.dumps([EVENT]),
        json.dumps({"eventList": [EVENT]}),
        "\ufeff" + json.dumps({"@context": CONTEXT, **EVENT}),
    ):
        assert isinstance(only(read_epcis(text.encode(), "x")), ObjectEvent)


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"eventTime": "2026-03-01T10:30:00"}, "eventTime", "instant-unreadable"),
        ({"eventTime": "2026-02-30T10:30:00Z"}, "eventTime", "instant-impossible"),
        ({"eventTime": "0001-01-01T00:00:00+14:00"}, "eventTime", "instant-impossible"),
        ({"eventTime": 5}, "eventTime", "instant-unreadable"),
        ({"eventTimeZoneOffset": "Shanghai"}, "eventTimeZoneOffset", "offset-unfit"),
        ({"bizStep": "urn:epcglobal:cbv:bizstep:selling"}, "bizStep", "biz-step-unknown"),
        ({"disposition": "rotten"}, "disposition", "disposition-unknown"),
        ({"epcList": "urn:x:y"}, "epcList", "not-a-list"),
        ({"epcList": ["urn:x:y", "urn:x:y"]}, "epcList", "identifier-twice"),
        ({"epcList": ["lot 1"]}, "epcList[0]", "identifier-unfit"),
        ({"epcList": ["https://id.gs1.org/01/09521141012346/21/1"]}, "epcList[0]", "incorrect-check-digit"),
        (
            {"quantityList": [{"epcClass": "urn:x:y", "quantity": -1}]},
            "quantityList[0].quantity",
            "quantity-negative",
        ),
        (
            {"quantityList": [{"epcClass": "urn:x:y", "quantity": 1, "uom": "KILO"}]},
            "quantityList[0].uom",
            "unit-unknown",
        ),
        ({"quantityList": [{"quantity": 1}]}, "quantityList[0].epcClass", "identifier-unfit"),
        ({"quantityList": [{"epcClass": "urn:x:y", "amount": 1}]}, "quantityList[0].amount", "field-unknown"),
        ({"readPoint": {}}, "readPoint.id", "identifier-unfit"),
        ({"readPoint": {"id": "field one"}}, "readPoint.id", "identifier-unfit"),
        (
            {"bizTransactionList": [{"type": "po"}]},
            "bizTransactionList[0].bizTransaction",
            "identifier-unfit",
        ),
        ({"sourceList": [{"type": "seller", "source": "urn:x:y"}]}, "sourceList[0].type", "source-type"),
        ({"ilmd": {"ex:a": 1}}, "ilmd", "ilmd-without-add"),
        ({"action": "ADD", "ilmd": {"colour": 1}}, "ilmd.colour", "field-unknown"),
        ({"colour": "red"}, "colour", "field-unknown"),
        ({"parentID": "urn:x:y"}, "parentID", "field-unknown"),
        ({"type": "SaleEvent"}, "type", "event-type-unknown"),
        ({"errorDeclaration": {}}, "errorDeclaration.declarationTime", "field-missing"),
        ({"persistentDisposition": {}}, "persistentDisposition.set", "persistent-disposition-empty"),
        ({"bizLocation": None}, None, None),
        ({"eventTime": "2026-03-01 10:30:00+08:00"}, None, None),
        (
            {"errorDeclaration": {"reason": "did_not_occur"}},
            "errorDeclaration.declarationTime",
            "field-missing",
        ),
        ({"sensorElementList": [{}]}, "sensorElementList[0].sensorReport", "field-missing"),
        (
            {"sensorElementList": [{"sensorReport": [{"type": "Temperature", "value": "warm"}]}]},
            "sensorElementList[0].sensorReport[0].value",
            "not-a-number",
        ),
        ({"persistentDisposition": {"set": ["fresh"]}}, "persistentDisposition.set", "disposition-unknown"),
        ({"eventID": "17"}, "eventID", "identifier-unfit"),
        ({"recordTime": "yesterday"}, "recordTime", "instant-unreadable"),
    ],
)
def test_a_bad_field_is_named_and_the_next_row_survives(
    change: dict[str, Any], field: str | None, code: str | None
) -> None:
    imported = read({**EVENT, **change}, {**EVENT, "eventTime": "2026-03-01T02:31:00Z"})
    assert [(error.field, error.code) for error in imported.refused] == ([(field, code)] if field else [])
    assert len(imported.events) == (1 if field else 2)
    for error in imported.refused:
        assert error.where == f"in.json: event 1: {field}"


def test_the_future_is_refused_when_the_present_is_known() -> None:
    before = datetime(2026, 2, 28, tzinfo=UTC)
    data = json.dumps([EVENT]).encode()
    assert read_epcis(data, "x", now=before).refused[0].code == "time-in-future"
    assert read_epcis(data, "x", now=before + timedelta(days=2)).refused == ()


def test_an_event_that_stands_twice_is_taken_once() -> None:
    again = {**EVENT, "recordTime": "2026-03-05T00:00:00Z", "eventTime": "2026-03-01T02:30:00.000Z"}
    imported = read(EVENT, again)
    assert (len(imported.events), imported.duplicates) == (1, ("in.json: event 2",))


def test_one_id_for_two_different_events_is_refused() -> None:
    imported = read({**EVENT, "eventID": "urn:x:1"}, {**EVENT, "eventID": "urn:x:1", "action": "DELETE"})
    assert [error.code for error in imported.refused] == ["event-id-twice"]


def test_an_error_declaration_repeats_the_id_of_what_it_declares_wrong() -> None:
    declared = {"declarationTime": "2026-03-02T00:00:00Z", "reason": "urn:epcglobal:cbv:er:incorrect_data"}
    imported = read(
        {**EVENT, "eventID": "urn:x:1"}, {**EVENT, "eventID": "urn:x:1", "errorDeclaration": declared}
    )
    assert (len(imported.events), imported.refused) == (2, ())


def test_our_own_fields_are_exported_with_their_prefix() -> None:
    event = builders.object_event(ilmd={"suxin:itemKeys": {"count": 3}})
    written = write_epcis([event], builders.AT)
    assert json.loads(written)["@context"][1] == {"suxin": "urn:suxin:"}
    assert only(read_epcis(written, "x")).ilmd == event.ilmd


def test_a_prefix_that_means_two_things_keeps_both_meanings() -> None:
    first = {**EVENT, "@context": [{"a": "https://one.example/"}], "a:x": 1}
    second = {**EVENT, "@context": [{"a": "https://two.example/"}], "a:x": 1}
    imported = read(first, second)
    assert len(imported.events) == 2
    again = read_epcis(write_epcis(imported.supply, builders.AT, header=imported.header), "again")
    assert again.supply == imported.supply


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "json-malformed"),
        ("", "json-malformed"),
        ("[1", "json-malformed"),
        ('{"a":1,"a":2}', "json-name-twice"),
        ("5", "document-unknown"),
        ("[NaN]", "not-a-number"),
        ("[" * 100_000, "json-too-deep"),
        ("\xff", "text-not-utf8"),
        ("<a>", "xml-malformed"),
        ("<a/>", "document-unknown"),
        ('{"type":"EPCISDocument"}', "document-incomplete"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "xml-unsafe"),
    ],
)
def test_what_is_no_epcis_is_refused_as_a_whole(text: str, code: str) -> None:
    with pytest.raises(EventInvalid) as refused:
        read_epcis(text.encode("latin-1"), "bad.file")
    assert refused.value.code == code
    assert refused.value.where.startswith("bad.file")


def test_xml_of_version_1_2_opens_its_extension_wrappers() -> None:
    imported = read_epcis(VERSION_1_2, "old.xml")
    assert imported.refused == (), [str(error) for error in imported.refused]
    one, two, three = imported.supply
    assert isinstance(one, ObjectEvent)
    assert (one.biz_step, one.quantity_list[0].uom, one.event_id) == ("commissioning", "KGM", "urn:uuid:1")
    assert one.ilmd == {"cbvmda:lotNumber": "L1"}
    assert isinstance(two, TransformationEvent)
    assert two.output_epc_list == ("urn:epc:id:sgtin:0614141.107346.2018",)
    assert isinstance(three, AggregationEvent)
    assert three.child_quantity_list[0].quantity == 3
    (place,) = imported.master_data
    assert place.kind == "location"
    assert (
        freeze({"name": "Field one", "@vocabulary": "urn:epcglobal:epcis:vtype:BusinessLocation"})
        == place.attributes
    )


VERSION_1_2 = b"""<?xml version="1.0" encoding="UTF-8"?>
<epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:1" xmlns:m="urn:epcglobal:cbv:mda"
  schemaVersion="1.2" creationDate="2026-03-02T00:00:00Z">
<EPCISHeader><extension><EPCISMasterData><VocabularyList>
<Vocabulary type="urn:epcglobal:epcis:vtype:BusinessLocation"><VocabularyElementList>
<VocabularyElement id="urn:epc:id:sgln:0614141.00888.0">
<attribute id="urn:epcglobal:cbv:mda#name">Field one</attribute></VocabularyElement>
</VocabularyElementList></Vocabulary></VocabularyList></EPCISMasterData></extension></EPCISHeader>
<EPCISBody><EventList>
<ObjectEvent><eventTime>2026-03-01T10:30:00+08:00</eventTime><eventTimeZoneOffset>+08:00</eventTimeZoneOffset>
<baseExtension><eventID>urn:uuid:1</eventID></baseExtension><epcList/><action>ADD</action>
<bizStep>urn:epcglobal:cbv:bizstep:commissioning</bizStep>
<extension><quantityList><quantityElement><epcClass>urn:epc:class:lgtin:4012345.012345.998877</epcClass>
<quantity>200</quantity><uom>KGM</uom></quantityElement></quantityList>
<ilmd><m:lotNumber>L1</m:lotNumber></ilmd></extension></ObjectEvent>
<extension><TransformationEvent><eventTime>2026-03-01T11:30:00+08:00</eventTime>
<eventTimeZoneOffset>+08:00</eventTimeZoneOffset>
<inputEPCList><epc>urn:epc:id:sgtin:0614141.107346.2017</epc></inputEPCList>
<outputEPCList><epc>urn:epc:id:sgtin:0614141.107346.2018</epc></outputEPCList></TransformationEvent></extension>
<AggregationEvent><eventTime>2026-03-01T12:30:00+08:00</eventTime>
<eventTimeZoneOffset>+08:00</eventTimeZoneOffset><parentID>urn:epc:id:sscc:0614141.1234567890</parentID>
<childEPCs/><action>ADD</action><extension><childQuantityList><quantityElement>
<epcClass>urn:epc:class:lgtin:4012345.012345.998877</epcClass><quantity>3</quantity></quantityElement>
</childQuantityList></extension></AggregationEvent>
</EventList></EPCISBody></epcis:EPCISDocument>
"""


def test_the_nil_uuid_is_no_id() -> None:
    nil = {**EVENT, "eventID": "urn:uuid:00000000-0000-0000-0000-000000000000"}
    imported = read(nil, {**nil, "action": "DELETE"})
    assert (len(imported.events), imported.refused, imported.duplicates) == (2, (), ())
    assert [own_id(event) for _, event in imported.events] == [None, None]
