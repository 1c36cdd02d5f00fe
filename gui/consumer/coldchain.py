"""How cold it was on the way, on the consumer's page: for the lot in hand and what it was made from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget

from gui.coldchain import cold_chain_place
from gui.context import Context


def cold_chain(context: Context, story: Any, opened: Callable[[int], object]) -> QWidget:
    """Return the card of a story's cold legs; a container or an unknown code has none of its own."""
    return cold_chain_place(context, story.lot.lot if story.lot is not None else story.code, opened)
