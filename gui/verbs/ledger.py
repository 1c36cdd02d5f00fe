"""Verbs that write to the ledger and prove it: init, enrol, import, verify, checkpoint, proof, bundle."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

from gui.verbs.files import read_bytes, read_text, write_bytes
from gui.verbs.outcome import CHECK_FAILED, DONE, PARTLY_REFUSED, REFUSED, Outcome, Session
from ledger.errors import EventInvalid


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
    init.set_defaults(run=init_verb)
    enrol = verbs.add_parser("enrol", parents=[common], help="admit a party by its enrolment request")
    enrol.add_argument("file", type=Path)
    enrol.set_defaults(run=enrol_verb)
    load = verbs.add_parser("import", parents=[common], help="EPCIS 2.0 JSON-LD or XML, or a spreadsheet")
    load.add_argument("file", type=Path, nargs="+")
    load.add_argument("--rejected", type=Path, default=None, help="write a spreadsheet's refused rows here")
    load.set_defaults(run=import_verb)
    export = verbs.add_parser("export", parents=[common], help="EPCIS 2.0 JSON-LD, CSV, or an empty template")
    export.add_argument("--format", choices=("epcis-json", "csv", "template"), required=True)
    export.add_argument("--out", type=Path, required=True)
    export.set_defaults(run=export_verb)
    verify = verbs.add_parser("verify", parents=[common], help="the numbered audit")
    verify.add_argument("--against", type=Path, action="append", default=[], metavar="CHECKPOINT")
    verify.set_defaults(run=verify_verb)
    checkpoint = verbs.add_parser("checkpoint", parents=[common], help="the tree head as a signed note")
    checkpoint.add_argument("--out", type=Path, default=None)
    checkpoint.add_argument(
        "--since", type=int, default=None, metavar="SIZE", help="add the proof a witness needs"
    )
    checkpoint.set_defaults(run=checkpoint_verb)
    cosign = verbs.add_parser(
        "cosign", parents=[common], help="witness a checkpoint, or take in a cosigned one"
    )
    cosign.add_argument("file", type=Path)
    cosign.add_argument("--out", type=Path, default=None)
    cosign.add_argument("--log-key", default=None, help="the other ledger's verifier key, once")
    cosign.add_argument("--witness", default=None, help="a witness's verifier key, once")
    cosign.set_defaults(run=cosign_verb)
    proof = verbs.add_parser("proof", parents=[common], help="a self-contained proof file")
    proof.add_argument("code", metavar="CODE|INDEX")
    proof.add_argument("--out", type=Path, required=True)
    proof.set_defaults(run=proof_verb)
    check = verbs.add_parser("check", parents=[common], help="check a proof file with no ledger")
    check.add_argument("file", type=Path)
    check.set_defaults(run=check_verb)
    bundle = verbs.add_parser("bundle", parents=[common], help="signed exchange without a network")
    bundle.add_argument("way", choices=("out", "in"))
    bundle.add_argument("file", type=Path, nargs="?", default=None)
    bundle.add_argument("--out", type=Path, default=None)
    bundle.add_argument("--start", type=int, default=0, metavar="INDEX", help="the first entry to carry")
    bundle.set_defaults(run=bundle_verb)
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
    return Outcome(document, (line,) + ((str(made.request),) if made.request else ()))


def enrol_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Admit the party of an enrolment request; only the ledger's administrator may."""
    request = read_bytes(options.file)
    receipt, enrolled = session.open().enrol(request)
    line = session.words("terminal.enrolled", party=enrolled.name, index=str(receipt.index))
    document = {"party": enrolled.party, "public_key": enrolled.public_key, "entry": receipt.index}
    return Outcome(document, (line,))


def import_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Record every good event of the files; refuse the others one by one and keep the rest."""
    workspace = session.open()
    reports, refused = [], []
    for path in options.file:
        try:
            report = workspace.import_file(path, as_party=options.party)
        except EventInvalid as problem:
            if len(options.file) == 1:
                raise
            # One unreadable file must not hide what became of the others.
            refused.append({"file": str(path), **problem.as_document()})
            continue
        reports.append(report)
        refused += [{"file": str(path), **problem.as_document()} for problem in report.refused]
    accepted = sum(report.accepted for report in reports)
    described = sum(report.described for report in reports)
    duplicates = sum(report.duplicates for report in reports)
    shared = [event_id for report in reports for event_id in report.shared_ids]
    entries = [index for report in reports for index in report.entries]
    words = session.words
    lines = [
        words(
            "terminal.imported", accepted=str(accepted), duplicates=str(duplicates), refused=str(len(refused))
        )
    ]
    if options.rejected and any(report.rejected for report in reports):
        write_bytes(options.rejected, b"".join(report.rejected for report in reports))
    lines += [f"  {row['where']}: {row['what']} ({row['found']} / {row['expected']})" for row in refused]
    if shared:
        lines.append(words("terminal.shared_ids", n=str(len(shared))))
    document = {
        "accepted": accepted,
        "described": described,
        "duplicates": duplicates,
        "refused": refused,
        "entries": entries,
        "shared_ids": shared,
    }
    return Outcome(document, tuple(lines), _import_code(accepted + duplicates, len(refused)))


def _import_code(kept: int, refused: int) -> int:
    if not refused:
        return DONE
    return PARTLY_REFUSED if kept else REFUSED


def export_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Write the goods out for other systems, or the spreadsheet that import reads."""
    if options.format == "template":
        from ledger.events.template import template

        rows, data = 0, template(session.words.locale, session.clock())
    else:
        rows, data = session.open().export(options.format)
    write_bytes(options.out, data)
    line = session.words("terminal.exported", rows=str(rows), file=str(options.out))
    return Outcome({"rows": rows, "file": options.out}, (line,))


