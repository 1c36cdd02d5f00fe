"""The verb `key`: which keys a party has, change them, or end one."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from gui.verbs.files import read_bytes, write_bytes
from gui.verbs.outcome import Outcome, Session
from ledger.errors import LedgerError


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Add this group's verbs to the command line."""
    key = verbs.add_parser("key", parents=[common], help="a party's keys: show, rotate, revoke")
    acts = key.add_subparsers(dest="act", metavar="ACT", required=True, parser_class=type(key))
    show = acts.add_parser("show", parents=[common], help="every key the party ever had")
    show.add_argument("party", nargs="?", default=None)
    show.set_defaults(run=show_verb)
    rotate = acts.add_parser("rotate", parents=[common], help="a new key; old and new sign, the old ends")
    rotate.add_argument("--reason", default="rotated")
    rotate.set_defaults(run=rotate_verb)
    lend = acts.add_parser("lend", parents=[common], help="the log key, sealed, for an office of this ledger")
    lend.add_argument("--out", type=Path, required=True)
    lend.set_defaults(run=lend_verb)
    accept = acts.add_parser("accept", parents=[common], help="use a log key that another office lent")
    accept.add_argument("file", type=Path)
    accept.set_defaults(run=accept_verb)
    revoke = acts.add_parser("revoke", parents=[common], help="end a key from the next entry on")
    revoke.add_argument("key_id", metavar="KEY")
    revoke.add_argument("--party", default=None, help="whose key it is; default: who signs")
    revoke.add_argument("--reason", required=True)
    revoke.set_defaults(run=revoke_verb)


def show_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Show a party's keys with the entries between which each may speak."""
    from models import rotation

    workspace = session.open()
    party = _party(workspace, options.party)
    rows = rotation.keys_of(workspace, party.id)
    document = {
        "party": party.id,
        "keys": [
            {"key": row.key_id, "added": row.added, "revoked": row.revoked, "here": row.here} for row in rows
        ],
    }
    lines = []
    for row in rows:
        state = "valid" if row.revoked is None else "revoked"
        shown = {"id": row.key_id, "added": str(row.added), "revoked": str(row.revoked)}
        lines.append(session.words(f"terminal.key.{state}", **shown))
    return Outcome(document, tuple(lines))


def rotate_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Give the party that signs a new key; the old and the new one both sign the change."""
    from models import rotation

    workspace = session.open()
    party = _party(workspace, None)
    done = rotation.rotate(workspace, party.id, options.reason)
    document = {
        "party": party.id,
        "key": done.new,
        "revoked": done.old,
        "entries": [done.added, done.revoked],
    }
    line = session.words("terminal.key.rotated", new=done.new, old=done.old, index=str(done.revoked))
    return Outcome(document, (line,))


def revoke_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """End a key's right to speak."""
    from models import rotation

    workspace = session.open()
    signer = _party(workspace, None)
    party = signer if options.party is None else workspace.party(options.party)
    receipt = rotation.revoke(workspace, party.id, options.key_id, options.reason, as_party=signer.id)
    document = {"party": party.id, "revoked": options.key_id, "entries": [receipt.index]}
    line = session.words("terminal.key.ended", id=options.key_id, index=str(receipt.index))
    return Outcome(document, (line,))


def lend_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Write the log's key, sealed under SUXIN_SHARED_PASSPHRASE, for an office that shares this ledger."""
    data = session.keys().lend_log_key(_passphrase())
    write_bytes(options.out, data)
    line = session.words("terminal.key.lent", file=str(options.out))
    return Outcome({"file": options.out}, (line,))


def accept_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Use the log key of a sealed file from now on."""
    key_id = session.keys().accept_log_key(read_bytes(options.file), _passphrase())
    return Outcome({"log_key": key_id}, (session.words("terminal.key.accepted", id=key_id),))


def _passphrase() -> str:
    found = os.environ.get("SUXIN_SHARED_PASSPHRASE", "")
    if found:
        return found
    raise LedgerError(
        "a key that travels needs a passphrase",
        code="passphrase-empty",
        expected="a passphrase in SUXIN_SHARED_PASSPHRASE, told by another way than the file",
        remedy="export SUXIN_SHARED_PASSPHRASE='four unrelated words'",
    )


def _party(workspace: Any, named: str | None) -> Any:
    party = workspace.me() if named is None else workspace.party(named)
    if party is None:
        raise LedgerError(
            "nobody can sign on this machine",
            code="no-identity",
            expected="an identity with a key",
            remedy='make one: init --name "NAME" --role cooperative',
        )
    return party
