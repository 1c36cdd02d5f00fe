"""`export --static DIR`, `verify --static DIR`: the ledger as files that any web server or stick carries."""

from __future__ import annotations

import argparse

from gui.verbs.outcome import CHECK_FAILED, DONE, Outcome, Session
from ledger.errors import EventInvalid, LedgerError

# What is wrong with the folder, as against a question that cannot be asked.
_BROKEN = (
    "tile-missing", "tile-damaged", "tiles-other-root", "note-unverified", "note-signature-invalid",
    "note-malformed", "checkpoint-malformed", "checkpoint-other-log",
)  # fmt: skip


def export_static(session: Session, options: argparse.Namespace) -> Outcome:
    """Write the ledger's tiles, entries and newest checkpoint; run again, it only adds what is new."""
    workspace = session.open()
    entries = workspace.log.write_static(options.static)
    head = workspace.log.checkpoint()
    document = {
        "entries": entries,
        "folder": options.static,
        "origin": head.origin,
        "root": head.root,
        "log_key": head.log_key,
    }
    line = session.words("terminal.static.written", n=str(entries), folder=str(options.static))
    return Outcome(document, (line, head.log_key))


def verify_static(session: Session, options: argparse.Namespace) -> Outcome:
    """Hash every entry of a folder again and hold it to its signed checkpoint; no ledger is needed."""
    from models.proving import check_static_folder

    key = options.log_key or _own_key(session)
    document = {"holds": True, "entries": 0, "root": "", "witnesses": [], "problems": []}
    try:
        found = check_static_folder(options.static, key, session.witnessing().trusted())
    except LedgerError as error:
        if error.code not in _BROKEN:
            raise
        document |= {"holds": False, "problems": [{"index": None, **error.as_document()}]}
        what, remedy = session.words.problem(error)
        return Outcome(document, (f"! {what}: {error.found} / {error.expected}", f"  {remedy}"), CHECK_FAILED)
    document |= {"entries": found.size, "root": found.root, "witnesses": list(found.cosignatures)}
    line = session.words("terminal.static.holds", n=str(found.size), root=found.root)
    return Outcome(document, (line,), DONE)


def _own_key(session: Session) -> str:
    try:
        return session.open().log.checkpoint().log_key
    except LedgerError as error:
        raise EventInvalid(
            "whose ledger this folder holds must be said",
            field="--log-key",
            code="log-key-needed",
            found="no key, and no ledger of its own here",
            expected="the ledger's verifier key",
            remedy="verify --static DIR --log-key KEY (its owner sees it with: checkpoint --json, log_key)",
        ) from error
