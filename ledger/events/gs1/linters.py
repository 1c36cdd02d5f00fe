"""Content checks of AI values, under the names the syntax dictionary gives them.

Rule: a check gets one component's text and returns the word for what is wrong with it, or "" when nothing
is. The words are the official ones in lower case. `couponcode` (North American coupons, AI 8110) is
deliberately absent: no coupon is ever accepted here, and the value is still checked as characters.
"""

from __future__ import annotations

import calendar
import re
import string
from collections.abc import Callable, Mapping

from ledger.events.gs1.table import code_list

CSET82 = "!\"%&'()*+,-./" + string.digits + ":;<=>?" + string.ascii_uppercase + "_" + string.ascii_lowercase
_CSET39 = frozenset("#-/" + string.digits + string.ascii_uppercase)
_CSET64 = frozenset("-_" + string.digits + string.ascii_letters)
_CSET32 = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_PRIMES = tuple(n for n in range(2, 510) if all(n % factor for factor in range(2, int(n**0.5) + 1)))
_SHORTEST_COMPANY_PREFIX = 4


def lint(name: str, value: str) -> str:
    """Return the word for what check `name` finds wrong with `value`, or ""."""
    return LINTERS[name](value) if name in LINTERS else ""


def check_digit(digits: str) -> str:
    """Return the GS1 modulo-10 check digit of the digits before it: weights 3, 1, 3 ... from the right.

    >>> check_digit("952123454321")
    '3'
    """
    total = sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def check_pair(text: str) -> str:
    """Return the two check characters of a Global Model Number: modulo 1021 with prime weights.

    >>> check_pair("1987654Ad4X4bL5ttr2310c")
    '2K'
    """
    total = sum(
        CSET82.index(character) * prime for character, prime in zip(reversed(text), _PRIMES, strict=False)
    )
    return _CSET32[total % 1021 >> 5] + _CSET32[total % 1021 & 31]


def _digits(value: str) -> bool:
    return value.isascii() and value.isdigit()


def _within(characters: frozenset[str], word: str) -> Callable[[str], str]:
    return lambda value: "" if set(value) <= characters else word


def _cset64(value: str) -> str:
    body = value.rstrip("=")
    if not set(body) <= _CSET64:
        return "invalid-cset64-character"
    padding = len(value) - len(body)
    return "invalid-cset64-padding" if padding and (padding > 2 or len(value) % 3) else ""


def _csum(value: str) -> str:
    if not value:
        return "too-short-for-check-digit"
    if not _digits(value):
        return "non-digit-character"
    return "" if check_digit(value[:-1]) == value[-1] else "incorrect-check-digit"


def _csumalpha(value: str) -> str:
    if len(value) < 2:
        return "too-short-for-check-pair"
    if len(value) - 2 > len(_PRIMES):
        return "too-long-for-check-pair-implementation"
    if not set(value[:-2]) <= set(CSET82):
        return "invalid-cset82-character"
    return "" if check_pair(value[:-2]) == value[-2:] else "incorrect-check-pair"


def _company_prefix(value: str) -> str:
    if len(value) < _SHORTEST_COMPANY_PREFIX:
        return "too-short-for-gcp"
    return "" if _digits(value[:_SHORTEST_COMPANY_PREFIX]) else "invalid-gcp-prefix"


def _date(length: int, day_optional: bool) -> Callable[[str], str]:
    def check(value: str) -> str:
        if len(value) != length:
            return "date-too-short" if len(value) < length else "date-too-long"
        if not _digits(value):
            return "non-digit-character"
        # Two-digit years: only leap years matter here, and 2000 is one, as every fourth year around it.
        year, month, day = int(value[:-4]), int(value[-4:-2]), int(value[-2:])
        if not 1 <= month <= 12:
            return "illegal-month"
        longest = calendar.monthrange(year + 2000 if length == 6 else max(year, 1), month)[1]
        return "" if (0 if day_optional else 1) <= day <= longest else "illegal-day"

    return check


def _clock(name: str, limit: int) -> Callable[[str], str]:
    def check(value: str) -> str:
        if len(value) != 2:
            return f"{name}-too-short" if len(value) < 2 else f"{name}-too-long"
        if not _digits(value):
            return "non-digit-character"
        return "" if int(value) < limit else f"illegal-{name}"

    return check


def _hour_and_minute(value: str) -> str:
    if len(value) != 4:
        return "hour-with-minute-too-short" if len(value) < 4 else "hour-with-minute-too-long"
    return _clock("hour", 24)(value[:2]) or _clock("minute", 60)(value[2:])


def _degrees(name: str, most: int) -> Callable[[str], str]:
    def check(value: str) -> str:
        if len(value) != 10:
            return f"{name}-invalid-length"
        if not _digits(value):
            return "non-digit-character"
        return "" if int(value) <= most else f"invalid-{name}"

    return check


