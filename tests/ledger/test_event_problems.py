"""Whatever is wrong with an event can be said in both languages, and bad input raises nothing else."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import builders
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shared import shared

import resources
from ledger import events
from ledger.errors import EventInvalid
from ledger.events import codec
from ledger.events.foreign import read_foreign, write_epcis
from ledger.events.identifiers import canonical, gtin_of, lot_of, parse_code

SOURCES = sorted(Path(next(iter(events.__path__))).rglob("*.py"))
STARTS = ("", "https://id.gs1.org/01/", "urn:epc:id:sgtin:", "urn:epc:class:", "(01)", "]d2", "]E0", "\x1d01")
CODE_PLACE = {"refusal": 2, "refused": 1}


def raised_codes() -> set[str]:
    """Return every code the package's source gives to a refusal."""
    found: set[str] = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            arguments = [keyword.value for keyword in node.keywords if keyword.arg == "code"]
            place = CODE_PLACE.get(node.func.id)
            if place is not None and len(node.args) > place:
                arguments.append(node.args[place])
            if node.func.id in ("one_of", "_word", "word") and len(node.args) > 3:
                arguments.append(node.args[3])
            found.update(str(value.value) for value in arguments if isinstance(value, ast.Constant))
    return found


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_every_refusal_has_words_in_both_languages(locale: str) -> None:
    parts = sorted(resources.path(f"i18n/{locale}").glob("*.json"))
    words = {key for part in parts for key in json.loads(part.read_text("utf-8"))}
    assert len(raised_codes()) > 80
    assert {code for code in raised_codes() if f"problem.{code}" not in words} == set()


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_bytes_of_no_kind_are_refused_and_nothing_worse(data: bytes) -> None:
    for start in (b"", b"<", b"{", b"[", b"PK\x03\x04", b"event,time,product,lot\n"):
        problem = problem_of(read_foreign, start + data, "x")
        assert problem is None or (problem.code and problem.where.startswith("x"))


junk = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.just([]), st.just({}),
    st.just([1]), st.just({"a": 1}), st.just("urn:x:y"), st.just([[]]), st.just({"id": []}),
)  # fmt: skip


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_document_with_one_wrong_value_is_read_or_refused(data: st.DataObject) -> None:
    document = json.loads(shared("epcis/openepcis/valid/ObjectEvent_all_possible_fields.json").read_bytes())
    path = data.draw(st.sampled_from(paths(document)))
    put(document, path, data.draw(junk))
    written = json.dumps(document).encode()
    problem = problem_of(read_foreign, written, "x")
    if problem is not None:
        assert problem.code
        return
    imported = read_foreign(written, "x")
    for _, event in imported.events:
        assert codec.decode(codec.encode(event)) == event
    assert write_epcis([event for _, event in imported.events], builders.AT)
    assert all(error.field and error.code for error in imported.refused)


def paths(value: Any, before: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path for key, item in items for path in [(*before, key), *paths(item, (*before, key))]]


def put(document: Any, path: tuple[Any, ...], value: Any) -> None:
    *before, last = path
    for key in before:
        document = document[key]
    document[last] = value


@given(st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_a_typed_code_is_read_or_refused(text: str) -> None:
    for start in (
        "",
        "https://id.gs1.org/01/",
        "urn:epc:id:sgtin:",
        "urn:epc:class:",
        "(01)",
        "]d2",
        "]E0",
        "\x1d01",
    ):
        code = start + text
        assert isinstance(canonical(code), str)
        lot_of(code)
        gtin_of(code)
        problem = problem_of(parse_code, code)
        assert problem is None or problem.code


def problem_of(function: Callable[..., object], *arguments: object) -> EventInvalid | None:
    """Return how the call was refused, or None; anything but a refusal fails the test."""
    try:
        function(*arguments)
    except EventInvalid as error:
        return error
    return None
