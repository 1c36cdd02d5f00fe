"""Verbs about codes: print labels, take a GS1 Digital Link apart and build one."""

from __future__ import annotations

import argparse
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

from gui.verbs.outcome import REFUSED, Outcome, Session
from gui.verbs.shapes import finding_shape
from ledger.errors import EventInvalid
from ledger.events import identifiers
from ledger.events.values import tidy_decimal
from ledger.events.written_units import unit_and_factor

MOST = 10_000
Content = tuple[Decimal, str | None]


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Add this group's verbs to the command line."""
    label = verbs.add_parser("label", parents=[common], help="print QR labels for lots or items")
    label.add_argument("code", nargs="+")
    label.add_argument("--out", type=Path, default=None, metavar="FILE.png|svg|pdf")
    label.add_argument("--count", type=int, default=1, metavar="N", help="labels for each code")
    label.add_argument("--each", nargs="+", default=None, metavar="5 KGM", help="what one label stands for")
    label.add_argument("--upper", action="store_true", help="all capitals, for a smaller symbol")
    label.add_argument("--reprint", action="store_true", help="these replace spoiled ones")
    label.add_argument("--spoiled", type=int, default=0, metavar="N", help="count spoiled labels, print none")
    label.add_argument("--sheet", default=None, metavar="NAME")
    label.set_defaults(run=label_verb)
    link = verbs.add_parser("link", parents=[common], help="strict GS1 Digital Link")
    ways = link.add_subparsers(dest="way", required=True, parser_class=type(label))
    parse = ways.add_parser("parse", parents=[common])
    parse.add_argument("uri")
    parse.set_defaults(run=link_parse_verb)
    build = ways.add_parser("build", parents=[common])
    build.add_argument("--gtin", required=True)
    build.add_argument("--lot", default=None)
    build.add_argument("--serial", default=None)
    build.add_argument("--domain", default="id.gs1.org")
    build.add_argument("--upper", action="store_true", help="all capitals, for a smaller symbol")
    build.set_defaults(run=link_build_verb)


def label_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Write a label for each code; every one is decoded before it is written out."""
    from gui.printing import print_labels

    content = _content(options.each)
    if options.spoiled:
        return _spoil(session, options, content)
    if options.out is None or not 1 <= options.count <= MOST:
        raise _usage("--out" if options.out is None else "--count", options)
    workspace = session.open()
    codes = [code for code in options.code for _ in range(options.count)]
    made = print_labels(
        workspace,
        session.words,
        codes,
        options.out,
        options.sheet,
        content=content,
        again=options.reprint,
        actor=options.actor,
        capitals=options.upper,
    )
    if made.refused:
        return _refused(session, made.refused)
    files = [str(path) for path in made.report.files]
    line = session.words("terminal.labels", n=str(made.report.printed), file=", ".join(files))
    document = {"files": files, "printed": made.report.printed, "entries": list(made.entries)}
    return Outcome(document, (line,))


def _refused(session: Session, refused: tuple[Any, ...]) -> Outcome:
    """Say why nothing was printed: the first finding as the error, all of them beside it."""
    findings = [finding_shape(each, session.words) for each in refused]
    first = refused[0]
    error = {
        "what": findings[0]["words"],
        "code": first.code,
        "found": first.values.get("count", first.values.get("standing", "")),
        "expected": first.values.get("left", ""),
        "where": first.subject,
        "remedy": session.words(f"label.refused.{first.code}"),
    }
    lines = [session.words("label.refused"), *(f"  {each['words']}" for each in findings)]
    return Outcome({"error": error, "findings": findings, "files": [], "printed": 0}, tuple(lines), REFUSED)


def _spoil(
    session: Session, options: argparse.Namespace, content: tuple[Decimal, str | None] | None
) -> Outcome:
    """Count spoiled labels, no more than there are."""
    workspace = session.open()
    entries = []
    for code in options.code:
        _, row = workspace.label_words(code)
        live = workspace.quality.labels(row.lot).live
        if options.spoiled > live:
            raise EventInvalid(
                "more labels spoiled than were printed",
                field="--spoiled",
                code="label-spoiled",
                found=str(options.spoiled),
                expected=f"0 to {live}",
                where=row.lot,
                remedy="count again; only printed labels can be spoiled",
            )
        entries.append(
            workspace.batches.count_labels(row.lot, "spoiled", options.spoiled, content, options.actor)
        )
    line = session.words("terminal.labels_spoiled", n=str(options.spoiled))
    return Outcome({"spoiled": options.spoiled, "entries": entries, "files": [], "printed": 0}, (line,))


def _content(words: list[str] | None) -> Content | None:
    """Read what one label stands for: `5`, `5 KGM`, `2.5公斤`."""
    if words is None:
        return None
    match = re.fullmatch(r"([0-9.]+)\s*(\S*)", " ".join(words).strip())
    if match is None:
        raise EventInvalid(
            "not an amount",
            field="--each",
            code="label-content",
            found=" ".join(words),
            expected="a number and a unit, such as 5 KGM",
            remedy="label CODE --each 5 KGM --out FILE.pdf",
        )
    number = tidy_decimal(match[1], field="--each")
    if not match[2]:
        return number, None
    code, factor = unit_and_factor(match[2], "--each")
    return number * factor, code


def _usage(field: str, options: argparse.Namespace) -> EventInvalid:
    return EventInvalid(
        "the command line cannot be read",
        field=field,
        code="usage",
        found=f"--count {options.count}" if field == "--count" else "no --out",
        expected=f"--out FILE.pdf, --count 1 to {MOST}",
        remedy="label CODE --count 100 --each 5 KGM --out FILE.pdf",
    )


def link_parse_verb(session: Session, options: argparse.Namespace) -> Outcome:  # noqa: ARG001
    """Take a Digital Link apart, or say why it is not one."""
    link = identifiers.parse_digital_link(options.uri)
    document = {"gtin": link.gtin, "lot": link.lot, "serial": link.serial, "uri": link.uri()}
    return Outcome(document, tuple(f"{key}: {value}" for key, value in document.items() if value))


def link_build_verb(session: Session, options: argparse.Namespace) -> Outcome:  # noqa: ARG001
    """Build a Digital Link from its parts, checked."""
    link = identifiers.DigitalLink(
        gtin=options.gtin, lot=options.lot, serial=options.serial, domain=options.domain
    )
    uri = link.uri(upper=options.upper)
    document = {"gtin": link.gtin, "lot": link.lot, "serial": link.serial, "uri": uri}
    return Outcome(document, (uri,))
