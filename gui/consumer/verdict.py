"""What the ledger answers about one code, gathered off the GUI thread, and its verdict in words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from gui.words import Words
from ledger.errors import EventInvalid, LedgerError, Problem
from ledger.events.identifiers import gtin_of, lot_number_of, parse_code, serial_of

KINDS = {
    "genuine": "ok",
    "attention": "attention",
    "failed": "bad",
    "recalled": "bad",
    "cloned?": "bad",
    "revoked": "bad",
    "unknown": "attention",
    "stranger": "attention",
    "invalid": "bad",
    "offline": "neutral",
    "unreadable": "neutral",
}
HISTORY = 12
STORYLESS = ("unknown", "stranger", "invalid", "offline", "unreadable")
"""Verdicts that tell no story: nobody recorded anything, nobody can be asked, or there is no sound code."""
UNREACHABLE = "ledger-unreachable"


@dataclass(frozen=True, slots=True)
class Answer:
    """A code and everything shown about it.

    Args:
        verdict: one of `KINDS`.
        story: what the ledger tells, None where it knows nothing of the code.
        seller: who sold it, None where nobody says so; with `score` where it is rated. How the score came
            about over the months is asked for afterwards: nobody waits for it with a product in hand.
        fault: what is wrong with the code itself (a wrong check digit), or why it could not be read.
        names: registered parties by id, for the words of the story.
        carbon: the footprint of its way.
        origins: the stories told of where it comes from, each with how its photos compare to the signed ones.
        promises: the promises of conformity that stand for it.
        whole: whether what no verdict rests on (seller, score, footprint) has been asked for too.
    """

    code: str
    verdict: str
    story: Any = None
    seller: Any = None
    score: Any = None
    fault: Problem | None = None
    names: dict[str, Any] | None = None
    carbon: Any = None
    origins: tuple[tuple[Any, tuple[Any, ...]], ...] = ()
    promises: tuple[Any, ...] = ()
    whole: bool = True

    @classmethod
    def of(cls, workspace: Any, code: str) -> Answer:
        """Ask the workspace everything that one code needs."""
        return cls.first(workspace, code).completed(workspace)

    @classmethod
    def first(cls, workspace: Any, code: str) -> Answer:
        """Ask for what the verdict and its checks rest on, and for nothing else."""
        try:
            story = workspace.story(code)
        except LedgerError as error:
            if error.code not in ("lot-unknown", "lot-ambiguous"):
                raise
            fault = _fault(code)
            if fault is not None:
                return cls(code, "invalid", fault=fault)
            return cls(code, "unknown", fault=error if error.code == "lot-ambiguous" else None)
        if story.lot is None:
            fault = _fault(code)
            verdict = _missing(workspace, code) if story.verdict == "unknown" else story.verdict
            return cls(code, "invalid" if fault else verdict, story, fault=fault)
        origins = tuple((told, workspace.goods.photo_checks(told)) for told in story.origins)
        return cls(code, _told(story), story, origins=origins, whole=False)

    def completed(self, workspace: Any) -> Answer:
        """Return the answer with who sold it, their score, and what its way cost."""
        if self.whole:
            return self
        names = {party.id: party for party in workspace.parties()}
        seller = names.get(self.story.seller)
        score = None if seller is None else workspace.merchants.rating(seller.id)
        carbon = workspace.goods.footprint(self.story.lot.lot)
        promises = workspace.quality.promises_for(self.story.lot.lot)
        found = replace(self, seller=seller, score=score, names=names, carbon=carbon)
        return replace(found, promises=promises, whole=True)


def plain_answer(verdict: str, fault: Problem | None = None) -> Answer:
    """Return an answer about no code: a picture without one, or one that cannot be opened."""
    return Answer("", verdict, fault=fault)


def headline(words: Words, answer: Answer) -> tuple[str, str, str]:
    """Return (banner kind, verdict, what it is about) in the reader's language."""
    title = words(f"verdict.{answer.verdict}")
    return KINDS.get(answer.verdict, "attention"), title, subject(words, answer)


def subject(words: Words, answer: Answer) -> str:
    """Return which product, lot and item this is, or why there is none to name."""
    if answer.fault is not None:
        what, remedy = words.problem(answer.fault)
        return f"{what}\n{remedy}".strip()
    if answer.verdict == "unreadable":
        return words("scan.unreadable.text")
    lot = getattr(answer.story, "lot", None)
    product = (product_name(words, lot) if lot is not None else "") or gtin_of(answer.code)
    parts = [str(product)] if product else []
    number, serial = lot_number_of(answer.code) or getattr(lot, "lot_number", None), serial_of(answer.code)
    if number:
        parts.append(words("scan.lot", lot=number))
    if serial:
        parts.append(words("scan.serial", serial=serial))
    return " · ".join(parts) or answer.code


def product_name(words: Words, lot: Any) -> str:
    """Return what a lot is called in the reader's language, else its product number."""
    return (not words.chinese and lot.product_name_en) or lot.product_name or lot.gtin or ""


def refused_answer(code: str, fault: Problem) -> Answer:
    """Return an answer that there is none: the ledger is out of reach, or the picture cannot be opened."""
    if getattr(fault, "code", "") == UNREACHABLE:
        return Answer(code, "offline", fault=fault)
    return plain_answer("unreadable", fault)


def _told(story: Any) -> str:
    """Return the verdict as it is told: where a check failed, nothing is called trustworthy with a note."""
    failed = any(check.status == "fail" for check in story.checks)
    return "failed" if failed and story.verdict == "attention" else str(story.verdict)


def _missing(workspace: Any, code: str) -> str:
    """Say whether only this lot is missing, or nobody in this ledger answers for such a product at all."""
    gtin = gtin_of(code)
    known = gtin is None or any(product.gtin == gtin for product in workspace.products())
    return "unknown" if known else "stranger"


def _fault(code: str) -> EventInvalid | None:
    """Return what is wrong with a code that claims to be GS1's; None for a sound one or another kind."""
    if not code.lower().startswith(("http", "(", "]", "^", "\x1d")):
        return None
    try:
        parse_code(code)
    except EventInvalid as fault:
        # Any other web address is simply not one of ours; that is no fault of it.
        return None if fault.code == "link-key-missing" else fault
    return None
