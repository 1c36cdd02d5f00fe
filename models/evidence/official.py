"""Read what others publish about merchants: official inspection results and a platform's reviews, as tables.

Rule: a row is read only from what stands in it. Headings in Chinese or English are known
(resources/vocab/evidence_table.json), others are mapped by hand. A bad row is refused with its number and
column, what was found and what expected; the others are taken. Who is meant must be enrolled: nobody is rated
by a guess. No reviewer's name reaches the ledger: it becomes a pseudonym under the installation's secret.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import Any, Protocol
from unicodedata import normalize

import resources
from ledger.errors import EventInvalid
from ledger.events.checks import refusal
from ledger.events.evidence import Inspection, Review
from ledger.events.foreign_rows import placed
from ledger.events.spreadsheet import Cells, sheets, show
from ledger.events.values import PartyId

KINDS = ("inspection", "review")
LOCALES = ("zh_CN", "en")
LOCAL = timezone(timedelta(hours=8))
"""Dates without a zone are Chinese ones, as in every other spreadsheet the program reads."""
_NOON = time(12)
_HEADING_WITHIN = 10
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]+(\d{1,2})[:：](\d\d)(?:[:：](\d\d))?)?")
_PLAIN_DAY = re.compile(r"(\d{4})(\d\d)(\d\d)")
_PARTS = re.compile(r"[;；、|\n]+")
_STARS = re.compile(r"([1-5])(?:\.0+)?\s*(?:星|分|stars?)?(?:\s*/\s*5)?", re.IGNORECASE)
_CHANNEL = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class Enrolled(Protocol):
    """What is needed of an enrolled party."""

    @property
    def id(self) -> str:
        """Its identifier."""

    @property
    def name(self) -> str:
        """Its registered name."""

    @property
    def name_en(self) -> str | None:
        """Its name in English."""

    @property
    def category(self) -> str | None:
        """What it trades in."""


PartyOf = Callable[[str], Enrolled]


@dataclass(frozen=True, slots=True)
class Taken:
    """One good row: where it stands, what it says, and words that belong into the vault."""

    where: str
    event: Inspection | Review
    text: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceTable:
    """What a table said: which kind it is, its good rows, its refused ones, and how headings were read."""

    kind: str
    rows: tuple[Taken, ...]
    refused: tuple[EventInvalid, ...]
    columns: tuple[tuple[str, str], ...]
    rejected: tuple[tuple[str, ...], ...]


def read_evidence(
    data: bytes,
    name: str,
    *,
    now: datetime,
    party_of: PartyOf,
    secret: bytes,
    columns: Mapping[str, str] | None = None,
) -> EvidenceTable | None:
    """Return the evidence in a spreadsheet, or None where its headings are not those of such a table.

    Args:
        data: an XLSX workbook or CSV; name: for messages.
        now: rows that claim to lie later are refused.
        party_of: finds the enrolled party a row names, or raises EventInvalid.
        secret: makes pseudonyms of reviewers that only this installation could make.
        columns: heading -> column, for headings that are not known.
    """
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"<", b"{", b"["):
        return None
    found = _find(data, name, columns or {})
    if found is None:
        return None
    kind, number, titles, headings, body = found
    taken: list[Taken] = []
    refused: list[EventInvalid] = []
    rejected: list[tuple[str, ...]] = []
    for place, cells in enumerate(body, start=number + 1):
        texts = [show(cell) for cell in cells]
        row = {column: text for column, text in zip(headings, texts, strict=False) if column and text}
        if not row:
            continue
        where = f"{name}: row {place}"
        try:
            taken.append(_taken(kind, row, where, now, party_of, secret))
        except EventInvalid as error:
            refused.append(placed(error, where))
            padding = [""] * (len(titles) - len(texts))
            rejected.append((*texts[: len(titles)], *padding, str(refused[-1])))
    return EvidenceTable(
        kind,
        tuple(taken),
        tuple(refused),
        tuple((title, column) for title, column in zip(titles, headings, strict=True) if column),
        ((*titles, "原因 / reason"), *rejected) if rejected else (),
    )


def party_finder(parties: Iterable[Enrolled]) -> PartyOf:
    """Return the search for the enrolled party a row names: by name in either language, GLN or id."""
    known: dict[str, dict[str, Enrolled]] = {}
    for party in parties:
        for word in (party.name, party.name_en, party.id, party.id.rsplit("/", 1)[-1]):
            if word:
                known.setdefault(_plain(word), {})[party.id] = party

    def find(text: str) -> Enrolled:
        fits = known.get(_plain(text), {})
        if len(fits) == 1:
            return next(iter(fits.values()))
        raise refusal(
            "several enrolled parties have this name" if fits else "no such party is enrolled",
            "subject",
            "party-ambiguous" if fits else "party-unknown",
            text or "nothing",
            ", ".join(sorted(fits)) if fits else "the name, GLN or id of an enrolled party",
            "enrol the party first, or write its GLN",
        )

    return find


def _find(
    data: bytes, name: str, columns: Mapping[str, str]
) -> tuple[str, int, list[str], list[str], list[Cells]] | None:
    """Return the kind, the heading row's number, its titles and columns, and the rows below it."""
    for rows in sheets(data, name):
        for number, cells in enumerate(rows[:_HEADING_WITHIN], start=1):
            titles = [show(cell) for cell in cells]
            while titles and not titles[-1]:
                titles.pop()
            for kind in reversed(KINDS):
                headings = _headings(kind, titles, columns)
                if any(set(headings).issuperset(needed) for needed in _vocabulary()["needed"][kind]):
                    return kind, number, titles, headings, rows[number:]
    return None


