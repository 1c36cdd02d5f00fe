"""The types of fixtures that are functions."""

from __future__ import annotations

from typing import Protocol

from gui.shell import Shell


class OpenShell(Protocol):
    """Opens a window on the demonstration ledger."""

    def __call__(
        self, locale: str = "zh_CN", scheme: str = "light", role: str = "regulator", kept: bool = True
    ) -> Shell:
        """Return the window, its first page shown; the test itself frees one that is not `kept`."""
