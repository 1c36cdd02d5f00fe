"""Who is better known to be good stands first, equals share a rank, and a line says the same alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from models.dossier import MerchantRow
from models.ranking import ranking
from models.workspace import Workspace


def merchant(number: int, lower: int | None) -> MerchantRow:
    score = None if lower is None else lower + 50
    return MerchantRow(
        f"p{number:02}", f"n{number}", None, "fruit", "B", score, (lower or 0, 900), None, 0, None
    )


@given(st.lists(st.one_of(st.none(), st.integers(0, 5)), max_size=20))
def test_a_rank_is_one_more_than_how_many_stand_before_it(lowers: list[int | None]) -> None:
    found = ranking(merchant(number, lower) for number, lower in enumerate(lowers))
    known = [lower for lower in lowers if lower is not None]
    assert [each.rank for each in found if each.rank] == [
        1 + sum(other > lower for other in known) for lower in sorted(known, reverse=True)
    ]
    assert [each.rank for each in found[len(known) :]] == [None] * (len(lowers) - len(known))


def test_the_lines_of_some_merchants_are_theirs_in_the_list_of_all(two_shops: Workspace) -> None:
    everybody = two_shops.merchants.rows()
    assert len(everybody) == 2
    for row in everybody:
        assert two_shops.merchants.lines([row.party]) == (row,)
    visits = two_shops.merchants.visits(9, bytes(16))
    assert {visit.subject for visit in visits} == {row.party for row in everybody}
