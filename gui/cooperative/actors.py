"""Whose hand signs on this page: the enrolled parties whose keys lie on this machine."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox

from gui.context import Context

KEPT = "cooperative.actor"
ROLES = ("cooperative", "processor", "carrier", "merchant")


class ActorBox(QComboBox):
    """A choice of parties; the last one chosen is remembered."""

    chosen = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.setAccessibleName(context.words("cooperative.actor"))
        self.setToolTip(context.words("cooperative.actor"))
        # An English name is twice as long as a Chinese one; the list below is as wide as its longest.
        self.setMinimumWidth(context.theme.px(220 if context.words.chinese else 320))
        self.activated.connect(self._remember)

    @property
    def party(self) -> str | None:
        """Return the id of the party that signs, None when there is none here."""
        data = self.currentData()
        return str(data) if data else None

    @property
    def wanted(self) -> str | None:
        """Return who shall sign: the one chosen here or before, None for the first that comes."""
        return self._context.settings.kept.get(KEPT) or self.party

    def show_parties(self, parties: tuple[Any, ...]) -> None:
        """Offer these parties, those that handle goods, the remembered one first chosen."""
        words = self._context.words
        wanted = self._context.settings.kept.get(KEPT) or self.party or ""
        fit = [party for party in parties if set(party.roles) & set(ROLES)]
        self.clear()
        for party in sorted(fit, key=lambda party: "cooperative" not in party.roles):
            self.addItem(words.name(party), party.id)
        place = self.findData(wanted)
        self.setCurrentIndex(place if place >= 0 else 0 if fit else -1)
        self.setVisible(len(fit) > 1)

    def choose(self, party: str) -> None:
        """Sign as this party from now on."""
        self._context.settings.kept[KEPT] = party
        self._context.restate()
        place = self.findData(party)
        if place >= 0:
            self.setCurrentIndex(place)

    def _remember(self, *_: object) -> None:
        self._context.settings.kept[KEPT] = self.party or ""
        self._context.restate()
        self.chosen.emit(self.party or "")
