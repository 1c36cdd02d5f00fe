"""One remark on a listing: what it is about, the law, why, and buttons with other words to put there."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from gui.context import Context
from gui.widgets import Badge, Card, FlowRow, button, label
from gui.wording import law_text
from models.claims.checking import CheckedRemark

KINDS = {"violation": "bad", "contradicted": "bad", "unsupported": "attention", "supported": "ok"}


class RemarkCard(Card):
    """Shows one remark; `select` and `apply` are told its number."""

    def __init__(
        self,
        context: Context,
        row: CheckedRemark,
        number: int,
        select: Callable[[int], object],
        apply: Callable[[int, int], object],
    ) -> None:
        words, remark = context.words, row.remark
        super().__init__(f"“{remark.words}”")
        verdict = words(f"claims.verdict.{remark.verdict}")
        self.add_action(Badge(verdict, KINDS.get(remark.verdict, "info")))
        side = 0 if words.chinese else 1
        why = remark.why[side] or (words(f"claims.why.{remark.reason}") if remark.reason else "")
        self.add(label(words("listing.law", law=law_text(words, remark.statute)), "strong"))
        if why:
            self.add(label(why))
        if remark.suggestion[side]:
            self.add(label(words("listing.advice", text=remark.suggestion[side]), "secondary"))
        if remark.verdict == "to_check":
            self.add(label(words("listing.to_check"), "secondary"))
        if remark.entries:
            self.add(
                label(words("listing.entries", list=words.listing(map(str, remark.entries))), "secondary")
            )
        actions = FlowRow()
        find = button(words("listing.find"), lambda: select(number), "quiet")
        find.setAccessibleName(words("listing.find.of", text=remark.words))
        actions.add(find)
        for place, offer in enumerate(row.offers):
            text = words("listing.use", text=offer.words) if offer.words else words("listing.drop")
            if not offer.words and offer.end - offer.start > remark.end - remark.start + 2:
                text = words("listing.drop.clause")
            made = button(text, partial(apply, number, place))
            made.setAccessibleName(words("listing.use.of", old=remark.words, new=text))
            actions.add(made)
        self.add(actions)
        self.setAccessibleName(f"{remark.words}: {verdict}")