def _headings(kind: str, titles: Sequence[str], columns: Mapping[str, str]) -> list[str]:
    """Return the column each heading means; the first heading of a column has it."""
    known = _columns(kind)
    found: list[str] = []
    for title in titles:
        column = columns.get(title) or known.get(_plain(title).rstrip("*"), "")
        found.append("" if column in found else column)
    return found


def _taken(
    kind: str, row: Mapping[str, str], where: str, now: datetime, party_of: PartyOf, secret: bytes
) -> Taken:
    party = party_of(row.get("subject", ""))
    subject = PartyId(party.id)
    moment = _moment(row.get("date", ""))
    if moment > now:
        raise refusal(
            "the row lies in the future",
            "date",
            "time-in-future",
            moment.isoformat(),
            f"{now.isoformat(timespec='seconds')} or earlier",
            "check the date, and the clock of this computer",
        )
    if kind == "inspection":
        return Taken(where, _inspection(row, subject, moment, party.category or ""))
    channel = _channel(row.get("channel", ""))
    who = row.get("rater") or row.get("number")
    rater = pseudonym(secret, f"{channel}\x00{who}") if who else None
    review = Review(moment, subject, _stars(row.get("stars", "")), channel=channel, rater=rater)
    return Taken(where, review, row.get("text", ""))


def pseudonym(secret: bytes, name: str) -> str:
    """Return the name by which a reviewer is known in the ledger; without the secret it says nothing.

    >>> pseudonym(b"k" * 32, "app" + chr(0) + "mei")[:2], len(pseudonym(b"k" * 32, "x"))
    ('p-', 26)
    """
    return "p-" + hmac.digest(secret, b"suxin reviewer v1\x00" + name.encode(), "sha256").hex()[:24]


def _inspection(row: Mapping[str, str], subject: PartyId, moment: datetime, usual: str) -> Inspection:
    critical, serious, minor = _counts(row)
    number = row.get("number", "")
    return Inspection(
        moment,
        subject,
        _kind(row.get("kind", "")),
        critical,
        serious,
        minor,
        category=_category(row.get("category", "")) or usual or "unknown",
        summary=f"no. {number}"[:200] if number else None,
    )


def _counts(row: Mapping[str, str]) -> tuple[int, int, int]:
    """Return critical, serious and minor faults: as counted, or as the result and its items tell."""
    told = [name for name in ("critical", "serious", "minor") if name in row]
    counts = [_whole(name, row.get(name, "0")) for name in ("critical", "serious", "minor")]
    items = _items(row.get("faults", ""))
    word = _plain(row.get("result", ""))
    if told:
        return counts[0], counts[1], counts[2]
    results = _vocabulary()["results"]
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
    return [part for part in parts if _plain(part) not in _vocabulary()["nothing"]]


def _kind(text: str) -> str:
    word = _plain(text)
    for kind, signs in _vocabulary()["kinds"].items():
        if any(sign in word for sign in signs):
            return str(kind)
    return "routine"


def _category(text: str) -> str:
    """Return a category's code word, or nothing where the words name none that is known."""
    word = _plain(text)
    return _categories().get(word) or "-".join(re.findall(r"[a-z0-9]+", word))[:60]


def _channel(text: str) -> str:
    word = _vocabulary()["channels"].get(text.strip(), _plain(text))
    return word if _CHANNEL.fullmatch(word) else "platform"


def _stars(text: str) -> int:
    known = _vocabulary()["stars"].get(text.strip())
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
    if _plain(text) in _vocabulary()["nothing"]:
        return 0
    if not re.fullmatch(r"\d{1,4}(\.0+)?", text):
        raise refusal("not a count", name, "not-a-count", text, "a whole number from 0 to 9999")
    return int(float(text))


def _moment(text: str) -> datetime:
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


def _plain(text: str) -> str:
    return " ".join(normalize("NFKC", text).casefold().split())


@lru_cache
def _columns(kind: str) -> dict[str, str]:
    headings = _vocabulary()["headings"][kind]
    return {_plain(word): column for column, words in headings.items() for word in words}


@lru_cache
def _categories() -> dict[str, str]:
    """Return the code words of categories by how each language calls them."""
    return {
        _plain(words): key.removeprefix("category.")
        for locale in LOCALES
        for key, words in resources.document(f"i18n/{locale}/codes.json").items()
        if key.startswith("category.")
    }


@lru_cache
def _vocabulary() -> dict[str, Any]:
    found: dict[str, Any] = resources.document("vocab/evidence_table.json")
    return found
