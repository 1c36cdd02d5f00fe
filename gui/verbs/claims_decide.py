"""Confirm or dismiss findings of `claims`: the confirmed become events, the dismissed data with a reason."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from gui.verbs.files import document_bytes, write_bytes
from gui.verbs.outcome import Outcome, Session
from ledger.errors import EventInvalid, LedgerError
from models.claims.case import ClaimCase, dismissals

Row = dict[str, Any]
_PNG = b"\x89PNG"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options by which a person decides about findings."""
    about = {"--confirm": "record these findings, about --party", "--dismiss": "they are none; --reason why"}
    for name, text in about.items():
        parser.add_argument(name, type=int, nargs="+", default=[], metavar="N", help=text)
    parser.add_argument("--party", dest="subject", default=None, metavar="PARTY", help="who made the claims")
    parser.add_argument("--reason", default=None, metavar="TEXT", help="why they are dismissed")
    parser.add_argument("--dismissed", action="store_true", help="list every dismissal")
    parser.add_argument("--clip", default=None, metavar="SHA256", help="write kept evidence to --out")
    parser.add_argument("--out", default=None, metavar="FILE", help="write the dismissals here")


def decide(session: Session, options: argparse.Namespace, findings: Sequence[tuple[Row, ClaimCase]]) -> Row:
    """Record what the command line decides about findings, and return what was done.

    Raises:
        EventInvalid: there is no such finding, nobody is named, or no reason is given; nothing was written.
    """
    if not options.confirm and not options.dismiss:
        return {}
    chosen = {number: case for number, (_, case) in enumerate(findings, 1)}
    for number in (*options.confirm, *options.dismiss):
        if number not in chosen:
            raise _refused("--confirm", "claim-number", "there is no such finding", str(number), len(chosen))
    if options.confirm and not options.subject:
        raise _refused("--party", "claim-party", "who made these claims is not said", "nothing", 0)
    if options.dismiss and not (options.reason or "").strip():
        raise _refused("--reason", "dismissal-reason", "a dismissal needs its reason", "nothing", 0)
    return {
        "confirmed": [_confirm(session, options, number, chosen[number]) for number in options.confirm],
        "dismissed": [_dismiss(session, options, number, chosen[number]) for number in options.dismiss],
    }


def dismissed(session: Session, options: argparse.Namespace) -> Outcome:
    """List every dismissal made on this installation, as data for the next lexicon."""
    rows = [asdict(each) for each in dismissals(session.home)]
    if options.out:
        write_bytes(Path(options.out), document_bytes({"dismissals": rows}))
    lines = tuple(f"{row['when'][:10]}  {row['rule']}  {row['text']}  {row['reason']}" for row in rows)
    return Outcome(
        {"dismissals": rows, "file": options.out}, lines or (session.words("claims.dismissed.none"),)
    )


def evidence(session: Session, options: argparse.Namespace) -> Outcome:
    """Write the evidence that an entry cites by its SHA-256.

    Raises:
        LedgerError: code `material-unknown`: it was removed on request, or is kept elsewhere.
    """
    data = session.open().material(options.clip)
    if data is None:
        raise LedgerError(
            "this evidence is not kept here",
            code="material-unknown",
            found=options.clip,
            expected="the SHA-256 that an entry of a confirmed finding cites",
            remedy="ask the installation that recorded it; or it was removed on request",
        )
    path = Path(options.out or f"{options.clip}{'.png' if data.startswith(_PNG) else '.json'}")
    write_bytes(path, data)
    return Outcome({"clip": options.clip, "bytes": len(data), "file": str(path)}, (str(path),))


def no_file() -> EventInvalid:
    """Return the refusal of a command line that names nothing to read."""
    return EventInvalid(
        "the command line cannot be read",
        field="arguments",
        code="usage",
        found="no FILE",
        expected="claims FILE|-",
        remedy="name a file, or - for the input: claims listing.txt",
    )


def _confirm(session: Session, options: argparse.Namespace, number: int, case: ClaimCase) -> Row:
    workspace = session.open()
    receipt = workspace.supervision.confirm_claim(case, options.subject, lot=_lot(session, options))
    event: Any = workspace.entry(receipt.index).event
    session.say(session.words("claims.recorded", n=number, index=receipt.index))
    return {"number": number, "index": receipt.index, "rule": case.rule, "clip": event.clip}


def _dismiss(session: Session, options: argparse.Namespace, number: int, case: ClaimCase) -> Row:
    made = session.open().supervision.dismiss_claim(case, options.reason)
    session.say(session.words("claims.dismissed", n=number))
    return {"number": number, "rule": case.rule, "reason": made.reason}


def _lot(session: Session, options: argparse.Namespace) -> str | None:
    """Return the lot's code as the ledger writes it; a lot nobody recorded is not cited."""
    return session.open().story(options.lot).code if options.lot else None


def _refused(field: str, code: str, what: str, found: str, count: int) -> EventInvalid:
    examples = {
        "claim-number": (f"1 to {count}", "run claims without --confirm to see the numbers"),
        "claim-party": ("an enrolled party", 'name it: --party "NAME"'),
        "dismissal-reason": ("a few words", 'say why: --reason "a standard grade"'),
    }
    expected, remedy = examples[code]
    return EventInvalid(what, field=field, code=code, found=found, expected=expected, remedy=remedy)
