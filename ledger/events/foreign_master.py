"""Master data in the header of an EPCIS document: products, places and parties.

Rule: attribute names of the Core Business Vocabulary lose their prefix (`urn:epcglobal:cbv:mda#name` is
`name`) and get it back when written; others stay as they are. An attribute that stands twice becomes a
list. Children and the exact vocabulary are kept under `@children` and `@vocabulary`.
Source: EPCIS 2.0 9.4 (header), CBV 2.0 chapter 9.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial

from ledger.events.checks import refusal
from ledger.events.governance import MasterData
from ledger.events.values import FrozenMap, freeze, thaw

_VOCABULARY = "urn:epcglobal:epcis:vtype:"
_KINDS = {
    "epcclass": "product",
    "epcinstance": "product",
    "location": "location",
    "readpoint": "location",
    "businesslocation": "location",
    "party": "party",
}
_STANDARD = {"product": "EPCClass", "location": "Location", "party": "Party"}
_PREFIX = "urn:epcglobal:cbv:mda#"
_PREFIXES = (_PREFIX, "urn:epcglobal:cbv:mda:", "cbvmda:", "https://ref.gs1.org/cbv/mda/")


def master_data_from_wire(
    header: object, created: datetime | None
) -> Iterator[tuple[str, Callable[[], MasterData]]]:
    """Yield the place of each element of the header's vocabularies, and what reads it (or refuses it)."""
    vocabularies = _inside(_inside(header, "epcisMasterData"), "vocabularyList")
    for row, vocabulary in enumerate(vocabularies if isinstance(vocabularies, list) else []):
        elements = _inside(vocabulary, "vocabularyElementList")
        for place, element in enumerate(elements if isinstance(elements, list) else []):
            where = f"epcisHeader.vocabularyList[{row}].vocabularyElementList[{place}]"
            yield where, partial(_element, vocabulary, element, created)


def wire_of_master_data(events: Iterable[MasterData]) -> list[dict[str, object]]:
    """Return the vocabulary list of these events, one vocabulary for each type."""
    vocabularies: dict[str, list[object]] = {}
    for event in events:
        assert isinstance(event.attributes, FrozenMap)
        kept = dict(event.attributes)
        word = str(kept.pop("@vocabulary", _VOCABULARY + _STANDARD[event.kind]))
        children = kept.pop("@children", None)
        element: dict[str, object] = {"id": event.id}
        element["attributes"] = [
            {"id": _long_name(name), "attribute": thaw(item)}
            for name, value in kept.items()
            for item in (value if isinstance(value, tuple) else (value,))
        ]
        if children is not None:
            element["children"] = thaw(children)
        vocabularies.setdefault(word, []).append(element)
    return [{"type": word, "vocabularyElementList": elements} for word, elements in vocabularies.items()]


def _element(vocabulary: object, element: object, created: datetime | None) -> MasterData:
    word = str(_inside(vocabulary, "type") or "")
    kind = _KINDS.get(word.rpartition(":")[2].lower())
    if kind is None:
        raise refusal(
            "an unknown vocabulary of master data",
            "type",
            "master-data-kind",
            word,
            ", ".join(_VOCABULARY + name for name in _STANDARD.values()),
        )
    if created is None:
        raise refusal(
            "master data without a date", "creationDate", "field-missing", "nothing", "creationDate"
        )
    attributes = _attributes(_inside(element, "attributes"))
    children = _inside(element, "children")
    if children:
        attributes["@children"] = children
    if word.lower() != (_VOCABULARY + _STANDARD[kind]).lower():
        attributes["@vocabulary"] = word
    return MasterData(
        created, kind, str(_inside(element, "id") or ""), freeze(attributes, field="attributes")
    )


def _attributes(rows: object) -> dict[str, object]:
    made: dict[str, object] = {}
    for place, row in enumerate(rows if isinstance(rows, list) else []):
        name = _inside(row, "id")
        if not isinstance(name, str) or not name:
            raise refusal(
                "an attribute without id", f"attributes[{place}].id", "field-missing", name, "its id"
            )
        short = _short_name(name)
        value = _inside(row, "attribute")
        if short not in made:
            made[short] = value
        else:
            before = made[short]
            made[short] = [*(before if isinstance(before, list) else [before]), value]
    return made


def _short_name(name: str) -> str:
    for prefix in _PREFIXES:
        if name.startswith(prefix) and name[len(prefix) :].isalnum():
            return name[len(prefix) :]
    return name


def _long_name(name: str) -> str:
    return name if ":" in name else _PREFIX + name


def _inside(value: object, name: str) -> object:
    return value.get(name) if isinstance(value, Mapping) else None
