"""Claims lawful only if true, judged by real stories: made, carried, certified, tested, sold."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import builders
import pytest
import sqlalchemy as sa
from builders import CARRIER, COOPERATIVE, LOT, MERCHANT, later
from histories import entries

from ledger.events.codec import Event
from ledger.events.parts import Destination, Source
from ledger.events.quality import Measured
from models.claim_facts import facts_of
from models.claims.crosscheck import crosscheck
from models.claims.lexicon import Lexicon, load_lexicon
from models.projector import Projector
from models.provenance.gates import reports_of
from models.provenance.story import story
from models.views import reading

Said = list[tuple[str, Event]]
CERTIFIER = "https://id.gs1.org/417/9521000000803"
DEALER = "https://id.gs1.org/417/9521000000902"
_TIME = {"supported": "time-short", "unsupported": "time-between", "contradicted": "time-long"}
ROLES = {
    COOPERATIVE: ("cooperative",),
    MERCHANT: ("merchant",),
    CARRIER: ("carrier",),
    DEALER: ("merchant",),
}


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


def judged(
    engine: sa.Engine, lexicon: Lexicon, said: Said, text: str, at: datetime | None = None
) -> list[tuple[str, str, tuple[int, ...]]]:
    source = entries(said)
    Projector(source, engine).rebuild()
    with reading(engine) as connection:
        told = story(connection, source, LOT, 0)
        reports = reports_of(connection, [LOT], told.lot.category if told.lot else None)
    found = crosscheck(text, lexicon, facts_of(told, ROLES, at or later(days=3), reports))
    return [(each.verdict, each.reason, each.entries) for each in found]


def sent(*extra: tuple[str, Event], hours: float = 10) -> Said:
    """Harvested, shipped a day later, received after so many hours; what else is said comes last."""
    return [
        (COOPERATIVE, builders.object_event()),
        (COOPERATIVE, builders.shipping(event_time=later(days=1))),
        (MERCHANT, builders.receiving(event_time=later(days=1, hours=hours))),
        *extra,
    ]


def through(party: str) -> Said:
    """The batch passes through another party's hands on its way to the merchant."""
    taken = {
        "source_list": (Source(COOPERATIVE, "possessing_party"),),
        "destination_list": (Destination(party, "possessing_party"),),
    }
    given = {
        "source_list": (Source(party, "possessing_party"),),
        "destination_list": (Destination(MERCHANT, "possessing_party"),),
    }
    return [
        (COOPERATIVE, builders.object_event()),
        (COOPERATIVE, builders.shipping(event_time=later(days=1), **taken)),
        (party, builders.receiving(event_time=later(days=1, hours=1), **taken)),
        (party, builders.shipping(event_time=later(days=1, hours=2), **given)),
        (MERCHANT, builders.receiving(event_time=later(days=1, hours=10), **given)),
    ]


def test_a_carrier_is_no_dealer(quick_views: sa.Engine, lexicon: Lexicon) -> None:
    assert judged(quick_views, lexicon, through(CARRIER), "产地直供") == [
        ("supported", "hands-direct", (0, 4))
    ]


def test_a_dealer_in_between_contradicts_that_it_comes_straight_from_the_farm(
    quick_views: sa.Engine, lexicon: Lexicon
) -> None:
    assert judged(quick_views, lexicon, through(DEALER), "产地直供") == [
        ("contradicted", "hands-between", (0, 2, 4))
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ("supported", "certificate-valid", (3,))),
        ({"valid_until": date(2026, 3, 1)}, ("supported", "certificate-valid", (3,))),
        ({"valid_until": date(2026, 2, 28)}, ("contradicted", "certificate-expired", (3,))),
        ({"scope": ("09521000000117",)}, ("unsupported", "certificate-none", ())),
        ({"scheme": "green-food"}, ("unsupported", "certificate-none", ())),
    ],
)
def test_a_certificate_is_worth_its_days_and_its_scope(
    quick_views: sa.Engine,
    lexicon: Lexicon,
    changes: dict[str, object],
    expected: tuple[str, str, tuple[int, ...]],
) -> None:
    said = sent((CERTIFIER, builders.certificate(event_time=later(days=2), **changes)))
    assert judged(quick_views, lexicon, said, "有机大米") == [expected]


