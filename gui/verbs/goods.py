"""Verbs about goods beyond one trace: the carbon of their way, their flow, the stories of their origin."""

from __future__ import annotations

import argparse
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from gui.verbs.files import read_bytes
from gui.verbs.outcome import CHECK_FAILED, DONE, Outcome, Session
from gui.words import Words
from ledger.errors import LedgerError
from ledger.events.origin import OriginStory, Photo

_STATION = ("place", "name", "level", "parent")
_TRIP = ("sender", "receiver", "day", "parcels", "mass_kg", "vehicles", "apart")


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Add this group's verbs to the command line."""
    carbon = verbs.add_parser("footprint", parents=[common], help="carbon of a lot's way and packaging")
    carbon.add_argument("code")
    carbon.set_defaults(run=footprint_verb)
    flow = verbs.add_parser("logistics", parents=[common], help="flow, stock, delays, stations, joint trips")
    flow.set_defaults(run=logistics_verb)
    origin = verbs.add_parser("origin", parents=[common], help="origin stories and their photos")
    ways = origin.add_subparsers(dest="way", required=True, parser_class=type(carbon))
    tell = ways.add_parser("tell", parents=[common], help="sign a story; photos stay outside the ledger")
    tell.add_argument("about", help="a product, lot, place or party")
    tell.add_argument("--title", required=True)
    tell.add_argument("--text", required=True)
    tell.add_argument("--photo", nargs="*", type=Path, default=[])
    tell.set_defaults(run=tell_verb)
    check = ways.add_parser("check", parents=[common], help="compare photos with what was signed")
    check.add_argument("code")
    check.add_argument("--photos", type=Path, default=None, metavar="FOLDER")
    check.set_defaults(run=check_verb)


def footprint_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Show legs, packaging and the range they add up to, with the factors' source and date."""
    workspace = session.open()
    found = workspace.goods.footprint(workspace.trace(options.code).subjects[0].lot)
    if found is None:
        raise LedgerError("the ledger knows no such lot", code="lot-unknown", found=options.code)
    words = session.words
    lines = [words("terminal.footprint", **_spread(found.total), lot=found.lot)]
    if found.per_kg:
        lines.append(words("terminal.footprint.per_kg", **_spread(found.per_kg)))
    lines += [_leg_line(words, leg) for leg in found.legs]
    lines += [
        words(
            "terminal.footprint.pack",
            material=words(f"material.{name}"),
            kg=f"{kg:.3g}",
            cost=f"{cost[1]:.3g}",
        )
        for name, kg, cost in found.packaging
    ]
    if found.unknown_legs:
        lines.append(words("terminal.footprint.unknown", n=found.unknown_legs))
    table = found.factors
    day = words.date(table.as_of)
    lines.append(words("terminal.footprint.source", source=table.source, date=day, region=table.region))
    return Outcome(footprint_shape(found), tuple(lines))


def footprint_shape(found: Any) -> dict[str, Any]:
    """Return a footprint: kg CO2e as least, usual and most."""
    table = found.factors
    return {
        "lot": found.lot,
        "mass_kg": found.mass_kg,
        "kg_co2e": _range(found.total),
        "kg_co2e_per_kg": _range(found.per_kg),
        "legs": [
            {
                "lot": leg.lot,
                "entries": list(leg.entries),
                "origin": leg.origin,
                "target": leg.target,
                "mode": leg.mode,
                "mass_kg": leg.mass_kg,
                "km": None if leg.km is None else round(leg.km, 1),
                "share": round(found.share.get(leg.lot, 1.0), 6),
                "kg_co2e": _range(leg.kg_co2e),
            }
            for leg in found.legs
        ],
        "packaging": [
            {"material": name, "kg": kg, "kg_co2e": _range(cost)} for name, kg, cost in found.packaging
        ],
        "unknown_legs": found.unknown_legs,
        "factors": {
            "source": table.source,
            "as_of": table.as_of,
            "region": table.region,
            "detour": list(table.detour),
            "detour_source": table.detour_source,
        },
    }


def logistics_verb(session: Session, options: argparse.Namespace) -> Outcome:  # noqa: ARG001
    """Show what lies where, what moves between whom, what is late, and what could go together."""
    found, words = session.open().goods.logistics(), session.words
    counts = {"nodes": len(found.nodes), "links": len(found.links), "alarms": len(found.alarms)}
    lines = [words("terminal.logistics", **counts)]
    lines += [
        f"  {_who(found, node.party)}  " + words.listing(words.quantity(n, u) for u, n in node.stock.items())
        for node in found.nodes
    ]
    lines += [
        "  ! "
        + words(
            f"alarm.{alarm.kind}",
            lot=alarm.parcel.lot,
            sender=_who(found, alarm.parcel.sender),
            receiver=_who(found, alarm.parcel.receiver),
            hours=round(alarm.hours),
            limit=round(alarm.limit_hours),
        )
        for alarm in found.alarms
    ]
    return Outcome(logistics_shape(found), tuple(lines))


