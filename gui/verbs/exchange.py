"""Verbs that carry data over the ledger's border: import, export, and bundles on a stick."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from gui.notes import is_picture, read_parts, write_parts
from gui.verbs.files import read_bytes, write_bytes
from gui.verbs.outcome import CHECK_FAILED, DONE, Outcome, Session
from gui.verbs.preview import import_code, preview_files
from gui.verbs.static import export_static
from gui.words import Words
from ledger.errors import EventInvalid, LedgerError

FORMS = ("epcis-json", "csv", "hegezheng", "fsma204")
WORTH_TELLING = 4096
"""An import of this many events takes long enough for progress to be told."""


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Add this group's verbs to the command line."""
    load = verbs.add_parser(
        "import",
        parents=[common],
        help="EPCIS 2.0 JSON-LD or XML, a spreadsheet, or a table of inspection results or reviews",
    )
    load.add_argument("file", type=Path, nargs="+")
    load.add_argument("--rejected", type=Path, default=None, help="write a spreadsheet's refused rows here")
    load.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="HEADING=NAME",
        help="read this heading of a table of results or reviews as that column, such as 店家=subject",
    )
    load.add_argument("--preview", action="store_true", help="say what it would come to; record nothing")
    load.set_defaults(run=import_verb)
    export = verbs.add_parser(
        "export", parents=[common], help="packs with a proof of every row, or a template"
    )
    export.add_argument("--format", choices=(*FORMS, "template"), default=None)
    export.add_argument("--out", type=Path, default=None)
    export.add_argument("--static", type=Path, default=None, metavar="DIR", help="the ledger as static tiles")
    export.add_argument("--no-proof", action="store_true", help="write no proof files beside it")
    export.set_defaults(run=export_verb)
    bundle = verbs.add_parser("bundle", parents=[common], help="signed exchange without a network")
    bundle.add_argument("way", choices=("out", "in"))
    bundle.add_argument("file", type=Path, nargs="*", help="a bundle, or the pictures of its QR codes")
    bundle.add_argument("--qr", type=Path, default=None, metavar="DIR", help="out: as a row of QR codes")
    bundle.add_argument("--out", type=Path, default=None)
    bundle.add_argument("--start", type=int, default=0, metavar="INDEX", help="the first entry to carry")
    bundle.set_defaults(run=bundle_verb)


def import_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Record every good event of the files; refuse the others one by one and keep the rest."""
    workspace = session.open()
    reports, refused = [], []
    columns = {heading: name for heading, _, name in (each.rpartition("=") for each in options.column)}
    if options.preview:
        return preview_files(session, workspace, options, columns)
    for path in options.file:
        try:
            report = workspace.files.import_file(
                path, as_party=options.actor, columns=columns, progress=partial(_tell, session, path.name)
            )
        except EventInvalid as problem:
            if len(options.file) == 1:
                raise
            # One unreadable file must not hide what became of the others.
            refused.append({"file": str(path), **problem.as_document()})
            continue
        reports.append(report)
        refused += [{"file": str(path), **problem.as_document()} for problem in report.refused]
    document: dict[str, Any] = {
        "accepted": sum(report.accepted for report in reports),
        "described": sum(report.described for report in reports),
        "duplicates": sum(report.duplicates for report in reports),
        "refused": refused,
        "entries": [index for report in reports for index in report.entries],
        "shared_ids": [event_id for report in reports for event_id in report.shared_ids],
    }
    if options.rejected and any(report.rejected for report in reports):
        write_bytes(options.rejected, b"".join(report.rejected for report in reports))
    code = import_code(document["accepted"] + document["duplicates"], len(refused))
    return Outcome(document, _imported_lines(session.words, document), code)


def _imported_lines(words: Words, document: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what became of the files, and every refusal, as lines to read."""
    counts = {"accepted": str(document["accepted"]), "duplicates": str(document["duplicates"])}
    lines = [words("terminal.imported", **counts, refused=str(len(document["refused"])))]
    lines += [
        f"  {row['where']}: {row['what']} ({row['found']} / {row['expected']})" for row in document["refused"]
    ]
    if document["shared_ids"]:
        lines.append(words("terminal.shared_ids", n=str(len(document["shared_ids"]))))
    return tuple(lines)


