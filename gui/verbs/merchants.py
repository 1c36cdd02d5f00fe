"""Verbs about merchants as others see them: dossier, ranking, measures, measure, credential."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gui.casewords import measure_text, record_text
from gui.verbs.cases import case_shape
from gui.verbs.credit import held_shape
from gui.verbs.files import document_bytes, read_bytes, write_bytes
from gui.verbs.outcome import CHECK_FAILED, DONE, Outcome, Session
from gui.verbs.shapes import finding_shape, score_shape
from gui.wording import reason_text
from ledger.errors import EventInvalid

if TYPE_CHECKING:
    from models.dossier import Dossier
    from models.measures import MeasureLine, Record
    from models.ranking import Ranked


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Add this group's verbs to the command line."""
    dossier = verbs.add_parser("dossier", parents=[common], help="everything a regulator may see of a party")
    dossier.add_argument("party")
    dossier.set_defaults(run=dossier_verb)
    ranking = verbs.add_parser("ranking", parents=[common], help="merchants by quality, never by sales")
    ranking.add_argument("--category", default=None)
    ranking.set_defaults(run=ranking_verb)
    measures = verbs.add_parser(
        "measures", parents=[common], help="what follows from the grade a party holds"
    )
    measures.add_argument("party")
    measures.set_defaults(run=measures_verb)
    measure = verbs.add_parser("measure", parents=[common], help="impose or lift a measure, signed")
    measure.add_argument("action", choices=("impose", "lift"))
    measure.add_argument("party")
    measure.add_argument("code")
    measure.add_argument("--reason", required=True)
    measure.add_argument("--about", type=int, default=None, metavar="ENTRY")
    measure.add_argument("--until", type=date.fromisoformat, default=None, metavar="DAY")
    measure.set_defaults(run=measure_verb)
    credential = verbs.add_parser("credential", parents=[common], help="a portable credit report")
    ways = credential.add_subparsers(dest="way", metavar="WAY", required=True, parser_class=type(credential))
    out = ways.add_parser("out", parents=[common], help="sign a merchant's report")
    out.add_argument("party")
    out.add_argument("--out", type=Path, required=True, metavar="FILE.json|png|svg")
    out.set_defaults(run=credential_out_verb)
    check = ways.add_parser("check", parents=[common], help="check a report with no ledger: file or picture")
    check.add_argument("file", type=Path)
    check.add_argument("--issuer", default=None, metavar="DID", help="whose signature it must be")
    check.set_defaults(run=credential_check_verb)


def dossier_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Show everything of one merchant, each line with the entries it rests on."""
    workspace = session.open()
    whole = workspace.merchants.dossier(workspace.party(options.party).id)
    words = session.words
    document = {
        "party": whole.party.id,
        "name": whole.party.name,
        "roles": list(whole.party.roles),
        "category": whole.party.category,
        "score": score_shape(whole.score, words),
        "held": held_shape(whole.held) if whole.held else None,
        "changes": [
            {
                "code": change.code,
                "points": change.points,
                "score": change.score,
                "grade": change.grade,
                "words": reason_text(words, change),
                "entries": list(change.entries),
            }
            for change in whole.changes
        ],
        "history": [
            {"as_of": moment, "score": score.score, "grade": score.grade} for moment, score in whole.history
        ],
        "measures": [measure_shape(line, words) for line in whole.measures],
        "records": [record_shape(record) for record in whole.records],
        "cases": [case_shape(workspace, case) for case in whole.cases],
        **_evidence(whole),
        "findings": [finding_shape(finding, words) for finding in whole.findings],
    }
    return Outcome(document, _dossier_lines(session, whole))


def _evidence(whole: Dossier) -> dict[str, list[dict[str, Any]]]:
    hidden = ("vault_id", "digest", "complainant_id", "item_signature")
    lists = ("inspections", "complaints", "reviews", "certificates", "claims")
    return {
        name: [
            {"entry": row["index"]} | {k: v for k, v in row.items() if k != "index" and k not in hidden}
            for row in getattr(whole, name)
        ]
        for name in lists
    }


def _dossier_lines(session: Session, whole: Dossier) -> tuple[str, ...]:
    words, score = session.words, whole.score
    shown = words("terminal.no_rating") if score.score is None else str(score.score)
    lines = [f"{words.name(whole.party)}  {words('grade.' + score.grade)}  {shown}"]
    if whole.held:
        held = words("grade." + whole.held.grade)
        lines.append("  " + words("dossier.held", grade=held, since=words.date(whole.held.since)))
    lines += [
        f"  {part.points:+4d}  {reason_text(words, part)}  {list(part.entries)}"
        for part in score.contributions
    ]
    lines += [f"  {measure_text(words, line)}" for line in whole.measures]
    lines += [f"  {record_text(words, record)}" for record in whole.records]
    return tuple(lines)


def ranking_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Rank merchants by the lower bound of their quality; how much they sell is no part of it."""
    words = session.words
    found = session.open().merchants.ranking(options.category)
    lines = [
        f"{_or_dash(each.rank):>4}  {_or_dash(each.lower):>4}  {words('grade.' + each.row.grade)}"
        f"  {words.name(each.row)}"
        for each in found
    ]
    return Outcome({"ranking": [_ranked(each) for each in found]}, tuple(lines))