def logistics_shape(found: Any) -> dict[str, Any]:
    """Return the whole view; amounts by unit."""
    return {
        "nodes": [_node_shape(node, _who(found, node.party)) for node in found.nodes],
        "links": [_link_shape(link) for link in found.links],
        "alarms": [_alarm_shape(alarm) for alarm in found.alarms],
        "stations": [
            _fields(each, *_STATION) | {"own": dict(each.own), "total": dict(each.total)}
            for each in found.stations
        ],
        "trips": [_fields(trip, *_TRIP) for trip in found.trips],
    }


def _fields(value: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(value, name) for name in names}


def _node_shape(node: Any, name: Any) -> dict[str, Any]:
    amounts = {"in": dict(node.came), "out": dict(node.went)}
    rest = _fields(node, "stock", "events", "unweighed", "dwell_hours")
    return {"party": node.party, "name": name, **amounts, **rest}


def _link_shape(link: Any) -> dict[str, Any]:
    ends, hours = _fields(link, "sender", "receiver", "parcels"), _fields(link, "usual_hours", "limit_hours")
    return {**ends, "amounts": dict(link.amounts), **hours}


def _alarm_shape(alarm: Any) -> dict[str, Any]:
    hours = {"hours": round(alarm.hours, 1), "limit_hours": round(alarm.limit_hours, 1)}
    parcel = _fields(alarm.parcel, "lot", "sender", "receiver", "left", "arrived")
    return {"kind": alarm.kind, **parcel, **hours, "entries": list(alarm.parcel.entries)}


def tell_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Sign the words and the digests of the photos; copy the photos beside the ledger."""
    workspace = session.open()
    photos = [_photo(path) for path in options.photo]
    event = OriginStory(session.clock(), options.about, options.title, options.text, tuple(photos))
    receipt = workspace.record(event, as_party=options.actor)
    folder = workspace.goods.photos
    folder.mkdir(parents=True, exist_ok=True)
    for path in options.photo:
        (folder / path.name).write_bytes(path.read_bytes())
    document = {"entry": receipt.index, "photos": [{"name": p.name, "digest": p.digest} for p in photos]}
    return Outcome(document, (session.words("terminal.origin.told", n=receipt.index),))


def check_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Compare photos with the digests; exit 1 when one was changed."""
    workspace, words = session.open(), session.words
    told = origin_shapes(workspace, options.code, options.photos)
    lines = []
    for story in told:
        lines.append(f"#{story['entry']} {story['title']}  {story['author_name']}")
        lines += [f"  {words('photo.' + photo['status'])}  {photo['name']}" for photo in story["photos"]]
    changed = any(photo["status"] == "changed" for story in told for photo in story["photos"])
    return Outcome({"origins": told, "holds": not changed}, tuple(lines), CHECK_FAILED if changed else DONE)


def origin_shapes(workspace: Any, code: str, folder: Path | None = None) -> list[dict[str, Any]]:
    """Return the origin stories of a code, each photo with how it compares to the one signed."""
    with suppress(LedgerError):  # a product or a place may have a story before there is a lot of it
        code = workspace.trace(code, "back").subjects[0].lot
    return [
        {
            "entry": told.index,
            "author": told.author,
            "author_name": told.author_name,
            "about": told.about,
            "event_time": told.event_time,
            "title": told.title,
            "text": told.text,
            "photos": [
                {"name": photo.name, "digest": photo.digest, "status": photo.status, "found": photo.found}
                for photo in workspace.goods.photo_checks(told, folder)
            ],
        }
        for told in workspace.goods.origins(code)
    ]


def _photo(path: Path) -> Photo:
    return Photo(path.name, sha256(read_bytes(path)).hexdigest())


def _leg_line(words: Words, leg: Any) -> str:
    if leg.kg_co2e is None:
        return words("terminal.footprint.leg.unknown", origin=leg.origin, target=leg.target)
    return words(
        "terminal.footprint.leg",
        origin=leg.origin,
        target=leg.target,
        km=round(leg.km),
        kg=round(leg.mass_kg),
        mode=words(f"mode.{leg.mode}"),
        cost=f"{leg.kg_co2e[1]:.3g}",
    )


def _who(found: Any, party: str | None) -> str:
    known = found.names.get(party)
    return known.name if known is not None else party or "?"


def _spread(cost: Any) -> dict[str, str]:
    return {"least": f"{cost[0]:.3g}", "usual": f"{cost[1]:.3g}", "most": f"{cost[2]:.3g}"}


def _range(cost: Any) -> dict[str, float] | None:
    if cost is None:
        return None
    return {"least": round(cost[0], 6), "usual": round(cost[1], 6), "most": round(cost[2], 6)}
