"""A copied code, a changed photo and the carbon of the way are said on the consumer's page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from conftest_types import OpenShell
from PySide6.QtWidgets import QLabel

from gui.consumer.scan import ScanPage
from gui.consumer.seen import NoteScanDialog
from gui.screens import flaws_of, settle
from ledger.events.origin import OriginStory, Photo
from ledger.events.scans import ScanReceipt
from models.workspace import Workspace


def test_a_copied_code_and_a_changed_photo_are_said_first(
    open_shell: OpenShell, workspace: Workspace
) -> None:
    sold = workspace.lots(status="sold", limit=1)[0]
    item = f"{sold.lot}/21/7"
    maker = workspace.parties("cooperative")[0].id
    desk = workspace.mine("consumer")[0].id
    now = workspace.clock() - timedelta(hours=1)
    workspace.record(ScanReceipt(now, item, "geo:45.8,126.5"), as_party=desk)
    workspace.record(ScanReceipt(now + timedelta(minutes=9), item, "geo:31.2,121.5"), as_party=desk)
    story = OriginStory(
        datetime(2026, 1, 1, tzinfo=UTC), sold.lot, "山里的稻子", "一季一熟", (Photo("a.jpg", "00" * 32),)
    )
    workspace.record(story, as_party=maker)
    workspace.goods.photos.mkdir()
    (workspace.goods.photos / "a.jpg").write_bytes(b"another picture")

    shell = open_shell("zh_CN")
    shell.set_role("consumer")
    shell.open("scan", {"code": item})
    settle(shell)
    page = shell.pages["scan"]
    assert isinstance(page, ScanPage)
    said = " ".join(label.text() for label in page.view.banner.findChildren(QLabel))
    assert "可能被复制" in said
    assert "相距" in said
    assert "a.jpg" in said
    assert page.answer is not None
    assert page.answer.carbon.total[1] > 0
    assert flaws_of(shell, "scan", True) == []

    dialog = NoteScanDialog(shell.context, page.answer, page)
    settle(shell)
    dialog.place.setCurrentText("45.77121, 126.64999")
    size = workspace.size()
    dialog.send()
    settle(shell)
    assert workspace.size() == size + 1
    written = workspace.entry(size).event
    assert isinstance(written, ScanReceipt)
    assert (written.code, written.place) == (item, "geo:45.8,126.6")
