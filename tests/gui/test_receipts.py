"""A receipt stays until somebody begins anew: neither the cleared form nor a late look may cover it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from conftest_types import OpenShell
from PySide6.QtWidgets import QLabel

from gui.pages import spec_of
from gui.screens import settle
from models.workspace import Workspace


def batch(page: Any, workspace: Workspace) -> None:
    page.product.setEditText(workspace.products()[0].gtin)
    page.lot.setText("RECEIPT-1")
    page.quantity.setText("120")


def shipment(page: Any, _workspace: Workspace) -> None:
    page.form.edit("quantity").setText("1")


@pytest.mark.parametrize(("key", "fill"), [("register", batch), ("movement", shipment)])
def test_the_receipt_stays_until_the_next_is_begun(
    open_shell: OpenShell, workspace: Workspace, key: str, fill: Callable[[Any, Workspace], None]
) -> None:
    shell = open_shell("zh_CN", role="cooperative")
    shell.open(key, {**spec_of(key).load().sample(workspace), "kind": "ship"})
    settle(shell)
    page: Any = shell.pages[key]
    fill(page, workspace)
    # A look at what was typed is under way while it is recorded.
    page.recorder.preview()
    page.recorder.record()

    def receipted() -> bool:
        said = (part.text() for part in page.recorder.findChildren(QLabel) if part.isVisible())
        return shell.words("recorder.done") in said

    for _ in range(2):
        settle(shell)
        assert receipted()
        # Something else was recorded: the page looks again.
        shell.refresh()
        settle(shell)
    page.form.fields["quantity"].editor.setText("7.25")
    settle(shell)
    assert not receipted()
