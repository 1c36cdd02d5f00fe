"""A place for one of many pages: only the one that is shown is laid out."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget, QWidget


class OnePage(QStackedWidget):
    """A stack that measures only what it shows.

    Qt's own asks every page it holds for its size whenever one of them changes; with thirty pages of wrapped
    text that is a tenth of a second at every visit.
    """

    def knows(self, page: QWidget) -> bool:
        """Say whether a page is dressed as what stands here: it was shown, or made ready to be."""
        return page.parent() is self

    def know(self, page: QWidget) -> None:
        """Dress a page as what stands here, before it is shown."""
        page.setParent(self)

    def show_page(self, page: QWidget) -> None:
        """Show this page; the one before stays a hidden child of this place."""
        before = self.currentWidget()
        if before is page:
            return
        # Its parent is this place already when it comes back: nothing is styled again.
        self.addWidget(page)
        self.setCurrentWidget(page)
        if before is not None:
            self.removeWidget(before)
