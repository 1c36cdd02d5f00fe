"""How the window looks and speaks: its language, light or dark, normal or large type, and where one chooses.

Rule: a choice is kept in the settings first and shown then; everything shown is built anew in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from gui.words import Words

if TYPE_CHECKING:
    from gui.shell import Shell


class Look(QObject):
    """What a person may choose about the window; the window owns it."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._shell = shell

    def switch_language(self) -> None:
        """Change between Chinese and English."""
        self.set_language("en" if self._shell.words.chinese else "zh_CN")

    def set_language(self, locale: str) -> None:
        """Say everything in another language."""
        self._shell.settings.language = locale
        self._shell.words = Words(locale)
        self._shell.relocalised.emit(locale)
        self._shell.rebuild()

    def switch_scheme(self) -> None:
        """Change between light and dark."""
        self.set_scheme("light" if self._shell.theme.dark else "dark")

    def set_scheme(self, mode: str) -> None:
        """Show light, dark, or what the system says."""
        self._shell.settings.theme = mode
        self._shell.theme.set_mode(mode)

    def switch_large(self) -> None:
        """Change between normal and large type."""
        settings, theme = self._shell.settings, self._shell.theme
        settings.elder = not settings.elder
        theme.set_mode(theme.mode, settings.elder)

    def show_preferences(self) -> None:
        """Let the person choose language, look and type size, and see to the key."""
        from gui.preferences import PreferencesDialog
        from gui.setup import Surroundings

        shell = self._shell
        around = Surroundings(shell.theme, shell.words, shell.workers)
        chosen = (shell.words.locale, shell.settings.theme, shell.settings.elder)
        dialog = PreferencesDialog(around, chosen, shell.keys, shell.own_party(), shell)
        queued = Qt.ConnectionType.QueuedConnection
        dialog.language.connect(self.set_language, queued)
        dialog.scheme.connect(self.set_scheme, queued)
        dialog.large.connect(lambda *_: self.switch_large(), queued)
        dialog.setup.connect(shell.setup_wanted)
        for changed in (dialog.language, dialog.scheme, dialog.large):
            # Everything behind it is built anew, and so must be what it says itself.
            changed.connect(dialog.accept)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
