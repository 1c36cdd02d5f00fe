"""What the ledger says of one lot, as the facts that claims about it are judged by; for pages and verbs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.claims.crosscheck import Facts
    from models.workspace import Workspace


def lot_facts(workspace: Workspace, code: str) -> Facts:
    """Return the facts of a lot, however its code is written; call it off the GUI thread."""
    from models.claim_facts import facts_of  # SQL and all of provenance: not for a verb that only reads text

    roles = {party.id: party.roles for party in workspace.parties()}
    story = workspace.story(code)
    quality = None if story.lot is None else workspace.quality.batch(story.lot.lot)
    return facts_of(story, roles, workspace.clock(), quality.reports if quality else ())
