"""What the import page says in sentences and files: how a file was read, why rows were refused."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from gui.wording import finding_text
from gui.words import Words

if TYPE_CHECKING:
    from ledger.events.table_headings import Layout
    from models.finding import Finding
    from models.importing import ImportReport
    from models.previewing import Preview
    from models.workspace import Workspace

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
FEW = 3
UNITS = ("KGM", "GRM", "TNE", "LTR", "EA")
Said = tuple[str, str, str]
"""A banner's kind, title and text."""


def refusals_table(words: Words, preview: Preview) -> bytes:
    """Return the refusals of a document's events as a table that a spreadsheet opens."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([words(f"import.{name}") for name in ("where", "field", "what", "found", "expected")])
    for row in preview.refused():
        if row.problem is not None:
            one = row.problem
            writer.writerow([one.where, one.field, words.problem(one)[0], one.found, one.expected])
    # The mark at the start tells spreadsheets that the text is UTF-8.
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def looked_text(words: Words, preview: Preview, findings: Sequence[Finding]) -> Said:
    """Return what a file is and what would come of it."""
    looked, counts = preview.looked, preview.counts()
    if looked.problem is not None:
        return "attention", words("import.unread", name=preview.name), words("import.tell_headings")
    shown = {name: words.number(counts[name]) for name in ("good", "known", "refused")}
    about = [words(f"import.kind.{looked.kind}"), *_source(words, looked.layout), words("import.nothing_yet")]
    kind = "attention" if counts["refused"] or findings else "info"
    text = " · ".join(about)
    if findings:
        few = words.listing(dict.fromkeys(finding_text(words, one) for one in findings[:FEW]))
        text += "\n" + words("import.findings", n=len(findings), list=few)
    return kind, words("import.looked", name=preview.name, **shown), text


def recorded_text(words: Words, report: ImportReport, total: int) -> Said:
    """Return what became of a file."""
    if report.stopped_at is not None:
        title = words("import.stopped", n=words.number(report.stopped_at), total=words.number(total))
        return "attention", title, words("import.stopped.text")
    title = words("import.done", name=report.name, n=words.number(report.accepted))
    text = words(
        "import.done.text",
        described=words.number(report.described),
        duplicates=words.number(report.duplicates),
        refused=words.number(len(report.refused)),
    )
    return "attention" if report.refused else "ok", title, text


def rows_text(words: Words, done: int, total: int | None) -> str:
    """Return how far a file is."""
    if total is None:
        return words("import.rows_done", n=words.number(done))
    return words("import.rows_of", n=words.number(done), total=words.number(total))


def template_bytes(words: Words, made: datetime) -> bytes:
    """Return the table to fill in, in one language."""
    from ledger.events.template import template  # loads workbooks, for this button only

    return template(words.locale, made)


def choices(words: Words, workspace: Workspace) -> dict[str, list[tuple[str, str]]]:
    """Return what is offered for a cell: (what is shown, what is put into it), by the cell's column."""
    from ledger.events.table_words import KINDS

    kinds = [words(f"table.kind.{kind}") for kind in KINDS]
    units = [words.code("unit", unit) for unit in UNITS]
    parties = [(words.name(party), party) for party in workspace.parties()]
    hands = [(name, party.id) for name, party in parties]
    return {
        "event": [(word, word) for word in kinds],
        "unit": [(word, word) for word in units],
        "from": hands,
        "to": hands,
        "subject": [(name, party.name) for name, party in parties if "merchant" in party.roles],
        "result": [(word, word) for word in ("合格", "责令整改", "不合格")],
    }


def _source(words: Words, layout: Layout | None) -> list[str]:
    """Return which sheet of a workbook it is, or how a text file is written."""
    if layout is None:
        return []
    source = layout.source
    line = words("import.heading_row", n=layout.line)
    if source.sheet:
        return [words("import.sheet", name=source.sheet), line]
    separator = words(f"import.separator.{SEPARATORS.get(source.separator, 'comma')}")
    return [source.encoding.upper().replace("GB18030", "GB 18030"), separator, line]
