"""Choose, keep and put away a template above the form it fills."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from gui.context import Context
from gui.cooperative.templates import Template, Templates
from gui.keyboard import ASIDE
from gui.widgets import FlowRow, button, label


class TemplateBar(QWidget):
    """An editable choice: a known name fills the form, a new one keeps what the form holds.

    Args:
        fill: called with the template that was chosen.
        stated: returns what the form holds as a template of that name.
    """

    def __init__(
        self, context: Context, fill: Callable[[Template], object], stated: Callable[[str], Template]
    ) -> None:
        super().__init__()
        words = context.words
        self._context, self._fill, self._stated = context, fill, stated
        self._templates = Templates(Path(context.workspace.home.root))
        self.names = QComboBox()
        self.names.setObjectName(ASIDE)
        self.names.setEditable(True)
        self.names.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.names.setAccessibleName(words("template.name"))
        self.names.setMinimumWidth(context.theme.px(220))
        if (line := self.names.lineEdit()) is not None:
            line.setPlaceholderText(words("template.hint"))
            line.setMaxLength(40)
        self.keep_button = button(words("template.keep"), self.keep, "quiet", tip=words("template.keep.tip"))
        self.forget_button = button(words("template.forget"), self.forget, "quiet")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        name = label(words("template.name"), "secondary", wrap=False)
        # It wraps: large type on a small screen has no room for all of it in one line.
        row.addWidget(FlowRow((name, self.names, self.keep_button, self.forget_button)))
        self.names.activated.connect(lambda *_: self._use())
        self.names.editTextChanged.connect(lambda *_: self._enable())
        self._show("")

    def keep(self) -> None:
        """Keep what the form holds under the name that is typed."""
        name = self.names.currentText().strip()
        self._change(lambda: self._templates.keep(self._stated(name)), "template.kept", name)
        self._show(name)

    def forget(self) -> None:
        """Put the named template away; what the form holds stays."""
        name = self.names.currentText().strip()
        self._change(lambda: self._templates.forget(name), "template.forgotten", name)
        self._show("")

    def _change(self, act: Callable[[], object], said: str, name: str) -> None:
        words = self._context.words
        try:
            act()
        except OSError as error:
            self._context.toast(words("template.not_kept", why=error.strerror or ""), "attention")
        else:
            self._context.toast(words(said, name=name), "ok")

    def _use(self) -> None:
        name = self.names.currentText()
        found = next((one for one in self._templates.all() if one.name == name), None)
        if found is not None:
            self._fill(found)

    def _show(self, chosen: str) -> None:
        self.names.clear()
        self.names.addItems([one.name for one in self._templates.all()])
        self.names.setCurrentIndex(self.names.findText(chosen) if chosen else -1)
        self._enable()

    def _enable(self) -> None:
        name = self.names.currentText().strip()
        self.keep_button.setEnabled(bool(name))
        self.forget_button.setEnabled(bool(name) and self.names.findText(name) >= 0)
