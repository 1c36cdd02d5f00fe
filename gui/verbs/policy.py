"""Verbs about the scoring policy: show, check, shadow, propose, sign (adopt), recalibrate."""

from __future__ import annotations

import argparse
import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gui.verbs.credit import day
from gui.verbs.files import document_bytes, read_text, write_bytes
from gui.verbs.outcome import CHECK_FAILED, DONE, Outcome, Session
from ledger.errors import EventInvalid

if TYPE_CHECKING:
    from models.policies import Adopted, Proposal
    from models.shadow import Shadow


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Add this group's verbs to the command line."""
    policy = verbs.add_parser("policy", parents=[common], help="the scoring policy: who adopted which, when")
    acts = policy.add_subparsers(dest="act", metavar="ACT", required=True, parser_class=type(policy))
    show = acts.add_parser("show", parents=[common], help="the policy in force, and what is proposed")
    show.add_argument("--as-of", default=None, metavar="D")
    show.set_defaults(run=show_verb)
    check = acts.add_parser("check", parents=[common], help="name every fault of a policy file at once")
    check.add_argument("file", type=Path)
    check.set_defaults(run=check_verb)
    run = acts.add_parser("shadow", parents=[common], help="what would change: grades from and to")
    run.add_argument("file", type=Path)
    run.add_argument("--as-of", default=None, metavar="D")
    run.set_defaults(run=shadow_verb)
    propose = acts.add_parser("propose", parents=[common], help="propose a policy with its shadow run")
    propose.add_argument("file", type=Path)
    propose.add_argument("--effective", default=None, metavar="D", help="from when it holds; default: now")
    propose.set_defaults(run=propose_verb)
    for name in ("sign", "adopt"):
        sign = acts.add_parser(name, parents=[common], help="sign what another administrator proposed")
        sign.add_argument("proposal", type=int, metavar="ENTRY")
        sign.set_defaults(run=sign_verb)
    recalibrate = acts.add_parser("recalibrate", parents=[common], help="fit the month's calibration")
    recalibrate.add_argument("--out", type=Path, default=None, help="write the policy to a file")
    recalibrate.add_argument("--propose", action="store_true", help="propose it at once")
    recalibrate.add_argument("--effective", default=None, metavar="D")
    recalibrate.set_defaults(run=recalibrate_verb)


def show_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Show the policy in force, every adopted one, and what waits for signatures."""
    policies, words = session.open().policies, session.words
    held = policies.in_force(day(options.as_of) or session.clock())
    document = {
        **_adopted_shape(held),
        "document": held.policy.document(),
        "history": [_adopted_shape(each) for each in policies.all()],
        "proposals": [_proposal_shape(each) for each in policies.proposals()],
    }
    source = words(f"policy.source.{held.source}", index=held.index)
    lines = [words("policy.in_force", version=held.policy.version, source=source)]
    lines += [
        words(
            "policy.proposal",
            index=each.index,
            version=each.event.version,
            effective=words.date(each.event.effective),
            signed=len(each.signers),
            needed=each.needed,
        )
        for each in policies.proposals()
    ]
    return Outcome(document, tuple(lines))


def check_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Say whether a policy file may come into force; exit 1 with all of its faults if not."""
    from models.policies import faults

    read = _policy_file(options.file)
    problems, words = faults(read), session.words
    version = str(read.get("version", "")) if isinstance(read, dict) else ""
    document = {"holds": not problems, "version": version, "problems": list(problems)}
    if not problems:
        return Outcome(document, (words("policy.check.holds", version=version),))
    lines = (words("policy.check.fails", n=len(problems)), *(f"  {problem}" for problem in problems))
    return Outcome(document, lines, CHECK_FAILED)


def shadow_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Score everybody under the policy in force and under the file's; nothing is written."""
    from models.policies import checked

    workspace = session.open()
    run = workspace.merchants.shadow(checked(_policy_file(options.file)), day(options.as_of))
    return Outcome(_shadow_shape(session, run), _shadow_lines(session, run))


def propose_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Propose a policy; it holds once enough administrators have signed the very same."""
    effective = day(options.effective) or session.clock()
    return _proposed(session, _policy_file(options.file), effective)


def sign_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Sign a proposed policy; with the last signature needed it is adopted."""
    workspace = session.open()
    proposal = workspace.policies.proposal(options.proposal)
    receipt = workspace.supervision.sign_policy(options.proposal)
    return _state(session, "policy.signed", receipt.index, proposal.event.version)


