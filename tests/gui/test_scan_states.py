"""Every state a scan can end in is said in its own words, in both languages, and nothing on it is cut off."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from conftest_types import OpenShell
from PySide6.QtWidgets import QLabel

from gui.consumer.scan import ScanPage
from gui.consumer.verdict import KINDS, STORYLESS, Answer
from gui.pixels import image_of
from gui.screens import flaws_of, settle
from ledger.events.scans import ScanReceipt
from ledger.store import create_ledger_engine
from models.workspace import Workspace

GONE = "postgresql+psycopg://nobody@127.0.0.1:1/gone"


def codes_of(workspace: Workspace) -> dict[str, str]:
    """Return one code for every state that a code alone can lead to."""
    found: dict[str, str] = {}
    for row in workspace.lots(limit=200):
        if row.status in ("sold", "recalled"):
            found.setdefault(Answer.first(workspace, row.lot).verdict, row.lot)
    item = f"{found['genuine']}/21/7"
    desk, now = workspace.mine("consumer")[0].id, workspace.clock() - timedelta(hours=1)
    workspace.record(ScanReceipt(now, item, "geo:45.8,126.5"), as_party=desk)
    workspace.record(ScanReceipt(now + timedelta(minutes=9), item, "geo:31.2,121.5"), as_party=desk)
    found["cloned?"] = item
    found["unknown"] = found["genuine"].rpartition("/")[0] + "/NOBODY"
    found["stranger"] = "https://id.gs1.org/01/09521234543213/10/NOBODY"
    found["invalid"] = "https://id.gs1.org/01/09521234543214/10/X"
    return found


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_each_state_says_what_it_is(open_shell: OpenShell, workspace: Workspace, locale: str) -> None:
    codes, shell = codes_of(workspace), open_shell(locale, role="consumer")
    seen: dict[str, str] = {}
    shell.open("scan")
    page = shell.current
    assert isinstance(page, ScanPage)

    def look(state: str) -> None:
        settle(shell)
        assert page.answer is not None
        assert page.answer.verdict == state
        banner = page.view.banner
        seen[state] = banner.title.text()
        assert banner.property("kind") == KINDS[state]
        assert banner.text.text()
        assert flaws_of(shell, "scan", locale == "zh_CN") == []
        said = " ".join(part.text() for part in page.view.findChildren(QLabel) if part.isVisible())
        assert (shell.words("story.checks") in said) == (state not in STORYLESS)

    for state, code in codes.items():
        page.take_code(code)
        look(state)
    page.take_picture(image_of(np.full((120, 120), 128, np.uint8)))
    look("unreadable")
    # The server that holds the ledger is switched off while the page is open.
    at_hand = workspace.reader._engine
    workspace.reader._engine = create_ledger_engine(GONE)
    page.take_code(codes["genuine"])
    look("offline")
    workspace.reader._engine = at_hand
    page.take_code(codes["genuine"])
    look("genuine")
    # Revoked labels come from rulings that no demonstration has; its words are there all the same.
    assert set(seen) == set(KINDS) - {"revoked"}
    assert len(set(seen.values())) == len(seen)
