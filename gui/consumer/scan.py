"""The consumer's page: a code in, by any way, and one answer out.

Camera, picture, drop, clipboard, screen, scanner gun and typing end in the same two methods: `take_picture`
finds the code, `take_code` asks the ledger. Whatever goes wrong on the way is one of the verdicts, in words.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog

from gui.consumer.asking import Asking
from gui.consumer.inputs import CodeEdit, Given, given, tidy
from gui.consumer.pictures import codes_in, codes_of, look_at_screen
from gui.consumer.places import Places
from gui.consumer.verdict import Answer, headline, plain_answer, refused_answer
from gui.consumer.wedge import Wedge
from gui.context import Context, Page, State
from gui.files import VIDEOS
from gui.widgets import button
from ledger.errors import Problem
from ledger.events.identifiers import gtin_of, lot_of
from models.claims.media.kinds import PICTURES

if TYPE_CHECKING:
    from gui.scanner import Decoded

KEPT = 6


class ScanPage(Page):
    """One page for everything a shopper does."""

    key = "scan"
    icon = "scan"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        words, theme = self.words, context.theme
        self.code = ""
        self.answer: Answer | None = None
        self.recent: list[str] = []
        self.setAcceptDrops(True)
        self.edit = CodeEdit()
        self.edit.setPlaceholderText(words("scan.type"))
        self.edit.setAccessibleName(words("scan.type"))
        self.edit.setMinimumWidth(theme.px(320))
        self.edit.setClearButtonEnabled(True)
        self.edit.returnPressed.connect(lambda: self.take_code(self.edit.text()))
        self.edit.pasted.connect(self.take)
        self.header.add(self.edit)
        self.camera_button = button(
            words("scan.camera"), self.open_camera, "primary", theme.icon("camera", "on_primary")
        )
        self.again_button = button(words("scan.again"), self.show_start, icon=theme.icon("scan"))
        self.header.add(self.again_button)
        self.header.add(self.camera_button)
        self.stack = Places(context)
        self.column.addWidget(self.stack, 1)
        self.result = self.stack.result
        self.start = self.stack.start
        self.start.camera_wanted.connect(self.open_camera)
        self.start.file_wanted.connect(self.choose_file)
        self.start.paste_wanted.connect(self.paste)
        self.start.screen_wanted.connect(self.scan_screen)
        self.start.code_wanted.connect(self.take_code)
        self.viewfinder = self.stack.viewfinder
        self.viewfinder.found.connect(self.choose)
        self.viewfinder.closed.connect(self.show_start)
        self.view = self.stack.view
        self.view.asked.connect(self.take_code)
        self.view.again.connect(self.show_start)
        self.view.built.connect(self._name_window)
        self.asking = Asking(context, self)
        self.asking.answered.connect(self._answered)
        self.asking.completed.connect(self._completed)
        self.asking.refused.connect(self._refused)
        self.asking.unfinished.connect(self.view.say_unfinished)
        self.wedge = Wedge(parent=self)
        self.wedge.scanned.connect(self.take_code)
        for keys, act in (
            ("Ctrl+L", self.edit.setFocus),
            ("Ctrl+V", self.paste),
            ("Ctrl+O", self.choose_file),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)
        self.show_start()

    @classmethod
    def sample(cls, workspace: Any) -> State:
        """Show the story of something that was sold."""
        sold = workspace.lots(status="sold", limit=1) or workspace.lots(limit=1)
        return {"code": sold[0].lot} if sold else {}

    def enter(self, code: str = "", recent: list[str] | None = None, path: str = "", **_: Any) -> None:
        """Listen for a scanner gun, and answer a `code` or a picture where one is given."""
        self.recent = recent or self.recent
        self.wedge.listen()
        self.start.show_recent(self.recent)
        if path:
            self.take(Given(file=Path(path)))
        elif code:
            self.take_code(code)
        elif self.stack.beginning:
            self._ask_examples()

    def leave(self) -> None:
        """Let go of the camera and of the keys."""
        self.viewfinder.release()
        self.wedge.rest()
        if self.stack.looking:
            self.show_start()

    def refresh(self) -> None:
        """Tell the story again; something may have been added to it."""
        if self.code and self.stack.answered:
            self._ask(self.code)

    def state(self) -> State:
        """Keep the code and the last ones."""
        return {"code": self.code, "recent": self.recent}

    @property
    def whole(self) -> bool:
        """Say whether the answer, if one is shown, is there with all its parts."""
        return self.stack.whole

    def show_start(self) -> None:
        """Go back to the beginning, ready for the next code."""
        self.stack.begin()
        self.asking.forget()
        self.code, self.answer = "", None
        self._name_window()
        self.edit.clear()
        self.again_button.hide()
        # The start has a camera button of its own, larger and in the middle.
        self.camera_button.hide()
        self.start.show_recent(self.recent)

    # --- ways in --------------------------------------------------------------------------------------

    def take(self, what: Given) -> None:
        """Take whatever was dropped, pasted or chosen."""
        if what.text:
            self.take_code(what.text)
        elif what.file is not None and what.is_video:
            self.watch_file(what.file)
        elif what.file is not None:
            file = what.file
            self._look(lambda: codes_in(file))
        elif what.picture is not None:
            self.take_picture(what.picture)

    def take_picture(self, *pictures: QImage) -> None:
        """Look for codes in pictures, off this thread."""
        self._look(lambda: codes_of(pictures))

    def take_code(self, text: str) -> None:
        """Ask the ledger about a code: the one way that all others lead to."""
        code = tidy(text)
        if not code:
            self.edit.setFocus()
            return
        self.code = code
        self.edit.setText(code.replace("\x1d", "^"))
        self._ask(code)

    def open_camera(self) -> None:
        """Look through the camera."""
        from gui.frames import CameraSource

        self._watch(CameraSource())

    def watch_file(self, file: Path) -> None:
        """Look for codes in a video file."""
        from gui.frames import VideoFileSource

        self._watch(VideoFileSource(file))

    def choose_file(self) -> None:
        """Ask for a picture or video file."""
        words = self.words
        kinds = " ".join(f"*{suffix}" for suffix in (*PICTURES, *VIDEOS))
        path, _ = QFileDialog.getOpenFileName(
            self, words("scan.file"), str(Path.home()), f"{words('scan.file.kinds')} ({kinds})"
        )
        if path:
            self.take(Given(file=Path(path)))

    def paste(self) -> None:
        """Take what is on the clipboard."""
        held = given(QGuiApplication.clipboard().mimeData())
        if held is None:
            self.context.toast(self.words("scan.paste.nothing"), "info")
        else:
            self.take(held)

    def scan_screen(self) -> None:
        """Look for codes on the screen; our own window steps aside meanwhile."""
        look_at_screen(self, self._take_screens)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome pictures, videos and text; any other file the window opens where it belongs."""
        held = given(event.mimeData())
        if held is not None and (held.file is None or held.file.suffix.lower() in PICTURES + VIDEOS):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take what was dropped."""
        held = given(event.mimeData())
        if held is not None:
            event.acceptProposedAction()
            self.take(held)

    # --- one way out ----------------------------------------------------------------------------------

    def choose(self, found: tuple[Decoded, ...]) -> None:
        """Take the code that was read; where several lots were, let the person choose."""
        codes = list(dict.fromkeys(one.code for one in found if tidy(one.code)))
        lots = [code for code in codes if lot_of(code)] or [code for code in codes if gtin_of(code)]
        codes = lots or codes
        if not codes:
            self._show(plain_answer("unreadable"))
        elif len(codes) == 1:
            self.take_code(codes[0])
        else:
            self.stack.begin()
            self.start.show_choice(codes)

    def _begun(self) -> None:
        self.again_button.show()
        self.camera_button.show()

    def _watch(self, source: Any) -> None:
        self.stack.look()
        self._begun()
        self.viewfinder.watch(source)

    def _take_screens(self, pictures: tuple[QImage, ...]) -> None:
        from gui.frames import ScreenSource

        if pictures:
            self.take_picture(*pictures)
        else:
            self._watch(ScreenSource())

    def _look(self, work: Any) -> None:
        self.stack.wait()
        self._begun()
        self.context.workers.read(work, self.choose, self._refused, self)

    def _ask(self, code: str) -> None:
        self.stack.wait_soon()
        self._begun()
        self.asking.ask(code)

    def _answered(self, answer: Answer) -> None:
        self.recent = [answer.code, *(code for code in self.recent if code != answer.code)][:KEPT]
        self._show(answer)

    def _completed(self, answer: Answer) -> None:
        self.answer = answer
        self.view.complete(answer)

    def _refused(self, problem: Problem) -> None:
        self._show(refused_answer(self.code, problem))

    def _show(self, answer: Answer) -> None:
        self.answer = answer
        self.stack.show_answer(answer)
        self._begun()
        self._name_window()

    def _name_window(self) -> None:
        """Let task bars and screen readers say the verdict; dots as long as the story is not whole."""
        if self.answer is None:
            self.setWindowTitle(self.title)
            return
        _, verdict, subject = headline(self.words, self.answer)
        dots = "" if self.view.story is None or self.view.whole else "…"
        self.setWindowTitle(f"{verdict}{dots} · {subject}")

    def _ask_examples(self) -> None:
        workspace = self.context.workspace
        self.context.workers.read(
            lambda: workspace.lots(limit=4), self.start.show_examples, lambda _: None, self
        )
