"""Typed, pasted, dropped or shot by a scanner gun: a code is a code."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, Qt, QUrl
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from gui.consumer.inputs import Given, given, tidy
from gui.consumer.wedge import Wedge

CODE = "]d20109521234543213\x1d10QL260412"


class Keyboard:
    """Types with a clock of its own: `gap` milliseconds between keys."""

    def __init__(self, qtbot: QtBot) -> None:
        self.now = 0
        self.wedge = Wedge(now_ms=lambda _: self.now)
        self.heard: list[str] = []
        self.wedge.scanned.connect(self.heard.append)
        self.wedge.listen()
        self.edit = QLineEdit()
        qtbot.addWidget(self.edit)
        self.edit.show()
        self.edit.activateWindow()
        self.edit.setFocus()
        qtbot.waitUntil(self.edit.hasFocus)
        self.entered = 0
        self.edit.returnPressed.connect(self._count)

    def _count(self) -> None:
        self.entered += 1

    def types(self, text: str, gap: int) -> None:
        """Type as X11 tells it: the same sign again is told as a repetition."""
        before = ""
        for character in (*text, "\r"):
            self.now += gap
            key = Qt.Key.Key_Return if character == "\r" else Qt.Key.Key_A
            event = QKeyEvent(
                QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, character, character == before
            )
            QApplication.sendEvent(self.edit, event)
            before = character


@pytest.fixture
def keyboard(qtbot: QtBot) -> Iterator[Keyboard]:
    made = Keyboard(qtbot)
    yield made
    made.wedge.rest()


def test_a_scanner_gun_is_heard_whole(keyboard: Keyboard) -> None:
    keyboard.types(CODE, 8)
    assert keyboard.heard == [CODE]
    assert keyboard.entered == 0


def test_the_same_sign_twice_within_a_millisecond_is_no_held_key(keyboard: Keyboard) -> None:
    keyboard.types("https://id.gs1.org/01/09521000000017", 1)
    assert keyboard.heard == ["https://id.gs1.org/01/09521000000017"]


def test_a_key_that_is_held_is_no_scan(keyboard: Keyboard) -> None:
    keyboard.types("00000000000000", 33)
    assert keyboard.heard == []


def test_a_person_typing_is_left_alone(keyboard: Keyboard) -> None:
    keyboard.types("09521234543213", 90)
    assert keyboard.heard == []
    assert keyboard.entered == 1


def test_a_few_fast_keys_are_no_scan(keyboard: Keyboard) -> None:
    keyboard.types("abc", 5)
    assert keyboard.heard == []


def test_a_pause_begins_anew(keyboard: Keyboard) -> None:
    keyboard.types("old", 100)
    keyboard.now += 500
    keyboard.types(CODE, 8)
    assert keyboard.heard == [CODE]


def test_a_resting_wedge_hears_nothing(keyboard: Keyboard) -> None:
    keyboard.wedge.rest()
    keyboard.types(CODE, 8)
    assert keyboard.heard == []


def test_a_code_scanned_into_a_dialog_is_meant_for_the_dialog(keyboard: Keyboard, qtbot: QtBot) -> None:
    behind = keyboard.edit
    dialog = QDialog(behind)
    keyboard.edit = QLineEdit(dialog)
    dialog.open()
    dialog.activateWindow()
    keyboard.edit.setFocus()
    qtbot.waitUntil(keyboard.edit.hasFocus)
    keyboard.edit.returnPressed.connect(keyboard._count)
    keyboard.types(CODE, 8)
    assert keyboard.heard == []
    assert (keyboard.entered, behind.text()) == (1, "")


def test_words_of_a_review_are_no_scan(keyboard: Keyboard, qtbot: QtBot) -> None:
    words = QPlainTextEdit()
    qtbot.addWidget(words)
    words.show()
    words.setFocus()
    if QApplication.focusWidget() is words:
        keyboard.types(CODE, 8)
        assert keyboard.heard == []


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("  QL-260412\n", "QL-260412"),
        ("（０１）０９５２１２３４５４３２１３", "(01)09521234543213"),
        ("ｈｔｔｐｓ：／／ｉｄ．ｇｓ１．ｏｒｇ", "https://id.gs1.org"),
        ("first\nsecond", "first"),
        ("\x1d0109521234543213\x1d10A", "\x1d0109521234543213\x1d10A"),
        ("", ""),
        (" \n ", ""),
        ("龙井 一级", "龙井 一级"),
    ],
)
def test_typed_codes_are_tidied(typed: str, code: str) -> None:
    assert tidy(typed) == code


class TestGiven:
    def test_a_file_comes_before_its_name_as_text(self, tmp_path: Path) -> None:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(tmp_path / "label.MP4"))])
        data.setText("label")
        held = given(data)
        assert held == Given(file=tmp_path / "label.MP4")
        assert held is not None
        assert held.is_video

    def test_a_picture_comes_before_text(self, qapp: QApplication) -> None:
        data = QMimeData()
        picture = QImage(4, 4, QImage.Format.Format_RGB32)
        picture.fill(0)
        data.setImageData(picture)
        held = given(data)
        assert held is not None
        assert held.picture is not None

    def test_a_web_address_is_text(self) -> None:
        data = QMimeData()
        data.setText(" https://id.gs1.org/01/09521234543213 ")
        assert given(data) == Given(text="https://id.gs1.org/01/09521234543213")

    def test_nothing_is_nothing(self) -> None:
        assert given(QMimeData()) is None
        assert given(None) is None
