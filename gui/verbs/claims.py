"""The verb that reads what is said about goods: against the law, and with a lot against the ledger."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gui.lot_facts import lot_facts
from gui.verbs import claims_decide, claims_live
from gui.verbs.claims_decide import decide, dismissed, evidence, no_file
from gui.verbs.claims_live import follow
from gui.verbs.claims_seen import (
    about,
    add_options,
    sighting_case,
    sighting_row,
    watch_file,
    write_clips,
)
from gui.verbs.files import read_bytes, text_of
from gui.verbs.outcome import CHECK_FAILED, DONE, Outcome, Session
from models.claims.case import ClaimCase, case_of
from models.claims.lexicon import CATEGORIES, load_lexicon
from models.claims.media.kinds import HEAD, Kind, kind_of
from models.claims.screen import WRONG, Remark, screen
from models.claims.subtitles import SUFFIXES, clock, read_subtitles
from models.claims.texts import decode

if TYPE_CHECKING:
    from models.claims.media.watch import Judge


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Add this group's verb to the command line."""
    claims = verbs.add_parser("claims", parents=[common], help="check what is said about goods")
    about = "text, subtitles, a picture, a recording, or - for the input"
    claims.add_argument("file", metavar="FILE|-", nargs="?", default=None, help=about)
    claims.add_argument("--category", choices=CATEGORIES, default="general")
    claims.add_argument("--lot", default=None, metavar="CODE", help="judge claims by this lot's story")
    add_options(claims)
    claims_decide.add_options(claims)
    claims_live.add_options(claims)
    claims.set_defaults(run=claims_verb)


def claims_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """List unlawful claims, and with a lot what the ledger says of the others; exit 1 if any is wrong."""
    if options.dismissed:
        return dismissed(session, options)
    if options.clip:
        return evidence(session, options)
    if options.file is None:
        raise no_file()
    lexicon = load_lexicon()
    facts = lot_facts(session.open(), options.lot) if options.lot else None

    def judge(text: str) -> Sequence[Remark]:
        return screen(text, lexicon, options.category, facts)

    if options.follow or options.stream or options.state:
        return follow(session, options, judge, lambda remark: remark_row(session, remark, options.category))
    with given(options.file) as material:
        if material.kind == "text":
            found = _read(session, material, judge, options.category)
            more: dict[str, Any] = {"kind": "text"}
        else:
            seeing = watch_file(session, material.path, material.kind, judge, options.speech_model)
            found = [
                (
                    sighting_row(seen, material.kind, remark_row(session, seen.remark, options.category)),
                    sighting_case(seen, Path(options.file).name),
                )
                for seen in seeing.sightings
            ]
            more = about(seeing, material.kind)
            if options.clips:
                write_clips(Path(options.clips), seeing.sightings, [row for row, _ in found])
    done = decide(session, options, [each for each in found if each[0]["verdict"] != "to_check"])
    return outcome(session, options, [row for row, _ in found], more | done)


def outcome(
    session: Session, options: argparse.Namespace, rows: Sequence[dict[str, Any]], more: dict[str, Any]
) -> Outcome:
    """Return the verb's document and lines for these rows; claims nobody could check stand apart."""
    findings = [row for row in rows if row["verdict"] != "to_check"]
    for number, row in enumerate(findings, 1):
        row["number"] = number
    left = ("verdict", "why", "severity", "suggestion", "entries", "disguise", "category")
    to_check = [
        {key: value for key, value in row.items() if key not in left}
        for row in rows
        if row["verdict"] == "to_check"
    ]
    document = {
        "file": options.file,
        "category": options.category,
        **more,
        "findings": findings,
        "to_check": to_check,
    }
    wrong = any(row["verdict"] in WRONG for row in findings)
    return Outcome(document, _lines(session, findings, to_check), CHECK_FAILED if wrong else DONE)


def remark_row(session: Session, remark: Remark, category: str) -> dict[str, Any]:
    """Return what there is to say of some words, with the keys of the contract."""
    side = 0 if session.words.chinese else 1
    row: dict[str, Any] = {
        "text": remark.words,
        "rule": remark.rule,
        "statute": law_text(remark.statute),
        "severity": remark.severity,
        "verdict": remark.verdict,
        "why": remark.why[side] or (session.words(f"claims.why.{remark.reason}") if remark.reason else ""),
    }
    if remark.unverified:
        row["unverified"] = list(remark.unverified)
    if remark.verdict == "violation":
        row |= {"suggestion": remark.suggestion[side], "category": category, "disguise": remark.disguise}
    else:
        row["entries"] = list(remark.entries)
    return row


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
        return {"at": clock(self.start), "until": clock(self.end), "end": clock(self.end)}


@dataclass(frozen=True, slots=True)
class Material:
    """What is to be read: its kind, its name, its text, or the path of the picture or recording."""

    name: str
    kind: Kind
    path: Path
    text: str = ""


@contextmanager
def given(name: str) -> Iterator[Material]:
    """Give what the command line names; what comes on the input and is no text is put into a file first.

    Raises:
        EventInvalid: it cannot be read.
    """
    if name != "-":
        path = Path(name)
        with_suffix = kind_of(name)
        data = read_bytes(path) if with_suffix == "text" else _head(path)
        kind = kind_of(name, data[:HEAD])
        yield Material(name, kind, path, _decoded(data, path) if kind == "text" else "")
        return
    raw = getattr(sys.stdin, "buffer", None)
    data = sys.stdin.read().encode() if raw is None else raw.read()
    kind = kind_of(name, data[:HEAD])
    if kind == "text":
        yield Material(name, kind, Path(name), _decoded(data, Path(name)))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "input"
        path.write_bytes(data)
        yield Material(name, kind, path)


def passages(name: str, text: str) -> Iterator[tuple[Line | Shown, str]]:
    """Give each line or cue of a text with what says where it stands.

    Raises:
        EventInvalid: it should be subtitles, and is not.
    """
    suffix = Path(name).suffix.lower() if name != "-" else ""
    if suffix in SUFFIXES:
        for cue in read_subtitles(text, suffix):
            yield Shown(cue.start, cue.end), cue.text
    else:
        for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
            yield Line(number), line


def _read(
    session: Session, material: Material, judge: Judge, category: str
) -> list[tuple[dict[str, Any], ClaimCase]]:
    found = []
    for place, text in passages(material.name, material.text):
        for remark in judge(text):
            row = {**place(text, remark.start), **remark_row(session, remark, category)}
            found.append((row, case_of(remark, text, Path(material.name).name, row["at"])))
    return found


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(HEAD)
    except OSError:
        return read_bytes(path)


def _decoded(data: bytes, path: Path) -> str:
    text = decode(data)
    return text if text is not None else text_of(data, path)


def _lines(
    session: Session, findings: list[dict[str, Any]], to_check: list[dict[str, Any]]
) -> tuple[str, ...]:
    words = session.words
    lines = [words("claims.found", n=str(len(findings)))] if findings else [words("claims.none")]
    for row in findings:
        verdict = words(f"claims.verdict.{row['verdict']}")
        lines.append(f"{row['at']:>8}  {row['text']}  {row['statute']}  {verdict}: {row['why']}")
        if row.get("unverified"):
            lines.append(f"{'':>8}  {words('claims.unverified', list=words.listing(row['unverified']))}")
        if row.get("suggestion"):
            lines.append(f"{'':>8}  → {row['suggestion']}")
    if to_check:
        shown = words.listing(row["text"] for row in to_check)
        lines.append(words("claims.to_check", list=shown))
    return tuple(lines)
