"""The verbs `entry` and `correct`: one entry whole, when it was written, and how it is declared wrong."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from gui.amounts import amount
from gui.verbs.outcome import Outcome, Session
from gui.verbs.shapes import change_shape, correction_shape, fact_shape, finding_shape
from gui.wording import correction_text, fact_name, fact_value
from gui.words import Words


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Add this group's verbs to the command line."""
    entry = verbs.add_parser("entry", parents=[common], help="one entry, whole, and when it was written")
    entry.add_argument("index", type=int)
    entry.set_defaults(run=entry_verb)
    correct = verbs.add_parser("correct", parents=[common], help="declare an entry wrong, and say it right")
    correct.add_argument("index", type=int)
    correct.add_argument("--reason", required=True, help="did_not_occur | incorrect_data")
    correct.add_argument(
        "--quantity",
        nargs=2,
        action="append",
        default=[],
        metavar=("LOT", "AMOUNT"),
        help="the right amount of a lot, in the unit of the entry",
    )
    correct.add_argument(
        "--set",
        dest="facts",
        nargs=2,
        action="append",
        default=[],
        metavar=("FACT", "VALUE"),
        help="what else is right: event_time, place, source, destination, document.1 ... (see `entry`)",
    )
    correct.add_argument(
        "--preview",
        action="store_true",
        help="say what would change and come to light; write nothing",
    )
    correct.add_argument(
        "--with", dest="instead", type=Path, default=None, metavar="FILE", help="the right event (EPCIS)"
    )
    correct.set_defaults(run=correct_verb)


def entry_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Show one entry whole: who signed it, what it says, and when witnesses say it was written."""
    workspace = session.open()
    details = workspace.entry_details(options.index)
    standing = workspace.corrections.standing(options.index)
    wrong = standing.correction
    document = {
        "type": details.type,
        "party": details.party,
        "event_time": details.event_time,
        "record_time": details.record_time,
        "signed": details.signed,
        "entry_hash": details.entry_hash,
        "event": json.loads(details.document),
        "correction": None if wrong is None else correction_shape(wrong),
        "facts": [fact_shape(fact) for fact in workspace.corrections.facts(standing) if standing.open],
        **bracket_shape(session, options.index),
    }
    told = () if wrong is None else (correction_text(session.words, wrong),)
    return Outcome(document, (bracket_line(session, document), *told, *details.document.splitlines()))


def correct_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Declare an entry wrong; both it and what corrects it stay in the ledger."""
    workspace, words = session.open(), session.words
    corrections = workspace.corrections
    amounts = {
        _lot(workspace, options.index, code): amount(text, field="--quantity")
        for code, text in options.quantity
    }
    instead = corrections.read(options.instead) if options.instead else ()
    plan = corrections.plan(options.index, options.reason, amounts, instead, dict(options.facts))
    document = {
        "corrected": options.index,
        "reason": options.reason,
        "changes": [change_shape(change) for change in plan.changes],
        "findings": [finding_shape(found, words) for found in corrections.findings(plan)],
    }
    told = change_lines(workspace, words, plan.changes)
    if options.preview:
        return Outcome({**document, "entry": None, "corrective": []}, told)
    *right, declared = corrections.record(plan)
    document |= {"entry": declared.index, "corrective": [receipt.index for receipt in right]}
    return Outcome(document, (*told, correction_text(words, corrections.standing(options.index).correction)))


def change_lines(workspace: Any, words: Words, changes: Iterable[Any]) -> tuple[str, ...]:
    """Say what was said and what is said instead, one line each."""
    listed = tuple(changes)
    facts = [change.fact for change in listed]
    names = workspace.corrections.names(facts, [change.value for change in listed])
    return tuple(
        words(
            "correction.change",
            what=fact_name(words, one.fact),
            was=fact_value(words, one.fact, one.fact.value, names),
            now=fact_value(words, one.fact, one.value, names),
        )
        for one in listed
    )


def _lot(workspace: Any, index: int, named: str) -> str:
    """Return the code of the entry that a person means by it, or by the lot number on the label alone."""
    fits = [code for code in workspace.corrections.codes(index) if named in (code, code.rsplit("/", 1)[-1])]
    return fits[0] if len(fits) == 1 else named


def bracket_shape(session: Session, index: int) -> dict[str, Any]:
    """Return between which instants witnesses put an entry, and what they know against its times."""
    details = session.open().entry_details(index)
    return {
        "entry": index,
        "witnessed": details.witnessed,
        "not_before": details.not_before,
        "not_after": details.not_after,
        "findings": [finding_shape(found, session.words) for found in details.findings],
    }


def bracket_line(session: Session, row: Mapping[str, Any]) -> str:
    """Say it in one line."""
    words = session.words
    ends = {
        name: words("terminal.entry.open") if row[key] is None else words.time(row[key])
        for name, key in (("after", "not_before"), ("before", "not_after"))
    }
    return words("terminal.entry.bracket", index=str(row["entry"]), **ends)
