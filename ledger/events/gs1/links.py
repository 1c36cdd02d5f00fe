"""GS1 Digital Link: parse strictly, build uncompressed.

Rule: one key with its qualifiers in order in the path, each AI at most once in the whole link, attributes
in the query, unknown words in the query kept aside. Compression is never written or read: it loses leading
zeros (TRACE 2). Source: GS1 Digital Link Standard, URI Syntax 1.4.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ledger.events.gs1.elements import Element, check_value, refused
from ledger.events.gs1.table import Entry, entry_of, is_path, is_unknown

CANONICAL_STEM = "https://id.gs1.org"
_URI = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]*")
_SCHEME = re.compile(r"https?://|HTTPS?://")
_DOMAIN = re.compile(r"[A-Za-z0-9\-.:\[\]]+")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
# Words that early Digital Links used in place of numbers; read only when asked for.
_ALPHAS = {
    "cpid": "8010", "cpsn": "8011", "cpv": "22", "gcn": "255", "gdti": "253", "giai": "8004",
    "ginc": "401", "gln": "414", "glnx": "254", "gmn": "8013", "grai": "8003", "gsin": "402",
    "gsrn": "8018", "gsrnp": "8017", "gtin": "01", "itip": "8006", "lot": "10", "party": "417",
    "refno": "8020", "ser": "21", "srin": "8019", "sscc": "00",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Link:
    """A parsed Digital Link: everything before the key, the path elements, the query elements, the rest."""

    stem: str
    path: tuple[Element, ...]
    attributes: tuple[Element, ...] = ()
    other: tuple[str, ...] = ()

    @property
    def elements(self) -> tuple[Element, ...]:
        """Return path and query elements, in order."""
        return self.path + self.attributes


def parse_link(
    uri: str, *, alphas: bool = False, zero_suppressed: bool = False, unknown: bool = False
) -> Link:
    """Return the parts of a Digital Link.

    Args:
        uri: an uncompressed GS1 Digital Link on any domain.
        alphas: also read words such as /gtin/ in place of numbers.
        zero_suppressed: also read GTIN-8, -12 and -13 in the path, filled up to 14 digits.
        unknown: also read AIs nobody assigned, as attributes.

    Raises:
        EventInvalid: not a link, no key in it, a wrong value, AIs in the wrong place, or one AI twice.
    """
    stem_start, path, query = _split(uri)
    stem_end, pairs = _find_key(path, alphas, unknown)
    elements = [_path_element(ai, text, zero_suppressed, unknown) for ai, text in pairs]
    sequence = tuple(element.ai for element in elements)
    if not is_path(sequence):
        raise refused(
            "qualifiers out of order", "link-path-order", "/".join(sequence), "such as 01, 22, 10, 21"
        )
    attributes, other = _read_query(query, unknown)
    _check_attributes(sequence, attributes, unknown)
    return Link(stem_start + stem_end, tuple(elements), tuple(attributes), tuple(other))


def build_link(elements: Sequence[Element], stem: str = CANONICAL_STEM, *, unknown: bool = False) -> str:
    """Return the link of these elements: the first key among them, its qualifiers, the rest as attributes.

    Raises:
        EventInvalid: no element is a key, or one may not be an attribute.
    """
    entries = {element.ai: _entry(element.ai, unknown) for element in elements}
    key = next((ai for ai, entry in entries.items() if entry.paths), None)
    if key is None:
        raise refused(
            "nothing here can be the key of a link", "link-key-missing", ", ".join(entries), "(01), (00)..."
        )
    order = (key, *max(entries[key].sequences, key=lambda choice: sum(ai in entries for ai in choice)))
    values = {element.ai: element.value for element in reversed(elements)}
    path = "".join(f"/{ai}/{escape(values[ai])}" for ai in order if ai in values)
    rest = [ai for ai in entries if ai not in order]
    for ai in rest:
        _check_attribute(entries[ai], unknown)
    rest.sort(key=lambda ai: entries[ai].separated)
    query = "&".join(f"{ai}={escape(values[ai], query=True)}" for ai in rest)
    return stem.removesuffix("/") + path + ("?" + query if query else "")


def escape(text: str, *, query: bool = False) -> str:
    """Return text for a path or query value: all but unreserved characters as %XX, space as + in a query."""
    octets = text.encode("latin-1", "strict")
    return "".join(
        chr(octet) if octet in _UNRESERVED else "+" if query and octet == 32 else f"%{octet:02X}"
        for octet in octets
    )


def unescape(text: str, *, query: bool = False) -> str:
    """Return the text of a path or query value; a % without two hexadecimal digits stays as it is."""
    plain = text.replace("+", " ") if query else text
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), plain)


def _split(uri: str) -> tuple[str, str, str]:
    scheme = _SCHEME.match(uri)
    if not _URI.fullmatch(uri) or scheme is None:
        raise refused(
            "not a web link", "link-unreadable", uri, "https://id.gs1.org/01/09521234543213/10/LOT1"
        )
    domain, slash, rest = uri[scheme.end() :].partition("/")
    if not slash or not _DOMAIN.fullmatch(domain):
        raise refused("not the name of a web host", "link-domain", domain, "id.gs1.org")
    beyond = rest.partition("#")[0]
    path, _, query = beyond.partition("?")
    return scheme[0] + domain, "/" + path, query


def _find_key(path: str, alphas: bool, unknown: bool) -> tuple[str, list[tuple[str, str]]]:
    """Walk back over /AI/value pairs to the rightmost key; return what stands before it, and the pairs."""
    segments = path.split("/")[1:]
    pairs: list[tuple[str, str]] = []
    while len(segments) >= 2:
        word, value = segments[-2], segments[-1]
        ai = _ALPHAS.get(word, word) if alphas else word
        entry = entry_of(ai, unknown=unknown)
        if entry is None:
            break
        del segments[-2:]
        pairs.insert(0, (ai, value))
        if entry.paths:
            return "".join("/" + segment for segment in segments), pairs
    raise refused("no GS1 key in the link", "link-key-missing", path, "/01/GTIN, /00/SSCC, /414/GLN ...")


def _path_element(ai: str, text: str, zero_suppressed: bool, unknown: bool) -> Element:
    value = unescape(text)
    return _element(ai, _fill_gtin(ai, value) if zero_suppressed else value, unknown)


def _read_query(query: str, unknown: bool) -> tuple[list[Element], list[str]]:
    found: list[Element] = []
    other: list[str] = []
    for pair in filter(None, query.split("&")):
        ai, equals, text = pair.partition("=")
        if not equals or not (ai.isascii() and ai.isdigit()):
            other.append(pair)
            continue
        found.append(_element(ai, _fill_gtin(ai, unescape(text, query=True)), unknown))
    return found, other


def _element(ai: str, value: str, unknown: bool) -> Element:
    if "\x00" in value or "^" in value:
        raise refused("a character no value may have", "link-character", ascii(value), "printable characters")
    return Element(ai, check_value(_entry(ai, unknown), value))


def _check_attributes(sequence: tuple[str, ...], attributes: Sequence[Element], unknown: bool) -> None:
    seen = set(sequence)
    for element in attributes:
        if element.ai in seen:
            raise refused(
                "one identifier twice in a link", "link-ai-twice", f"({element.ai}){element.value}", "once"
            )
        seen.add(element.ai)
        _check_attribute(_entry(element.ai, unknown), unknown)
        if any(
            is_path((*sequence[:place], element.ai, *sequence[place:]))
            for place in range(1, len(sequence) + 1)
        ):
            raise refused(
                "this identifier belongs in the path",
                "link-ai-misplaced",
                f"?{element.ai}=",
                f"/{element.ai}/ in its order",
            )


def _check_attribute(entry: Entry, unknown: bool) -> None:
    if not entry.attribute and not (unknown and is_unknown(entry)):
        raise refused(
            "this identifier may not be an attribute",
            "link-attribute",
            f"({entry.ai})",
            "an identifier the table allows in the query" + (" or an unknown one" if unknown else ""),
        )


def _entry(ai: str, unknown: bool) -> Entry:
    entry = entry_of(ai, unknown=unknown)
    if entry is None:
        raise refused("an unknown application identifier", "ai-unknown", f"({ai})", "an assigned identifier")
    return entry


def _fill_gtin(ai: str, value: str) -> str:
    return value.zfill(14) if ai == "01" and len(value) in (8, 12, 13) else value
