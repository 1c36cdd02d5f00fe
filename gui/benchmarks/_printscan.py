"""A sheet of labels after a printer and a camera: rendered at 200 dpi, then made as bad as both together do.

Rendering is Qt's (QtPdf), not ours: what another program makes of our file is what counts.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from gui.retries import Grey

DPI = 200


def rendered(file: Path, dpi: int = DPI) -> Iterator[Grey]:
    """Give the pages of a PDF as a program without our code shows them."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtGui import QGuiApplication
    from PySide6.QtPdf import QPdfDocument

    from gui.pixels import grey_of_image

    app = QGuiApplication.instance() or QGuiApplication([])
    document = QPdfDocument(app)
    document.load(str(file))
    for number in range(document.pageCount()):
        size = document.pagePointSize(number) * (dpi / 72)
        yield grey_of_image(document.render(number, size.toSize()))
    document.close()
    document.deleteLater()


def printed_and_scanned(page: Grey, seed: int) -> Grey:
    """Return the page after ink that spreads, a sheet laid askew, a soft lens, grain and grey paper."""
    chance = np.random.default_rng(seed)
    spread = Image.fromarray(page).filter(ImageFilter.GaussianBlur(0.9))
    # Dot gain: whatever is darker than two thirds prints dark, so dark modules grow at every edge.
    inked = Image.fromarray(np.clip((np.asarray(spread, float) - 70) * 255 / 150, 0, 255).astype(np.uint8))
    askew = inked.rotate(chance.uniform(-2, 2), Image.Resampling.BICUBIC, fillcolor=255)
    soft = np.asarray(askew.filter(ImageFilter.GaussianBlur(1.1)), float)
    light = np.linspace(chance.uniform(0.75, 1), chance.uniform(0.75, 1), page.shape[1])[None, :]
    grey = (45 + soft * (150 / 255)) * light + chance.normal(0, 9, page.shape)
    return np.clip(grey, 0, 255).astype(np.uint8)
