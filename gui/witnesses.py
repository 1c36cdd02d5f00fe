"""Who vouches for this ledger, and for whose this machine vouches: over a network, a file or a picture.

A checkpoint is worth what others remember of it. The page says first which entries no outsider has seen yet,
then how to change that.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QApplication, QFileDialog, QInputDialog, QVBoxLayout, QWidget

from gui.checkpoint import save_as
from gui.context import Context, Page
from gui.notes import read_note, write_note
from gui.turns import Turns
from gui.widgets import Banner, Card, CheckRow, Facts, FlowRow, button, scrolled

if TYPE_CHECKING:
    from models.witnessing import Standing


class WitnessesPage(Page):
    """The standing of this ledger among its witnesses, and of this machine as a witness."""

    key = "witnesses"
    icon = "person"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        words, theme = self.words, context.theme
        self._turns = Turns(self)
        self.banner = Banner(theme, "neutral", words("common.loading"))
        self.column.addWidget(self.banner)
        self.ours = Card(words("witnesses.ours"), words("witnesses.ours.about"))
        self.theirs = Card(words("witnesses.theirs"), words("witnesses.theirs.about"))
        inside = QWidget()
        body = QVBoxLayout(inside)
        body.setContentsMargins(0, 0, 8, 0)
        body.setSpacing(16)
        body.addWidget(self.ours)
        body.addWidget(self.theirs)
        body.addStretch()
        self.column.addWidget(scrolled(inside), 1)

    def enter(self, **_: Any) -> None:
        """Ask how things stand."""
        self.refresh()

    def refresh(self) -> None:
        """Ask again."""
        from models.witnessing import standing

        workspace = self.context.workspace
        self.context.workers.read(
            lambda: standing(workspace.reader, workspace.home, workspace.clock),
            self.show_standing,
            owner=self,
        )

    def show_standing(self, found: Standing) -> None:
        """Show who vouches for whom."""
        words = self.words
        if found.witnessed_to < found.size:
            first, last = found.witnessed_to, found.size - 1
            self.banner.say(
                "attention",
                words("witnesses.unseen", first=first, last=last),
                words("witnesses.unseen.text"),
            )
        else:
            self.banner.say("ok", words("witnesses.seen", n=found.size), words("witnesses.seen.text"))
        # The verdict is painted first; who vouches for whom comes in turns of its own.
        self._turns.take((partial(self._show_ours, found), partial(self._show_theirs, found)))

    def ask(self, url: str) -> None:
        """Ask the witness at this address to vouch for the newest checkpoint."""
        workspace = self.context.workspace
        self._change(lambda: workspace.ask_witness(url), "witnesses.asked")

    def trust(self, key: str) -> None:
        """Count this witness's cosignatures from now on."""
        self._change(lambda: self._witnessing().trust_witness(key), "witnesses.trusted")

    def take_in(self, path: Path) -> None:
        """Keep the cosignatures that a file or a picture brings back."""
        workspace = self.context.workspace
        self._change(lambda: workspace.cosign(read_note(path)), "checkpoint.cosigned.done")

    def save_request(self, path: Path) -> None:
        """Write what a witness needs: the checkpoint with its proof, as text or as a QR code."""
        workspace = self.context.workspace
        write_note(path, workspace.log.witness_request(workspace.log.witnessed_to()))

    def vouch(self, source: Path, target: Path) -> None:
        """Cosign another ledger's checkpoint and write it out to be carried back."""
        workspace = self.context.workspace

        def act() -> None:
            write_note(target, workspace.cosign(read_note(source)).note)

        self._change(act, "witnesses.vouched")

    def watch(self, key: str) -> None:
        """Begin to witness the ledger with this key."""
        self._change(lambda: self._witnessing().trust(key), "witnesses.watched")

    def _show_ours(self, found: Standing) -> None:
        words, theme = self.words, self.context.theme
        self.ours.clear()
        facts = Facts(
            (
                (words("witnesses.newest"), self._seen(found)),
                (words("witnesses.by"), words.listing(found.by) if found.by else words("checkpoint.nobody")),
                (
                    words("witnesses.quorum"),
                    words("witnesses.quorum.value", n=found.quorum, of=len(found.trusted)),
                ),
            )
        )
        self.ours.add(facts)
        for key in found.trusted:
            self.ours.add(CheckRow(key.partition("+")[0], "", words("witnesses.counts"), "ok"))
        self.ours.add(
            FlowRow(
                (
                    button(words("witnesses.ask"), self._choose_url, "primary"),
                    button(words("witnesses.request"), self._choose_request, icon=theme.icon("save")),
                    button(words("checkpoint.cosigned"), self._choose_cosigned),
                    button(words("witnesses.add"), self._choose_witness, icon=theme.icon("plus")),
                )
            )
        )

    def _seen(self, found: Standing) -> str:
        if not found.witnessed_to:
            return self.words("checkpoint.nobody")
        return self.words("witnesses.newest.value", n=found.witnessed_to)

    def _show_theirs(self, found: Standing) -> None:
        words, theme = self.words, self.context.theme
        self.theirs.clear()
        for origin, proven in found.forks:
            key = "witnesses.fork" if proven else "witnesses.doubt"
            self.theirs.add(
                CheckRow(origin, words(f"{key}.text"), words(key), "bad" if proven else "attention")
            )
        for origin, size in found.logs:
            said = words("witnesses.vouched_to", n=size) if size else words("witnesses.not_asked")
            self.theirs.add(CheckRow(origin, said, words("witnesses.watching"), "ok" if size else "neutral"))
        if not found.logs:
            self.theirs.add(
                CheckRow(words("witnesses.nobody"), words("witnesses.nobody.text"), "", "neutral")
            )
        self.theirs.add(
            FlowRow(
                (
                    button(words("witnesses.watch"), self._choose_log, icon=theme.icon("plus")),
                    button(words("witnesses.vouch"), self._choose_vouch),
                    button(words("witnesses.copy_key"), self.copy_key, icon=theme.icon("copy")),
                )
            )
        )

    def copy_key(self) -> None:
        """Put this machine's own witness key on the clipboard, for those it vouches for."""
        self.context.workers.write(lambda: self._witnessing().key, self._copied, owner=self)

    def _copied(self, key: str) -> None:
        QApplication.clipboard().setText(key)
        self.context.toast(self.words("common.copied"), "ok")

    def _witnessing(self) -> Any:
        from models.witnessing import Witnessing

        return Witnessing(self.context.workspace.home, self.context.workspace.clock)

    def _change(self, act: Callable[[], object], said: str) -> None:
        def done(_: object) -> None:
            self.context.toast(self.words(said), "ok")
            self.context.restate()
            self.refresh()

        self.context.workers.write(act, done, owner=self)

    def _choose_url(self) -> None:
        url, wanted = QInputDialog.getText(
            self, self.words("witnesses.ask"), self.words("witnesses.ask.url"), text="http://"
        )
        if wanted and url.strip():
            self.ask(url.strip())

    def _choose_witness(self) -> None:
        key, wanted = QInputDialog.getText(self, self.words("witnesses.add"), self.words("witnesses.add.key"))
        if wanted and key.strip():
            self.trust(key.strip())

    def _choose_log(self) -> None:
        key, wanted = QInputDialog.getText(
            self, self.words("witnesses.watch"), self.words("witnesses.watch.key")
        )
        if wanted and key.strip():
            self.watch(key.strip())

    def _choose_request(self) -> None:
        save_as(self, self.context, "suxin-request.png", self.save_request)

    def _choose_cosigned(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, self.words("checkpoint.cosigned"))
        if path:
            self.take_in(Path(path))

    def _choose_vouch(self) -> None:
        source, _ = QFileDialog.getOpenFileName(self, self.words("witnesses.vouch"))
        target = ""
        if source:
            suggested = str(Path(source).with_name("suxin-cosigned.png"))
            target, _ = QFileDialog.getSaveFileName(self, self.words("common.save_as"), suggested)
        if target:
            self.vouch(Path(source), Path(target))
