"""Import what somebody will want next, while nobody waits for it.

Rule: what fails here is not told here; whoever goes to that page is told then.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module

from PySide6.QtCore import QObject, QThread

from gui.pages import PAGES, PageSpec, pages_of

SCAN = "gui.consumer.scan"
READING = "gui.watching"
"""What finds codes in pictures: the scan page asks for it with the first of them."""
AREAS = tuple(
    f"models.{name}"
    for name in ("boardkeeping", "supervision", "files", "batches", "opinions", "corrections", "health")
)
"""What a ledger is opened without; imported after the pages, on which the window's own thread would wait."""


def modules_for(role: str) -> tuple[str, ...]:
    """Return the modules of all pages, those of this role first, then those of the ledger's areas.

    With the scan page comes what reads codes.
    """
    mine = pages_of(role)
    wanted: tuple[PageSpec, ...] = (*mine, *(spec for spec in PAGES if spec not in mine))
    pages = dict.fromkeys(spec.target.partition(":")[0] for spec in wanted)
    needed = (name for page in pages for name in ((page, READING) if page == SCAN else (page,)))
    return (*needed, *AREAS)


class Warming(QThread):
    """Imports modules one after the other on a thread of its own; `close` stops between two."""

    def __init__(self, modules: Iterable[str], parent: QObject) -> None:
        super().__init__(parent)
        self._modules = tuple(modules)

    def run(self) -> None:
        """Import, until everything is there or nobody wants it any more."""
        for name in self._modules:
            if self.isInterruptionRequested():
                return
            try:
                import_module(name)
            except Exception:  # noqa: BLE001  thread boundary: the page is imported again, and told, when opened
                return

    def close(self) -> None:
        """Stop after the module that is being imported."""
        self.requestInterruption()
        self.wait()