def recalibrate_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Fit shift and slope to the visits recorded so far; with --propose, propose the result."""
    workspace, words = session.open(), session.words
    policy = workspace.merchants.recalibrated()
    if options.out is not None:
        write_bytes(options.out, document_bytes(policy.document()))
    if options.propose:
        return _proposed(session, policy.document(), day(options.effective) or session.clock())
    document = {
        "version": policy.version,
        "digest": policy.digest(),
        "shift_milli": policy.shift_milli,
        "slope_milli": policy.slope_milli,
        "file": options.out,
    }
    line = words(
        "policy.recalibrated",
        shift=policy.shift_milli,
        slope=policy.slope_milli,
        version=policy.version,
    )
    return Outcome(document, (line,), DONE)


def _proposed(session: Session, document: Any, effective: datetime) -> Outcome:
    receipt = session.open().supervision.propose_policy(document, effective)
    return _state(session, "policy.proposed", receipt.index, str(document["version"]))


def _state(session: Session, said: str, index: int, version: str) -> Outcome:
    """Say how a proposal stands after an entry about it: adopted, or how many signatures it lacks."""
    policies, words = session.open().policies, session.words
    adopted = next((each for each in policies.all() if each.index == index), None)
    newest = next((each for each in reversed(policies.proposals()) if each.event.version == version), None)
    missing = newest.needed - len(newest.signers) if newest and adopted is None else 0
    state = (
        words("policy.state.adopted", effective=words.date(adopted.effective))
        if adopted
        else words("policy.state.waiting", n=missing)
    )
    document = {
        "entry": index,
        "version": version,
        "adopted": adopted is not None,
        "signatures_missing": missing,
        "in_force": policies.in_force(session.clock()).policy.version,
    }
    return Outcome(document, (words(said, version=version, index=index, state=state),))


def _policy_file(path: Path) -> Any:
    text = read_text(path)
    try:
        return json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise EventInvalid(
            "this is not a JSON document",
            field="FILE",
            code="json-malformed",
            found=str(error),
            expected="a policy such as policy show --json prints under document",
            where=str(path),
            remedy="start from the document of: policy show --json",
        ) from error


def _adopted_shape(held: Adopted) -> dict[str, Any]:
    return {
        "version": held.policy.version,
        "digest": held.policy.digest(),
        "source": held.source,
        "effective": held.effective,
        "entry": held.index if held.index >= 0 else None,
        "signers": list(held.signers),
    }


def _proposal_shape(proposal: Proposal) -> dict[str, Any]:
    from ledger.events.values import thaw

    return {
        "entry": proposal.index,
        "version": proposal.event.version,
        "effective": proposal.event.effective,
        "signers": list(proposal.signers),
        "needed": proposal.needed,
        "shadow": thaw(proposal.event.shadow),
        "problems": list(proposal.problems),
    }


def _shadow_shape(session: Session, run: Shadow) -> dict[str, Any]:
    names = _names(session)
    return {
        "as_of": run.as_of,
        "size": run.size,
        "current": {"version": run.current.version, "digest": run.current.digest()},
        "candidate": {"version": run.candidate.version, "digest": run.candidate.digest()},
        "merchants": run.merchants,
        "migration": [
            {"before": before, "after": after, "merchants": count} for before, after, count in run.migration
        ],
        "moved": [
            {
                "party": row.party,
                "name": names.get(row.party, row.party),
                "before": row.before,
                "after": row.after,
                "points_before": row.points_before,
                "points_after": row.points_after,
            }
            for row in run.moved
        ],
    }


def _shadow_lines(session: Session, run: Shadow) -> tuple[str, ...]:
    words, names = session.words, _names(session)
    lines = [words("policy.shadow.line", n=run.merchants, moved=len(run.moved))]
    lines += [
        "  " + words("policy.shadow.pair", before=before, after=after, n=count)
        for before, after, count in run.migration
    ]
    lines += [
        "  "
        + words(
            "policy.shadow.moved",
            name=names.get(row.party, row.party),
            before=row.before,
            after=row.after,
            points=words.signed(row.points_after - row.points_before),
        )
        for row in run.moved
    ]
    return tuple(lines)


def _names(session: Session) -> dict[str, str]:
    return {party.id: session.words.name(party) for party in session.open().parties()}
