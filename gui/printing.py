"""Print labels as an act of the program: refused with the finding, counted before anything is printed.

Rule: a label that was not counted does not exist. The count is recorded first; when the file then cannot be
written, the same number is recorded as spoiled. No Qt here: the terminal prints too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gui import labels
from gui.labelling import label_of

if TYPE_CHECKING:
    from gui.words import Words

Content = tuple[Decimal, str | None]


@dataclass(frozen=True, slots=True)
class Printed:
    """What became of a wish to print: a report and the entries that count it, or why not."""

    report: Any
    entries: tuple[int, ...]
    refused: tuple[Any, ...]


def print_labels(
    workspace: Any,
    words: Words,
    codes: Sequence[str],
    out: Path,
    sheet: str | None = None,
    *,
    content: Content | None = None,
    again: bool = False,
    actor: str | None = None,
    level: str = "M",
    capitals: bool = False,
) -> Printed:
    """Write a label for each code, unless a finding forbids it.

    Args:
        content: how much one label stands for, where somebody said.
        again: the labels replace spoiled ones.
    """
    meant = [workspace.label_words(code) for code in codes]
    wanted = [label_of(words, code, row, level=level, capitals=capitals) for code, row in meant]
    counts = Counter(row.lot for _, row in meant)
    refused = workspace.quality.label_refusals(counts, content, again=again)
    if refused:
        return Printed(None, (), refused)
    kind = "reprinted" if again else "printed"
    entries = [
        workspace.batches.count_labels(lot, kind, count, content, actor) for lot, count in counts.items()
    ]
    try:
        report = labels.write_labels(wanted, out, sheet)
    except BaseException:
        for lot, count in counts.items():
            workspace.batches.count_labels(lot, "spoiled", count, content, actor)
        raise
    return Printed(report, tuple(entries), ())
