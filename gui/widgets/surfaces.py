"""The grounds things stand on: page header, card, verdict banner, empty state, progress."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QFontMetrics, QIcon, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gui.theme import Theme
from gui.widgets.rows import FlowLayout
from gui.widgets.text import button, clear, label, repolish, show_if

BACK = 56
"""Room for the way back before a page's name, and for the gaps beside it."""


class PageHeader(QWidget):
    """The page's name, one quiet line about it, and its main actions on the right."""

    def __init__(self, title: str, about: str = "") -> None:
        super().__init__()
        self.whole = whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(8)
        self.row = row = QHBoxLayout()
        row.setSpacing(12)
        whole.addLayout(row)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        self.title = label(title, "page", wrap=False)
        self.about = label(about, "secondary")
        show_if(self.about, bool(about))
        texts.addWidget(self.title)
        texts.addWidget(self.about)
        row.addLayout(texts, 1)
        self.actions_part = QWidget()
        self.action_row = FlowLayout(self.actions_part, 12)
        self.actions_part.installEventFilter(self)
        row.addWidget(self.actions_part)
        self._below = False

    def minimumSizeHint(self) -> QSize:
        """Allow the actions below the name, wherever they stand."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the actions below the name where they do not fit beside it."""
        super().resizeEvent(event)
        self.arrange()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look again when an action gets other words."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.arrange()
        return super().eventFilter(watched, event)

    def arrange(self) -> None:
        """Put the actions where they fit."""
        name = QFontMetrics(self.title.font()).horizontalAdvance(self.title.text()) + BACK
        self.title.setWordWrap(name > self.width())
        below = name + self.action_row.sizeHint().width() > self.width()
        if below != self._below:
            self._below = below
            (self.row if below else self.whole).removeWidget(self.actions_part)
            (self.whole if below else self.row).addWidget(self.actions_part)

    def add_back(self, text: str, icon: QIcon, clicked: Callable[[], object]) -> None:
        """Put the way back before the name, for a page that is reached from another."""
        made = button("", clicked, "quiet", icon, text)
        made.setAccessibleName(text)
        made.setObjectName("back")
        self.row.insertWidget(0, made)

    def add(self, widget: QWidget) -> None:
        """Put an action on the right."""
        self.action_row.addWidget(widget)

    def say(self, title: str, about: str = "") -> None:
        """Show another name and line."""
        self.title.setText(title)
        self.about.setText(about)
        show_if(self.about, bool(about))
        self.arrange()


class Card(QFrame):
    """A surface with a title, things on the right of it, and a column of contents."""

    def __init__(self, title: str = "", about: str = "") -> None:
        super().__init__()
        self.setProperty("role", "surface")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(20, 16, 20, 16)
        self.column.setSpacing(12)
        self.head = QHBoxLayout()
        self.head.setSpacing(8)
        self.title = label(title, "card")
        self.head.addWidget(self.title, 1)
        self.column.addLayout(self.head)
        show_if(self.title, bool(title))
        self.about = label(about, "secondary")
        show_if(self.about, bool(about))
        self.column.addWidget(self.about)
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        # No stretch here: it would make every card as greedy as a table. Who wants the rest adds a stretch.
        self.column.addLayout(self.body)

    def add(self, widget: QWidget, stretch: int = 0) -> None:
        """Put something under what is there."""
        self.body.addWidget(widget, stretch)

    def add_action(self, widget: QWidget) -> None:
        """Put something on the right of the title."""
        self.head.addWidget(widget, 0, Qt.AlignmentFlag.AlignTop)

    def clear(self) -> None:
        """Free the contents; title and actions stay."""
        clear(self.body)


class Place(QWidget):
    """Where something will stand that is not made yet."""

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    @property
    def empty(self) -> bool:
        """Say whether nothing stands here yet."""
        return self._column.count() == 0

    def fill(self, widget: QWidget) -> None:
        """Put it here, instead of what stands here."""
        self.clear()
        self._column.addWidget(widget)

    def clear(self) -> None:
        """Free what stands here."""
        clear(self._column)


class Banner(QFrame):
    """One verdict: an icon, a sentence, why, and perhaps a button."""

    def __init__(self, theme: Theme, kind: str = "neutral", title: str = "", text: str = "") -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("role", "banner")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 16, 20, 16)
        row.setSpacing(12)
        self.picture = QLabel()
        row.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        texts = QVBoxLayout()
        texts.setSpacing(4)
        self.title = label("", "verdict")
        self.text = label("")
        texts.addWidget(self.title)
        texts.addWidget(self.text)
        row.addLayout(texts, 1)
        self.action_row = QHBoxLayout()
        self.action_row.setSpacing(8)
        if theme.elder:
            # Beside large words there is no room for buttons.
            texts.addLayout(self.action_row)
            self.action_row.addStretch()
        else:
            row.addLayout(self.action_row)
        self.say(kind, title, text)

    def sizeHint(self) -> QSize:
        """Return the size at the width it has: a narrower banner needs more lines."""
        hint = super().sizeHint()
        return QSize(hint.width(), max(hint.height(), self.heightForWidth(self.width())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for the height that the new width needs."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def say(self, kind: str, title: str, text: str = "") -> None:
        """Show another verdict: kind ok, attention, bad, info or neutral."""
        self.title.setText(title)
        self.text.setText(text)
        show_if(self.text, bool(text))
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        if kind == self.property("kind"):
            return
        self.picture.setPixmap(self._theme.pixmap(kind, "text2" if kind == "neutral" else kind, 28))
        for widget in (self, self.title):
            widget.setProperty("kind", kind)
            repolish(widget)

    def add_action(self, widget: QWidget) -> None:
        """Put a button on the right; in large type under the words, from the left."""
        place = self.action_row.count() - 1 if self._theme.elder else -1
        self.action_row.insertWidget(place, widget)


class EmptyState(QWidget):
    """Nothing here yet: why, and what to do about it."""

    def __init__(
        self,
        theme: Theme,
        icon: str,
        title: str,
        text: str = "",
        action: str = "",
        clicked: Callable[[], object] | None = None,
    ) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 28, 20, 28)
        column.setSpacing(8)
        column.addStretch()
        picture = QLabel()
        picture.setPixmap(theme.pixmap(icon, "control", 40))
        self.title = label(title, "card")
        self.text = label(text, "secondary")
        for widget in (picture, self.title, self.text):
            if isinstance(widget, QLabel):
                widget.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(widget)
        show_if(self.text, bool(text))
        if action:
            column.addSpacing(8)
            column.addWidget(button(action, clicked, "primary"), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch()


def scrolled(inside: QWidget, sideways: bool = False, name: str = "") -> QScrollArea:
    """Return an area that scrolls `inside` up and down; sideways only a drawing, never words.

    The keys stop at it, to scroll: in a dialog it needs a `name`, on a page it has the page's.
    """
    area = QScrollArea()
    area.setAccessibleName(name)
    area.setWidgetResizable(True)
    if not sideways:
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setMinimumSize(QSize(0, 0))
    area.setFrameShape(QFrame.Shape.NoFrame)
    inside.setProperty("role", "scrolled")
    area.setWidget(inside)
    return area


def framed(card: Card) -> QWidget:
    """Put a card in a plain widget: what scrolls is transparent, and a card is not."""
    frame = QWidget()
    column = QVBoxLayout(frame)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(card)
    return frame
