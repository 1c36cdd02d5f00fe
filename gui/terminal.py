"""Everything the desktop can do, for scripts: `VERB ...` with stable JSON keys and exit codes.

The contract: with `--json` exactly ONE JSON document on stdout and nothing else there; messages and
progress go to stderr; exit 0 done or holds, 1 done and a check failed, 2 refused and nothing written,
3 partly refused. No Qt here, not even indirectly, so that `verify` runs on a server without a screen.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TextIO

from gui.options import Parser, common_options
from gui.refusals import print_document, refuse
from gui.verbs import (
    bench,
    cases,
    claims,
    credit,
    demo,
    entry,
    exchange,
    goods,
    identity,
    items,
    keys,
    label,
    ledger,
    merchants,
    policy,
    quality,
    scan,
    trace,
    trials,
    witness,
)
from gui.verbs.outcome import Outcome, Session
from ledger.errors import EventInvalid, Problem

Verb = Callable[[Session, argparse.Namespace], Outcome]
GROUPS = (
    demo,
    ledger,
    entry,
    identity,
    keys,
    exchange,
    goods,
    trace,
    label,
    scan,
    credit,
    policy,
    cases,
    merchants,
    items,
    claims,
    quality,
    trials,
    witness,
    bench,
)


def command_line() -> Parser:
    """Return the whole command line: the common options and every verb."""
    parser = Parser(prog="suxin", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    common = common_options()
    for option in common:
        parser.add_argument(*option[0], **option[1])
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", parser_class=Parser)
    shared = argparse.ArgumentParser(add_help=False)
    for names, settings in common:
        # SUPPRESS: an option given before the verb must not be reset by the verb's own default.
        shared.add_argument(*names, **{**settings, "default": argparse.SUPPRESS})
    for group in GROUPS:
        group.add_verbs(verbs, shared)
    return parser


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """Read the command line; `verb` is None when the desktop is asked for.

    Raises:
        EventInvalid: the words do not fit; `expected` shows the usage.
    """
    return command_line().parse_args(list(argv))


def instant(text: str) -> datetime:
    """Read `--at`: an ISO 8601 instant; without an offset it is UTC.

    >>> instant("2026-03-01T08:00:00+08:00").isoformat()
    '2026-03-01T00:00:00+00:00'
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise EventInvalid(
            "this is not an instant",
            field="--at",
            code="instant",
            found=text,
            expected="ISO 8601, such as 2026-03-01T08:00:00+08:00",
            remedy="give a date and time with an offset",
        ) from error
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def run(options: argparse.Namespace, session: Session, out: TextIO, err: TextIO) -> int:
    """Run the verb, print its outcome, and return the exit code."""
    verb: Verb = options.run
    try:
        outcome = verb(session, options)
    except Problem as problem:
        return refuse(problem, as_json=options.json, out=out, err=err, words=session.words)
    why = session.read_only()
    if why is not None:
        what, remedy = session.words.problem(why)
        err.write(f"{session.words('terminal.read_only', why=what)}\n  → {remedy}\n")
    if options.json:
        told = {} if why is None else {"read_only": why.as_document()}
        print_document({**outcome.document, **told}, out)
    else:
        out.writelines(f"{line}\n" for line in outcome.lines)
    return outcome.code


def stderr_line(text: str) -> None:
    """Write one line of progress where it cannot disturb the document."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()
