"""Verbs about what lets a batch go: promises of conformity."""

from __future__ import annotations

import argparse
from typing import Any

from gui.verbs.outcome import Outcome, Session

BASES = ("quality-control", "own-test", "commissioned-test", "own-promise")


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Add this group's verbs to the command line."""
    promise = verbs.add_parser(
        "promise", parents=[common], help="issue 承诺达标合格证 for batches of your own"
    )
    promise.add_argument("code", nargs="*", help="batches; none: every batch of yours without one")
    promise.add_argument("--basis", choices=BASES, nargs="+", default=["quality-control"])
    promise.set_defaults(run=promise_verb)


def promise_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Promise that batches conform; a batch that was packed again names the promises it rests on."""
    workspace = session.open()
    issued = workspace.promise(options.code, options.basis, as_party=options.actor)
    promises = [
        {
            "entry": receipt.index,
            "number": event.number,
            "lot": event.lot,
            "quantity": event.quantity,
            "uom": event.uom,
            "based_on": list(event.based_on),
        }
        for receipt, event in issued
    ]
    words = session.words
    lines = [words("terminal.promised", n=str(len(promises)))]
    lines += [f"  {each['number']}  {each['lot']}" for each in promises]
    return Outcome({"promises": promises}, tuple(lines))
