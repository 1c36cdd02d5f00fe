"""How the ledger stands, in the rail: who acts here, how long it is, and whether anybody outside saw it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gui.context import Context
from gui.rail import Rail
from gui.words import Words
from ledger.errors import Problem

if TYPE_CHECKING:
    from models.dossier import Party
    from models.workspace import Workspace

# Which of the ledger's roles one acts in when looking through one of the window's three.
ACTING = {
    "consumer": (),
    "cooperative": ("cooperative", "processor", "carrier", "merchant"),
    "regulator": ("inspector", "administrator"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What the rail says: the party that acts, the size, who vouches for it, whether it is invented."""

    actor: Party | None
    size: int
    witnesses: int
    demonstration: bool


def ask_standing(context: Context, rail: Rail, role: str) -> None:
    """Ask for the newest checkpoint and show it in the rail."""
    workspace, words = context.workspace, context.words
    # A page that lets one choose who signs keeps the choice under the role's name.
    wanted = context.settings.kept.get(f"{role}.actor", "")

    def fail(problem: Problem) -> None:
        rail.show_ledger(words("app.name"), "", words("rail.unreadable"), "bad", words.problem(problem)[0])

    context.workers.read(
        lambda: standing_of(workspace, role, wanted),
        lambda found: show_standing(rail, words, found),
        fail,
        rail,
    )


def standing_of(workspace: Workspace, role: str, wanted: str = "") -> Standing:
    """Return how the ledger stands for somebody in this role (on a reading thread)."""
    mine = [party for word in ACTING[role] for party in workspace.mine(word)]
    actor = next((party for party in mine if party.id == wanted), mine[0] if mine else None)
    head = workspace.log.checkpoint()
    return Standing(actor, head.size, len(head.cosignatures), workspace.demonstration)


def show_standing(rail: Rail, words: Words, found: Standing) -> None:
    """Word it for the rail."""
    name = words("app.name") if found.actor is None else words.name(found.actor)
    about = words("rail.demonstration" if found.demonstration else "rail.ledger", n=found.size)
    key, kind = ("rail.witnessed", "ok") if found.witnesses else ("rail.unwitnessed", "attention")
    rail.show_ledger(name, about, words(key), kind, words(f"{key}.text", n=found.witnesses))
