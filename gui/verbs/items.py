"""Verbs about single items: roll prints their secrets, review is signed by one of them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from gui.verbs.outcome import Outcome, Session

MOST = 100_000


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Add this group's verbs to the command line."""
    roll = verbs.add_parser("roll", parents=[common], help="item keys of a lot: print them, or count them")
    roll.add_argument("lot")
    roll.add_argument("--count", type=_count, default=None, metavar="N", help="register and print N keys")
    roll.add_argument("--out", type=Path, default=None, metavar="FILE.pdf")
    roll.add_argument("--tokens", type=Path, default=None, metavar="FILE.txt", help="for a print shop")
    roll.set_defaults(run=roll_verb)
    review = verbs.add_parser(
        "review", parents=[common], help="stars for a seller, proven with an item's key"
    )
    review.add_argument("party")
    review.add_argument("--stars", type=int, required=True, choices=range(1, 6))
    review.add_argument("--text", default="", help="kept in the vault")
    review.add_argument("--lot", default=None, metavar="CODE")
    review.add_argument("--key", default=None, metavar="TOKEN", help="the 26 letters under the scratch layer")
    review.set_defaults(run=review_verb)


def roll_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Register and print a lot's item keys on an unordered scratch roll; without --count, count them."""
    from gui.rolling import write_roll
    from ledger.errors import EventInvalid

    workspace, words = session.open(), session.words
    meant, row = workspace.label_words(options.lot)
    if options.count is None:
        return Outcome({"lot": row.lot, **_counts(workspace, row.lot)})
    if options.out is None:
        raise EventInvalid(
            "a roll is printed when it is made: its secrets are kept nowhere",
            field="--out",
            code="roll-no-file",
            expected="--out roll.pdf",
            remedy=f"roll {options.lot} --count {options.count} --out roll.pdf",
        )
    entry = write_roll(workspace, words, meant, options.count, options.out, options.tokens)
    document = {
        "lot": row.lot,
        "file": str(options.out),
        "printed": options.count,
        "entry": entry,
        **_counts(workspace, row.lot),
    }
    return Outcome(document, (words("roll.done", n=options.count, file=options.out, index=entry),))


def review_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Record a review; with an item's key it counts fully, once."""
    workspace = session.open()
    party = workspace.party(options.party)
    receipt = workspace.opinions.review(
        party.id, options.stars, options.text, lot=_lot(workspace, options.lot), token=options.key
    )
    event: Any = workspace.entry(receipt.index).event
    proven = options.key is not None and workspace.items.proven(event)
    document = {"entry": receipt.index, "party": party.id, "stars": options.stars, "proven": proven}
    line = session.words("review.recorded.proven" if proven else "review.recorded", index=receipt.index)
    return Outcome(document, (line,))


def _lot(workspace: Any, code: str | None) -> str | None:
    return None if code is None else str(workspace.label_words(code)[1].lot)


def _counts(workspace: Any, lot: str) -> dict[str, Any]:
    found = workspace.items.counts(lot)
    if found is None:
        return {"registered": None, "sold": None, "counted": 0, "fits": True}
    return {
        "registered": found.registered,
        "sold": found.sold,
        "counted": found.counted,
        "fits": found.fits,
    }


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= MOST:
        raise argparse.ArgumentTypeError(f"{number}: expected 1 to {MOST}")
    return number
