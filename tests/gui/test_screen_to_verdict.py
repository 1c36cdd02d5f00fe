"""The third source of frames: a label shown in some window of the screen, to the painted verdict.

The whole program's window runs in a process of its own on a screen of its own. Should it ever hang, it says
where each of its threads stands and ends; the suite goes on.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from walking import CHECKOUT, MISSING, screen

from gui.labels import Label, write_labels
from models.workspace import Workspace

pytestmark = [
    pytest.mark.screen,
    pytest.mark.skipif("Xvfb" in MISSING, reason="no Xvfb here: a screen is needed to look at"),
]
PATIENCE_S = 120
WINDOW = """
import faulthandler, os, sys
from datetime import UTC, datetime
from pathlib import Path
faulthandler.dump_traceback_later(int(sys.argv[4]), exit=True)
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication, QLabel
from gui.frames import ScreenSource
from gui.settings import Settings
from gui.shell import Shell
from gui.theme import Theme
from gui.words import Words
from gui.workers import Workers
from ledger.home import Home
from ledger.store import create_ledger_engine
from models.views import create_views_engine
from models.workspace import Workspace

folder, picture, way = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
app = QApplication([])
workspace = Workspace(
    create_ledger_engine(f"sqlite:///{folder / 'ledger.db'}"),
    create_views_engine(f"sqlite:///{folder / 'views.db'}"),
    Home(folder / "home", os.urandom),
    clock=lambda: datetime(2026, 11, 22, 2, tzinfo=UTC),
)
workers, theme = Workers(), Theme(app, "light")
shell = Shell(theme, Words("zh_CN"), workers, Settings(folder / "s.json"), folder, workspace.clock)
shell.resize(1000, 700)
shell.show()
shell.attach(workspace)
shell.set_role("consumer")
shell.open("scan")
page = shell.pages["scan"]


class Seen(QObject):
    def eventFilter(self, watched, event):
        if watched is label and event.type() == QEvent.Type.Paint:
            label.removeEventFilter(self)
            QTimer.singleShot(200, begin)
        elif event.type() == QEvent.Type.Paint and page.stack.currentWidget() is page.result and page.answer:
            page.view.checks.removeEventFilter(self)
            print(page.answer.verdict, page.code, page.viewfinder.watching, flush=True)
            QTimer.singleShot(0, finish)
        return False


def begin():
    if way == "live":
        page._watch(ScreenSource())
        page.viewfinder.closed.connect(lambda: print("nothing", flush=True))
    else:
        page.scan_screen()


def finish():
    label.close()
    shell.close()
    workers.close()
    workspace.close()
    app.quit()


seen, label = Seen(), QLabel()
page.view.checks.installEventFilter(seen)
label.installEventFilter(seen)
label.setPixmap(QPixmap(picture))
label.move(900, 200)
label.show()
label.raise_()
sys.exit(app.exec())
"""


@pytest.mark.parametrize("way", ["live", "picture"])
def test_a_label_in_any_window_of_the_screen_is_read_and_judged(
    workspace: Workspace, ledger_folder: Path, tmp_path: Path, way: str
) -> None:
    lots = (row.lot for row in workspace.lots(status="sold", limit=40))
    code = next(lot for lot in lots if workspace.story(lot).verdict == "genuine")
    [picture] = write_labels([Label(code)], tmp_path / "label.png", "roll-60x40").files
    with screen() as around:
        done = subprocess.run(
            [sys.executable, "-c", WINDOW, str(ledger_folder), str(picture), way, f"{PATIENCE_S}"],
            env={**around, "PYTHONPATH": str(CHECKOUT)},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S + 30,
            check=False,
        )
    if way == "live" and done.stdout.startswith("nothing"):
        pytest.skip("this system gives no moving picture of its screen away")
    assert done.stdout.split() == ["genuine", code, "False"], done.stderr[-3000:]
    assert done.returncode == 0, done.stderr[-3000:]
