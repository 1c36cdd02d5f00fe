"""EPC URNs as digital links: the same things under the older spelling.

Rule: a URN becomes a link only if its lengths are exactly right; otherwise it stays the text it is. The way
back needs to know where the company prefix ends, which the numbers do not say, so it asks for its length.
Source: EPC Tag Data Standard 2.1, 6.3, 7 and 12.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from ledger.events.gs1.links import CANONICAL_STEM, escape, parse_link, unescape
from ledger.events.gs1.linters import check_digit

_URN = re.compile(r"urn:epc:(id|class|idpat):([a-z]+):(.+)", re.IGNORECASE)
_DIGITS = re.compile(r"[0-9]+")


def link_of_urn(urn: str) -> str | None:
    """Return the canonical link of an EPC URN, or None where there is none.

    >>> link_of_urn("urn:epc:id:sgln:0614141.00777.0")
    'https://id.gs1.org/414/0614141007776'
    """
    match = _URN.fullmatch(urn)
    if match is None:
        return None
    kind, scheme, body = match[1].lower(), match[2].lower(), match[3]
    # A pattern names the class; only there is * a sign, elsewhere it is a lot or serial like any other.
    readers = _PATTERNS if kind == "idpat" else _SCHEMES
    if scheme not in readers or (kind == "idpat" and not body.endswith(".*")):
        return None
    path = readers[scheme](body.removesuffix(".*") if kind == "idpat" else body)
    return CANONICAL_STEM + path if path else None


def urn_of_link(link: str, company_prefix_length: int) -> str | None:
    """Return the URN of a product, lot, parcel or place link, given how many digits the company prefix has.

    >>> urn_of_link("https://id.gs1.org/01/09521234543213/10/L1", 7)
    'urn:epc:class:lgtin:9521234.054321.L1'
    """
    values = {element.ai: element.value for element in parse_link(link).path}
    cut = company_prefix_length
    if "01" in values:
        number = values["01"]
        product = f"{number[1 : 1 + cut]}.{number[0]}{number[1 + cut : 13]}"
        if "21" in values:
            return f"urn:epc:id:sgtin:{product}.{_percent(values['21'])}"
        return (
            f"urn:epc:class:lgtin:{product}.{_percent(values['10'])}"
            if "10" in values
            else (f"urn:epc:idpat:sgtin:{product}.*")
        )
    if "00" in values:
        number = values["00"]
        return f"urn:epc:id:sscc:{number[1 : 1 + cut]}.{number[0]}{number[1 + cut : 17]}"
    if "414" in values:
        number = values["414"]
        return f"urn:epc:id:sgln:{number[:cut]}.{number[cut:12]}.{_percent(values.get('254', '0'))}"
    if "417" in values:
        return f"urn:epc:id:pgln:{values['417'][:cut]}.{values['417'][cut:12]}"
    return None


def _numbers(body: str, parts: int, digits: int) -> tuple[list[str], str] | None:
    """Return the fields of a URN body and its first two joined, if these are digits of the right total."""
    fields = body.split(".", parts - 1)
    if len(fields) != parts or not all(
        _DIGITS.fullmatch(field) for field in fields[: min(parts, 2)] if field
    ):
        return None
    joined = fields[0] + fields[1]
    return (fields, joined) if len(joined) == digits and 4 <= len(fields[0]) <= 12 else None


def _class(body: str) -> str | None:
    """Return the path of a product: company prefix, then indicator and item reference."""
    read = _numbers(body, 2, 13)
    if read is None or not read[0][1]:
        return None
    prefix, reference = read[0]
    number = reference[0] + prefix + reference[1:]
    return f"/01/{number}{check_digit(number)}"


def _product(body: str, ai: str) -> str | None:
    fields = body.split(".", 2)
    path = _class(".".join(fields[:2])) if len(fields) == 3 else None
    return f"{path}/{ai}/{_value(fields[2])}" if path else None


def _piece(body: str) -> str | None:
    """Return the path of one piece of a trade item: company, reference, piece, total, perhaps serial."""
    fields = body.split(".", 4)
    if len(fields) < 4 or not (
        _DIGITS.fullmatch(fields[2] + fields[3]) and len(fields[2]) == len(fields[3]) == 2
    ):
        return None
    path = _class(".".join(fields[:2]))
    if path is None:
        return None
    number = path.removeprefix("/01/") + fields[2] + fields[3]
    return f"/8006/{number}" + (f"/21/{_value(fields[4])}" if len(fields) == 5 else "")


def _parcel(body: str) -> str | None:
    read = _numbers(body, 2, 17)
    if read is None or not read[0][1]:
        return None
    prefix, serial = read[0]
    number = serial[0] + prefix + serial[1:]
    return f"/00/{number}{check_digit(number)}"


def _place(body: str) -> str | None:
    read = _numbers(body, 3, 12)
    if read is None:
        return None
    (_, _, extension), number = read
    path = f"/414/{number}{check_digit(number)}"
    return path if extension == "0" else f"{path}/254/{_value(extension)}"


def _keyed(ai: str, parts: int, digits: int, lead: str = "") -> Callable[[str], str | None]:
    """Return a reader of numbers with a check digit and perhaps a serial run on behind it."""

    def read(body: str) -> str | None:
        found = _numbers(body, parts, digits)
        if found is None:
            return None
        fields, number = found
        return f"/{ai}/{lead}{number}{check_digit(number)}" + (_value(fields[2]) if parts == 3 else "")

    return read


def _run_on(ai: str, serial_ai: str = "") -> Callable[[str], str | None]:
    """Return a reader of a company prefix followed by free text."""

    def read(body: str) -> str | None:
        fields = body.split(".", 2 if serial_ai else 1)
        if len(fields) != (3 if serial_ai else 2) or not _DIGITS.fullmatch(fields[0]):
            return None
        path = f"/{ai}/{_value(fields[0] + unescape(fields[1]))}"
        return f"{path}/{serial_ai}/{_value(fields[2])}" if serial_ai else path

    return read


def _value(text: str) -> str:
    return escape(unescape(text))


def _percent(text: str) -> str:
    return re.sub(r'["%&/<>?#]', lambda match: f"%{ord(match[0]):02X}", text)


_PATTERNS: Mapping[str, Callable[[str], str | None]] = {"sgtin": _class, "upui": _class, "itip": _piece}
_SCHEMES: Mapping[str, Callable[[str], str | None]] = {
    "sgtin": lambda body: _product(body, "21"),
    "lgtin": lambda body: _product(body, "10"),
    "upui": lambda body: _product(body, "235"),
    "itip": _piece,
    "sscc": _parcel,
    "sgln": _place,
    "pgln": _keyed("417", 2, 12),
    "gdti": _keyed("253", 3, 12),
    "sgcn": _keyed("255", 3, 12),
    "grai": _keyed("8003", 3, 12, lead="0"),
    "gsrn": _keyed("8018", 2, 17),
    "gsrnp": _keyed("8017", 2, 17),
    "gsin": _keyed("402", 2, 16),
    "giai": _run_on("8004"),
    "ginc": _run_on("401"),
    "cpi": _run_on("8010", "8011"),
}
