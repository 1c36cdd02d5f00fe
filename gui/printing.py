"""Print labels as an act of the program: refused with the finding, counted before anything is printed.

Rule: a label that was not counted does not exist. All are drawn, then counted, then written; when the file
cannot be written, the same number is recorded as spoiled. No Qt here: the terminal prints too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gui import labels
from gui.labelling import label_of
from ledger.progress import Progress, quiet

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
    progress: Progress = quiet,
) -> Printed:
    """Write a label for each code, unless a finding forbids it.

    Drawn first, counted in the ledger next, written last: what was called off counts nowhere, and no label
    exists that is not counted.

    Args:
        content: how much one label stands for, where somebody said.
        again: the labels replace spoiled ones.
        progress: told before every label how many of how many are drawn; what it raises ends it.
    """
    told = {code: workspace.label_words(code) for code in dict.fromkeys(codes)}
    meant = [told[code] for code in codes]
    wanted = [label_of(words, code, row, level=level, capitals=capitals) for code, row in meant]
    counts = Counter(row.lot for _, row in meant)
    refused = workspace.quality.label_refusals(counts, content, again=again)
    if refused:
        return Printed(None, (), refused)
    kind = "reprinted" if again else "printed"
    counted: dict[str, int] = {}

    def count(what: str, lots: Mapping[str, int]) -> None:
        for lot, number in lots.items():
            counted[lot] = workspace.batches.count_labels(lot, what, number, content, actor)

    try:
        report = labels.write_labels(wanted, out, sheet, progress=progress, ready=lambda: count(kind, counts))
    except BaseException:
        count("spoiled", {lot: counts[lot] for lot in counted})
        raise
    return Printed(report, tuple(counted.values()), ())