def verify_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Run the numbered audit; exit 1 when anything does not hold."""
    against = tuple(read_text(path) for path in options.against)
    report = session.open().audit(_progress(session), lambda: False, against=against)
    words = session.words
    problems = [
        {
            "step": problem.step,
            "index": problem.index,
            "code": problem.code,
            "found": problem.found,
            "expected": problem.expected,
            "remedy": problem.remedy,
        }
        for problem in report.problems
    ]
    document = {
        "holds": not problems,
        "entries": report.entries,
        "root": report.root.hex(),
        "witnessed_to": report.witnessed_to,
        "steps": [
            {"number": step.number, "code": step.code, "status": step.status, "checked": step.checked}
            for step in report.steps
        ],
        "problems": problems,
    }
    lines = [
        f"({step.number}) {words('audit_step.' + step.code)}: {words('status.' + step.status)}"
        for step in report.steps
    ]
    lines += [_problem_line(row) for row in problems]
    lines.append(_witness_line(session, report.entries, report.witnessed_to))
    return Outcome(document, tuple(lines), CHECK_FAILED if problems else DONE)


def _problem_line(row: dict[str, Any]) -> str:
    where = "" if row["index"] is None else f"#{row['index']} "
    return f"! {where}{row['code']}: {row['found']} / {row['expected']} → {row['remedy']}"


def _witness_line(session: Session, entries: int, witnessed_to: int) -> str:
    if witnessed_to >= entries:
        return session.words("terminal.all_witnessed", n=str(entries))
    return session.words("terminal.not_witnessed", first=str(witnessed_to), last=str(entries - 1))


def _progress(session: Session) -> Any:
    def tell(done: int, total: int, step: str) -> None:
        if total and (done == total or done % 20_000 == 0):
            session.say(f"{step}: {done}/{total}")

    return tell


def checkpoint_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Show the newest checkpoint, with the witnesses' cosignatures it has."""
    state = session.open().checkpoint()
    if options.out:
        text = state.note if options.since is None else session.open().witness_request(options.since)
        write_bytes(options.out, text.encode())
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
    result = _cosign(session, options)
    out = options.out or options.file
    write_bytes(out, result.note.encode())
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
    text = read_text(options.file)
    return session.cosign(text, log_key=options.log_key, witness=options.witness)


def proof_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Write a proof that anyone checks without the ledger."""
    workspace = session.open()
    target: str | int = int(options.code) if options.code.isdecimal() else options.code
    data = workspace.proof(target)
    write_bytes(options.out, data)
    result = workspace.check(data)
    entries = [entry.index for entry in result.entries]
    document = {
        "file": options.out,
        "entry": entries[0],
        "entries": entries,
        "size": result.size,
        "root": result.root.hex(),
        "witnesses": list(result.witnesses),
    }
    line = session.words("terminal.proof", file=str(options.out), n=str(len(entries)))
    return Outcome(document, (line,))


def check_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Check a proof file; no ledger is opened."""
    from ledger.events import codec
    from models.library import check_proof

    result = check_proof(read_bytes(options.file))
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


def bundle_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Carry entries between ledgers on a stick: out writes, in adds what is new and shows conflicts."""
    workspace = session.open()
    path = options.out or options.file
    if path is None:
        raise EventInvalid(
            "no file is named",
            field="FILE",
            code="bundle-file",
            expected="bundle out --out FILE, or bundle in FILE",
            remedy="bundle out --out entries.bundle",
        )
    if options.way == "out":
        data = workspace.bundle(options.start)
        write_bytes(path, data)
        count = workspace.size() - options.start
        return Outcome(
            {"file": path, "entries": count}, (session.words("terminal.bundle_out", n=str(count)),)
        )
    result = workspace.take_in(read_bytes(path))
    document = {
        "origin": result.origin,
        "log_key": result.log_key,
        "added": result.added,
        "known": result.known,
        "conflicts": [
            {"entry_hash": each.entry_hash.hex(), "index": each.index} for each in result.conflicts
        ],
        "refused": [
            {"entry_hash": each.entry_hash.hex(), **(each.problem.as_document() if each.problem else {})}
            for each in result.refused
        ],
    }
    line = session.words("terminal.bundle_in", added=str(result.added), conflicts=str(len(result.conflicts)))
    bad = result.conflicts or result.refused
    return Outcome(document, (line,), CHECK_FAILED if bad else DONE)


def rebuild_verb(session: Session, options: argparse.Namespace) -> Outcome:  # noqa: ARG001
    """Drop the views and fold every entry again; nothing is lost."""
    workspace = session.open()
    start = time.perf_counter()
    entries = workspace.rebuild()
    seconds = round(time.perf_counter() - start, 3)
    line = session.words("terminal.rebuilt", entries=str(entries), seconds=f"{seconds:.2f}")
    return Outcome({"entries": entries, "seconds": seconds}, (line,))
