"""Names of things, places and parties: GTIN, lot, GLN, SSCC, as digital links and EPC URNs.

Rule: however an identifier is written - a Digital Link on any host, an EPC URN, an element string, a scan -
`canonical` gives it one lookup key on https://id.gs1.org; what is no GS1 identifier is its own key.
Strict where a person types or prints (`parse_digital_link`, `DigitalLink`), tolerant where we only look up.
Sources: GS1 Digital Link URI Syntax 1.4, EPC Tag Data Standard 2.1 (6 and 7), GS1 General Specifications 7.9.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ledger.errors import EventInvalid
from ledger.events.checks import refusal
from ledger.events.epc import link_of_urn
from ledger.events.gs1 import linters
from ledger.events.gs1.elements import Element, check_associations, parse_bracketed, parse_unbracketed
from ledger.events.gs1.links import CANONICAL_STEM, build_link, escape, parse_link
from ledger.events.gs1.scandata import GROUP_SEPARATOR, read_scan
from ledger.events.values import Gln, Gtin, LotId, PartyId

_HOST = re.compile(r"(?!-)[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.?(:\d{1,5})?")
_STEM_PATH = re.compile(r"(/[A-Za-z0-9._~-]+)*")
# Not every white space: the group separator that scanners send counts as one.
_BLANKS = " \t\r\n"
_GTIN_LENGTHS = (8, 12, 13, 14)
_LOT_CLASS = re.compile(r"urn:gdst:[^:]+:product:lot:class:.+")


def check_digit(digits: str) -> str:
    """Return the GS1 check digit that follows these digits.

    >>> check_digit("690123456789")
    '2'
    """
    return linters.check_digit(digits)


def gtin(text: str, *, field: str = "gtin") -> Gtin:
    """Return a GTIN of 8, 12, 13 or 14 digits as 14 digits.

    Raises:
        EventInvalid: other characters, another length, or a wrong check digit (the right one is named).
    """
    digits = text.strip().replace(" ", "").replace("-", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) in _GTIN_LENGTHS):
        raise refusal("not a product number", field, "gtin-unfit", text, "a GTIN of 8, 12, 13 or 14 digits")
    _refuse_wrong_digit(digits, field)
    return Gtin(digits.zfill(14))


def gln(text: str, *, field: str = "gln") -> Gln:
    """Return a Global Location Number of 13 digits."""
    digits = text.strip().replace(" ", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) == 13):
        raise refusal("not a location number", field, "gln-unfit", text, "a GLN of 13 digits")
    _refuse_wrong_digit(digits, field)
    return Gln(digits)


@dataclass(frozen=True, slots=True)
class DigitalLink:
    """A product's link: GTIN, then consumer variant (22), lot (10), serial (21), on a domain of your own."""

    gtin: str
    lot: str | None = None
    serial: str | None = None
    variant: str | None = None
    domain: str = "id.gs1.org"
    attributes: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "gtin", gtin(self.gtin))
        host, slash, path = self.domain.partition("/")
        if not _HOST.fullmatch(host) or not _STEM_PATH.fullmatch(slash + path):
            raise refusal("not a web host", "domain", "domain-unfit", self.domain, "such as id.gs1.org")
        for name, ai, value in (
            ("lot", "10", self.lot),
            ("serial", "21", self.serial),
            ("variant", "22", self.variant),
        ):
            if value is not None:
                _qualifier(name, ai, value)
        parse_link(self.uri())

    def uri(self, *, upper: bool = False) -> str:
        """Return the link; `upper` writes scheme and host in capitals, so that a small symbol can hold it.

        >>> DigitalLink("09521234543213", lot="L1").uri(upper=True)
        'HTTPS://ID.GS1.ORG/01/09521234543213/10/L1'
        """
        stem = f"https://{self.domain}"
        return build_link(self.elements, stem.upper() if upper else stem)

    @property
    def elements(self) -> tuple[Element, ...]:
        """Return the link's parts as elements, in order of the standard."""
        parts = (
            ("01", self.gtin),
            ("22", self.variant),
            ("10", self.lot),
            ("21", self.serial),
            *self.attributes,
        )
        return tuple(Element(ai, value) for ai, value in parts if value is not None)


def parse_digital_link(uri: str) -> DigitalLink:
    """Return a product link read strictly: order, check digit, no repeated and no impossible identifiers.

    Raises:
        EventInvalid: not a Digital Link, or one whose key is not a product (01).
    """
    link = parse_link(uri.strip(_BLANKS))
    check_associations(link.elements)
    path = {element.ai: element.value for element in link.path}
    if "01" not in path or "235" in path:
        raise refusal("the link does not name a product", "code", "link-not-product", uri, "/01/GTIN/10/LOT")
    host = link.stem.partition("://")[2].partition("/")
    return DigitalLink(
        path["01"],
        lot=path.get("10"),
        serial=path.get("21"),
        variant=path.get("22"),
        domain=host[0].lower() + host[1] + host[2],
        attributes=tuple((element.ai, element.value) for element in link.attributes),
    )