def _tell(session: Session, name: str, stage: str, done: int, total: int | None) -> None:
    """Say on stderr how far a large file is; a small one is done before anybody asks."""
    if stage == "record" and done >= WORTH_TELLING:
        session.say(session.words("terminal.import_recorded", file=name, n=str(done)))
    elif stage == "fold" and total is not None and total >= WORTH_TELLING:
        session.say(session.words("terminal.import_folded", n=str(done), total=str(total)))


def export_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Write the goods out for other systems, or the spreadsheet that import reads."""
    if options.static is not None:
        return export_static(session, options)
    if options.format is None or options.out is None:
        raise EventInvalid(
            "it is not said what to export, and where to",
            field="--format",
            code="usage",
            expected="--format FORMAT --out FILE, or --static DIR",
            remedy="export --format epcis-json --out goods.jsonld",
        )
    if options.format == "template":
        from ledger.events.template import template

        write_bytes(options.out, template(session.words.locale, session.clock()))
        line = session.words("terminal.exported", rows="0", file=str(options.out))
        return Outcome({"rows": 0, "file": options.out}, (line,))
    if options.format == "hegezheng" and options.out.suffix.lower() == ".pdf":
        return _print_promises(session, options.out)
    pack = session.open().export(options.format, options.out.name, proven=not options.no_proof)
    write_bytes(options.out, pack.data)
    beside = [options.out.with_name(name) for name, _ in pack.proofs]
    for path, (_, data) in zip(beside, pack.proofs, strict=True):
        write_bytes(path, data)
    line = session.words("terminal.exported", rows=str(pack.rows), file=str(options.out))
    proven = [session.words("terminal.exported.proof", file=str(beside[0]))] if beside else []
    document = {"rows": pack.rows, "file": options.out, "format": pack.form, "proofs": beside}
    return Outcome(document, (line, *proven))


def _print_promises(session: Session, out: Path) -> Outcome:
    """Write the issued promises as sheets to print, one page each."""
    from gui.labels.promise import write_promises

    rows = session.open().promises()
    printed = write_promises(rows, out)
    line = session.words("terminal.exported", rows=str(printed), file=str(out))
    return Outcome({"rows": printed, "file": out, "format": "hegezheng", "proofs": []}, (line,))


def bundle_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Carry entries between ledgers on a stick: out writes, in adds what is new and shows conflicts."""
    paths = [options.out] if options.out else options.file
    if not paths and not (options.way == "out" and options.qr):
        raise EventInvalid(
            "no file is named",
            field="FILE",
            code="bundle-file",
            expected="bundle out --out FILE, bundle out --qr DIR, or bundle in FILE...",
            remedy="bundle out --out entries.bundle",
        )
    if options.way == "out":
        return _bundle_out(session, options, paths)
    data = _bundle_of(paths)
    try:
        result = session.open().take_in(data)
    except LedgerError as error:
        if error.code != "no-ledger":
            raise
        result = session.adopt(data)  # no ledger yet: begin with everything that the other one has
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


def _bundle_out(session: Session, options: argparse.Namespace, paths: Sequence[Path]) -> Outcome:
    from models.carrying import parts_of

    workspace = session.open()
    data = workspace.bundle(options.start)
    for path in paths[:1]:
        write_bytes(path, data)
    codes = write_parts(options.qr, parts_of(data)) if options.qr else ()
    count = workspace.size() - options.start
    document = {"file": paths[0] if paths else None, "entries": count, "codes": list(codes)}
    return Outcome(document, (session.words("terminal.bundle_out", n=str(count)),))


def _bundle_of(paths: Sequence[Path]) -> bytes:
    """Return the bundle of a file, or of the pictures of its row of QR codes."""
    if not is_picture(paths[0]):
        return read_bytes(paths[0])
    from models.carrying import PART, joined

    return joined(read_parts(paths, PART))
