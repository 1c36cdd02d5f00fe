"""Read the cells of a table of inspections or reviews: days, stars, counts of faults, categories, channels.

Rule: a cell is read only from what stands in it, with the words of resources/vocab/evidence_table.json; what
cannot be read is refused with its column, what was found and what expected.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import Any
from unicodedata import normalize

import resources
from ledger.events.checks import refusal
from ledger.vault import LONGEST_TEXT

LOCALES = ("zh_CN", "en")
LOCAL = timezone(timedelta(hours=8))
"""Dates without a zone are Chinese ones, as in every other spreadsheet the program reads."""
_NOON = time(12)
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]+(\d{1,2})[:：](\d\d)(?:[:：](\d\d))?)?")
_PLAIN_DAY = re.compile(r"(\d{4})(\d\d)(\d\d)")
_PARTS = re.compile(r"[;；、|\n]+")
_STARS = re.compile(r"([1-5])(?:\.0+)?\s*(?:星|分|stars?)?(?:\s*/\s*5)?", re.IGNORECASE)
_CHANNEL = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def counts_of(row: Mapping[str, str]) -> tuple[int, int, int]:
    """Return critical, serious and minor faults: as counted, or as the result and its items tell."""
    told = [name for name in ("critical", "serious", "minor") if name in row]
    counts = [_whole(name, row.get(name, "0")) for name in ("critical", "serious", "minor")]
    items = _items(row.get("faults", ""))
    word = plain_word(row.get("result", ""))
    if told:
        return counts[0], counts[1], counts[2]
    results = vocabulary()["results"]
    if word in results["failed"]:
        return 1, max(len(items) - 1, 0), 0
    if word in results["mended"]:
        return 0, max(len(items), 1), 0
    if word in results["passed"]:
        if items:
            raise refusal(
                "passed, with faults listed",
                "result",
                "result-contradicts",
                row["result"],
                "one or the other",
            )
        return 0, 0, 0
    if not word and "faults" in row:
        return int(bool(items)), max(len(items) - 1, 0), 0
    raise refusal(
        "not a result of an inspection",
        "result",
        "result-unknown",
        row.get("result", "nothing"),
        "合格 / 责令整改 / 不合格, or counts of critical, serious and minor faults",
    )


def _items(text: str) -> list[str]:
    parts = [part.strip() for part in _PARTS.split(text)]
    return [part for part in parts if plain_word(part) not in vocabulary()["nothing"]]


def visit_kind(text: str) -> str:
    """Return the kind of a visit that the words name; a plain one where they name none."""
    word = plain_word(text)
    for kind, signs in vocabulary()["kinds"].items():
        if any(sign in word for sign in signs):
            return str(kind)
    return "routine"


def category_of(text: str) -> str:
    """Return a category's code word, or nothing where the words name none that is known."""
    word = plain_word(text)
    return _categories().get(word) or "-".join(re.findall(r"[a-z0-9]+", word))[:60]


def channel_of(text: str) -> str:
    """Return the code word of where a review was written; any platform where none is known."""
    word = vocabulary()["channels"].get(text.strip(), plain_word(text))
    return word if _CHANNEL.fullmatch(word) else "platform"


def stars_of(text: str) -> int:
    """Return how many stars a cell gives, written as a number, in words, or as stars."""
    known = vocabulary()["stars"].get(text.strip())
    if known:
        return int(known)
    match = _STARS.fullmatch(normalize("NFKC", text).strip())
    if match is None:
        full = text.count("★")
        if full and not text.replace("★", "").replace("☆", "").strip():
            return full
        raise refusal(
            "not a number of stars", "stars", "stars-unfit", text or "nothing", "a whole number 1-5"
        )
    return int(match.group(1))


def _whole(name: str, text: str) -> int:
    if plain_word(text) in vocabulary()["nothing"]:
        return 0
    if not re.fullmatch(r"\d{1,4}(\.0+)?", text):
        raise refusal("not a count", name, "not-a-count", text, "a whole number from 0 to 9999")
    return int(float(text))


def moment_of(text: str) -> datetime:
    """Return the instant of a date: noon where no hour is given, Chinese time where no zone is."""
    match = _DAY.fullmatch(text) or _PLAIN_DAY.fullmatch(text)
    try:
        if match is None:
            moment = datetime.fromisoformat(text)
            return (moment if moment.tzinfo else moment.replace(tzinfo=LOCAL)).astimezone(UTC)
        year, month, day, *clock = match.groups()
        hour = _clock(*clock) if clock and clock[0] else _NOON
        return datetime.combine(date(int(year), int(month), int(day)), hour, LOCAL).astimezone(UTC)
    except ValueError as error:
        expected = "a day such as 2026-03-01"
        raise refusal("no such day", "date", "date-unreadable", text or "nothing", expected) from error


def _clock(hour: str, minute: str, second: str | None) -> time:
    return time(int(hour), int(minute), int(second or 0))


def plain_word(text: str) -> str:
    """Return words as they are compared: width, case and spaces do not matter."""
    return " ".join(normalize("NFKC", text).casefold().split())


@lru_cache
def _categories() -> dict[str, str]:
    """Return the code words of categories by how each language calls them."""
    return {
        plain_word(words): key.removeprefix("category.")
        for locale in LOCALES
        for key, words in resources.document(f"i18n/{locale}/codes.json").items()
        if key.startswith("category.")
    }


@lru_cache
def vocabulary() -> dict[str, Any]:
    """Return the words that such tables use."""
    found: dict[str, Any] = resources.document("vocab/evidence_table.json")
    return found


def kept_text(text: str) -> str:
    """Return words that the vault can keep; where they lie is only settled once they are recorded."""
    size = len(text.encode())
    if size > LONGEST_TEXT:
        raise refusal(
            "these words cannot be kept",
            "text",
            "words-unfit",
            f"{size} bytes",
            f"no more than {LONGEST_TEXT} bytes of text",
            "shorten the text, or leave it out",
        )
    return text
