"""One label as a picture: PNG for label printers and messages, SVG for designers. Neither needs Qt."""

from __future__ import annotations

import io
from xml.sax.saxutils import escape, quoteattr

from PIL import Image, ImageDraw

from gui.labels.label import QUIET_MODULES, Label, Layout
from gui.labels.symbol import Modules, Symbol
from gui.labels.text import Line
from gui.labels.typeface import Typeface

DPI = 300
_FAMILIES = (
    "'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC','WenQuanYi Micro Hei',sans-serif"
)


def png(
    symbol: Symbol, lines: tuple[Line, ...], arranged: Layout, size: tuple[float, float], face: Typeface
) -> Image.Image:
    """Return the label at 300 dots an inch, each module a whole number of dots wide."""
    dots = DPI / 25.4
    made = Image.new("L", (round(size[0] * dots), round(size[1] * dots)), 255)
    box = arranged.symbol
    module = max(int(box.width * dots / symbol.side), 1)
    drawn = symbol.picture(module)
    middle = (box.x + box.width / 2) * dots, (box.y + box.height / 2) * dots
    made.paste(drawn, (round(middle[0] - drawn.width / 2), round(middle[1] - drawn.height / 2)))
    pen = ImageDraw.Draw(made)
    for line in lines:
        font = face.at(max(round(line.em * dots), 6))
        pen.text((line.x * dots, line.y * dots), line.text, 0, font, anchor="ls")
    return made


def png_bytes(picture: Image.Image) -> bytes:
    """Return the file's bytes; the resolution is written into it, so that it prints at its true size."""
    held = io.BytesIO()
    picture.save(held, "PNG", dpi=(DPI, DPI), optimize=True)
    return held.getvalue()


def svg(
    label: Label, symbol: Symbol, lines: tuple[Line, ...], arranged: Layout, size: tuple[float, float]
) -> str:
    """Return the label as one SVG file that refers to nothing outside itself."""
    box, module = arranged.symbol, symbol.module_mm(arranged.symbol.width)
    left, top = box.x + QUIET_MODULES * module, box.y + QUIET_MODULES * module
    words = "\n".join(
        f'  <text x="{line.x:.2f}" y="{line.y:.2f}" font-size="{line.em:.2f}"'
        f"{' font-weight=' + quoteattr('600') if line.role == 'title' else ''}>{escape(line.text)}</text>"
        for line in lines
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size[0]:g}mm" height="{size[1]:g}mm" '
        f'viewBox="0 0 {size[0]:g} {size[1]:g}" font-family="{_FAMILIES}" fill="#000">\n'
        f"  <title>{escape(label.title or label.code)}</title>\n"
        f"  <desc>{escape(symbol.text)}</desc>\n"
        f'  <rect width="{size[0]:g}" height="{size[1]:g}" fill="#fff"/>\n'
        f'  <path transform="translate({left:.4f} {top:.4f}) scale({module:.5f})" '
        f'shape-rendering="crispEdges" d="{_path(symbol.modules)}"/>\n'
        f"{words}\n</svg>\n"
    )


def runs(modules: Modules) -> list[tuple[int, int, int]]:
    """Return the dark runs as (column, row, length): what a vector drawing fills."""
    found = []
    for row, line in enumerate(modules.tolist()):
        start = -1
        for column, dark in enumerate((*line, False)):
            if dark and start < 0:
                start = column
            elif not dark and start >= 0:
                found.append((start, row, column - start))
                start = -1
    return found


def _path(modules: Modules) -> str:
    return "".join(f"M{x} {y}h{length}v1h-{length}z" for x, y, length in runs(modules))
