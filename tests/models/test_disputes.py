"""A case goes where its entries lead; what does not fit changes nothing and is kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import LedgerError
from models.case import CLOSED, STATES, Case, Step
from models.casesteps import BY_EITHER, BY_THE_ACCUSED, BY_THE_FILER, BY_THE_OFFICE, next_steps, refuse_unfit
from models.disputes import fold

START = datetime(2026, 3, 2, 1, tzinfo=UTC)
SHOP, BUYER, OFFICE = "https://x.example/shop", "https://x.example/buyer", "https://x.example/office"
OTHER, CROOK = "https://x.example/other", "https://x.example/crook"
HANDS = {**dict.fromkeys(BY_THE_ACCUSED, SHOP), **dict.fromkeys(("filed", *BY_THE_FILER, *BY_EITHER), BUYER)}
WORDS = ("filed", *BY_THE_FILER, *BY_THE_ACCUSED, *BY_EITHER, *BY_THE_OFFICE)


def said(*words: str | tuple[str, str]) -> tuple[Step, ...]:
    """Steps by whose turn they are, or by a named hand."""
    pairs = [(word, HANDS.get(word, OFFICE)) if isinstance(word, str) else word for word in words]
    return tuple(
        Step(n, START + timedelta(hours=n), hand, SHOP, "C-1", word) for n, (word, hand) in enumerate(pairs)
    )


def case(*words: str | tuple[str, str]) -> Case:
    return fold(said(*words))[0]


def refused(found: Case | None, word: str, hand: str) -> str:
    with pytest.raises(LedgerError) as problem:
        refuse_unfit(found, Step(99, START, hand, SHOP, "C-1", word))
    return problem.value.code


def test_a_case_walks_from_complaint_to_the_end_of_its_appeal() -> None:
    words: list[str | tuple[str, str]] = [
        "filed",
        "accepted",
        "notified",
        "replied",
        "upheld",
        ("appealed", SHOP),
        ("appeal-rejected", OTHER),
    ]
    for length, state in enumerate(
        ["filed", "accepted", "accepted", "accepted", "upheld", "appealed", "appeal-rejected"], 1
    ):
        assert case(*words[:length]).state == state
    assert next_steps(case(*words)) == ("notified",)


def test_nobody_withdraws_anothers_complaint() -> None:
    found = case("filed", ("withdrawn", CROOK))
    assert (found.state, found.steps[-1].unfit) == ("filed", "case-not-the-filer")
    assert case("filed", "withdrawn").state == "withdrawn"


def test_who_recused_himself_decides_nothing() -> None:
    found = case("filed", "accepted", "notified", "recused", "upheld")
    assert (found.state, found.recused, found.steps[-1].unfit) == ("accepted", (OFFICE,), "case-recused")
    assert case("filed", "accepted", "notified", "recused", ("upheld", OTHER)).state == "upheld"
    assert refused(found, "rejected", OFFICE) == "case-recused"


def test_an_appeal_is_decided_by_another_hand() -> None:
    found = case("filed", "accepted", "notified", "upheld", ("appealed", SHOP), "appeal-rejected")
    assert (found.state, found.steps[-1].unfit) == ("appealed", "case-same-hand")
    assert found.under_appeal


def test_a_merchant_is_told_before_a_complaint_is_upheld() -> None:
    assert refused(case("filed", "accepted"), "upheld", OFFICE) == "case-not-heard"
    refuse_unfit(case("filed", "accepted", "notified"), Step(99, START, OFFICE, SHOP, "C-1", "upheld"))


def test_nobody_decides_a_case_of_their_own() -> None:
    assert refused(case(("filed", OFFICE), "accepted", "notified"), "upheld", OFFICE) == "case-own-matter"


def test_only_the_accused_replies_and_only_the_parties_bring_evidence() -> None:
    assert case("filed", ("replied", CROOK)).steps[-1].unfit == "case-not-the-accused"
    assert case("filed", ("evidence", CROOK)).steps[-1].unfit == "case-not-a-party"


def test_what_was_not_begun_cannot_end() -> None:
    for words, step in (
        (("filed",), "lab-returned"),
        (("filed",), "lead-extended"),
        (("filed", "accepted"), "mediation-agreed"),
        (("filed", "lab-sent"), "lab-sent"),
        (("filed", "lead-opened", "lead-extended"), "lead-extended"),
        (("filed",), "upheld"),
        ((), "accepted"),
    ):
        found = case(*words) if words else None
        assert refused(found, step, OFFICE) == "case-step-not-now"


def test_records_taken_over_from_elsewhere_may_begin_with_their_outcome() -> None:
    assert case("upheld").state == "upheld"
    assert case("filed", "upheld").state == "upheld"


def test_a_void_complaint_never_happened() -> None:
    steps = said("filed", "accepted", "notified", "upheld")
    assert fold(steps, frozenset({0, 1, 2, 3}))[0].state == "void"


@given(
    st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from([SHOP, BUYER, OFFICE, OTHER])), max_size=14)
)
def test_whatever_is_said_in_whatever_order_a_case_stands_somewhere(words: list[tuple[str, str]]) -> None:
    for found in fold(said(*words)):
        assert found.state in (*STATES, "")
        assert found.entries() == tuple(range(len(words)))
        if found.state in CLOSED:
            assert next_steps(found) in ((), ("notified",), ("replied",), ("notified", "replied", "appealed"))


@given(st.permutations(range(5)))
def test_the_order_of_arrival_does_not_matter(order: list[int]) -> None:
    steps = said("filed", "accepted", "notified", "replied", "upheld")
    assert fold(steps[n] for n in order) == fold(steps)
