"""Read a file for the import page off the window's thread: its first rows are there while the rest is judged.

Rule: one file is looked at, at a time; whatever still comes of another one is dropped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from gui.context import Page
from gui.cooperative.correcting import Corrections
from gui.cooperative.refusals import Said, looked_text
from gui.cooperative.working import Working
from gui.words import Words
from gui.workers import Job
from ledger.errors import Problem

if TYPE_CHECKING:
    from models.previewing import Preview, PreviewRow


class Stopped(Exception):
    """Somebody pressed Cancel while a file was read."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A file to look at.

    Args:
        draft: the id of the draft it comes from, "" for none.
        digest, corrections: corrections hold if the file is still the one they were made for.
        said: what to say of it instead of what it would come to.
        columns: heading -> column, as a person said.
        actor: whose key shall sign.
    """

    path: Path
    draft: str = ""
    digest: str = ""
    corrections: Corrections = ()
    said: Said | None = None
    columns: Mapping[str, str] | None = None
    actor: str | None = None

    @property
    def fresh(self) -> bool:
        """Say whether nothing of this file stands on the page yet that must not go before its end."""
        return self.said is None and not self.draft and not self.corrections


class Looking(QObject):
    """Looks at one file after the other.

    `grown` carries a fresh file's preview when its first rows are judged and whenever there are more;
    `looked` the whole preview, what to say of it, and the wish; `refused` the problem.
    """

    grown = Signal(object)
    looked = Signal(object, object, object)
    refused = Signal(object)

    def __init__(self, page: Page, progress: Working) -> None:
        super().__init__(page)
        self._page, self._progress = page, progress
        self._job: Job[Any] | None = None
        self._wish: Wish | None = None

    @property
    def under_way(self) -> bool:
        """Say whether a file is being read."""
        return self._job is not None

    def begin(self, wish: Wish) -> None:
        """Look at this file; another one that is being looked at is given up."""
        self.stop()
        self._wish = wish
        page, progress = self._page, self._progress
        files, words, relay = page.context.workspace.files, page.words, page.context.workers.relay
        stop = progress.begin(words("import.reading", name=wish.path.name))
        told = relay(lambda _, *rows: self._told(wish, *rows), self)
        grown = relay(lambda preview: self._grown(wish, preview), self)

        def tell(stage: str, done: int, total: int | None) -> None:
            if stop.is_set():
                raise Stopped
            told(stage, done, total)

        def look() -> tuple[Preview, Said]:
            preview = files.preview(
                wish.path, as_party=wish.actor, columns=wish.columns, progress=tell, grown=grown
            )
            if wish.corrections and preview.looked.digest.hex() == wish.digest:
                preview.correct(wish.corrections)
            return preview, wish.said or looked_text(words, preview, preview.findings())

        self._job = page.context.workers.read(
            look, lambda found: self._done(wish, *found), self._refused, self
        )

    def stop(self) -> bool:
        """Give up what is being looked at, and say whether there was anything."""
        job, self._job, self._wish = self._job, None, None
        if job is not None:
            self._progress.stop.set()
            job.cancel()
        return job is not None

    def _told(self, wish: Wish, done: int, total: int | None) -> None:
        if wish is self._wish:
            self._progress.tell_rows(done, total)

    def _grown(self, wish: Wish, preview: Preview) -> None:
        # What is soon done is shown as a whole.
        if wish is self._wish and wish.fresh and not self._progress.isHidden():
            self.grown.emit(preview)

    def _done(self, wish: Wish, preview: Preview, said: Said) -> None:
        self._job = self._wish = None
        self.looked.emit(preview, said, wish)

    def _refused(self, problem: Problem) -> None:
        self._job = self._wish = None
        self.refused.emit(problem)


def judged_anew(words: Words, preview: Preview, corrections: Corrections) -> tuple[PreviewRow | None, Said]:
    """Judge a file's rows with these corrections; return the first refused one and what to say of it all."""
    preview.correct(corrections)
    return next(preview.refused(), None), looked_text(words, preview, preview.findings())
