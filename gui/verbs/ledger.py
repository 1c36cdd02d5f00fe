"""Verbs that write to the ledger and prove it: init, enrol, verify, checkpoint, cosign, proof, rebuild."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

from gui.notes import read_note, write_checkpoint, write_note
from gui.verbs.checking import check_export, is_export
from gui.verbs.entry import bracket_line, bracket_shape
from gui.verbs.files import read_bytes, write_bytes
from gui.verbs.outcome import CHECK_FAILED, DONE, Outcome, Session
from gui.verbs.verify import verify_verb
from gui.verbs.witness import push_verb
from ledger.errors import EventInvalid
from models.identity import backup_phrase


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Add this group's verbs to the command line."""
    init = verbs.add_parser(
        "init", parents=[common], help="make an identity, and a ledger where there is none"
    )
    init.add_argument("--name", required=True, help="registered name")
    init.add_argument("--name-en", default=None)
    init.add_argument(
        "--role", required=True, action="append", help="cooperative, carrier, merchant, inspector ..."
    )
    init.add_argument("--gln", default=None, help="GS1 location number, 13 digits")
    init.add_argument("--category", default=None, help="rice, fruit, seafood, grocery ...")
    init.add_argument("--phrase", action="store_true", help="say the backup phrase, to write on paper")
    init.set_defaults(run=init_verb)
    enrol = verbs.add_parser("enrol", parents=[common], help="admit a party by its enrolment request")
    enrol.add_argument("file", type=Path)
    enrol.set_defaults(run=enrol_verb)
    verify = verbs.add_parser("verify", parents=[common], help="the numbered audit")
    verify.add_argument("--against", type=Path, action="append", default=[], metavar="CHECKPOINT")
    verify.add_argument("--static", type=Path, default=None, metavar="DIR", help="a folder of static tiles")
    verify.add_argument("--log-key", default=None, metavar="KEY", help="with --static: whose ledger it is")
    verify.add_argument("--out", type=Path, default=None, metavar="FILE", help="health report: .json, .pdf")
    verify.add_argument("--check", type=Path, default=None, metavar="FILE", help="is this report whole")
    verify.set_defaults(run=verify_verb)
    checkpoint = verbs.add_parser("checkpoint", parents=[common], help="the tree head as a signed note")
    checkpoint.add_argument("--out", type=Path, default=None)
    checkpoint.add_argument(
        "--since", type=int, default=None, metavar="SIZE", help="add the proof a witness needs"
    )
    checkpoint.add_argument("--sheet", default=None, metavar="NAME", help="as a label on this sheet")
    checkpoint.set_defaults(run=checkpoint_verb)
    cosign = verbs.add_parser(
        "cosign", parents=[common], help="witness a checkpoint, or take in a cosigned one"
    )
    cosign.add_argument("file", type=Path, nargs="?", default=None)
    cosign.add_argument("--to", default=None, metavar="URL", help="ask the witness at this address")
    cosign.add_argument("--out", type=Path, default=None)
    cosign.add_argument("--log-key", default=None, help="the other ledger's verifier key, once")
    cosign.add_argument("--witness", default=None, help="a witness's verifier key, once")
    cosign.set_defaults(run=cosign_verb)
    proof = verbs.add_parser("proof", parents=[common], help="a self-contained proof file")
    proof.add_argument("code", metavar="CODE|INDEX")
    proof.add_argument("--out", type=Path, required=True)
    proof.set_defaults(run=proof_verb)
    check = verbs.add_parser(
        "check", parents=[common], help="check a proof file, or an export with its proof, with no ledger"
    )
    check.add_argument("file", type=Path)
    check.set_defaults(run=check_verb)
    rebuild = verbs.add_parser("rebuild", parents=[common], help="drop the views and fold them again")
    rebuild.set_defaults(run=rebuild_verb)


def init_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Make an identity; found the ledger where there is none, else leave a request to be enrolled with."""
    made = session.found(
        name=options.name,
        name_en=options.name_en,
        roles=tuple(options.role),
        gln=options.gln,
        category=options.category,
    )
    words = session.words
    line = words(f"terminal.init.{made.state}", name=options.name, party=made.party, key_id=made.key_id)
    document = {"party": made.party, "key": made.key_id, "ledger": made.state, "request": made.request}
    lines = (line,) + ((str(made.request),) if made.request else ())
    if not options.phrase:
        return Outcome(document, lines)
    rows = backup_phrase(session.keys(), made.party)
    return Outcome({**document, "phrase": list(rows)}, (*lines, words("terminal.phrase"), *rows))


def enrol_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Admit the party of an enrolment request; only the ledger's administrator may."""
    request = read_bytes(options.file)
    receipt, enrolled = session.open().enrol(request)
    line = session.words("terminal.enrolled", party=session.words.name(enrolled), index=str(receipt.index))
    document = {"party": enrolled.party, "public_key": enrolled.public_key, "entry": receipt.index}
    return Outcome(document, (line,))


