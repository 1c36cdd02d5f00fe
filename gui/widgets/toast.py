"""Brief messages in the corner that leave by themselves and never take the focus."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gui.theme import Theme
from gui.widgets.text import button, label

LASTING_MS = 5000


class Toasts(QWidget):
    """The corner of a window where messages appear, newest below, at most three at once."""

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(8)
        window.installEventFilter(self)
        self.hide()

    def say(
        self, text: str, kind: str = "info", action: str = "", clicked: Callable[[], object] | None = None
    ) -> None:
        """Show a message; kind ok, info, attention or bad.

        Args:
            action: the word on a button, such as "undo"; clicked: what it does. The message goes with it.
        """
        while (oldest := self.column.itemAt(0)) is not None and self.column.count() >= 3:
            self._drop(oldest.widget())
        toast = QFrame()
        toast.setProperty("role", "toast")
        toast.setProperty("kind", kind)
        row = QHBoxLayout(toast)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(12)
        picture = QLabel()
        picture.setPixmap(self._theme.pixmap(kind, kind, 20))
        row.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(label(text), 1)
        if clicked is not None:
            self._offer(toast, row, action, clicked)
        toast.setFixedWidth(self._theme.px(380))
        toast.setAccessibleName(text)
        self.column.addWidget(toast)
        # What joins a corner in sight is shown a turn later, and would not be given room till then.
        toast.show()
        # The toast owns its timer, so that neither outlives the other.
        timer = QTimer(toast)
        timer.setSingleShot(True)
        timer.timeout.connect(lambda: self._drop(toast))
        longer = clicked is not None or kind in ("bad", "attention")
        timer.start(LASTING_MS * (2 if longer else 1))
        self.show()
        self.raise_()
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the corner when the window changes size."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _offer(self, toast: QFrame, row: QHBoxLayout, action: str, clicked: Callable[[], object]) -> None:
        """Put a button on a message; only such a message is in the way of a mouse."""

        def act() -> None:
            clicked()
            self._drop(toast)

        offered = button(action, act, "quiet")
        offered.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        toast.setProperty("offers", True)
        row.addWidget(offered, 0, Qt.AlignmentFlag.AlignTop)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, False)

    def _drop(self, toast: QWidget | None) -> None:
        if toast is None:
            return
        self.column.removeWidget(toast)
        toast.hide()
        toast.deleteLater()
        left = [item.widget() for place in range(self.column.count()) if (item := self.column.itemAt(place))]
        offers = any(widget is not None and widget.property("offers") for widget in left)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not offers)
        self.setVisible(bool(left))
        self._place()

    def _place(self) -> None:
        window = self.parentWidget()
        if window is None:
            return
        self.adjustSize()
        self.move(window.width() - self.width() - 20, window.height() - self.height() - 20)
