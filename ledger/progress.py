"""How long work says how far it is: so many steps of so many are done. What it raises ends the work."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int, int], object]


def quiet(_done: int, _total: int) -> None:
    """Tell nobody."""
