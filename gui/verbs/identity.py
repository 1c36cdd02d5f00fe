"""Verbs for the key on paper: `phrase` says it, `restore` makes the same key on another machine."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from gui.verbs.outcome import Outcome, Session
from models.identity import backup_phrase, restore_identity


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Add this group's verbs to the command line."""
    phrase = verbs.add_parser(
        "phrase", parents=[common], help="the backup phrase of a key, to write on paper"
    )
    phrase.set_defaults(run=phrase_verb)
    restore = verbs.add_parser("restore", parents=[common], help="make a key again from its backup phrase")
    # From standard input it stays out of the shell's history.
    restore.add_argument("phrase", nargs="*", metavar="GROUP", help="by default read from standard input")
    restore.add_argument("--gln", default=None, help="the location number that names the party, if one does")
    restore.set_defaults(run=restore_verb)


def phrase_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Say the phrase of the party whose key signs."""
    home = session.keys()
    party = options.actor or home.me
    rows = backup_phrase(home, party)
    return Outcome({"party": party, "phrase": list(rows)}, (session.words("terminal.phrase"), *rows))


def restore_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Seal the key that the phrase says in this home."""
    text = " ".join(options.phrase) or sys.stdin.read()
    party, key = restore_identity(session.keys(), text, options.gln)
    line = session.words("terminal.restored", party=party, key_id=key)
    return Outcome({"party": party, "key": key}, (line,))
