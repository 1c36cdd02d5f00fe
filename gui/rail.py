"""The left rail: who you are, which role you look through, its pages, the ledger's state, how it looks."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gui.pages import ROLES, pages_of
from gui.theme import Theme
from gui.tokens import ELDER_RAIL, RAIL
from gui.widgets import Badge, button, clear, label, scrolled
from gui.words import Words

DIGITS = "1234567890"


class Rail(QFrame):
    """Tells the shell what was chosen and shows what the shell says."""

    page = Signal(str)
    role = Signal(str)
    language = Signal()
    scheme = Signal()
    large = Signal()
    help = Signal()
    settings = Signal()

    def __init__(self, theme: Theme, words: Words, role: str) -> None:
        super().__init__()
        self.setObjectName("rail")
        # Large type shows fewer pages, so that the page itself keeps most of a small screen.
        self.setFixedWidth(round(RAIL * ELDER_RAIL) if theme.elder else RAIL)
        self._theme, self._words = theme, words
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 20, 12, 12)
        column.setSpacing(4)
        self.name = label(words("app.name"), "card")
        self.about = label(words("rail.opening"), "secondary")
        column.addWidget(self.name)
        column.addWidget(self.about)
        column.addSpacing(12)
        column.addWidget(self._segments(role))
        column.addSpacing(12)
        pages = QWidget()
        inside = QVBoxLayout(pages)
        inside.setContentsMargins(0, 0, 0, 0)
        self._column = QVBoxLayout()
        self._column.setSpacing(1)
        inside.addLayout(self._column)
        inside.addStretch()
        # In a low window, or in large type, the list of pages scrolls and covers nothing.
        self.area = scrolled(pages)
        # Its buttons take the keys and scroll it into sight themselves.
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column.addWidget(self.area, 1)
        self.status = Badge("", "neutral")
        self.status.hide()
        self.status_text = label("", "secondary")
        column.addWidget(self.status, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.status_text)
        column.addSpacing(8)
        column.addLayout(self._doors())
        column.addLayout(self._switches())
        self.buttons: dict[str, QPushButton] = {}
        self.show_role(role)

    def show_role(self, role: str) -> None:
        """Show the pages of a role; in large type the essential ones, the others under "more"."""
        clear(self._column)
        self.buttons = {}
        self._rest: list[QPushButton] = []
        self._more_shown = False
        self.more_button: QPushButton | None = None
        group = QButtonGroup(self)
        listed = [spec for spec in pages_of(role) if spec.rail]
        if self._theme.elder:
            listed.sort(key=lambda spec: not spec.essential)
        for place, spec in enumerate(listed):
            if self._theme.elder and not spec.essential and not self._rest:
                self._offer_more()
            title = self._words.first(f"page.{spec.key}.rail", f"page.{spec.key}.title")
            made = button(title, role="rail", icon=self._theme.icon(spec.icon))
            made.setSizePolicy(made.sizePolicy().Policy.Expanding, made.sizePolicy().Policy.Fixed)
            made.setIconSize(QSize(self._theme.px(20), self._theme.px(20)))
            made.setCheckable(True)
            # There are ten digits; what stands below is reached by its name (Ctrl+G).
            if place < len(DIGITS):
                # Not the button's own shortcut: that shows itself pressed for a tenth of a second first.
                QShortcut(QKeySequence(f"Ctrl+{DIGITS[place]}"), made).activated.connect(made.click)
                made.setToolTip(f"{title}  Ctrl+{DIGITS[place]}")
            made.clicked.connect(lambda *_, key=spec.key: self.page.emit(key))
            group.addButton(made)
            self.buttons[spec.key] = made
            self._column.addWidget(made)
            if self._theme.elder and not spec.essential:
                self._rest.append(made)
                made.hide()
        if role in self.roles:
            self.roles[role].setChecked(True)

    def show_page(self, key: str) -> None:
        """Mark the page that is open; one outside the rail marks its parent."""
        if key in self.buttons:
            self.buttons[key].setChecked(True)
            self.show_more(self.buttons[key] in self._rest)
            self.area.ensureWidgetVisible(self.buttons[key])

    def show_more(self, wanted: bool) -> None:
        """Show the pages that large type leaves out, or leave them out again."""
        if self.more_button is None:
            return
        self._more_shown = wanted
        self.more_button.setText(self._words("rail.less" if wanted else "rail.more"))
        for made in self._rest:
            made.setVisible(wanted)

    def _offer_more(self) -> None:
        icon = self._theme.icon("plus")
        self.more_button = made = button(self._words("rail.more"), role="rail", icon=icon)
        made.setSizePolicy(made.sizePolicy().Policy.Expanding, made.sizePolicy().Policy.Fixed)
        made.setToolTip(self._words("rail.more.tip"))
        made.clicked.connect(lambda *_: self.show_more(not self._more_shown))
        self._column.addWidget(made)

    def take_keys(self) -> None:
        """Take the keys to the page that is marked, or to the first."""
        marked = [one for one in self.buttons.values() if one.isChecked()] or list(self.buttons.values())
        marked[0].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_ledger(self, name: str, about: str, status: str, kind: str, text: str) -> None:
        """Show whose installation this is and how the ledger stands."""
        self.name.setText(name)
        self.about.setText(about)
        self.status.show_status(status, kind)
        self.status.setVisible(bool(status))
        self.status_text.setText(text)

    def _segments(self, role: str) -> QFrame:
        frame = QFrame()
        frame.setProperty("role", "segments")
        row = QHBoxLayout(frame)
        row.setContentsMargins(2, 3, 2, 3)
        row.setSpacing(0)
        group = QButtonGroup(self)
        self.roles: dict[str, QPushButton] = {}
        for name in ROLES:
            made = button(self._words.first(f"role.{name}.short", f"role.{name}"), role="segment")
            made.setAccessibleName(self._words(f"role.{name}"))
            made.setToolTip(self._words(f"role.{name}.about"))
            made.setSizePolicy(made.sizePolicy().Policy.Expanding, made.sizePolicy().Policy.Fixed)
            made.setCheckable(True)
            made.setChecked(name == role)
            made.clicked.connect(lambda *_, name=name: self.role.emit(name))
            group.addButton(made)
            self.roles[name] = made
            # Room by the length of the word: in English "Regulator" is twice as long as "Co-op".
            row.addWidget(made, made.fontMetrics().horizontalAdvance(made.text()) + 20)
        return frame

    def _doors(self) -> QHBoxLayout:
        words, theme = self._words, self._theme
        row = QHBoxLayout()
        row.setSpacing(4)
        self.settings_button = button(
            words("preferences.title"),
            self.settings.emit,
            "switch",
            theme.icon("settings"),
            words("rail.settings"),
        )
        self.help_button = button(
            words("help.title"), self.help.emit, "switch", theme.icon("help"), words("rail.help")
        )
        row.addWidget(self.settings_button)
        row.addWidget(self.help_button)
        row.addStretch()
        return row

    def _switches(self) -> QHBoxLayout:
        words, theme = self._words, self._theme
        row = QHBoxLayout()
        row.setSpacing(4)
        self.language_button = button(
            words("language.other"),
            self.language.emit,
            "switch",
            theme.icon("language"),
            words("rail.language"),
        )
        self.scheme_button = button(
            "", self.scheme.emit, "switch", theme.icon("sun" if theme.dark else "moon"), words("rail.scheme")
        )
        self.large_button = button(
            words("rail.large.short"), self.large.emit, "switch", None, words("rail.large")
        )
        for made in (self.language_button, self.scheme_button, self.large_button):
            row.addWidget(made)
        row.addStretch()
        return row
