"""EPCIS XML, 1.2 and 2.0, as the JSON object of the same document.

Rule: one path for both syntaxes: XML is turned into the shape of EPCIS 2.0 JSON and then read as that.
Wrappers that version 1.2 needed for its growth (`extension`, `baseExtension`) are opened. No document type
and no entities are accepted. Source: EPCIS 1.2 chapter 9, EPCIS 2.0 chapter 9.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree
from defusedxml import DefusedXmlException

from ledger.errors import EventInvalid
from ledger.events.checks import refusal
from ledger.events.normalise import EVENT_TYPES

_DOCUMENTS = {
    "EPCISDocument": "EPCISDocument",
    "EPCISQueryDocument": "EPCISQueryDocument",
    "QueryResults": "EPCISQueryDocument",
}
_WRAPPERS = ("extension", "baseExtension")
_EPC_LISTS = ("epcList", "childEPCs", "inputEPCList", "outputEPCList")
_QUANTITY_LISTS = ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList")
_TYPED_LISTS = {
    "bizTransactionList": "bizTransaction",
    "sourceList": "source",
    "destinationList": "destination",
}
_MASTER_DATA = "urn:epcglobal:cbv:mda"
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"


def document_from_xml(data: bytes, name: str) -> dict[str, object]:
    """Return the document as EPCIS 2.0 JSON would say it.

    Raises:
        EventInvalid: not XML (with line and column), a document type or entity, or no EPCIS document.
    """
    root, names = _parse(data, name)
    kind = _DOCUMENTS.get(_local(root))
    if kind is None:
        raise refusal(
            "not an EPCIS document", "type", "document-unknown", _local(root), " | ".join(_DOCUMENTS)
        )
    reader = _Reader(names)
    document: dict[str, object] = {
        "@context": [dict(names.values_by_prefix())],
        "type": kind,
        **dict(root.attrib),
    }
    document = {field: value for field, value in document.items() if not field.startswith("{")}
    header = reader.header(root)
    if header:
        document["epcisHeader"] = header
    document["epcisBody"] = {"eventList": list(reader.events(root))}
    return document


class _Names:
    """Prefixes by namespace, each prefix used once."""

    def __init__(self) -> None:
        self._prefixes: dict[str, str] = {}

    def add(self, prefix: str, uri: str) -> None:
        if uri.rstrip(":") == _MASTER_DATA:
            prefix = "cbvmda"
        wanted, number = prefix or "ns", 1
        while wanted in self._prefixes.values() and uri not in self._prefixes:
            number += 1
            wanted = f"{prefix or 'ns'}{number}"
        self._prefixes.setdefault(uri, wanted)

    def short(self, tag: str) -> str:
        """Return `prefix:local` for a tag of somebody's own, the bare word for the standard's."""
        if not tag.startswith("{"):
            return tag
        uri, _, local = tag[1:].partition("}")
        if uri not in self._prefixes:
            self.add("", uri)
        return f"{self._prefixes[uri]}:{local}"

    def values_by_prefix(self) -> Mapping[str, str]:
        return {prefix: uri for uri, prefix in self._prefixes.items()}


class _Reader:
    """Turns elements into the values JSON has in their place."""

    def __init__(self, names: _Names) -> None:
        self._names = names
        self._fields: Mapping[str, Callable[[Element], object]] = {
            **dict.fromkeys(_EPC_LISTS, self._texts),
            **dict.fromkeys(_QUANTITY_LISTS, lambda found: [self._object(item) for item in found]),
            **dict.fromkeys(_TYPED_LISTS, self._typed),
            **dict.fromkeys(("readPoint", "bizLocation", "ilmd"), self._object),
            "errorDeclaration": self._error_declaration,
            "persistentDisposition": self._dispositions,
            "sensorElementList": lambda found: [self._sensor(item) for item in found],
        }

    def events(self, root: Element) -> Iterator[dict[str, object]]:
        """Yield every event below any event list, also those inside 1.2's extension wrappers."""
        for found in root.iter():
            if _local(found) == "EventList":
                yield from (self._event(child) for child in _opened(found))

    def header(self, root: Element) -> dict[str, object] | None:
        """Return the master data of the header, in the shape of JSON."""
        vocabularies = [self._vocabulary(found) for found in root.iter() if _local(found) == "Vocabulary"]
        return {"epcisMasterData": {"vocabularyList": vocabularies}} if vocabularies else None

    def _event(self, found: Element) -> dict[str, object]:
        made: dict[str, object] = {"type": _local(found) if _local(found) in EVENT_TYPES else found.tag}
        for child in _opened(found):
            name = self._names.short(child.tag)
            value = self._fields[name](child) if name in self._fields else self._plain(child)
            _add(made, name, value)
        return made

    def _texts(self, found: Element) -> object:
        return [_text(child) for child in found]

    def _typed(self, found: Element) -> object:
        made: list[object] = []
        for child in found:
            kind = {"type": child.attrib["type"]} if "type" in child.attrib else {}
            made.append({**kind, _local(child): _text(child)})
        return made

    def _object(self, found: Element) -> dict[str, object]:
        made: dict[str, object] = {}
        for child in _opened(found):
            _add(made, self._names.short(child.tag), self._plain(child))
        return made

    def _plain(self, found: Element) -> object:
        """Return a foreign element: its text, or its attributes and children as an object."""
        attributes = {
            self._names.short(name): value
            for name, value in found.attrib.items()
            if not name.startswith(_XSI)
        }
        if not len(found) and not attributes:
            return _text(found)
        made: dict[str, object] = {f"@{name}": value for name, value in attributes.items()}
        for child in found:
            _add(made, self._names.short(child.tag), self._plain(child))
        if not len(found) and _text(found):
            made["#text"] = _text(found)
        return made

    def _error_declaration(self, found: Element) -> object:
        made: dict[str, object] = {}
        for child in _opened(found):
            name = self._names.short(child.tag)
            _add(made, name, self._texts(child) if name == "correctiveEventIDs" else self._plain(child))
        return made

    def _dispositions(self, found: Element) -> object:
        made: dict[str, list[object]] = {}
        for child in found:
            made.setdefault(_local(child), []).append(_text(child))
        return made

    def _sensor(self, found: Element) -> dict[str, object]:
        made: dict[str, object] = {}
        for child in found:
            name = self._names.short(child.tag)
            if name == "sensorMetadata":
                made[name] = self._attributes(child)
            elif name == "sensorReport":
                made.setdefault(name, [])
                reports = made[name]
                assert isinstance(reports, list)
                reports.append(self._attributes(child))
            else:
                _add(made, name, self._plain(child))
        return made

    def _attributes(self, found: Element) -> dict[str, object]:
        return {self._names.short(name): value for name, value in found.attrib.items()}

    def _vocabulary(self, found: Element) -> dict[str, object]:
        elements = [
            self._vocabulary_element(item) for item in found.iter() if _local(item) == "VocabularyElement"
        ]
        return {"type": found.attrib.get("type", ""), "vocabularyElementList": elements}

    def _vocabulary_element(self, found: Element) -> dict[str, object]:
        made: dict[str, object] = {"id": found.attrib.get("id", "")}
        attributes = [item for item in found if _local(item) == "attribute"]
        made["attributes"] = [
            {"id": item.attrib.get("id", ""), "attribute": self._plain_content(item)} for item in attributes
        ]
        children = [_text(item) for group in found if _local(group) == "children" for item in group]
        return {**made, "children": children} if children else made

    def _plain_content(self, found: Element) -> object:
        return self._object(found) if len(found) else _text(found)


