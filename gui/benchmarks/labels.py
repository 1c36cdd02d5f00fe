"""`bench labels`: 240 different labels, each read back, against the bar and plain `qrcode`.

The file is then rendered by Qt at 200 dpi and read again, as it is and after a print and a scan.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import qrcode

from gui.benchmarks._printscan import printed_and_scanned, rendered
from gui.benchmarks._rows import Row, row, seconds_of
from gui.labels import Label, write_labels
from gui.labels.symbol import symbol
from gui.scanner import decode

LABELS = 240
LINK = "https://id.gs1.org/01/09521234543213/10/QL-260412/21/{:06d}"


def rows(say: Callable[[str], object] = lambda _: None, count: int = LABELS) -> list[Row]:
    """Return the table: what, ours, peer (named), ratio."""
    words = ("青岭茶叶合作社", "批次 QL-260412")
    labels = [Label(LINK.format(i), "明前龙井茶 一级", words, capitals=True) for i in range(count)]
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "sheet.pdf"
        write_labels(labels[:1], target, "a4-3x8")
        say(f"{count} labels to PDF")
        seconds = seconds_of(lambda: write_labels(labels, target, "a4-3x8"))
        size = target.stat().st_size
        say("rendered at 200 dpi, printed and scanned")
        whole, worn = _read_again(target, {label.payload for label in labels})
    say(f"{count} symbols")
    texts = [label.payload for label in labels]
    ours = seconds_of(lambda: [symbol(text) for text in texts])
    library = seconds_of(lambda: [_plain(text) for text in texts])
    return [
        row(f"{count} different labels to PDF, each read back (s)", seconds, "bar", count / LABELS, 3),
        row(f"of {count}, decoded from a 200 dpi raster", whole, "bar", count, 0),
        row(f"of {count}, decoded after a print and a scan", worn, "bar", count, 0),
        row("their PDF (kB)", size / 1024, "QPdfWriter", 1024.0 * count / LABELS, 0),
        row("a symbol with its best mask (ms)", 1000 * ours / count, "qrcode", 1000 * library / count, 2),
    ]


def _read_again(file: Path, texts: set[str]) -> tuple[int, int]:
    """Return how many labels are read from the rendered pages, clean and spoilt."""
    clean: set[str] = set()
    worn: set[str] = set()
    for number, page in enumerate(rendered(file)):
        clean |= {one.text for one in decode(page, every=True)}
        worn |= {one.text for one in decode(printed_and_scanned(page, number), every=True)}
    return len(clean & texts), len(worn & texts)


def _plain(text: str) -> int:
    made = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M)
    made.add_data(text)
    made.make()
    return len(made.modules)
