"""Take a picture of every page in both languages and both schemes, and look for what no reader should meet.

A flaw is a text that does not fit its place, a character no font here can draw, a key nobody has worded, or
English in the Chinese window. The pictures are for eyes; the flaws are for a test.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEventLoop, QRect, Qt, QTimer
from PySide6.QtGui import QFontMetrics, QImage
from PySide6.QtWidgets import QAbstractButton, QHeaderView, QLabel, QScrollArea, QTableView, QWidget

from gui.pages import PAGES, PageSpec
from gui.shell import Shell
from gui.system import missing_characters

# A key is two or more lower-case words joined by dots; a host name or a file is not shown that way here.
_KEY = re.compile(r"^[a-z][a-z_]*(\.[A-Za-z0-9_-]+)+$")
_LATIN_WORDS = re.compile(r"(?:\b[A-Za-z]{2,}\b[ ,]*){3,}")
_CODE = re.compile(r"^[a-z]+([_-][a-z]+)*$")
_PYTHON = re.compile(r"""^b['"]|\bDecimal\('|\bdatetime\.|<[\w.]+ object at|\bNone\b""")
_HAN = re.compile(r"[\u4e00-\u9fff]")
POLL_MS = 15
POLLS_AT_MOST = 8000


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing to put right: on which page, what kind, and the text."""

    page: str
    kind: str
    text: str


def visits(
    workspace: Any, roles: Iterable[str] | None = None
) -> Iterator[tuple[PageSpec, str, dict[str, Any]]]:
    """Give every page once for each of its roles, with arguments that show it full."""
    for spec in PAGES:
        for role in spec.roles[:1] if roles is None else (r for r in spec.roles if r in roles):
            yield spec, role, spec.load().sample(workspace)


def settle(shell: Shell, quiet_polls: int = 3) -> None:
    """Let everything under way arrive and be painted; TimeoutError when it never does."""
    loop, poll, left, quiet = QEventLoop(), QTimer(), [POLLS_AT_MOST], [0]

    def look() -> None:
        left[0] -= 1
        quiet[0] = quiet[0] + 1 if shell.workers.idle() and shell.built and not _about_to_ask(shell) else 0
        if quiet[0] >= quiet_polls or left[0] <= 0:
            loop.quit()

    poll.timeout.connect(look)
    poll.start(POLL_MS)
    loop.exec()
    poll.stop()
    if left[0] <= 0:
        raise TimeoutError("the page is still waiting for something")


def _about_to_ask(shell: Shell) -> bool:
    """Say whether the shown page waits for a pause in the typing before it asks."""
    page = shell.current
    timers = page.findChildren(QTimer) if page is not None else []
    return any(timer.isActive() and timer.isSingleShot() and timer.interval() <= 1000 for timer in timers)


def take(shell: Shell, workspace: Any, folder: Path, suffix: str) -> list[Flaw]:
    """Visit every page, keep its picture as `<page>-<suffix>.png`, and return what is wrong with it."""
    folder.mkdir(parents=True, exist_ok=True)
    flaws: list[Flaw] = []
    named = () if shell.words.chinese else chinese_names(workspace)
    for spec, role, args in visits(workspace):
        shell.set_role(role)
        shell.open(spec.key, args)
        settle(shell)
        shell.grab().save(str(folder / f"{spec.key}-{suffix}.png"))
        flaws.extend(flaws_of(shell, spec.key, shell.words.chinese))
        flaws.extend(
            Flaw(spec.key, "chinese-in-english", text)
            for text, _ in texts_of(shell)
            if any(name in text for name in named)
        )
    return flaws


def chinese_names(workspace: Any) -> tuple[str, ...]:
    """Return the names that an English reader knows in English: of parties, places and products."""
    named = (*workspace.parties(), *workspace.places(), *workspace.products())
    return tuple({each.name for each in named if each.name_en and each.name != each.name_en})


def flaws_of(window: QWidget, page: str, chinese: bool) -> list[Flaw]:
    """Return what is wrong with the texts that a window shows now."""
    found = []
    texts = list(texts_of(window))
    # Fonts are asked once a page, not once a text: opening them all takes tens of milliseconds.
    missing = set(missing_characters("".join({char for text, _ in texts for char in text})))
    for text, fits in texts:
        if not fits:
            found.append(Flaw(page, "clipped", text))
        if _KEY.match(text):
            found.append(Flaw(page, "unworded", text))
        if _PYTHON.search(text):
            found.append(Flaw(page, "python", text))
        if missing & set(text):
            found.append(Flaw(page, "empty-glyphs", text))
        if chinese and not _HAN.search(text) and (_LATIN_WORDS.search(text) or _CODE.match(text)):
            found.append(Flaw(page, "english-in-chinese", text))
    for area in window.findChildren(QScrollArea):
        inside = area.widget()
        fixed = area.horizontalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        if fixed and area.isVisible() and inside is not None and inside.width() > area.viewport().width():
            found.append(Flaw(page, "cut-on-the-right", f"{inside.width()} > {area.viewport().width()}"))
    return found


def texts_of(window: QWidget) -> Iterator[tuple[str, bool]]:
    """Give every text in sight and whether it fits its place."""
    for label in window.findChildren(QLabel):
        if label.isVisible() and label.text() and label.textFormat() != Qt.TextFormat.RichText:
            yield label.text(), _label_fits(label)
    for button in window.findChildren(QAbstractButton):
        if button.isVisible() and button.text():
            yield button.text(), button.width() + 1 >= button.minimumSizeHint().width()
    for table in window.findChildren(QTableView):
        if table.isVisible():
            yield from _table_texts(table)


def _label_fits(label: QLabel) -> bool:
    room, metrics = label.contentsRect(), QFontMetrics(label.font())
    if not label.wordWrap():
        return metrics.horizontalAdvance(label.text()) <= room.width() + 1
    # Qt breaks Chinese anywhere and Latin at blanks; TextWordWrap asks the same of the metrics.
    flags = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft)
    needed = metrics.boundingRect(QRect(0, 0, room.width(), 100_000), flags, label.text())
    return needed.height() <= room.height() + 2 and needed.width() <= room.width() + 2


def _table_texts(table: QTableView) -> Iterator[tuple[str, bool]]:
    header: QHeaderView = table.horizontalHeader()
    metrics = QFontMetrics(header.font())
    model = table.model()
    for column in range(model.columnCount()):
        title = str(model.headerData(column, Qt.Orientation.Horizontal) or "")
        # The title stands between paddings of 10 pixels.
        yield title, metrics.horizontalAdvance(title) <= header.sectionSize(column) - 16
    # A long name may end in an ellipsis (its tip says it whole): only its words are looked at.
    for row in range(min(model.rowCount(), 20)):
        for column in range(model.columnCount()):
            yield str(model.index(row, column).data() or ""), True


def pictures(shell: Shell, workspace: Any, folder: Path, names: dict[str, str], width: int) -> None:
    """Keep small pictures of some pages, for the README: page key -> file name."""
    folder.mkdir(parents=True, exist_ok=True)
    for spec, role, args in visits(workspace):
        if spec.key in names:
            shell.set_role(role)
            shell.open(spec.key, args)
            settle(shell)
            small = shell.grab().toImage().scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)
            small.convertToFormat(QImage.Format.Format_RGB888).save(str(folder / names[spec.key]))
