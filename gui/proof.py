"""Show what a proof file comes to, checked with nothing but itself and the keys this machine knows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from gui.context import Context
from gui.verbs.files import read_bytes
from gui.widgets import Banner, Facts, button, label, scrolled
from gui.wording import hexadecimal
from ledger.errors import Problem


def open_proof(context: Context, path: Path, parent: QWidget) -> ProofDialog:
    """Check the proof file at `path` and show the outcome in a window of its own."""
    dialog = ProofDialog(context, path, parent)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog


class ProofDialog(QDialog):
    """One verdict, then the entries it is about and whose keys stand behind it."""

    def __init__(self, context: Context, path: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context, words = context, context.words
        context.theme.dress(self)
        self.setWindowTitle(words("proof_file.title", name=path.name))
        self.resize(context.theme.px(780), context.theme.px(460))
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 20)
        column.setSpacing(12)
        self.banner = Banner(context.theme, "neutral", words("proof_file.checking"), path.name)
        column.addWidget(self.banner)
        self.body = QVBoxLayout()
        column.addLayout(self.body, 1)
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(button(words("common.close"), self.reject, "primary"))
        column.addLayout(row)
        context.workers.read(lambda: self._check(path), self.show_result, self._fail, self)

    def show_result(self, found: tuple[Any, str]) -> None:
        """Say whether it holds, what it proves, and what it cannot."""
        result, own_key = found
        words = self.context.words
        if not result.holds:
            what = words.problem(result.problem)[0] if result.problem is not None else ""
            self.banner.say("bad", words("proof_file.fails"), what)
            return
        ours = result.log_key == own_key
        self.banner.say(
            "ok" if ours else "attention",
            words("proof_file.holds", n=len(result.entries)),
            words("proof_file.ours" if ours else "proof_file.stranger"),
        )
        self.body.addWidget(scrolled(self._facts(result), name=self.windowTitle()), 1)

    def _check(self, path: Path) -> tuple[Any, str]:
        from models.log import check_proof

        result = check_proof(read_bytes(path))
        return result, self.context.workspace.log.checkpoint().log_key

    def _facts(self, result: Any) -> QWidget:
        words = self.context.words
        facts = Facts()
        for each in result.entries:
            kind = words.code("entry_type", each.type)
            said = words(
                "proof_file.said", name=each.party_name or each.party, time=words.time(each.record_time)
            )
            facts.add(words("entry.title", index=each.index), f"{kind}\n{said}")
        facts.add(
            words("proof_file.ledger"), words("proof_file.ledger.text", origin=result.origin, n=result.size)
        )
        facts.add_hash(words("checkpoint.root"), hexadecimal(result.root))
        facts.add(words("proof_file.key"), result.log_key)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 8, 0)
        column.addWidget(facts)
        column.addWidget(label(words("proof_file.limits"), "secondary"))
        column.addStretch()
        return whole

    def _fail(self, problem: Problem) -> None:
        what, remedy = self.context.words.problem(problem)
        self.banner.say("bad", self.context.words("proof_file.unreadable"), f"{what}\n{remedy}".strip())
