"""Verbs about codes: print labels, scan pictures of them, take a GS1 Digital Link apart and build one."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from gui.verbs.outcome import CHECK_FAILED, DONE, Outcome, Session
from gui.verbs.shapes import story_shape
from ledger.errors import EventInvalid
from ledger.events import identifiers
from ledger.events.gs1.scandata import GROUP_SEPARATOR


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Add this group's verbs to the command line."""
    label = verbs.add_parser("label", parents=[common], help="print QR labels for lots or items")
    label.add_argument("code", nargs="+")
    label.add_argument("--out", type=Path, required=True, metavar="FILE.png|svg|pdf")
    label.add_argument("--sheet", default=None, metavar="NAME")
    label.set_defaults(run=label_verb)
    scan = verbs.add_parser("scan", parents=[common], help="decode, look up, judge")
    scan.add_argument("image", nargs="+", type=Path)
    scan.set_defaults(run=scan_verb)
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


def scan_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Decode each picture, look the code up and say what the ledger knows; exit 1 unless all are genuine."""
    from gui import scanner

    workspace = session.open()
    images = []
    for path in options.image:
        try:
            images.append(_scan_one(session, workspace, scanner, path))
        except EventInvalid as problem:
            if len(options.image) == 1:
                raise
            # One file that is no picture must not hide what the others show.
            images.append({**_image(path, None, "unreadable", None), "problem": problem.as_document()})
    document: dict[str, Any] = dict(images[0]) if len(images) == 1 else {}
    document["images"] = images
    lines = [
        f"{row['image']}: {session.words('verdict.' + row['verdict'])}  {row['uri'] or ''}" for row in images
    ]
    genuine = all(row["verdict"] == "genuine" for row in images)
    return Outcome(document, tuple(lines), DONE if genuine else CHECK_FAILED)


def _scan_one(session: Session, workspace: Any, scanner: Any, path: Path) -> dict[str, Any]:
    decoded = scanner.decode_file(path)
    if not decoded:
        return _image(path, None, "unreadable", None)
    # A picture may show several symbols: the first one that the ledger knows is the one meant.
    stories = [(symbol.code, workspace.story(symbol.code)) for symbol in decoded]
    code, story = next((pair for pair in stories if pair[1].verdict != "unknown"), stories[0])
    shape = story_shape(story, session.words, workspace.rating(story.seller) if story.seller else None)
    # GS1 element strings are shown as the link they mean; everything else letter by letter.
    text = identifiers.canonical(code) if code.startswith(GROUP_SEPARATOR) else code
    symbols = [
        {"text": symbol.text, "format": symbol.format, "attempt": symbol.attempt, "position": symbol.position}
        for symbol in decoded
    ]
    return {**_image(path, text, story.verdict, shape), "symbols": symbols}


def _image(path: Path, text: str | None, verdict: str, story: Any) -> dict[str, Any]:
    gtin, lot, serial = _parts(text) if text else (None, None, None)
    word = "genuine" if verdict == "attention" else verdict
    return {
        "image": str(path),
        "uri": text,
        "gtin": gtin,
        "lot": lot,
        "serial": serial,
        "verdict": word,
        "story": story,
    }


def _parts(text: str) -> tuple[str | None, str | None, str | None]:
    try:
        link = identifiers.parse_digital_link(identifiers.canonical(text))
    except EventInvalid:
        return None, None, None
    return link.gtin, link.lot, link.serial


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
