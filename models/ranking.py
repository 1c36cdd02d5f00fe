"""Merchants in the order a shopper should see them: by the lower bound of what is known of their quality.

Rule: no sales term anywhere. Selling more is no evidence of anything, so ten thousand more sales leave every
rank where it was; knowing little makes the bound low, and who is not rated is listed apart, never last.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from models.dossier import MerchantRow


@dataclass(frozen=True, slots=True)
class Ranked:
    """One merchant: the rank (None: not rated yet) and the bound it stands on."""

    rank: int | None
    row: MerchantRow
    lower: int | None


def ranking(rows: Iterable[MerchantRow], category: str | None = None) -> tuple[Ranked, ...]:
    """Return merchants by the lower bound of their score; equals share a rank.

    Args:
        category: only merchants of this category.
    """
    wanted = [row for row in rows if category is None or row.category == category]
    rated = sorted(
        (row for row in wanted if row.score is not None), key=lambda row: (-row.interval[0], row.party)
    )
    first: dict[int, int] = {}
    for place, row in enumerate(rated, start=1):
        first.setdefault(row.interval[0], place)
    ranked = [Ranked(first[row.interval[0]], row, row.interval[0]) for row in rated]
    others = sorted((row for row in wanted if row.score is None), key=lambda row: (row.name, row.party))
    return (*ranked, *(Ranked(None, row, None) for row in others))
