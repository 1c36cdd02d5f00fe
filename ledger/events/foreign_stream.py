"""A large EPCIS document, read so that its events never stand parsed in memory all at once.

Rule: the whole text is parsed once before anything is given out, so a malformed file is refused as a whole
and with the words of `foreign_json`; each event is then parsed again when its turn comes. Only what stands
around the list of events is kept.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from typing import Any

from ledger.errors import EventInvalid
from ledger.events.foreign_json import decode_text, json_decoder, parse_json, unique_names

WORTH = 1 << 20
"""Below a mebibyte a document is parsed at once: it is faster, and takes no room worth sparing."""
_ON_THE_WAY = ("epcisBody", "queryResults", "resultsBody")
_LIST = "eventList"
_SPACE = " \t\n\r"


class RawEvents:
    """The items of a JSON list, parsed one by one as they are asked for."""

    def __init__(self, text: str, starts: array[int]) -> None:
        self._text = text
        self._starts = starts

    def __len__(self) -> int:
        return len(self._starts)

    def __iter__(self) -> Iterator[object]:
        decoder = json_decoder()
        for start in self._starts:
            yield decoder.raw_decode(self._text, start)[0]


def parse_document(data: bytes, name: str, worth: int = WORTH) -> Any:
    """Return what `parse_json` does, with the list of events as `RawEvents` where the file is large.

    Raises:
        EventInvalid: as `parse_json`.
    """
    if len(data) < worth:
        return parse_json(data, name)
    try:
        return _Walk(decode_text(data, name)).document()
    except (ValueError, IndexError, StopIteration, RecursionError, EventInvalid):
        return parse_json(data, name)  # it says what is wrong, and where


class _Walk:
    """One way through a text: objects that lead to the list by hand, everything else by the decoder."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._scan = json_decoder().raw_decode

    def document(self) -> object:
        at = self._skip(0)
        value, at = self._list(at) if self._text[at] == "[" else self._value(_ON_THE_WAY[0], at)
        if self._skip(at) != len(self._text):
            raise ValueError("more behind the document")
        return value

    def _value(self, name: str, at: int) -> tuple[object, int]:
        if name in _ON_THE_WAY and self._text[at] == "{":
            return self._object(at)
        if name == _LIST and self._text[at] == "[":
            return self._list(at)
        return self._scan(self._text, at)

    def _object(self, at: int) -> tuple[object, int]:
        pairs: list[tuple[str, object]] = []
        at = self._skip(at + 1)
        while self._text[at] != "}":
            if self._text[at] != '"':
                raise ValueError("not a name")
            name, at = self._scan(self._text, at)
            at = self._skip(self._past(":", self._skip(at)))
            value, at = self._value(name, at)
            pairs.append((name, value))
            at = self._skip(at)
            if self._text[at] != "}":
                at = self._skip(self._past(",", at))
                if self._text[at] == "}":
                    raise ValueError("a comma too many")
        return unique_names(pairs), at + 1

    def _list(self, at: int) -> tuple[RawEvents, int]:
        starts = array("Q")
        at = self._skip(at + 1)
        while self._text[at] != "]":
            starts.append(at)
            _, at = self._scan(self._text, at)
            at = self._skip(at)
            if self._text[at] != "]":
                at = self._skip(self._past(",", at))
                if self._text[at] == "]":
                    raise ValueError("a comma too many")
        return RawEvents(self._text, starts), at + 1

    def _past(self, mark: str, at: int) -> int:
        if self._text[at] != mark:
            raise ValueError(f"no {mark}")
        return at + 1

    def _skip(self, at: int) -> int:
        text, end = self._text, len(self._text)
        while at < end and text[at] in _SPACE:
            at += 1
        return at