def checkpoint_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Show the newest checkpoint, with the witnesses' cosignatures it has."""
    state = session.open().log.checkpoint()
    if options.out and options.since is not None:
        write_note(options.out, session.open().log.witness_request(options.since))
    elif options.out:
        write_checkpoint(session.words, state, options.out, options.sheet)
    document = {
        "origin": state.origin,
        "size": state.size,
        "root": state.root,
        "cosignatures": list(state.cosignatures),
        "log_key": state.log_key,
        "note": state.note,
    }
    return Outcome(document, tuple(state.note.splitlines()))


def cosign_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Witness a checkpoint of another ledger, or keep the cosignatures that witnesses gave ours."""
    if options.to is not None:
        return push_verb(session, argparse.Namespace(url=options.to, witness=options.witness))
    if options.file is None:
        raise EventInvalid(
            "no checkpoint is named",
            field="FILE",
            code="usage",
            expected="cosign FILE, or cosign --to URL",
            remedy="cosign checkpoint.txt",
        )
    result = _cosign(session, options)
    out = options.out or options.file
    write_note(out, result.note)
    document = {
        "origin": result.origin,
        "size": result.size,
        "root": result.root,
        "cosignatures": list(result.cosignatures),
        "witness_key": result.witness_key,
        "file": out,
    }
    return Outcome(document, (session.words("terminal.cosigned", size=str(result.size), file=str(out)),))


def _cosign(session: Session, options: argparse.Namespace) -> Any:
    text = read_note(options.file)
    return session.cosign(text, log_key=options.log_key, witness=options.witness)


def proof_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Write a proof that anyone checks without the ledger."""
    workspace = session.open()
    target: str | int = int(options.code) if options.code.isdecimal() else options.code
    data = workspace.log.proof(target)
    write_bytes(options.out, data)
    result = workspace.log.check(data)
    entries = [entry.index for entry in result.entries]
    brackets = [bracket_shape(session, index) for index in entries]
    document = {
        "file": options.out,
        "entry": entries[0],
        "entries": entries,
        "size": result.size,
        "root": result.root.hex(),
        "witnesses": list(result.witnesses),
        "brackets": brackets,
    }
    line = session.words("terminal.proof", file=str(options.out), n=str(len(entries)))
    return Outcome(document, (line, *(bracket_line(session, row) for row in brackets)))


def check_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Check a proof file, or make an export again from the proof beside it; no ledger is opened."""
    from ledger.events import codec
    from models.log import check_proof

    data = read_bytes(options.file)
    if is_export(data):
        return check_export(session, options.file, data)
    result = check_proof(data)
    document = {
        "holds": result.holds,
        "entry": result.entries[0].index if result.entries else None,
        "entries": [
            {
                "index": each.index,
                "type": each.type,
                "party": each.party,
                "party_name": each.party_name,
                "record_time": each.record_time,
                "event": codec.document(each.event),
            }
            for each in result.entries
        ],
        "origin": result.origin,
        "log_key": result.log_key,
        "size": result.size,
        "root": result.root.hex(),
        "witnesses": list(result.witnesses),
        "problem": None if result.problem is None else result.problem.as_document(),
    }
    state = "holds" if result.holds else "fails"
    problem = "" if result.problem is None else session.words.problem(result.problem)[0]
    line = session.words(
        f"terminal.check.{state}", n=str(len(result.entries)), size=str(result.size), problem=problem
    )
    return Outcome(document, (line,), DONE if result.holds else CHECK_FAILED)


def rebuild_verb(session: Session, options: argparse.Namespace) -> Outcome:  # noqa: ARG001
    """Drop the views and fold every entry again; nothing is lost."""
    workspace = session.open()
    start = time.perf_counter()
    entries = workspace.rebuild()
    seconds = round(time.perf_counter() - start, 3)
    line = session.words("terminal.rebuilt", entries=str(entries), seconds=f"{seconds:.2f}")
    return Outcome({"entries": entries, "seconds": seconds}, (line,))
