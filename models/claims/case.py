"""What a person confirms or dismisses: one finding with its evidence, and the record of a dismissal.

Rule: the program accuses nobody. A finding becomes an event only when somebody who may say so confirms it;
the event cites the SHA-256 of the evidence, which lies in the vault. A dismissal changes no rule: it is kept
with its reason, as data for whoever writes the next lexicon.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import resources
from ledger.errors import EventInvalid
from ledger.events.evidence import ClaimFinding
from ledger.events.values import PartyId
from models.claims.lexicon import FILES
from models.claims.screen import Remark

DISMISSED = "dismissed-claims.jsonl"
_LONGEST_STATUTE = 200
_LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class ClaimCase:
    """One finding put before a person.

    Args:
        passage: the whole text in which the words stood.
        source: the file or stream; `at` where or when in it.
        png: the picture of it; None for text and speech, whose evidence is the passage itself.
    """

    text: str
    rule: str
    statute: tuple[str, ...]
    verdict: str
    passage: str
    source: str
    at: str
    png: bytes | None = None

    @property
    def evidence(self) -> bytes:
        """Return the bytes that the event cites."""
        if self.png is not None:
            return self.png
        said = {"at": self.at, "passage": self.passage, "source": self.source, "text": self.text}
        return json.dumps(said, ensure_ascii=False, sort_keys=True).encode()

    def confirmed(self, subject: str, lot: str | None, clip: str, when: datetime) -> ClaimFinding:
        """Return the event that says a person found this to be so."""
        statute = "; ".join(self.statute)
        while len(statute) > _LONGEST_STATUTE:
            statute = statute.rpartition("; ")[0] or statute[:_LONGEST_STATUTE]
        return ClaimFinding(
            event_time=when,
            subject=PartyId(subject),
            lot=lot,
            rule=self.rule,
            statute=statute,
            verdict=self.verdict.replace("_", "-"),
            clip=clip,
            confirmed=True,
        )


def case_of(
    remark: Remark, passage: str, source: str, at: str, text: str | None = None, png: bytes | None = None
) -> ClaimCase:
    """Return a remark as the case that a person decides."""
    return ClaimCase(
        text or remark.words, remark.rule, remark.statute, remark.verdict, passage, source, at, png
    )


@dataclass(frozen=True, slots=True)
class Dismissal:
    """Why a finding was not one, who said so and when, and under which lexicon it had been found."""

    when: str
    by: str
    reason: str
    rule: str
    statute: tuple[str, ...]
    verdict: str
    text: str
    passage: str
    source: str
    at: str
    lexicon: str


def dismissal(case: ClaimCase, reason: str, by: str, when: datetime) -> Dismissal:
    """Return the record of a dismissal.

    Raises:
        EventInvalid: no reason is given; a dismissal without one teaches nobody.
    """
    said = reason.strip()
    if not 0 < len(said) <= _LONGEST_REASON:
        raise EventInvalid(
            "a dismissal needs its reason",
            field="reason",
            code="dismissal-reason",
            found=f"{len(said)} characters",
            expected=f"1 to {_LONGEST_REASON} characters",
            remedy="say in a few words why this is lawful here, such as: a standard grade",
        )
    return Dismissal(
        when.isoformat(),
        by,
        said,
        case.rule,
        case.statute,
        case.verdict,
        case.text,
        case.passage,
        case.source,
        case.at,
        lexicon_digest(),
    )


def keep_dismissal(home: Path, made: Dismissal) -> Path:
    """Append a dismissal to the list of this installation and return the list's file."""
    file = home / DISMISSED
    home.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as out:
        out.write(json.dumps(asdict(made), ensure_ascii=False, sort_keys=True) + "\n")
    return file


def dismissals(home: Path) -> Sequence[Dismissal]:
    """Return every dismissal made here, oldest first; a line cut short by a crash is left out."""
    file = home / DISMISSED
    if not file.exists():
        return ()
    found = []
    for line in file.read_text(encoding="utf-8").splitlines():
        try:
            written = json.loads(line)
            found.append(Dismissal(**{**written, "statute": tuple(written["statute"])}))
        except (ValueError, TypeError, KeyError):
            continue
    return tuple(found)


def lexicon_digest() -> str:
    """Return the SHA-256 over the lexicon's files: which rules found what was dismissed."""
    digest = sha256()
    for name in (*FILES, "words", "guards", "truths", "folding"):
        digest.update(resources.path(f"lexicon/{name}.json").read_bytes())
    return digest.hexdigest()
