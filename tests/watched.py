"""The desktop as main.py starts it, except that it writes down what it shows, and that its clock can fail.

Run as a program. `HOME/shown.txt` holds the words in sight; once `HOME/fault` is there, the window's clock
fails one time, as a mistake of our own would.
"""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
LOOK_MS = 200


def watch(home: Path) -> None:
    """Write down the words of every window, as long as the program runs."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit

    def look() -> None:
        shown = [one for one in QApplication.allWidgets() if one.isVisible()]
        texts = [one.text() for one in shown if isinstance(one, QLabel)]
        texts += [one.toPlainText() for one in shown if isinstance(one, QPlainTextEdit)]
        fresh = home / "shown.new"
        fresh.write_text("\n".join(texts), encoding="utf-8")
        fresh.replace(home / "shown.txt")

    timer = QTimer(QApplication.instance())
    timer.timeout.connect(look)
    timer.start(LOOK_MS)


def run() -> int:
    """Run the desktop and return its exit code."""
    from PySide6.QtWidgets import QApplication

    import main
    from gui.start import run_desktop

    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path)
    parser.add_argument("--locale")
    parser.add_argument("files", nargs="*")
    options = parser.parse_args()
    home: Path = options.home
    fault = home / "fault"

    def clock() -> datetime:
        if fault.exists():
            fault.unlink()
            raise ZeroDivisionError("no clock")
        return main.machine_clock()

    QApplication(sys.argv[:1])
    watch(home)
    return run_desktop(
        lambda: main.desktop_workspace(home, None, None, main.machine_clock),
        home,
        clock,
        locale=options.locale,
        files=options.files,
    )


if __name__ == "__main__":
    sys.path.insert(0, str(CHECKOUT))
    sys.exit(run())