def test_a_revoked_certificate_contradicts(quick_views: sa.Engine, lexicon: Lexicon) -> None:
    issued = builders.certificate(event_time=later(days=-20))
    revoked = builders.certificate(event_time=later(days=-2), status="revoked")
    said = [(CERTIFIER, issued), (CERTIFIER, revoked), *sent()]
    assert judged(quick_views, lexicon, said, "有机大米") == [("contradicted", "certificate-revoked", (0, 1))]


def test_goods_on_the_shelf_grow_older_until_the_claim_is_made(
    quick_views: sa.Engine, lexicon: Lexicon
) -> None:
    assert judged(quick_views, lexicon, sent(hours=2), "现摘", later(days=1, hours=3))[0][0] == "supported"
    assert judged(quick_views, lexicon, sent(hours=2), "现摘", later(days=30))[0][0] == "contradicted"


def test_what_was_sold_at_once_was_fresh_then(quick_views: sa.Engine, lexicon: Lexicon) -> None:
    said = sent((MERCHANT, builders.retail_sale(event_time=later(days=1, hours=12))), hours=2)
    assert judged(quick_views, lexicon, said, "现摘", later(days=300))[0][:2] == ("supported", "time-short")


@pytest.mark.parametrize(("hours", "verdict"), [(8, "supported"), (30, "unsupported"), (80, "contradicted")])
def test_transit_time_bears_out_same_day_delivery(
    quick_views: sa.Engine, lexicon: Lexicon, hours: float, verdict: str
) -> None:
    assert judged(quick_views, lexicon, sent(hours=hours), "当日达", later(days=6)) == [
        (
            verdict,
            {"supported": "time-short", "unsupported": "time-between"}.get(verdict, "time-long"),
            (1, 2),
        )
    ]


def test_a_laboratory_that_fails_the_lot_contradicts(quick_views: sa.Engine, lexicon: Lexicon) -> None:
    failing = builders.lab_report(results=(Measured("cadmium", "9.9", "mg/kg"),))
    rice = {"name": "示范大米", "name_en": "Demo rice", "category": "rice"}
    said = [(COOPERATIVE, builders.master_data(attributes=rice)), *sent((CERTIFIER, failing))]
    told = judged(quick_views, lexicon, said, "检测合格，零农残")
    assert told == [("contradicted", "inspection-failed", (4,))] * 2


def test_serious_faults_of_the_lot_contradict_and_those_of_another_do_not(
    quick_views: sa.Engine, lexicon: Lexicon
) -> None:
    inspector = "https://id.gs1.org/417/9521000000704"
    own = sent((inspector, builders.inspection(kind="sampling", serious=1, lot=LOT)))
    other = sent((inspector, builders.inspection(kind="routine", serious=1)))
    clean = sent((inspector, builders.inspection(kind="sampling", lot=LOT)))
    assert judged(quick_views, lexicon, own, "检测合格") == [("contradicted", "inspection-failed", (3,))]
    assert judged(quick_views, lexicon, other, "检测合格") == [("unsupported", "certificate-none", ())]
    assert judged(quick_views, lexicon, clean, "检测合格") == [("supported", "inspection-passed", (3,))]


def test_no_residue_takes_a_report_that_looked_for_one(quick_views: sa.Engine, lexicon: Lexicon) -> None:
    metals = sent((CERTIFIER, builders.lab_report()))
    residues = (Measured("chlorpyrifos", "<0.01", "mg/kg", Decimal("0.01"), "GB 23200.113"),)
    assert judged(quick_views, lexicon, metals, "零农残")[0][0] == "unsupported"
    sought = judged(quick_views, lexicon, sent((CERTIFIER, builders.lab_report(results=residues))), "零农残")
    assert sought[0][0] in ("supported", "unsupported")


def test_the_carriers_of_the_demonstration_would_be_dealers_without_their_roles(
    quick_views: sa.Engine, lexicon: Lexicon
) -> None:
    source = entries(through(CARRIER))
    Projector(source, quick_views).rebuild()
    with reading(quick_views) as connection:
        told = story(connection, source, LOT, 0)
    assert len(facts_of(told).hands) == 2
    assert len(facts_of(told, ROLES).hands) == 1
