"""The verb `entry`: one entry whole, and between which instants witnesses say it was written."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from typing import Any

from gui.verbs.outcome import Outcome, Session
from gui.verbs.shapes import finding_shape


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Add this group's verbs to the command line."""
    entry = verbs.add_parser("entry", parents=[common], help="one entry, whole, and when it was written")
    entry.add_argument("index", type=int)
    entry.set_defaults(run=entry_verb)


def entry_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Show one entry whole: who signed it, what it says, and when witnesses say it was written."""
    details = session.open().entry_details(options.index)
    document = {
        "type": details.type,
        "party": details.party,
        "event_time": details.event_time,
        "record_time": details.record_time,
        "signed": details.signed,
        "entry_hash": details.entry_hash,
        "event": json.loads(details.document),
        **bracket_shape(session, options.index),
    }
    return Outcome(document, (bracket_line(session, document), *details.document.splitlines()))


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
