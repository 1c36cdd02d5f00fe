"""What stands on a lot's label beside its symbol: few words, in the reader's language.

No Qt here: the terminal prints labels too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.labels import Label

if TYPE_CHECKING:
    from gui.words import Words
    from models.provenance.lots import LotRow


def label_of(words: Words, code: str, row: LotRow, *, level: str = "M", capitals: bool = False) -> Label:
    """Return the label of a lot, or of one item of it.

    Args:
        code: what the symbol says.
        row: the lot as the ledger knows it.
        level: error correction, see `Label`.
    """
    name = row.product_name if words.chinese else row.product_name_en or row.product_name
    lines = [words("label.lot", lot=row.lot_number or row.lot)]
    if row.registered_time is not None:
        lines.append(words("label.made", day=words.date(row.registered_time)))
    if row.expires_day is not None:
        lines.append(words("label.best_before", day=words.date(row.expires_day)))
    lines.append(words("label.scan"))
    return Label(code, name or words("label.goods"), tuple(lines), level=level, capitals=capitals)
