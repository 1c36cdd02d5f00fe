"""Picture every page in both languages, both schemes and two densities, and name every flaw found.

    python scripts/screens.py build/screens                 (make screens)
    python scripts/screens.py --pictures docs/pictures      the README's pictures, small

The demonstration ledger is made for it in a temporary folder, as of a fixed day. Exit code 1 when a text is
clipped or unworded, a character cannot be drawn, or English stands in the Chinese window.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(CHECKOUT))

NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)
SCALES = ("1", "2")
WINDOW = (1280, 800)
PICTURES = {
    ("scan", "zh_CN", "light"): "consumer.png",
    ("register", "zh_CN", "light"): "cooperative.png",
    ("dossier", "zh_CN", "light"): "regulator.png",
}
PICTURE_WIDTH = 960


def main() -> int:
    """Make the pictures and return 1 when there is a flaw."""
    options = _options()
    if options.scale is None:
        return max(_again(options.folder, scale) for scale in SCALES)
    with tempfile.TemporaryDirectory() as folder:
        flaws = _take(Path(folder), options)
    for flaw in flaws:
        sys.stdout.write(f"{flaw}\n")
    return 1 if flaws else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, nargs="?", default=CHECKOUT / "build" / "screens")
    parser.add_argument(
        "--scale", choices=SCALES, help="one density only (by default each in its own process)"
    )
    parser.add_argument("--pictures", type=Path, help="write the README's pictures here and nothing else")
    options = parser.parse_args()
    if options.pictures is not None:
        options.scale = options.scale or "1"
    return options


def _again(folder: Path, scale: str) -> int:
    """Run this script for one density: Qt reads the factor once, before its first window."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": scale}
    words = [sys.executable, __file__, str(folder), "--scale", scale]
    return subprocess.run(words, env=environment, check=False).returncode


def _take(folder: Path, options: argparse.Namespace) -> list[object]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["QT_SCALE_FACTOR"] = options.scale
    from PySide6.QtWidgets import QApplication

    from gui.screens import pictures, take
    from gui.settings import load_settings
    from gui.shell import Shell
    from gui.theme import Theme
    from gui.words import LOCALES, Words
    from gui.workers import Workers
    from main import make_demonstration

    app = QApplication([])
    workspace, _ = make_demonstration(folder / "ledger", lambda: NOW)
    flaws: list[object] = []
    for locale in LOCALES:
        for scheme in ("light", "dark"):
            workers = Workers()
            shell = Shell(
                Theme(app, scheme), Words(locale), workers, load_settings(folder), folder, lambda: NOW
            )
            shell.resize(*WINDOW)
            shell.show()
            shell.attach(workspace)
            if options.pictures is None:
                suffix = f"{locale}-{scheme}-{options.scale}x"
                flaws += take(shell, workspace, options.folder, suffix)
            else:
                wanted = {key: name for (key, *look), name in PICTURES.items() if look == [locale, scheme]}
                pictures(shell, workspace, options.pictures, wanted, PICTURE_WIDTH)
            shell.close()
            workers.close()
            shell.deleteLater()
    workspace.close()
    if options.pictures is not None:
        for name in PICTURES.values():
            _shrink(options.pictures / name)
    return flaws


def _shrink(path: Path) -> None:
    """Keep 128 colours, undithered: a third of the size, and flat grounds stay flat."""
    from PIL import Image

    with Image.open(path) as picture:
        small = picture.quantize(128, dither=Image.Dither.NONE)
    small.save(path, optimize=True)


if __name__ == "__main__":
    sys.exit(main())
