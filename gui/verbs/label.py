"""Verbs about codes: print labels, take a GS1 Digital Link apart and build one."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from gui.verbs.outcome import Outcome, Session
from ledger.events import identifiers


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Add this group's verbs to the command line."""
    label = verbs.add_parser("label", parents=[common], help="print QR labels for lots or items")
    label.add_argument("code", nargs="+")
    label.add_argument("--out", type=Path, required=True, metavar="FILE.png|svg|pdf")
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
    from gui import labels

    workspace = session.open()
    wanted = [_label(session, workspace, code) for code in options.code]
    report = labels.write_labels(wanted, options.out, options.sheet)
    files = [str(path) for path in report.files]
    line = session.words("terminal.labels", n=str(report.printed), file=", ".join(files))
    return Outcome({"files": files, "printed": report.printed}, (line,))


def _label(session: Session, workspace: Any, code: str) -> Any:
    from gui.labelling import label_of

    meant, row = workspace.label_words(code)
    return label_of(session.words, meant, row)


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
