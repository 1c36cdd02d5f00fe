"""Numbers, amounts and moments as people write them into spreadsheets.

Rule: what can mean only one thing is read, whatever its script; what can mean two things is refused, never
guessed: 01/02/2026 is no date here, 1,5 no number. A bare number in a column of times is the day count that
spreadsheet programs keep (day 60 is 1900-02-29, a day that never was, so counting begins after it).

>>> str(number("一千二百三十")), int(number("1.2万")), str(number("１，２３４．５"))
('1230', 12000, '1234.5')
>>> amount("500公斤"), moment("46082.4375")
(('500', '公斤'), '2026-03-01 10:30:00')
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation

_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_PLAIN = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?")
_AMOUNT = re.compile(
    r"((?:[-+]?[\d.,]+|[〇零一二两三四五六七八九十百千万亿点半]+)[万千百亿]?)\s*([^\d\s.,].*)?"
)
_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": Decimal(10_000), "亿": Decimal(100_000_000)}
_SCALES = {**{word: Decimal(value) for word, value in _TENS.items()}, **_MYRIADS}
_CHINESE = re.compile(r"[〇零一二两三四五六七八九十百千万亿]+(?:点[〇零一二两三四五六七八九]+)?")
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_MOMENT = re.compile(
    r"(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*日?"
    r"(?:[ T]*(?P<half>上午|下午|早上|中午|晚上|AM|PM|am|pm)?\s*(?P<H>\d{1,2})\s*[:时点]"
    r"\s*(?P<M>\d{1,2})?\s*分?"
    r"(?:\s*:?\s*(?P<S>\d{1,2})(?:\.\d+)?\s*秒?)?\s*(?P<after>AM|PM|am|pm)?)?"
)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:[ T]?(\d\d)(\d\d)(\d\d)?)?")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_EPOCH = datetime(1899, 12, 30, tzinfo=UTC)  # of a local clock; only its digits are used
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 80_000


def plain(text: str) -> str:
    """Return text with full-width letters and digits made narrow and invisible characters left out.

    >>> plain(" ６９０１２３４５６７８９２\\u200b ")
    '6901234567892'
    """
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).replace("\u00a0", " ").strip()


def number(text: str) -> Decimal | None:
    """Return a number written in digits or Chinese, with or without marks between thousands; else nothing."""
    word = plain(text)
    if _GROUPED.fullmatch(word):
        return Decimal(word.replace(",", ""))
    if _PLAIN.fullmatch(word):
        return _decimal(word)
    if _CHINESE.fullmatch(word):
        return _chinese(word)
    scaled = _SCALES.get(word[-1:])
    before = number(word[:-1]) if scaled is not None and word[:-1] else None
    return None if before is None or scaled is None else before * scaled


def amount(text: str) -> tuple[str, str]:
    """Return an amount and the unit written behind it in the same cell; no unit is an empty one."""
    word = plain(text)
    if number(word) is not None:
        return word, ""
    match = _AMOUNT.fullmatch(word)
    if match is None or number(match[1]) is None:
        return text, ""
    return match[1], (match[2] or "").strip()


def moment(text: str) -> str | None:
    """Return `YYYY-MM-DD HH:MM:SS` for a local moment written with the year first, or as a day count.

    Returns:
        Nothing for anything else: an instant with its own zone, an order of day and month nobody can know.

    >>> moment("2026年3月1日 下午2时5分"), moment("20260301"), moment("03/01/2026")
    ('2026-03-01 14:05:00', '2026-03-01 00:00:00', None)
    """
    word = plain(text)
    if _SERIAL.fullmatch(word) and _FIRST_SERIAL <= float(word) <= _LAST_SERIAL:
        found = _EPOCH + timedelta(seconds=round(float(word) * 86_400))
        return found.strftime("%Y-%m-%d %H:%M:%S")
    match = _MOMENT.fullmatch(word)
    if match is not None:
        parts = [match["y"], match["m"], match["d"], _hour(match), match["M"] or "0", match["S"] or "0"]
        return _joined([int(part) for part in parts])
    compact = _COMPACT.fullmatch(word)
    return None if compact is None else _joined([int(part or 0) for part in compact.groups()])


def _joined(parts: list[int]) -> str:
    year, month, day, hour, minute, second = parts
    return f"{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"


def _hour(match: re.Match[str]) -> str:
    hour, half = int(match["H"] or 0), (match["half"] or match["after"] or "").lower()
    if half in ("下午", "晚上", "pm") and hour < 12:
        return str(hour + 12)
    if half in ("上午", "早上", "am") and hour == 12:
        return "0"
    return str(hour)


def _decimal(word: str) -> Decimal | None:
    try:
        return Decimal(word)
    except InvalidOperation:
        return None


def _chinese(word: str) -> Decimal | None:
    whole, _, fraction = word.partition("点")
    if not any(mark in whole for mark in (*_TENS, *_MYRIADS)):
        digits = "".join(str(_DIGITS[character]) for character in whole)
        value = Decimal(digits)
    else:
        value = _counted(whole)
    part = "".join(str(_DIGITS[character]) for character in fraction)
    return value + Decimal(f"0.{part}") if part else value


def _counted(word: str) -> Decimal:
    """Return the value of 一千二百三十: a digit times the mark behind it, myriads over all before them."""
    total, section, digit = Decimal(0), Decimal(0), Decimal(0)
    for character in word:
        if character in _DIGITS:
            digit = Decimal(_DIGITS[character])
        elif character in _TENS:
            section += (digit or 1) * _TENS[character]
            digit = Decimal(0)
        elif character == "万":
            total += (section + digit) * _MYRIADS[character]
            section = digit = Decimal(0)
        else:
            total = (total + section + digit) * _MYRIADS[character]
            section = digit = Decimal(0)
    return total + section + digit