@lru_cache(maxsize=65536)
def canonical(code: str) -> str:
    """Return the one lookup key of a code, however it is written; never refuses.

    >>> canonical("urn:epc:class:lgtin:9521234.054321.L1")
    'https://id.gs1.org/01/09521234543213/10/L1'
    >>> canonical("HTTPS://SHOP.EXAMPLE/01/09521234543213/10/L1?linkType=all")
    'https://id.gs1.org/01/09521234543213/10/L1'
    """
    text = code.strip(_BLANKS)
    elements = _elements_of(text)
    if elements is None:
        return text
    return CANONICAL_STEM + "".join(f"/{element.ai}/{escape(element.value)}" for element in elements)


def lot_of(code: str) -> LotId | None:
    """Return the lot a code names, without serial; None for a product, a parcel, a place or another thing."""
    text = code.strip(_BLANKS)
    elements = _elements_of(text)
    if elements is None:
        return LotId(text) if _LOT_CLASS.fullmatch(text) else None
    values = {element.ai: element.value for element in elements}
    if "01" not in values or "10" not in values:
        return None
    return LotId(f"{CANONICAL_STEM}/01/{values['01']}/10/{escape(values['10'])}")


def gtin_of(code: str) -> Gtin | None:
    """Return the product number in a code (bare digits too), as 14 digits, or None."""
    text = code.strip(_BLANKS)
    elements = _elements_of(text)
    if elements is not None:
        return next((Gtin(element.value) for element in elements if element.ai == "01"), None)
    try:
        return gtin(text)
    except EventInvalid:
        return None


def lot_number_of(code: str) -> str | None:
    """Return what the label prints after the word lot, or None."""
    elements = _elements_of(code.strip(_BLANKS)) or ()
    return next((element.value for element in elements if element.ai == "10"), None)


def serial_of(code: str) -> str | None:
    """Return the serial number in a product code, or None."""
    elements = _elements_of(code.strip(_BLANKS)) or ()
    return next((element.value for element in elements if element.ai == "21"), None)


def party_of(code: str) -> PartyId:
    """Return the lookup key of a party: https://id.gs1.org/417/GLN for a GLN however written, else itself."""
    text = code.strip(_BLANKS)
    if re.fullmatch(r"[0-9]{13}", text) and not linters.lint("csum", text):
        return PartyId(f"{CANONICAL_STEM}/417/{text}")
    return PartyId(canonical(text))


def parse_code(text: str) -> tuple[Element, ...]:
    """Return the elements of anything a person scans or types: a link, brackets, or raw scanner output.

    Raises:
        EventInvalid: none of these, or wrong in a way the refusal names.
    """
    code = text.strip(_BLANKS)
    if re.match(r"https?://", code, re.IGNORECASE):
        elements = parse_link(code).elements
    elif code.startswith("("):
        elements = parse_bracketed(code)
    elif code.startswith("]"):
        data = read_scan(code).data.partition("|")[0]
        if re.match(r"https?://", data, re.IGNORECASE):
            return parse_code(data)
        elements = parse_unbracketed(data if data.startswith("^") else "^01" + data.zfill(14))
    elif code.startswith((GROUP_SEPARATOR, "^")):
        elements = parse_unbracketed(code.replace(GROUP_SEPARATOR, "^"))
    else:
        raise refusal(
            "not a GS1 code", "code", "code-unreadable", text, "a link, (01)... or a scanned symbol"
        )
    check_associations(elements)
    return elements


@lru_cache(maxsize=65536)
def _elements_of(code: str) -> tuple[Element, ...] | None:
    """Return the identifying elements (key, then lot, then serial), or None for what is no GS1 code."""
    try:
        if code.lower().startswith("urn:epc:"):
            link = link_of_urn(code)
            return _identity(parse_link(link).path) if link else None
        if code[:4].lower() == "http":
            return _identity(parse_link(code, zero_suppressed=True).path)
        return _identity(parse_code(code))
    except EventInvalid:
        return None


def _identity(elements: tuple[Element, ...]) -> tuple[Element, ...] | None:
    """Keep what identifies: a consumer variant does not tell lots or items of one product apart."""
    values = {element.ai: element for element in elements}
    if "01" in values and ("10" in values or "21" in values):
        return tuple(values[ai] for ai in ("01", "10", "21") if ai in values)
    link = build_link(elements)
    path = parse_link(link).path
    if path[0].ai == "414" and path[-1].ai == "254" and path[-1].value == "0":
        return path[:-1]
    return path


def _qualifier(name: str, ai: str, value: str) -> None:
    try:
        parse_link(f"{CANONICAL_STEM}/01/00000000000000/{ai}/{escape(value)}")
    except (EventInvalid, UnicodeEncodeError) as error:
        what = error.what if isinstance(error, EventInvalid) else "characters a GS1 label cannot hold"
        raise refusal(
            what,
            name,
            "qualifier-unfit",
            value,
            "1 to 20 of the letters, digits and signs of GS1 (no spaces, no Chinese), such as L20260301",
            "write the lot in Latin letters and digits",
        ) from error


def _refuse_wrong_digit(digits: str, field: str) -> None:
    right = linters.check_digit(digits[:-1])
    if digits[-1] != right:
        raise refusal(
            "wrong check digit",
            field,
            "check-digit",
            digits,
            f"{digits[:-1]}{right}",
            "compare with the printed number; the last digit guards against typing errors",
        )
