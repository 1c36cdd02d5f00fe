"""The columns of a previewed file: its row number, what would become of it, why, and its own cells."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from gui.widgets import Column
from gui.wording import step_text
from gui.words import Words

if TYPE_CHECKING:
    from models.previewing import Preview, PreviewRow

WIDTHS = {"time": 156, "product": 140, "date": 110, "inputs": 180, "text": 180}
"""What a column needs to show its usual words whole; the others share what is left."""
KINDS = {"good": "ok", "known": "neutral", "refused": "bad", "left-out": "neutral"}


def preview_columns(words: Words, preview: Preview, reasons: bool) -> tuple[Column[Any], ...]:
    """Return the columns of one file's rows, with the reasons of those that are refused."""
    document = preview.looked.layout is None
    return (
        Column(words("import.row"), lambda row: str(row.number or "—"), width=64, right=True),
        Column(words("import.state"), partial(state_text, words), state_kind, width=116),
        *((Column(words("import.what"), partial(reason_text, words), width=230),) if reasons else ()),
        *(
            _event_column(words, place, name) if document else _cell_column(words, preview, place)
            for place, name in enumerate(preview.titles)
        ),
    )


def state_text(words: Words, row: PreviewRow) -> str:
    """Return what would become of a row, in a word."""
    return words(
        "import.state.corrected" if row.corrected and row.state == "good" else f"import.state.{row.state}"
    )


def state_kind(row: PreviewRow) -> str:
    """Return the colour of what would become of a row."""
    return KINDS[row.state]


def reason_text(words: Words, row: PreviewRow) -> str:
    """Return why a row is refused."""
    return "" if row.problem is None else words.problem(row.problem)[0]


def title_text(words: Words, preview: Preview, place: int) -> str:
    """Return a heading as it stands, with what it means where that is another word."""
    title = preview.titles[place]
    meant = words.first(
        f"table.column.{preview.headings[place]}", f"evidence.column.{preview.headings[place]}"
    )
    return f"{title}（{meant}）" if words.chinese and meant and meant != title else title


def _cell_column(words: Words, preview: Preview, place: int) -> Column[Any]:
    return Column(
        preview.titles[place] or words("import.no_heading"),
        lambda row: row.cells[place] or ("—" if row.fault == place else ""),
        lambda row: "bad" if row.fault == place else "",
        width=WIDTHS.get(preview.headings[place], 0),
        least=92,
    )


def _event_column(words: Words, place: int, name: str) -> Column[Any]:
    return Column(
        words("import.thing" if name == "lot" else f"table.column.{name}"),
        lambda row: event_cell(words, name, row.cells[place]),
        least=130,
    )


def event_cell(words: Words, name: str, text: str) -> str:
    """Return what a document's event says, worded.

    Args:
        name: one of `models.judging.EVENT_CELLS`.
    """
    if not text:
        return ""
    if name == "event":
        return step_text(words, text, None if text[0].isupper() else text)
    if name == "time":
        return words.time(datetime.fromisoformat(text))
    if name == "quantity":
        amount, _, unit = text.partition(" ")
        try:
            return words.quantity(Decimal(amount), unit)
        except InvalidOperation:
            return text
    return unquote(text.split("/10/")[-1]) if "/10/" in text else text.rsplit(":", 1)[-1].rsplit("/", 1)[-1]
