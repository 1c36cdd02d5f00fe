"""Files dropped anywhere on the window open where they belong, whatever page is shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest_types import OpenShell
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from gui.checkpoint import CheckpointCard
from gui.consumer.scan import ScanPage
from gui.cooperative.importing import ImportPage
from gui.files import local_files
from gui.labels import Label, write_labels
from gui.proof import ProofDialog
from gui.screens import settle
from gui.shell import Shell
from models.workspace import Workspace

ROLES = pytest.mark.parametrize("role", ["consumer", "regulator"])
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
COPY = Qt.DropAction.CopyAction


def drop(shell: Shell, *paths: Path) -> bool:
    """Drag files over the middle of the shown page and let go; say whether the window wanted them."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    page = shell.current
    assert page is not None
    over: QWidget = page.childAt(page.rect().center()) or page
    enter = QDragEnterEvent(QPoint(5, 5), COPY, data, LEFT, NONE)
    QApplication.sendEvent(over, enter)
    if enter.isAccepted():
        QApplication.sendEvent(over, QDropEvent(QPointF(5, 5), COPY, data, LEFT, NONE))
    settle(shell)
    settle(shell)
    return enter.isAccepted()


@ROLES
def test_each_kind_of_file_goes_to_its_own_page(
    open_shell: OpenShell, workspace: Workspace, tmp_path: Path, role: str
) -> None:
    files = {
        "import": tmp_path / "t.csv",
        "bundles": tmp_path / "no-ending",
        "scan": tmp_path / "photo",
        "integrity": tmp_path / "kept.txt",
    }
    files["import"].write_text("nothing", encoding="utf-8")
    files["bundles"].write_bytes(b"suxin-bundle/v1 x+00000000+AQ 0 3\n")
    QImage(40, 40, QImage.Format.Format_RGB32).save(str(tmp_path / "photo.png"))
    (tmp_path / "photo.png").rename(files["scan"])
    files["integrity"].write_text(workspace.log.checkpoint().note, encoding="utf-8")
    shell = open_shell(role=role)
    for page, path in files.items():
        assert drop(shell, path)
        assert shell.current is shell.pages[page], page
    proof = tmp_path / "a.proof.json"
    proof.write_bytes(workspace.log.proof(5))
    assert drop(shell, proof)
    [dialog] = shell.findChildren(ProofDialog)
    assert shell.words("proof_file.ours") in "\n".join(part.text() for part in dialog.findChildren(QLabel))
    dialog.reject()


def test_a_kept_checkpoint_is_what_the_ledger_is_then_held_to(
    open_shell: OpenShell, workspace: Workspace, tmp_path: Path
) -> None:
    shell = open_shell(role="regulator")
    held: list[str] = []
    path = tmp_path / "kept.txt"
    note = workspace.log.checkpoint().note
    path.write_text(note, encoding="utf-8")
    shell.open("integrity")
    settle(shell)
    shell.pages["integrity"].findChildren(CheckpointCard)[0].against.connect(held.append)
    drop(shell, path)
    assert held == [note]


def test_what_is_no_file_is_not_taken_and_an_unknown_file_is_named(
    open_shell: OpenShell, tmp_path: Path
) -> None:
    shell = open_shell(role="regulator")
    assert not drop(shell)
    path = tmp_path / "t.exe"
    path.write_bytes(b"MZ")
    assert drop(shell, path)
    assert "t.exe" in "\n".join(part.text() for part in shell.toasts.findChildren(QLabel))


def test_a_drag_names_each_local_file_once() -> None:
    data = QMimeData()
    data.setUrls([QUrl("https://a.example/x.csv"), *[QUrl.fromLocalFile("/x/a.csv")] * 2])
    assert local_files(data) == [Path("/x/a.csv")]


def at(widget: QWidget, path: Path) -> bool:
    """Drag a file onto one widget and let go there; say whether it was welcome."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    enter = QDragEnterEvent(widget.rect().center(), COPY, data, LEFT, NONE)
    QApplication.sendEvent(widget, enter)
    if enter.isAccepted():
        QApplication.sendEvent(widget, QDropEvent(QPointF(widget.rect().center()), COPY, data, LEFT, NONE))
    return enter.isAccepted()


@pytest.mark.parametrize("onto", ["window", "rail", "page", "hint"])
def test_a_table_dropped_anywhere_is_read_row_by_row(
    open_shell: OpenShell, tmp_path: Path, onto: str
) -> None:
    shell = open_shell(role="cooperative")
    path = tmp_path / "三月.csv"
    path.write_text("事件,时间,商品条码,批次号,数量,单位\n登记,2025-03-01 10:30,06901234567892,L1,5,公斤\n")
    shell.open("import")
    settle(shell)
    page = shell.pages["import"]
    assert isinstance(page, ImportPage)
    target = {"window": shell, "rail": shell.rail, "page": page, "hint": page.body.empty}[onto]
    size = shell.context.workspace.size()
    assert at(target, path)
    settle(shell)
    settle(shell)
    assert shell.current is page
    assert page.preview is not None
    assert [row.state for row in page.preview.page("all", 0, 5)] == ["good"]
    assert shell.context.workspace.size() == size


@pytest.mark.parametrize("onto", ["window", "page", "line"])
def test_a_photo_dropped_anywhere_on_the_scan_page_gives_the_verdict(
    open_shell: OpenShell, workspace: Workspace, tmp_path: Path, onto: str
) -> None:
    code = workspace.lots(status="sold", limit=1)[0].lot
    photo = tmp_path / "label.png"
    write_labels([Label(code)], photo, "roll-60x40")
    shell = open_shell(role="consumer")
    shell.open("scan")
    settle(shell)
    page = shell.pages["scan"]
    assert isinstance(page, ScanPage)
    target = {"window": shell, "page": page, "line": page.edit}[onto]
    assert at(target, photo)
    settle(shell)
    settle(shell)
    assert page.code == code
    assert page.answer is not None


def test_a_drag_without_a_file_leaves_page_and_ledger_alone(open_shell: OpenShell) -> None:
    shell = open_shell(role="consumer")
    page = shell.current
    data = QMimeData()
    data.setImageData(None)
    enter = QDragEnterEvent(QPoint(5, 5), COPY, data, LEFT, NONE)
    QApplication.sendEvent(shell, enter)
    assert not enter.isAccepted()
    assert shell.current is page