def _or_dash(number: int | None) -> str:
    return "-" if number is None else str(number)


def _ranked(each: Ranked) -> dict[str, Any]:
    row = each.row
    return {
        "rank": each.rank,
        "party": row.party,
        "name": row.name,
        "category": row.category,
        "lower_bound": each.lower,
        "score": row.score,
        "grade": row.grade,
    }


def measures_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Say which measures hold, which wait for a signature, and where each record's repair window stands."""
    workspace, words = session.open(), session.words
    whole = workspace.merchants.dossier(workspace.party(options.party).id)
    document = {
        "party": whole.party.id,
        "held": held_shape(whole.held) if whole.held else None,
        "measures": [measure_shape(line, words) for line in whole.measures],
        "records": [record_shape(record) for record in whole.records],
    }
    lines = [measure_text(words, line) for line in whole.measures]
    return Outcome(document, (*lines, *(record_text(words, record) for record in whole.records)))


def measure_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Impose or lift a measure; a regulator's own signature is what puts it in force."""
    workspace, words = session.open(), session.words
    party = workspace.party(options.party)
    action = {"impose": "imposed", "lift": "lifted"}[options.action]
    receipt = workspace.supervision.impose(
        party.id, options.code, action, options.reason, about=options.about, until=options.until
    )
    name = words.first(f"measure.{options.code}", default=options.code)
    line = words(f"measure.said.{action}", measure=name, name=words.name(party), index=receipt.index)
    document = {"entry": receipt.index, "party": party.id, "code": options.code, "action": action}
    return Outcome(document, (line,))


def credential_out_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Write a merchant's report as a file, or as a QR code that holds it whole."""
    from gui import creditcode

    workspace = session.open()
    document = workspace.supervision.credit_report(workspace.party(options.party).id)
    version = None
    if options.out.suffix.lower() in (".png", ".svg"):
        content, version = creditcode.picture(document, options.out.suffix.lower())
        write_bytes(options.out, content)
    else:
        write_bytes(options.out, document_bytes(document))
    answer = {"file": str(options.out), "qr_version": version, "credential": document}
    line = session.words("credential.written", file=options.out, until=document["validUntil"][:10])
    return Outcome(answer, (line,))


def credential_check_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Check a report from its file or a picture of its code; needs no ledger and no network."""
    from models.creditreport import checked

    found = checked(_credential(options.file), session.clock(), options.issuer)
    document = {
        "holds": found.holds,
        "problem": found.problem or None,
        "issuer": found.issuer or None,
        "credential": dict(found.document),
    }
    words = session.words
    if not found.holds:
        return Outcome(document, (words(f"problem.{found.problem}"),), CHECK_FAILED)
    subject = found.document.get("credentialSubject", {})
    name = subject.get("name", "") if isinstance(subject, dict) else ""
    return Outcome(document, (words("credential.holds", name=name, issuer=found.issuer),), DONE)


def _credential(path: Path) -> bytes:
    from models.claims.media.kinds import PICTURES

    if path.suffix.lower() not in PICTURES:
        return read_bytes(path)
    from gui.scanner import decode_file

    texts = [found.text for found in decode_file(path)]
    if not texts:
        raise EventInvalid(
            "no code can be read in this picture",
            field="FILE",
            code="credential-unreadable",
            found=str(path),
            expected="a picture of a credit report's QR code",
            remedy="take the picture again, straight and sharp",
        )
    return texts[0].encode()


def measure_shape(line: MeasureLine, words: Any) -> dict[str, Any]:
    """Return one measure; `holds` is whether it is in force."""
    return {
        "code": line.code,
        "kind": line.kind,
        "state": line.state,
        "holds": line.holds,
        "needs_signature": line.needs_signature,
        "entry": line.entry,
        "signer": line.signer,
        "reason": line.reason,
        "until": line.until,
        "basis": line.basis,
        "words": measure_text(words, line),
    }


def record_shape(record: Record) -> dict[str, Any]:
    """Return one bad record and where its repair window stands."""
    return {
        "entry": record.entry,
        "kind": record.kind,
        "severity": record.severity,
        "decided": record.decided,
        "state": record.state,
        "published": record.published,
        "repair_from": record.repair_from,
        "ends": record.ends,
        "repaired": record.repaired,
        "basis": record.basis,
    }
