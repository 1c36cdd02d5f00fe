"""The verb that judges codes: from pictures, or typed; a receipt of the scan is recorded only if asked for.

The verdict is one word of the contract: genuine, unknown, revoked, recalled, cloned?, unreadable. A genuine
code may still ask for attention: then `attention` is true and `reasons` say why, in the reader's words.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from gui.verbs.goods import footprint_shape, origin_shapes
from gui.verbs.outcome import CHECK_FAILED, DONE, Outcome, Session
from gui.verbs.shapes import story_shape
from gui.wording import finding_text, recall_text, told
from ledger.errors import EventInvalid
from ledger.events import identifiers
from ledger.events.gs1.scandata import GROUP_SEPARATOR
from ledger.events.scans import SETTINGS, coarse

_TYPED = ("http://", "https://", "urn:", "(", "]", "^", GROUP_SEPARATOR)


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Add this group's verb to the command line."""
    scan = verbs.add_parser("scan", parents=[common], help="decode, look up, judge")
    scan.add_argument("image", nargs="+", help="a picture, or a code as it is typed")
    scan.add_argument("--receipt", action="store_true", help="record that the item was seen")
    scan.add_argument("--place", default=None, metavar="PLACE", help="geo:LAT,LON (kept coarse) or a site")
    scan.add_argument("--setting", choices=SETTINGS, default=None, help="on a shelf, or in hand")
    scan.set_defaults(run=scan_verb)


def scan_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Decode each picture, look the code up and say what the ledger knows; exit 1 unless all are genuine."""
    workspace = session.open()
    images = []
    for given in options.image:
        try:
            images.append(_scan_one(session, workspace, given, options))
        except EventInvalid as problem:
            if len(options.image) == 1:
                raise
            # One file that is no picture must not hide what the others show.
            images.append({**_image(given, None, "unreadable", None), "problem": problem.as_document()})
    document: dict[str, Any] = dict(images[0]) if len(images) == 1 else {}
    document["images"] = images
    lines: list[str] = []
    for row in images:
        verdict = "attention" if row["attention"] else row["verdict"]
        lines.append(f"{row['image']}: {session.words('verdict.' + verdict)}  {row['uri'] or ''}".rstrip())
        lines += [f"  ! {reason}" for reason in row["reasons"]]
    genuine = all(row["verdict"] == "genuine" for row in images)
    return Outcome(document, tuple(lines), DONE if genuine else CHECK_FAILED)


def _scan_one(session: Session, workspace: Any, given: str, options: argparse.Namespace) -> dict[str, Any]:
    decoded = _decoded(given)
    if not decoded:
        return _image(given, None, "unreadable", None)
    # A picture may show several symbols: the first one that the ledger knows is the one meant.
    stories = [(code, workspace.story(code)) for code, _ in decoded]
    code, story = next((pair for pair in stories if pair[1].verdict != "unknown"), stories[0])
    # GS1 element strings are shown as the link they mean; everything else letter by letter.
    text = identifiers.canonical(code) if code.startswith(GROUP_SEPARATOR) else code
    receipt = None
    if options.receipt:
        place = _place(workspace, options.place)
        link = identifiers.canonical(code)
        receipt = workspace.opinions.note_scan(link, place, options.setting, as_party=options.actor).index
        story = workspace.story(code)  # what this scan itself brings to light belongs to the answer
    shape = story_shape(
        story, session.words, workspace.merchants.rating(story.seller) if story.seller else None
    )
    changed: list[str] = []
    if story.lot is not None:
        carbon = workspace.goods.footprint(story.lot.lot)
        shape["footprint"] = None if carbon is None else footprint_shape(carbon)
        shape["origins"] = origin_shapes(workspace, story.lot.lot)
        changed = [
            f"{photo['name']}: {session.words('photo.changed')}"
            for told in shape["origins"]
            for photo in told["photos"]
            if photo["status"] == "changed"
        ]
    symbols = [symbol for _, symbol in decoded if symbol is not None]
    return {
        **_image(given, text, story.verdict, shape),
        "reasons": [*_reasons(session.words, story), *changed],
        "receipt": receipt,
        "symbols": symbols,
    }


def _decoded(given: str) -> list[tuple[str, dict[str, Any] | None]]:
    """Return the codes in a picture, or the one that was typed in its place."""
    from gui import scanner

    if given.lower().startswith(_TYPED) and not Path(given).exists():
        return [(given, None)]
    return [
        (
            symbol.code,
            {
                "text": symbol.text,
                "format": symbol.format,
                "attempt": symbol.attempt,
                "position": symbol.position,
            },
        )
        for symbol in scanner.decode_file(Path(given))
    ]


def _place(workspace: Any, named: str | None) -> str | None:
    """Return a place as a receipt keeps it; a registered site may be called by its name."""
    if named is None:
        return None
    known = [place.id for place in workspace.places() if named in (place.name, place.name_en)]
    return known[0] if len(known) == 1 else coarse(named)


def _reasons(words: Any, story: Any) -> tuple[str, ...]:
    """Return why the verdict is not plainly good: recalls first, then copies, then what else is grave."""
    if story.verdict in ("genuine", "unknown"):
        return ()
    recalled = [recall_text(words, notice) for notice in story.recalls]
    order = {"bad": 0, "attention": 1}
    grave = sorted(
        (one for one in story.findings if one.severity in order), key=lambda one: order[one.severity]
    )
    copied = [one for one in grave if one.code.startswith("cloned-")]
    failed = [
        told(words, f"check.{one.code}.{one.status}", one.params)
        for one in story.checks
        if one.status == "fail" and not one.params
    ]
    listed = [finding_text(words, one) for one in (*copied, *(one for one in grave if one not in copied))]
    return tuple(dict.fromkeys([*recalled, *listed, *failed]))


def _image(given: str, text: str | None, verdict: str, story: Any) -> dict[str, Any]:
    gtin, lot, serial = _parts(text) if text else (None, None, None)
    return {
        "image": given,
        "uri": text,
        "gtin": gtin,
        "lot": lot,
        "serial": serial,
        # The code is what it says; that something about the goods asks for a look is said beside it.
        "verdict": "genuine" if verdict == "attention" else verdict,
        "attention": verdict == "attention",
        "reasons": [],
        "receipt": None,
        "story": story,
    }


def _parts(text: str) -> tuple[str | None, str | None, str | None]:
    try:
        link = identifiers.parse_digital_link(identifiers.canonical(text))
    except EventInvalid:
        return None, None, None
    return link.gtin, link.lot, link.serial
