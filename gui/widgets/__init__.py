"""The parts every page is built from: they show what they are given and know no workspace.

A part is imported when it is first asked for: the window's first frame needs four of these files, and
the types of Qt's table views alone take 40 ms to load.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gui.widgets.beside import Beside, columns
    from gui.widgets.charts import ScoreChart, ScorePoint, Waterfall, WaterfallBar
    from gui.widgets.coldcurve import ColdCurve, ColdPicture
    from gui.widgets.forms import Field, Form
    from gui.widgets.onepage import OnePage
    from gui.widgets.progress import Progress
    from gui.widgets.rows import CheckRow, Chips, Facts, FlowLayout, FlowRow
    from gui.widgets.surfaces import (
        Banner,
        Card,
        EmptyState,
        PageHeader,
        Place,
        framed,
        scrolled,
    )
    from gui.widgets.tables import Column, DataTable, RowsModel
    from gui.widgets.text import Badge, HashLabel, button, clear, grouped, label, line, repolish
    from gui.widgets.timeline import Timeline, TimelineItem
    from gui.widgets.toast import Toasts

_HOMES = {
    "beside": ("Beside", "columns"),
    "charts": ("ScoreChart", "ScorePoint", "Waterfall", "WaterfallBar"),
    "coldcurve": ("ColdCurve", "ColdPicture"),
    "forms": ("Field", "Form"),
    "onepage": ("OnePage",),
    "rows": ("CheckRow", "Chips", "Facts", "FlowLayout", "FlowRow"),
    "progress": ("Progress",),
    "surfaces": (
        "Banner",
        "Card",
        "EmptyState",
        "PageHeader",
        "Place",
        "framed",
        "scrolled",
    ),
    "tables": ("Column", "DataTable", "RowsModel"),
    "text": ("Badge", "HashLabel", "button", "clear", "grouped", "label", "line", "repolish"),
    "timeline": ("Timeline", "TimelineItem"),
    "toast": ("Toasts",),
}


def __getattr__(name: str) -> object:
    """Import the file that holds `name` (PEP 562)."""
    for home, names in _HOMES.items():
        if name in names:
            return getattr(importlib.import_module(f"{__name__}.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "Badge",
    "Banner",
    "Beside",
    "Card",
    "CheckRow",
    "Chips",
    "ColdCurve",
    "ColdPicture",
    "Column",
    "DataTable",
    "EmptyState",
    "Facts",
    "Field",
    "FlowLayout",
    "FlowRow",
    "Form",
    "HashLabel",
    "OnePage",
    "PageHeader",
    "Place",
    "Progress",
    "RowsModel",
    "ScoreChart",
    "ScorePoint",
    "Timeline",
    "TimelineItem",
    "Toasts",
    "Waterfall",
    "WaterfallBar",
    "button",
    "clear",
    "columns",
    "framed",
    "grouped",
    "label",
    "line",
    "repolish",
    "scrolled",
]