def _piece_of_total(value: str) -> str:
    if not value or len(value) % 2:
        return "invalid-length-for-piece-of-total"
    if not _digits(value):
        return "non-digit-character"
    piece, total = int(value[: len(value) // 2]), int(value[len(value) // 2 :])
    if piece == 0:
        return "zero-piece-number"
    if total == 0:
        return "zero-total-pieces"
    return "piece-number-exceeds-total" if piece > total else ""


def _position(value: str) -> str:
    match = re.fullmatch(r"([0-9]+)/([0-9]+)", value)
    if match is None:
        return "position-in-sequence-malformed"
    if match[1].startswith("0") or match[2].startswith("0"):
        return "illegal-zero-prefix"
    return "position-exceeds-end" if int(match[1]) > int(match[2]) else ""


def _iban(value: str) -> str:
    if len(value) <= 10:
        return "iban-too-short"
    if not re.fullmatch(r"[0-9A-Z]+", value):
        return "invalid-iban-character"
    if value[:2] not in code_list("countries_alpha"):
        return "illegal-iban-country-code"
    number = "".join(str(int(character, 36)) for character in value[4:] + value[:4])
    return "" if int(number) % 97 == 1 else "incorrect-iban-checksum"


def _coupon_offer(value: str) -> str:
    """Check a coupon offer: format, funder (6 to 12 digits), offer code (6), serial number (6 to 15)."""
    if value and not _digits(value):
        return "non-digit-character"
    if not value:
        return "coupon-missing-format-code"
    if value[0] not in "01":
        return "coupon-invalid-format-code"
    rest = value[1:]
    if not rest:
        return "coupon-missing-funder-vli"
    if rest[0] > "6":
        return "coupon-invalid-funder-length"
    funder, rest = 6 + int(rest[0]), rest[1:]
    if len(rest) < funder:
        return "coupon-truncated-funder"
    rest = rest[funder:]
    if len(rest) < 6:
        return "coupon-truncated-offer-code"
    rest = rest[6:]
    if not rest:
        return "coupon-missing-serial-number-vli"
    serial, rest = 6 + int(rest[0]), rest[1:]
    if len(rest) < serial:
        return "coupon-truncated-serial-number"
    return "coupon-excess-data" if len(rest) > serial else ""


def _importer_index(value: str) -> str:
    if len(value) != 1:
        return "importer-idx-must-be-one-character"
    return "" if value in _CSET64 else "invalid-import-idx-character"


def _nonzero(value: str) -> str:
    if value and not _digits(value):
        return "non-digit-character"
    return "illegal-zero-value" if not value.strip("0") else ""


def _matching(pattern: str, word: str) -> Callable[[str], str]:
    compiled = re.compile(pattern)
    return lambda value: "" if compiled.fullmatch(value) else word


def _listed(name: str, word: str, *more: str) -> Callable[[str], str]:
    return lambda value: "" if value in code_list(name) or value in more else word


LINTERS: Mapping[str, Callable[[str], str]] = {
    "csetnumeric": _within(frozenset(string.digits), "non-digit-character"),
    "cset82": _within(frozenset(CSET82), "invalid-cset82-character"),
    "cset39": _within(_CSET39, "invalid-cset39-character"),
    "cset64": _cset64,
    "csum": _csum,
    "csumalpha": _csumalpha,
    "gcppos1": _company_prefix,
    "gcppos2": lambda value: _company_prefix(value[1:]),
    "yymmdd": _date(6, False),
    "yymmd0": _date(6, True),
    "yyyymmdd": _date(8, False),
    "yyyymmd0": _date(8, True),
    "hh": _clock("hour", 24),
    "mi": _clock("minute", 60),
    "ss": _clock("second", 60),
    "hhmi": _hour_and_minute,
    "latitude": _degrees("latitude", 1_800_000_000),
    "longitude": _degrees("longitude", 3_600_000_000),
    "pieceoftotal": _piece_of_total,
    "posinseqslash": _position,
    "iban": _iban,
    "couponposoffer": _coupon_offer,
    "nonzero": _nonzero,
    "zero": _matching(r"0*", "not-zero"),
    "nozeroprefix": _matching(r"0?|[1-9].*", "illegal-zero-prefix"),
    "hasnondigit": _matching(r".*[^0-9].*", "requires-non-digit-character"),
    "hyphen": _matching(r"-+", "not-hyphen"),
    "yesno": _matching(r"[01]", "not-zero-or-one"),
    "winding": _matching(r"[019]", "invalid-winding-direction"),
    "iso5218": _matching(r"[0129]", "invalid-biological-sex-code"),
    "mediatype": _matching(r"0[1-9]|10|[89][0-9]", "invalid-media-type"),
    "importeridx": _importer_index,
    "pcenc": _matching(r"(?:[^%]|%[0-9A-Fa-f]{2})*", "invalid-percent-sequence"),
    "iso3166": _listed("countries", "not-iso3166"),
    "iso3166999": _listed("countries", "not-iso3166-or-999", "999"),
    "iso3166alpha2": _listed("countries_alpha", "not-iso3166-alpha2"),
    "iso4217": _listed("currencies", "not-iso4217"),
    "packagetype": _listed("package_types", "invalid-package-type"),
}
