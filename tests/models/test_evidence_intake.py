"""Events become evidence with both of their times; signs of brushing are found and delete nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from credit_cases import NOW, POLICY, SHOP, TODAY, other

from ledger.events.evidence import Certificate, ClaimFinding, Complaint, Inspection, Recall, Review
from ledger.events.governance import Ruling
from ledger.events.itemkeys import ItemRoot, register_items, sign_review
from ledger.events.values import PartyId
from models.credit.evidence import Evidence, known
from models.credit.scorecard import score
from models.evidence.brushing import ALIKE, findings, likeness, shingles
from models.evidence.intake import evidence_of, evidence_of_findings, proven_by
from models.finding import finding

SELLER = PartyId(SHOP)
INSPECTOR = "https://id.gs1.org/417/9520000000011"
LOT = "https://id.gs1.org/01/09520000000103/10/A1"


@dataclass(frozen=True)
class Recorded:
    index: int
    event: object
    party: str = INSPECTOR
    record_time: datetime = NOW


def evidence(*events: object, **more: object) -> list[Evidence]:
    entries = [Recorded(n, event) for n, event in enumerate(events)]
    return list(evidence_of(entries, **more))  # type: ignore[arg-type]  # the keywords of evidence_of


def test_an_inspection_keeps_counts_inspector_category_and_both_times() -> None:
    visit = Inspection(NOW - timedelta(days=3), SELLER, "routine", 1, 2, 3, "bakery")
    (found,) = evidence(visit)
    assert (found.critical, found.serious, found.minor) == (1, 2, 3)
    assert (found.inspector, found.category, found.day, found.record_day) == (
        INSPECTOR,
        "bakery",
        TODAY - 3,
        TODAY,
    )


def test_an_inspection_of_oneself_weighs_nothing_and_says_so() -> None:
    own = Recorded(0, Inspection(NOW, SELLER, "routine", 0, 0, 0, "bakery"), party=SHOP)
    (found,) = evidence_of([own])
    assert (found.weight, found.flags) == (0, ("self-dealing",))


def test_only_the_newest_step_of_a_complaint_counts() -> None:
    steps = [Complaint(NOW, SELLER, "c-1", status, "quality") for status in ("filed", "accepted", "rejected")]
    heard = known(evidence(*steps), TODAY, 10)
    assert [e.kind for e in heard] == ["rejected"]


def test_a_ruling_reaches_the_party_whose_evidence_it_decides_on() -> None:
    upheld = Complaint(NOW, SELLER, "c-1", "upheld", "safety", severity=3)
    found = evidence(upheld, Ruling(NOW, 0, "void", "wrong-shop"))
    assert found[1].subject == SHOP
    assert score(SHOP, found, POLICY, NOW, 10).contributions == ()
    (later,) = evidence(
        Ruling(NOW, 7, "void", "wrong-shop"), subjects=lambda index: (SHOP,) if index == 7 else ()
    )
    assert (later.subject, later.about) == (SHOP, 7)


def test_a_recall_counts_once_for_each_answerable_party() -> None:
    recall = Recall(NOW, (LOT, LOT + "2", LOT + "3"), "I", "salmonella")
    makers = {LOT: SHOP, LOT + "2": SHOP, LOT + "3": "other"}
    found = evidence(recall, responsible=makers.get)
    assert [(e.subject, e.kind, e.severity) for e in found] == [
        (SHOP, "recall-I", 3),
        ("other", "recall-I", 3),
    ]


def test_a_claim_counts_only_when_somebody_confirmed_it() -> None:
    said = ClaimFinding(NOW, SELLER, None, "cures", "advertising-law-17", "violation", confirmed=False)
    assert evidence(said) == []
    confirmed = ClaimFinding(NOW, SELLER, None, "cures", "advertising-law-17", "violation", confirmed=True)
    assert [e.kind for e in evidence(confirmed)] == ["claim-violation"]


def test_a_revoked_certificate_replaces_the_issued_one() -> None:
    def certificate(status: str) -> Certificate:
        return Certificate(NOW, SELLER, "organic", "n-1", date(2026, 1, 1), date(2027, 1, 1), status=status)

    heard = known(evidence(certificate("issued"), certificate("revoked")), TODAY, 10)
    assert [e.kind for e in heard] == ["certificate-revoked"]


def test_a_review_is_proven_only_by_an_item_of_the_lot_and_counts_once() -> None:
    secrets = tuple(bytes([n]) * 16 for n in range(4))
    register, secret = register_items(LOT, secrets), secrets[2]
    signed = sign_review(Review(NOW, SELLER, 1, lot=LOT), secret, register)
    roots: dict[str, ItemRoot] = {LOT: register.root()}
    twice = evidence(signed, signed, Review(NOW, SELLER, 1, lot=LOT), proven=proven_by(roots.get))
    assert [e.proven for e in twice] == [True, True, False]
    assert len(known(twice, TODAY, 10)) == 2
    assert [e.proven for e in evidence(signed, proven=proven_by(lambda _lot: None))] == [False]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("sold-more-than-held", "mass-balance"),
        ("handover-missing", "custody-gap"),
        ("temperature-excursion", "cold-chain-breach"),
        ("sold-after-expiry", "expired-goods"),
    ],
)
def test_what_the_ledger_shows_counts_against_whoever_signed_it(code: str, kind: str) -> None:
    shown = finding(code, "bad", LOT, (2, 5))
    (found,) = evidence_of_findings([shown], lambda index: Recorded(index, None, party=SHOP))
    assert (found.subject, found.kind, found.index) == (SHOP, kind, 5)
    assert kind in POLICY.findings


def test_one_voice_counts_fully_once() -> None:
    reviews = tuple(other(n, 10 - n, "review", "star-1", proven=False, rater="r") for n in range(3))
    weights = [e.weight for e in known(reviews, TODAY, 10)]
    assert weights == [1_000_000, 200_000, 200_000]


def test_a_burst_a_repeated_text_and_one_hand_are_found_and_cited() -> None:
    spread = tuple(other(n, 30 * n, "review", "star-5", proven=False) for n in range(6))
    burst = tuple(other(10 + n, 4 + n % 2, "review", "star-5", proven=False) for n in range(12))
    same = tuple(other(40 + n, 90 + n, "review", "star-2", proven=False, rater="r") for n in range(2))
    texts = {12: shingles("very good fresh apples, again!"), 15: shingles("Very good fresh apples again")}
    found = findings(SHOP, (*spread, *burst, *same), {k: v for k, v in texts.items() if v is not None})
    assert {f.code: f.entries for f in found} == {
        "review-burst": tuple(range(10, 22)),
        "review-duplicate": (12, 15),
        "review-one-rater": (40, 41),
    }


def test_a_festival_that_brings_reviews_to_all_or_proven_buyers_too_is_no_burst() -> None:
    def praise(first: int, count: int, ago: int, **more: object) -> tuple[Evidence, ...]:
        return tuple(
            other(first + n, ago + n % 2, "review", "star-5", proven=False, **more) for n in range(count)
        )

    usual = tuple(other(n, 20 * n, "review", "star-5", proven=False) for n in range(20))
    burst = praise(100, 24, 4)
    assert [f.code for f in findings(SHOP, (*usual, *burst))] == ["review-burst"]
    elsewhere = tuple(
        other(200 + n, n % 400, "review", "star-4", proven=False, subject=f"s{n % 9}") for n in range(90)
    )
    everywhere = tuple(e for n in range(9) for e in praise(400 + 30 * n, 24, 4, subject=f"s{n}"))
    assert findings(SHOP, (*usual, *burst, *elsewhere, *everywhere)) == ()
    bought = tuple(other(800 + n, 20 * n, "review", "star-5", key=f"i{n}") for n in range(10))
    sold = tuple(other(900 + n, 4 + n % 2, "review", "star-4", key=f"j{n}") for n in range(40))
    assert findings(SHOP, (*usual, *burst, *bought, *sold)) == ()


def test_ordinary_praise_is_no_finding() -> None:
    steady = tuple(other(n, 3 * n, "review", "star-5", proven=False, rater=f"r{n}") for n in range(60))
    assert findings(SHOP, steady) == ()


@pytest.mark.parametrize(
    ("one", "another", "same"),
    [
        ("苹果很新鲜，包装也好，下次还买", "送来的时候已经烂了三个，很失望", False),
        ("苹果很新鲜，下次还买", "苹果非常新鲜，下次还买！", True),
        ("fresh and crisp, will buy again", "arrived late and half of it rotten", False),
        ("fresh and crisp, will buy again", "Fresh & crisp - will surely buy again", True),
    ],
)
def test_nearly_the_same_words_are_told_from_different_ones(one: str, another: str, same: bool) -> None:
    a, b = shingles(one), shingles(another)
    assert a is not None
    assert b is not None
    assert (likeness(a, b) >= ALIKE) is same
    reviews = [other(n, 30 * n, "review", "star-5", proven=False) for n in range(2)]
    assert bool(findings(SHOP, reviews, {0: a, 1: b})) is same
