"""Exchange entries with another ledger without a network: a file, or a row of QR codes, out and in.

Nothing is dropped: what is known stays, what is new is added, and where one author said two things under
one number, both are shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from gui.context import Context, Page
from gui.longwork import CalledOff, LongWork, Tell
from gui.notes import is_picture, read_parts, write_parts
from gui.verbs.files import read_bytes, write_bytes
from gui.widgets import Banner, Card, CheckRow, FlowRow, button, label, scrolled
from ledger.errors import Problem

if TYPE_CHECKING:
    from models.carrying import BundleReport, TwoVersions

MOST_SHOWN = 50


class BundlesPage(Page):
    """Bundles out, bundles in, and the conflicts that came to light."""

    key = "bundles"
    icon = "import"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        words, theme = self.words, context.theme
        self.parts: tuple[str, ...] = ()
        self.banner = Banner(theme, "info", words("bundles.hint"), words("bundles.hint.text"))
        self.column.addWidget(self.banner)
        out = Card(words("bundles.out"), words("bundles.out.about"))
        save = button(words("bundles.save"), self._choose_target, "primary")
        codes = button(words("bundles.save_codes"), self._choose_folder, icon=theme.icon("scan"))
        out.add(FlowRow((save, codes)))
        into = Card(words("bundles.in"), words("bundles.in.about"))
        choose = button(words("bundles.choose"), self._choose, icon=theme.icon("import"))
        into.add(FlowRow((choose,)))
        self.working = LongWork(self, save, codes, choose)
        self.conflicts = Card(words("bundles.conflicts"), words("bundles.conflicts.about"))
        inside = QWidget()
        body = QVBoxLayout(inside)
        body.setContentsMargins(0, 0, 8, 0)
        body.setSpacing(16)
        for card in (out, into, self.conflicts):
            body.addWidget(card)
        body.addStretch()
        self.column.addWidget(scrolled(inside), 1)

    def enter(self, **_: Any) -> None:
        """Show the conflicts that were kept."""
        self.refresh()

    def refresh(self) -> None:
        """Ask for them again."""
        from models.carrying import two_versions

        reader = self.context.workspace.reader
        self.context.workers.read(lambda: two_versions(reader), self.show_conflicts, owner=self)

    def show_conflicts(self, found: Sequence[TwoVersions]) -> None:
        """Show each as two versions, field by field."""
        words = self.words
        self.conflicts.clear()
        if not found:
            self.conflicts.add(label(words("bundles.none"), "secondary"))
        for each in found[:MOST_SHOWN]:
            rows = each.differences
            lines = (words("bundles.differs", name=name, here=a, there=b) for name, a, b in rows)
            title = words("bundles.two", index=each.index)
            self.conflicts.add(CheckRow(title, "\n".join(lines), words("bundles.both_kept"), "attention"))

    def save(self, path: Path) -> None:
        """Write every entry as one signed file."""
        words, workspace = self.words, self.context.workspace
        self.working.run(
            words("bundles.collecting"),
            lambda tell: write_bytes(path, workspace.bundle(progress=tell)),
            lambda _: self.context.toast(words("common.saved", path=path), "ok"),
        )

    def save_codes(self, folder: Path) -> None:
        """Write every entry as a row of QR codes."""
        from models.carrying import parts_of

        words, workspace = self.words, self.context.workspace

        def work(tell: Tell) -> tuple[Path, ...]:
            texts = parts_of(workspace.bundle(progress=tell))
            return write_parts(folder, texts, tell.about(words("bundles.drawing")))

        self.working.run(
            words("bundles.collecting"),
            work,
            lambda paths: self.context.toast(words("bundles.codes_saved", n=len(paths)), "ok"),
        )

    def take(self, paths: Sequence[Path]) -> None:
        """Take in a bundle, or more pictures of its codes; earlier ones are remembered until it is whole."""
        from models.carrying import PART, joined

        words, workspace, before = self.words, self.context.workspace, self.parts

        def act(tell: Tell) -> BundleReport:
            taking = tell.about(words("bundles.taking"))
            if not is_picture(paths[0]):
                return workspace.take_in(read_bytes(paths[0]), taking)
            self.parts = tuple(dict.fromkeys((*before, *read_parts(paths, PART, tell))))
            return workspace.take_in(joined(self.parts), taking)

        self.banner.say("info", words("bundles.reading"))
        self.working.run(
            words("bundles.reading"), act, self._taken, self._refused, self._called_off, write=True
        )

    def _taken(self, report: BundleReport) -> None:
        self.parts = ()
        kind = "attention" if report.conflicts or report.refused else "ok"
        numbers = {
            "known": report.known,
            "conflicts": len(report.conflicts),
            "refused": len(report.refused),
        }
        self.banner.say(
            kind, self.words("bundles.taken", n=report.added), self.words("bundles.taken.text", **numbers)
        )
        self.context.restate()
        self.refresh()

    def _called_off(self, where: CalledOff) -> None:
        """Say that what is in stays in; the pictures read so far are not asked for again."""
        done = {"done": self.words.number(where.done), "total": self.words.number(where.total)}
        self.banner.say(
            "attention", self.words("bundles.called_off", **done), self.words("bundles.called_off.text")
        )
        self.context.restate()
        self.refresh()

    def _refused(self, problem: Problem) -> None:
        if problem.code == "bundle-malformed":
            self.parts = ()  # codes of two bundles do not fit together: begin again
        what, remedy = self.words.problem(problem)
        kind = "attention" if problem.code == "bundle-parts-missing" else "bad"
        self.banner.say(kind, what, remedy)

    def _choose_target(self) -> None:
        suggested = str(Path.home() / "suxin.bundle")
        path, _ = QFileDialog.getSaveFileName(self, self.words("common.save_as"), suggested)
        if path:
            self.save(Path(path))

    def _choose_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.words("bundles.save_codes"), str(Path.home()))
        if folder:
            self.save_codes(Path(folder))

    def _choose(self) -> None:
        paths, _ = QFileDialog.getOpenFileNames(self, self.words("bundles.choose"), str(Path.home()))
        if paths:
            self.take([Path(path) for path in paths])