def _parse(data: bytes, name: str) -> tuple[Element, _Names]:
    names = _Names()
    root: Element | None = None
    try:
        steps = defusedxml.ElementTree.iterparse(
            io.BytesIO(data), events=("start-ns", "end"), forbid_dtd=True
        )
        for step, found in steps:
            if step == "start-ns":
                names.add(*found)
            else:
                root = found
    except ParseError as error:
        line, column = error.position
        raise EventInvalid(
            f"not XML: {error.msg}",
            field="file",
            code="xml-malformed",
            found=_line(data, line),
            expected="a whole XML document",
            where=f"{name}: line {line}, column {column + 1}",
            remedy="export the file again; it may have been cut off or edited",
        ) from error
    except DefusedXmlException as error:
        raise EventInvalid(
            "XML with a document type or entities",
            field="file",
            code="xml-unsafe",
            found=type(error).__name__,
            expected="plain XML without DOCTYPE",
            where=name,
            remedy="remove the DOCTYPE line",
        ) from error
    if root is None:
        raise refusal("an empty file", "file", "xml-malformed", "nothing", "an XML document")
    return root, names


def _opened(found: Element) -> Iterator[Element]:
    """Yield the children, those of the standard's own growth wrappers included."""
    for child in found:
        if child.tag in _WRAPPERS:
            yield from _opened(child)
        else:
            yield child


def _add(made: dict[str, object], name: str, value: object) -> None:
    """Add a value; an element that stands again makes a list."""
    if name not in made:
        made[name] = value
        return
    before = made[name]
    made[name] = [*before, value] if isinstance(before, list) else [before, value]


def _local(found: Element) -> str:
    return found.tag.rpartition("}")[2]


def _text(found: Element) -> str:
    return (found.text or "").strip()


def _line(data: bytes, line: int) -> str:
    lines = data.decode("utf-8", "replace").splitlines()
    return lines[line - 1].strip()[:80] if 0 < line <= len(lines) else ""
