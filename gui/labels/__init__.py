"""Labels without Qt: a code and its words become PNG, SVG or a PDF sheet, read back before it is kept."""

from gui.labels.label import LONGEST, SMALLEST_MODULE_MM, Label, Stock, stock, stocks
from gui.labels.write import LabelReport, Warning, warnings, write_labels

__all__ = [
    "LONGEST",
    "SMALLEST_MODULE_MM",
    "Label",
    "LabelReport",
    "Stock",
    "Warning",
    "stock",
    "stocks",
    "warnings",
    "write_labels",
]
