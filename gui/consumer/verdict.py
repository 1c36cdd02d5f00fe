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
    "recalled": "bad",
    "cloned?": "bad",
    "revoked": "bad",
    "unknown": "attention",
    "unreadable": "neutral",
}
HISTORY = 12
STORYLESS = ("unknown", "unreadable")
"""Verdicts that tell no story: nobody recorded anything, or there is no code."""


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
            return cls(
                code, "unknown", fault=_fault(code) or (error if error.code == "lot-ambiguous" else None)
            )
        if story.lot is None:
            return cls(code, story.verdict, story, fault=_fault(code))
        origins = tuple((told, workspace.goods.photo_checks(told)) for told in story.origins)
        return cls(code, story.verdict, story, origins=origins, whole=False)

    def completed(self, workspace: Any) -> Answer:
        """Return the answer with who sold it, their score, and what its way cost."""
        if self.whole:
            return self
        names = {party.id: party for party in workspace.parties()}
        seller = names.get(self.story.seller)
        score = None if seller is None else workspace.merchants.rating(seller.id)
        carbon = workspace.goods.footprint(self.story.lot.lot)
        return replace(self, seller=seller, score=score, names=names, carbon=carbon, whole=True)


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
        return f"{what} {remedy}".strip()
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
