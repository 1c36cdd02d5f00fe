"""The verb that reads what is said about goods: against the law, and with a lot against the ledger."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gui.verbs.files import read_bytes, read_text
from gui.verbs.outcome import CHECK_FAILED, DONE, Outcome, Session
from ledger.errors import EventInvalid
from models.claims.crosscheck import CertificateFact, Facts, claimed, crosscheck
from models.claims.lexicon import CATEGORIES, Lexicon, load_lexicon
from models.claims.rules import find
from models.claims.subtitles import SUFFIXES, clock, read_subtitles

if TYPE_CHECKING:
    from models.provenance.story import Story

PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff")
RECORDINGS = (".mp4", ".mkv", ".mov", ".avi", ".flv", ".ts", ".webm", ".m4v", ".wav", ".mp3", ".m4a", ".aac")
_HARVEST = ("commissioning", "creating_class_instance", "harvesting", "harvest")
_WRONG = ("violation", "contradicted")


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Add this group's verb to the command line."""
    claims = verbs.add_parser("claims", parents=[common], help="check what is said about goods")
    claims.add_argument("file", metavar="FILE|-", help="text, .srt, .ass, .vtt, or - for the input")
    claims.add_argument("--category", choices=CATEGORIES, default="general")
    claims.add_argument("--lot", default=None, metavar="CODE", help="judge claims by this lot's story")
    claims.set_defaults(run=claims_verb)


def claims_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """List unlawful claims, and with a lot what the ledger says of the others; exit 1 if any is wrong."""
    lexicon = load_lexicon()
    facts = facts_of(session.open().story(options.lot)) if options.lot else None
    findings: list[dict[str, Any]] = []
    to_check: list[dict[str, Any]] = []
    for place, text in passages(options.file):
        findings += _violations(session, place, text, lexicon, options.category)
        if facts is not None:
            findings += _judged(session, place, text, lexicon, facts)
        else:
            to_check += [
                {
                    **place(text, start),
                    "text": text[start:end],
                    "rule": truth.code,
                    "statute": law_text(truth.statute),
                }
                for truth, start, end in claimed(text, lexicon)
            ]
    document = {
        "file": options.file,
        "category": options.category,
        "findings": findings,
        "to_check": to_check,
    }
    wrong = any(row["verdict"] in _WRONG for row in findings)
    return Outcome(document, _lines(session, findings, to_check), CHECK_FAILED if wrong else DONE)


def law_text(statute: tuple[str, ...]) -> str:
    """Return the statutes as one text, the weightiest first."""
    return "; ".join(statute)


class Line:
    """Says where in a text file something stands: line and column, counted from 1."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __call__(self, text: str, start: int) -> dict[str, Any]:  # noqa: ARG002 - a cue needs the text, we do not
        """Return the place of the character at `start`."""
        return {"at": f"{self.number}:{start + 1}", "line": self.number, "column": start + 1}


class Shown:
    """Says when in a recording something is shown."""

    def __init__(self, start: float, end: float) -> None:
        self.start, self.end = start, end

    def __call__(self, text: str, start: int) -> dict[str, Any]:  # noqa: ARG002 - the cue is the place
        """Return the time of the cue."""
        return {"at": clock(self.start), "until": clock(self.end)}


def passages(name: str) -> Iterator[tuple[Line | Shown, str]]:
    """Give each line or cue of the file with what says where it stands.

    Raises:
        EventInvalid: the file cannot be read, or is a picture or a recording.
    """
    suffix = Path(name).suffix.lower() if name != "-" else ""
    if suffix in PICTURES + RECORDINGS:
        read_bytes(Path(name))
        raise EventInvalid(
            "pictures and recordings cannot be read by this installation",
            field="FILE",
            code="media-missing",
            found=name,
            expected="text, .srt, .ass or .vtt",
            remedy="give the text or the subtitles of the recording; reading pictures takes the extra media",
        )
    text = sys.stdin.read() if name == "-" else read_text(Path(name))
    if suffix in SUFFIXES:
        for cue in read_subtitles(text, suffix):
            yield Shown(cue.start, cue.end), cue.text
    else:
        for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
            yield Line(number), line


def facts_of(story: Story) -> Facts:
    """Return what a lot's story says, as the plain values that claims are judged by."""
    born = next((step for step in story.steps if step.biz_step in _HARVEST), None)
    last = story.steps[-1] if story.steps else None
    sent = [step for step in story.steps if step.biz_step in ("shipping", "departing")]
    came = [step for step in story.steps if step.biz_step in ("receiving", "arriving")]
    legs = []
    for step in came:
        before = [each for each in sent if each.event_time <= step.event_time]
        if before:
            legs.append((before[-1].event_time, step.event_time, (before[-1].index, step.index)))
    others = {step.party: step.index for step in came if born is None or step.party != born.party}
    return Facts(
        known=story.lot is not None,
        certificates=tuple(
            CertificateFact(row.scheme, row.standing, row.entries) for row in story.certificates
        ),
        inspections=tuple((row.index, row.critical + row.serious) for row in story.inspections),
        harvested=None if born is None else (born.event_time, born.index),
        legs=tuple(legs),
        hands=tuple(others.values()),
        until=None if last is None else (last.event_time, last.index),
    )


def _violations(
    session: Session, place: Line | Shown, text: str, lexicon: Lexicon, category: str
) -> Iterator[dict[str, Any]]:
    side = 0 if session.words.chinese else 1
    for hit in find(text, lexicon, category):
        yield {
            **place(text, hit.start),
            "text": hit.words,
            "rule": hit.rule,
            "statute": law_text(hit.statute),
            "severity": hit.severity,
            "verdict": "violation",
            "why": hit.why[side],
            "suggestion": hit.suggestion[side],
            "category": category,
            "disguise": hit.disguise,
        }


def _judged(
    session: Session, place: Line | Shown, text: str, lexicon: Lexicon, facts: Facts
) -> Iterator[dict[str, Any]]:
    for judged in crosscheck(text, lexicon, facts):
        yield {
            **place(text, judged.start),
            "text": judged.words,
            "rule": judged.rule,
            "statute": law_text(judged.statute),
            "severity": {"supported": 0, "unsupported": 1, "contradicted": 3}[judged.verdict],
            "verdict": judged.verdict,
            "why": session.words(f"claims.why.{judged.reason}"),
            "entries": list(judged.entries),
        }


def _lines(
    session: Session, findings: list[dict[str, Any]], to_check: list[dict[str, Any]]
) -> tuple[str, ...]:
    words = session.words
    lines = [words("claims.found", n=str(len(findings)))] if findings else [words("claims.none")]
    for row in findings:
        verdict = words(f"claims.verdict.{row['verdict']}")
        lines.append(f"{row['at']:>8}  {row['text']}  {row['statute']}  {verdict}: {row['why']}")
        if row.get("suggestion"):
            lines.append(f"{'':>8}  → {row['suggestion']}")
    if to_check:
        shown = words.listing(row["text"] for row in to_check)
        lines.append(words("claims.to_check", list=shown))
    return tuple(lines)
