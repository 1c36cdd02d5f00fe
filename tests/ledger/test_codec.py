"""One event, one text: whatever an event says, its bytes say the same, and nothing else says it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import builders
import orjson
import pytest
import rfc8785
import strategies
from hypothesis import given, settings

from ledger.errors import EventInvalid
from ledger.events import codec
from ledger.events.codec import Event

GOLDEN = Path(__file__).parent / "golden"


@given(strategies.events)
@settings(max_examples=100, deadline=None)
def test_an_event_read_back_is_the_event_that_was_written(event: Event) -> None:
    assert codec.decode(codec.encode(event)) == event
    assert codec.decode(codec.document(event)) == event


@given(strategies.events)
@settings(max_examples=50, deadline=None)
def test_the_bytes_are_rfc_8785(event: Event) -> None:
    assert codec.encode(event) == rfc8785.dumps(orjson.loads(codec.encode(event)))


@pytest.mark.parametrize("event", builders.one_of_each(), ids=codec.type_name)
def test_the_bytes_of_every_kind_never_change(event: Event) -> None:
    golden = GOLDEN / f"{codec.type_name(event)}.json"
    assert codec.encode(event) == golden.read_bytes()
    assert codec.decode(golden.read_bytes()) == event


@pytest.mark.parametrize(
    "change",
    [
        {"colour": "red"},
        {"action": "CREATE"},
        {"eventTime": "2026-03-01T02:30:00+00:00"},
        {"eventTime": 3},
        {"quantityList": []},
        {"bizStep": None},
        {"extensions": {"x": 1.5}},
        {"extensions": {"x": 2**53}},
        {"extensions": {"x": {"@decimal": "1.50"}}},
        {"extensions": {"x": {"@decimal": "2"}}},
        {"extensions": {"x": {"@entries": [["a", 1]]}}},
        {"extensions": {"é": 1}},
        {"type": "Sale"},
        {"eventTime": ...},
        {"quantityList": [{"epcClass": "urn:x:y", "quantity": "1.0"}]},
        {"quantityList": "urn:x:y"},
    ],
    ids=str,
)
def test_a_document_encode_would_not_write_is_refused(change: dict[str, Any]) -> None:
    document = codec.document(builders.object_event())
    document.update(change)
    with pytest.raises(EventInvalid) as refused:
        codec.decode({name: value for name, value in document.items() if value is not ...})
    assert refused.value.field.startswith(next(iter(change)))
    assert refused.value.code


def test_another_spelling_of_the_same_json_is_refused() -> None:
    text = codec.encode(builders.erased())
    with pytest.raises(EventInvalid, match="canonical"):
        codec.decode(json.dumps(json.loads(text)).encode())


def test_a_refusal_deep_inside_names_the_place_in_wire_words() -> None:
    document = codec.document(builders.object_event())
    document["quantityList"] = [
        {"epcClass": "urn:x:y", "quantity": "1"},
        {"epcClass": "urn:x:y", "uom": "KILO"},
    ]
    with pytest.raises(EventInvalid) as refused:
        codec.decode(document)
    assert (refused.value.field, refused.value.code) == ("quantityList[1].uom", "unit-unknown")
