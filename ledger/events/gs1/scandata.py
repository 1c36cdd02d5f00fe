"""What a scanner sends: an AIM symbology identifier (`]Q3`, `]C1` ...) and the data after it.

Rule: in the data string `^` first means GS1 elements and inside separates them; plain data that itself
begins with `^` gets one more backslash before it; `|` divides a linear symbol from its 2D component.
Source: GS1 General Specifications 5, ISO/IEC 15424.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ledger.events.gs1.elements import parse_unbracketed, refused, unbracketed
from ledger.events.gs1.linters import check_digit, lint

GROUP_SEPARATOR = "\x1d"
_PLAIN = {"]Q1": "QR", "]d1": "DM", "]J0": "DotCode"}
_ELEMENTS = {"]Q3": "QR", "]d2": "DM", "]J1": "DotCode", "]e0": "DataBarExpanded", "]C1": "GS1_128_CCA"}
_RETAIL = {"]E0": ("EAN13", 13), "]E4": ("EAN8", 8)}
_STACKS = {"QR": ("]Q1", "]Q3"), "DM": ("]d1", "]d2"), "DotCode": ("]J0", "]J1")}
_GS1_128 = ("GS1_128_CCA", "GS1_128_CCC")
_DATABAR_GTIN = (
    "DataBarOmni", "DataBarTruncated", "DataBarStacked", "DataBarStackedOmni", "DataBarLimited",
)  # fmt: skip
_RETAIL_DIGITS = {"EAN13": 13, "UPCA": 12, "UPCE": 12, "EAN8": 8}
_ESCAPED = re.compile(r"\\*\^")


@dataclass(frozen=True, slots=True)
class Scan:
    """A symbology and the data string read from it."""

    symbology: str
    data: str


def read_scan(text: str) -> Scan:
    """Return the symbology and data of raw scanner output.

    >>> read_scan("]d20112312312312333")
    Scan(symbology='DM', data='^0112312312312333')
    """
    mark, data = text[:3], text[3:]
    if mark in _PLAIN:
        return Scan(_PLAIN[mark], "\\" + data if _ESCAPED.match(data) else data)
    if mark in _ELEMENTS:
        return Scan(_ELEMENTS[mark], _read_elements(data))
    if mark in _RETAIL:
        return _read_retail(mark, data)
    raise refused(
        "not the output of a scanner that names its symbology", "scan-unknown", text, "]Q3, ]d2, ]C1 ..."
    )


def write_scan(scan: Scan) -> str:
    """Return what a scanner would send for this data in this symbology.

    Raises:
        EventInvalid: the data cannot stand in the symbology.
    """
    if scan.symbology in _STACKS:
        plain, elements = _STACKS[scan.symbology]
        if scan.data.startswith("^"):
            return elements + _write_elements(scan.data)
        return plain + (scan.data[1:] if _ESCAPED.match(scan.data) else scan.data)
    linear, _, composite = scan.data.partition("|")
    if scan.symbology in _RETAIL_DIGITS:
        return _write_retail(scan.symbology, linear, composite)
    if scan.symbology in _DATABAR_GTIN:
        linear = "^01" + _checked_digits(linear, 14)
    if scan.symbology in (*_GS1_128, *_DATABAR_GTIN, "DataBarExpanded"):
        return _write_linear(scan.symbology, linear, composite)
    raise refused("an unknown symbology", "scan-unknown", scan.symbology, "QR, DM, EAN13 ...")


def _read_elements(data: str) -> str:
    if "^" in data:
        raise refused("a ^ inside scanned data", "scan-character", data, "data without ^")
    text = "^" + data.replace(GROUP_SEPARATOR, "^")
    parse_unbracketed(text)
    return text


def _read_retail(mark: str, data: str) -> Scan:
    symbology, digits = _RETAIL[mark]
    linear, bar, composite = data.partition("|]e0")
    if len(linear) != digits or lint("csum", linear):
        raise refused(
            "not the digits of a retail symbol", "scan-digits", linear, f"{digits} digits with check digit"
        )
    return Scan(symbology, linear + ("|" + _read_elements(composite) if bar else ""))


def _write_elements(data: str) -> str:
    parse_unbracketed(data)
    return data[1:].replace("^", GROUP_SEPARATOR)


def _write_linear(symbology: str, linear: str, composite: str) -> str:
    written = _write_elements(linear)
    if not composite:
        return ("]C1" if symbology in _GS1_128 else "]e0") + written
    # An FNC1 stands between the two unless the last linear value has a fixed length.
    marked = unbracketed((*parse_unbracketed(linear), *parse_unbracketed(composite)[:1]))
    joint = GROUP_SEPARATOR if marked.count("^") > linear.rstrip("^").count("^") else ""
    return "]e0" + written + joint + _write_elements(composite)


def _write_retail(symbology: str, linear: str, composite: str) -> str:
    digits = _checked_digits(linear, _RETAIL_DIGITS[symbology])
    mark = "]E4" if symbology == "EAN8" else "]E0"
    written = mark + (digits if symbology == "EAN8" else digits.zfill(13))
    return written + ("|]e0" + _write_elements(composite) if composite else "")


def _checked_digits(text: str, length: int) -> str:
    """Return digits with their check digit, adding it when only that is missing."""
    if not (text.isascii() and text.isdigit() and len(text) in (length - 1, length)):
        raise refused("not the digits of this symbol", "scan-digits", text, f"{length} digits")
    digits = text if len(text) == length else text + check_digit(text)
    if lint("csum", digits):
        raise refused(
            "a wrong check digit", "incorrect-check-digit", digits, digits[:-1] + check_digit(digits[:-1])
        )
    return digits
