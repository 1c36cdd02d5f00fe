"""The parts every page is built from: they show what they are given and know no workspace."""

from gui.widgets.charts import ScoreChart, ScorePoint, Waterfall, WaterfallBar
from gui.widgets.forms import Field, Form
from gui.widgets.rows import CheckRow, Chips, Facts, FlowLayout, FlowRow
from gui.widgets.surfaces import Banner, Card, EmptyState, PageHeader, Progress, scrolled
from gui.widgets.tables import Column, DataTable, RowsModel
from gui.widgets.text import Badge, HashLabel, button, clear, grouped, label, line, repolish
from gui.widgets.timeline import Timeline, TimelineItem
from gui.widgets.toast import Toasts

__all__ = [
    "Badge",
    "Banner",
    "Card",
    "CheckRow",
    "Chips",
    "Column",
    "DataTable",
    "EmptyState",
    "Facts",
    "Field",
    "FlowLayout",
    "FlowRow",
    "Form",
    "HashLabel",
    "PageHeader",
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
    "grouped",
    "label",
    "line",
    "repolish",
    "scrolled",
]
