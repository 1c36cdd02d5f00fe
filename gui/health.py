"""What an audit means and what to do about it, check by check, with a button where the program can do it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from gui.context import Context
from gui.healthwords import KINDS, check_name, meaning, remedy
from gui.widgets import Card, CheckRow, label


class HealthCard(Card):
    """Lists what is not sound, gravest first; what is sound is counted in one line.

    Args:
        acts: what the program can do, by remedy; the others are said in words alone.
    """

    def __init__(self, context: Context, acts: Mapping[str, Callable[[], object]]) -> None:
        super().__init__(context.words("health.title"), context.words("health.about"))
        self._words, self._acts = context.words, acts
        self.hide()

    def show_checks(self, checks: tuple[Any, ...]) -> None:
        """Show how every check came out."""
        words = self._words
        self.clear()
        for check in checks:
            if check.state == "ok":
                continue
            act = self._acts.get(check.remedy)
            more = words(f"health.act.{check.remedy}") if act is not None else ""
            said = "\n".join(part for part in (meaning(words, check), remedy(words, check)) if part)
            state = words(f"health.state.{check.state}")
            self.add(CheckRow(check_name(words, check), said, state, KINDS[check.state], more, act))
        sound = sum(check.state == "ok" for check in checks)
        self.add(label(words("health.sound", n=sound), "secondary"))
        self.show()
