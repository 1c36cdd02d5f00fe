"""Today: what came, what needs a hand, what nobody outside has witnessed yet, and the usual ways to begin."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from gui.context import Context, Page
from gui.cooperative.actors import ActorBox
from gui.cooperative.waiting import WaitingDrafts
from gui.widgets import Card, CheckRow, FlowRow, button, clear, label, scrolled

LISTED = 6
BEGIN = (("register", "plus"), ("movement", "move"), ("labels", "label"), ("import", "import"))


class TodayPage(Page):
    """Cards that are empty in words when there is nothing to do."""

    key = "today"
    icon = "today"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        words = self.words
        self.actor = ActorBox(context)
        self.header.add(self.actor)
        self.actor.chosen.connect(lambda *_: self.refresh())
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(16)
        begin = Card(words("today.begin"))
        begin.add(FlowRow([self._way(key, icon) for key, icon in BEGIN]))
        column.addWidget(begin)
        self.drafts = WaitingDrafts(self)
        column.addWidget(self.drafts)
        grid = QGridLayout()
        grid.setSpacing(16)
        self.cards = {
            name: Card(words(f"today.{name}")) for name in ("coming", "recalled", "recent", "ledger")
        }
        for place, card in enumerate(self.cards.values()):
            grid.addWidget(card, place // 2, place % 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        column.addLayout(grid)
        column.addStretch()
        self.column.addWidget(scrolled(inside), 1)

    @classmethod
    def sample(cls, workspace: Any) -> dict[str, Any]:  # noqa: ARG003
        """Show the day of whoever signs here."""
        return {}

    def enter(self, **_: Any) -> None:
        """Ask what there is today."""
        self.refresh()

    def refresh(self) -> None:
        """Ask again."""
        self.drafts.refresh()
        workspace, wanted = self.context.workspace, self.actor.wanted

        def ask() -> tuple[Any, ...]:
            mine = workspace.mine()
            actor = wanted or next((party.id for party in mine if "cooperative" in party.roles), None)
            head = workspace.log.checkpoint()
            return (
                mine,
                {party.id: party for party in workspace.parties()},
                workspace.arriving(actor) if actor else (),
                workspace.goods.in_hand(actor, LISTED, recalled=True) if actor else (),
                workspace.goods.in_hand(actor, LISTED) if actor else (),
                (head.size, workspace.log.witnessed_to()),
            )

        self.context.workers.read(ask, lambda found: self._show(*found), owner=self)

    def _way(self, key: str, icon: str) -> QWidget:
        role = "primary" if key == "register" else ""
        colour = "on_primary" if role else "text"
        words, theme = self.words, self.context.theme
        return button(
            words(f"page.{key}.title"), lambda: self.context.go(key, {}), role, theme.icon(icon, colour)
        )

    def _show(
        self,
        mine: tuple[Any, ...],
        parties: dict[str, Any],
        coming: tuple[Any, ...],
        recalled: tuple[Any, ...],
        recent: tuple[Any, ...],
        state: tuple[int, int],
    ) -> None:
        words = self.words
        self.actor.show_parties(mine)
        for card in self.cards.values():
            clear(card.body)
        for one in coming[:LISTED]:
            sender = parties.get(one.sender)
            title = self._lot(one.lot, one.quantity, one.uom)
            detail = words(
                "today.coming.from",
                name=words.name(sender) if sender else one.sender,
                day=words.date(one.shipped),
            )
            self.cards["coming"].add(
                self._row(title, detail, "receive", one.lot.lot, "info", words("today.to_receive"))
            )
        for lot in recalled:
            row = self._row(
                self._lot(lot, lot.remaining, lot.uom),
                words("today.recalled.text"),
                "",
                lot.lot,
                "bad",
                words("lot_status.recalled"),
            )
            self.cards["recalled"].add(row)
        for lot in recent:
            self.cards["recent"].add(
                self._row(self._lot(lot, lot.remaining, lot.uom), words.time(lot.last_time), "", lot.lot)
            )
        self._ledger(*state)
        for name, found in (("coming", coming), ("recalled", recalled), ("recent", recent)):
            if not found:
                self.cards[name].add(label(words(f"today.{name}.none"), "secondary"))
        for card in self.cards.values():
            card.body.addStretch()

    def _ledger(self, size: int, witnessed: int) -> None:
        words = self.words
        card = self.cards["ledger"]
        if witnessed >= size:
            card.add(
                CheckRow(words("today.witnessed"), words("today.entries", n=size), words("status.pass"), "ok")
            )
        else:
            text = words("today.unwitnessed", first=witnessed, last=size - 1)
            card.add(CheckRow(text, words("today.unwitnessed.text"), words("status.attention"), "attention"))
        card.add(FlowRow((button(words("today.verify"), lambda: self.context.go("integrity", {})),)))

    def _row(
        self, title: str, detail: str, kind: str, code: str, badge: str = "neutral", status: str = ""
    ) -> CheckRow:
        more = self.words("today.receive") if kind else self.words("common.open")
        target = ("movement", {"kind": kind, "code": code}) if kind else ("lot", {"code": code})
        return CheckRow(title, detail, status, badge, more, lambda *_: self.context.go(*target))

    def _lot(self, lot: Any, value: Any, uom: str | None) -> str:
        name = lot.product_name if self.words.chinese else lot.product_name_en or lot.product_name
        parts = (
            name or self.words("batches.unnamed"),
            lot.lot_number or lot.lot,
            self.words.quantity(value, uom),
        )
        return " · ".join(parts)
