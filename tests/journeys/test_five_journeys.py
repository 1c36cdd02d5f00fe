"""The five journeys, each one straight walk on a real ledger, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from gui import scanner
from gui.cooperative import happenings
from gui.cooperative.happenings import Act
from gui.labelling import label_of
from gui.labels import write_labels
from gui.words import Words
from ledger.errors import EventInvalid
from ledger.events.evidence import Inspection
from ledger.events.governance import ScorePublished
from ledger.events.supply import Quantity
from ledger.events.values import PartyId
from models import proving
from models.log import check_proof
from models.workspace import Workspace

Clock = Callable[[], datetime]
GTIN = "09521234543213"
LOT = f"https://id.gs1.org/01/{GTIN}/10/QL-1"


def kilograms(lot: str, amount: str) -> Quantity:
    return Quantity(lot, Decimal(amount), "KGM")


def harvest_and_ship(office: Workspace, clock: Clock) -> tuple[str, str]:
    farm, shop = office.party("青岭合作社").id, office.party("惠民超市").id
    office.record(happenings.registered(Act(clock(), farm), kilograms(LOT, "412")))
    office.record(happenings.shipped(Act(clock(), farm), (kilograms(LOT, "100"),), shop))
    office.record(happenings.received(Act(clock(), shop), kilograms(LOT, "100"), farm), as_party=shop)
    office.record(happenings.sold(Act(clock(), shop), (kilograms(LOT, "1"),)), as_party=shop)
    return farm, shop


def test_register_a_batch(office: Workspace, clock: Clock, tmp_path: Path) -> None:
    farm = office.party("青岭合作社").id
    with pytest.raises(EventInvalid) as told:
        happenings.lot_code("09521234543214", "QL-1")
    assert told.value.field == "gtin"
    event = happenings.registered(Act(clock(), farm), kilograms(happenings.lot_code(GTIN, "QL-1"), "412"))
    assert office.preview(event) == ()
    receipt = office.record(event)
    assert receipt.size == receipt.index + 1
    code, row = office.label_words("QL-1")
    report = write_labels([label_of(Words("zh_CN"), code, row)], tmp_path / "label.png")
    assert [each.text for each in scanner.decode_file(report.files[0])] == [LOT]


def test_scan_a_code(office: Workspace, clock: Clock, tmp_path: Path) -> None:
    farm, shop = harvest_and_ship(office, clock)
    witness = office.home.__class__(tmp_path / "witness", office.home.random)
    head = office.log.checkpoint()
    vouched = proving.vouch(witness, head.note, clock(), head.log_key)
    office.cosign(vouched.note, witness=vouched.witness_key)
    office.record(happenings.sold(Act(clock(), shop), (kilograms(LOT, "2"),)), as_party=shop)
    story = office.story(f"https://shop.example/01/{GTIN}/10/QL-1")
    assert (story.verdict, story.seller) == ("genuine", shop)
    assert [step.biz_step for step in story.steps][:3] == ["commissioning", "shipping", "receiving"]
    assert [step.proof.witnessed for step in story.steps] == [True, True, True, True, False]
    assert {span.party for span in story.custody} == {farm, shop}
    proof = check_proof(office.log.proof(story.steps[0].index))
    assert proof.holds
    assert office.story("https://id.gs1.org/01/09521234543213/10/NONE").verdict == "unknown"


def test_submit_a_review_and_a_complaint(office: Workspace, clock: Clock) -> None:
    _, shop = harvest_and_ship(office, clock)
    phone = office.party("王女士的手机").id
    before = office.merchants.rating(shop)
    receipt = office.opinions.review(shop, 1, "茶叶受潮，联系电话 13800000000", lot=LOT, as_party=phone)
    _, number = office.opinions.complain(shop, "quality", 2, "要求退款", lot=LOT, as_party=phone)
    leaves = b"".join(entry.leaf for entry in office.entries(0, office.size()))
    assert b"13800000000" not in leaves
    (review,) = office.merchants.dossier(shop).reviews
    assert (review["index"], review["stars"]) == (receipt.index, 1)
    assert office.words_of(str(review["vault_id"])) == "茶叶受潮，联系电话 13800000000"
    assert number in {row["complaint_id"] for row in office.merchants.dossier(shop).complaints}
    assert office.merchants.rating(shop).points <= before.points
    office.opinions.erase(str(review["vault_id"]))
    assert office.words_of(str(review["vault_id"])) is None
    assert office.log.audit().problems == ()


def test_recompute_a_score(office: Workspace, clock: Clock) -> None:
    _, shop = harvest_and_ship(office, clock)
    inspector = office.party("县市场监管局").id
    for serious in (0, 2, 0, 1):
        visit = Inspection(clock(), PartyId(shop), "routine", 0, serious, 1, "grocery")
        office.record(visit, as_party=inspector)
    receipt, score = office.supervision.publish(shop, as_party=inspector)
    assert score.score == score.base + sum(part.points for part in score.contributions)
    cited = {index for part in score.contributions for index in part.entries}
    assert cited <= set(range(office.size()))
    office.record(Inspection(clock(), PartyId(shop), "routine", 3, 0, 0, "grocery"), as_party=inspector)
    said = office.entry(receipt.index).event
    assert isinstance(said, ScorePublished)
    again = office.merchants.rating(shop, as_of=said.as_of)
    assert office.merchants.rating(shop, as_of=clock() + timedelta(days=1)).points < score.points
    assert (said.score, said.grade) == (score.score, score.grade)
    assert again.policy == said.policy_digest
    step = next(step for step in office.log.audit().steps if step.code == "scores")
    assert (step.status, step.checked) == ("pass", 1)
    wrong = replace(said, score=(said.score or 0) + 50, event_time=clock())
    forged = office.record(wrong, as_party=inspector)
    assert [(problem.index, problem.code) for problem in office.log.audit().problems] == [
        (forged.index, "score-wrong")
    ]


def test_verify(
    office: Workspace, clock: Clock, engines: tuple[sa.Engine, sa.Engine], tmp_path: Path, engine_name: str
) -> None:
    harvest_and_ship(office, clock)
    seen = office.log.checkpoint().note
    report = office.log.audit(against=(seen,))
    assert report.holds
    assert [step.number for step in report.steps] == list(range(7))
    schema = "" if engine_name == "sqlite" else "ledger."
    with engines[0].begin() as connection:
        leaf = bytearray(
            connection.exec_driver_sql(f"SELECT leaf FROM {schema}entry WHERE entry_index = 6").scalar_one()
        )
        leaf[-5] ^= 1
        _without_triggers(connection, engine_name)
        connection.execute(
            sa.text(f"UPDATE {schema}entry SET leaf = :leaf WHERE entry_index = 6"), {"leaf": bytes(leaf)}
        )
    problems = office.log.audit(against=(seen,)).problems
    assert 6 in {problem.index for problem in problems}
    assert all(problem.found and problem.expected and problem.remedy for problem in problems)


def _without_triggers(connection: sa.Connection, engine_name: str) -> None:
    """Take the append-only triggers away, as somebody with the database's own rights could."""
    if engine_name == "sqlite":
        names = (
            connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            .scalars()
            .all()
        )
        for name in names:
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
    else:
        connection.exec_driver_sql("ALTER TABLE ledger.entry DISABLE TRIGGER ALL")
