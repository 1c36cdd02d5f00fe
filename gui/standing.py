"""How the ledger stands, in the rail: whose it is, how long, and whether anybody outside has seen it."""

from __future__ import annotations

from typing import Any

from gui.context import Context
from gui.rail import Rail
from gui.words import Words
from ledger.errors import Problem


def ask_standing(context: Context, rail: Rail) -> None:
    """Ask for the newest checkpoint and show it in the rail."""
    workspace, words = context.workspace, context.words

    def show(answer: tuple[Any, Any]) -> None:
        show_standing(rail, words, *answer)

    def fail(problem: Problem) -> None:
        rail.show_ledger(words("app.name"), "", words("rail.unreadable"), "bad", words.problem(problem)[0])

    context.workers.read(lambda: (workspace.me(), workspace.checkpoint()), show, fail, rail)


def show_standing(rail: Rail, words: Words, me: Any, checkpoint: Any) -> None:
    """Word a checkpoint for the rail."""
    name = words("app.name") if me is None else words.name(me)
    about = words("rail.ledger", n=checkpoint.size)
    witnesses = len(checkpoint.cosignatures)
    key, kind = ("rail.witnessed", "ok") if witnesses else ("rail.unwitnessed", "attention")
    rail.show_ledger(name, about, words(key), kind, words(f"{key}.text", n=witnesses))
