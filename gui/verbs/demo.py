"""The whole story in one command: a fresh demonstration ledger, walked from field to shelf and proved.

Rule: nothing here is pretended. Every step uses the same calls a person's own ledger does, and a step that
does not come out as it must makes the command fail.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gui.verbs.files import write_bytes
from gui.verbs.outcome import CHECK_FAILED, DONE, Outcome, Session
from gui.verbs.shapes import score_shape, story_shape


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Add this group's verb to the command line."""
    demo = verbs.add_parser("demo", parents=[common], help="the whole story on a fresh demonstration ledger")
    demo.add_argument("--out", type=Path, default=None, metavar="DIR", help="default: a new temporary folder")
    demo.add_argument("--epcis", type=Path, default=None, metavar="FILE", help="import this real file too")
    demo.set_defaults(run=demo_verb)


@dataclass(slots=True)
class _Walk:
    """What the walk has shown so far."""

    session: Session
    out: Path
    steps: list[dict[str, Any]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    def step(self, code: str, holds: bool, **facts: Any) -> None:
        """Note one step and say it."""
        words = self.session.words(f"demo.step.{code}")
        self.steps.append({"step": code, "words": words, "holds": holds, **facts})
        self.session.say(f"{'✓' if holds else '✗'} {words}")

    def write(self, name: str, data: bytes) -> Path:
        """Keep one file of the demonstration."""
        path = self.out / name
        write_bytes(path, data)
        self.files.append(str(path))
        return path


def demo_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Walk the five journeys and print what each came to."""
    out = options.out or Path(tempfile.mkdtemp(prefix="suxin-demo-"))
    out.mkdir(parents=True, exist_ok=True)
    walk = _Walk(session, out)
    workspace, told = session.demonstration(_free(out, "home"))
    walk.step("ledger", True, entries=workspace.size(), parties=len(workspace.parties()))
    lot = told.highlights["rice"]
    story, rating = _scan_the_label(walk, workspace, lot)
    _import_real(walk, workspace, options.epcis)
    _review(walk, workspace, lot, story.seller)
    scores = [
        score_shape(workspace.merchants.rating(row.party), session.words)
        for row in workspace.merchants.rows()
    ]
    adds_up = all(
        s["base"] + sum(c["points"] for c in s["contributions"]) == s["score"] for s in scores if s["score"]
    )
    walk.step("scores", adds_up, parties=len(scores))
    _witness(walk, workspace)
    _prove(walk, workspace, lot)
    _tamper(walk, workspace)
    shape = story_shape(workspace.story(lot), session.words, rating)
    walk.write("story.json", json.dumps(shape, ensure_ascii=False, indent=1, default=str).encode())
    document = {"out": str(out), "steps": walk.steps, "story": shape, "scores": scores, "files": walk.files}
    holds = all(step["holds"] for step in walk.steps)
    return Outcome(document, _lines(walk), DONE if holds else CHECK_FAILED)


def _free(out: Path, name: str) -> Path:
    """Return a folder that is not there yet: a demonstration never writes into another ledger."""
    return next(
        path for n in range(1, 10_000) if not (path := out / (name if n == 1 else f"{name}-{n}")).exists()
    )


def _scan_the_label(walk: _Walk, workspace: Any, lot: str) -> tuple[Any, Any]:
    from gui import labels, scanner
    from gui.labelling import label_of

    label = label_of(walk.session.words, *workspace.label_words(lot))
    for name in ("label.png", "label.svg", "label.pdf"):
        report = labels.write_labels([label], walk.out / name, None)
        walk.files += [str(path) for path in report.files]
    walk.step("label", len(walk.files) >= 3, lot=lot)
    found = scanner.decode_file(walk.out / "label.png")
    story = workspace.story(found[0].text) if found else workspace.story(lot)
    same = bool(found) and story.lot is not None and story.lot.lot == workspace.story(lot).lot.lot
    walk.step(
        "scan",
        same and story.verdict != "unknown",
        text=found[0].text if found else None,
        verdict=story.verdict,
    )
    rating = workspace.merchants.rating(story.seller) if story.seller else None
    walk.step("story", len(story.steps) > 2, events=len(story.steps), seller=story.seller)
    return story, rating


def _import_real(walk: _Walk, workspace: Any, path: Path | None) -> None:
    if path is None:
        return
    report = workspace.files.import_file(path)
    walk.step("import", not report.refused, accepted=report.accepted, refused=len(report.refused))


def _review(walk: _Walk, workspace: Any, lot: str, seller: str | None) -> None:
    before = workspace.size()
    reviewer = workspace.mine("consumer")[0]
    receipt = workspace.opinions.review(
        seller, 5, walk.session.words("demo.review"), lot=lot, as_party=reviewer.id
    )
    walk.step("review", workspace.size() == before + 1, entry=receipt.index)


def _witness(walk: _Walk, workspace: Any) -> None:
    head = workspace.log.checkpoint()
    cosigned = walk.session.cosign(head.note, home=_free(walk.out, "witness"), log_key=head.log_key)
    kept = workspace.cosign(cosigned.note, witness=cosigned.witness_key)
    walk.write("checkpoint.txt", kept.note.encode())
    walk.step("witness", bool(kept.cosignatures), size=kept.size, root=kept.root)


def _prove(walk: _Walk, workspace: Any, lot: str) -> None:
    data = workspace.log.proof(lot)
    walk.write("proof.json", data)
    result = workspace.log.check(data)
    walk.step(
        "proof",
        result.holds,
        entries=[entry.index for entry in result.entries],
        witnesses=list(result.witnesses),
    )
    report = workspace.log.audit()
    walk.step("verify", report.holds, entries=report.entries, witnessed_to=report.witnessed_to)


def _tamper(walk: _Walk, workspace: Any) -> None:
    changed = workspace.size() // 2
    named = walk.session.tamper(workspace, changed, _free(walk.out, "tampered.db"))
    walk.step("tamper", changed in named, changed=changed, found=list(named))


def _lines(walk: _Walk) -> tuple[str, ...]:
    words = walk.session.words
    lines = [words("terminal.demo.note")]
    lines += [f"{'✓' if step['holds'] else '✗'} {step['words']}" for step in walk.steps]
    return (*lines, words("terminal.demo.done", out=str(walk.out)))
