"""A dossier as pages: everything the page shows with its entries, in both languages, and nobody's words."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import pytest
from conftest_types import OpenShell
from PySide6.QtPdf import QPdfDocument
from PySide6.QtWidgets import QFileDialog

from gui.labels.typeface import typeface
from gui.paper import HEIGHT, Paper
from gui.regulator.dossier import DossierPage
from gui.screens import settle
from gui.verbs.files import write_bytes
from gui.words import LOCALES
from models.workspace import Workspace

needs_chinese = pytest.mark.skipif(not typeface().chinese, reason="no Chinese typeface here")


def pages_of(path: Path) -> list[str]:
    """Return the words on each page, as any reader of PDF finds them."""
    document = QPdfDocument()
    assert document.load(str(path)) == QPdfDocument.Error.None_
    texts = [document.getAllText(number).text() for number in range(document.pageCount())]
    document.close()
    return texts


def words_in(texts: list[str]) -> str:
    return re.sub(r"\s", "", "".join(texts))


@needs_chinese
@pytest.mark.parametrize("locale", LOCALES)
def test_the_dossier_is_saved_as_pages_off_the_window_s_thread(
    open_shell: OpenShell, workspace: Workspace, tmp_path: Path, locale: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = open_shell(locale)
    worst = workspace.merchants.rows()[0]
    shell.open("dossier", {"party": worst.party})
    settle(shell)
    page, path = shell.pages["dossier"], tmp_path / "dossier.pdf"
    assert isinstance(page, DossierPage)
    threads: list[threading.Thread] = []

    def write(target: Path, data: bytes) -> None:
        threads.append(threading.current_thread())
        write_bytes(target, data)

    monkeypatch.setattr("gui.regulator.dossier.write_bytes", write)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    page.print_button.click()
    settle(shell)
    assert threads
    assert threads[0] is not threading.main_thread()
    texts = pages_of(path)
    words, whole, head = shell.words, words_in(texts), workspace.log.checkpoint()
    assert len(texts) >= 3
    said = [words.name(worst), *(words(f"dossier.{part}") for part in ("reasons", "history", "ladder"))]
    said += [words("dossier.change"), words("dossier.evidence")]
    assert [part for part in said if words_in([part]) not in whole] == []
    for number, text in enumerate(texts, 1):
        foot = words("dossier.paper.made", time=words.time(workspace.clock()), page=number, of=len(texts))
        assert words_in([foot]) in words_in([text])
        assert head.root in words_in([text])
    entries = {index for part in page.dossier.score.contributions for index in part.entries}
    assert entries <= {int(number) for text in texts for number in re.findall(r"\d+", text)}
    written = [row["text"] for row in page.dossier.complaints if row.get("text")]
    assert written
    assert not [text for text in written if words_in([text]) in whole]


def lines_of(paper: Paper, tmp_path: Path) -> list[list[str]]:
    path = tmp_path / "paper.pdf"
    path.write_bytes(paper.finish("t", lambda page, of: (f"{page}/{of}",)))
    return [text.split("\n") for text in pages_of(path)]


@pytest.fixture
def paper() -> Paper:
    return Paper()


def test_a_long_report_goes_on_overleaf_and_every_page_says_which_it_is(paper: Paper, tmp_path: Path) -> None:
    rows = round(HEIGHT) // 3
    for number in range(rows):
        paper.row(f"row{number}", str(number))
    pages = lines_of(paper, tmp_path)
    assert len(pages) == paper.count > 1
    whole = " ".join(" ".join(lines) for lines in pages)
    assert all(f"row{number}" in whole for number in range(rows))
    assert [f"{at}/{len(pages)}" in " ".join(lines) for at, lines in enumerate(pages, 1)] == [True] * len(
        pages
    )


def test_no_number_is_broken_at_the_end_of_a_line(paper: Paper, tmp_path: Path) -> None:
    numbers = [str(number) for number in range(1000, 1100)]
    paper.line(",".join(numbers))
    found = [n for lines in lines_of(paper, tmp_path) for line in lines for n in re.findall(r"\d{2,}", line)]
    assert found == numbers
