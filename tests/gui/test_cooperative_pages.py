"""A clerk's day on the screen: register, label, ship, receive, sell, import, each on a real ledger."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import builders
import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from gui.context import Context
from gui.cooperative import happenings
from gui.cooperative.batches import BatchesPage
from gui.cooperative.labels import LabelsPage
from gui.cooperative.lot import LotPage
from gui.cooperative.movement import MovementPage
from gui.cooperative.register import RegisterPage
from gui.cooperative.today import TodayPage
from ledger.errors import EventInvalid
from ledger.events.governance import MasterData, PartyEnrolled
from ledger.events.supply import Destination, Quantity, Source, TransformationEvent
from ledger.events.values import PartyId, freeze
from ledger.home import Home
from ledger.keys import KeyPair
from ledger.store import create_ledger_engine
from models.identity import new_identity
from models.views import create_views_engine
from models.workspace import Workspace, found

GTIN = "09521234543213"
LOT = f"https://id.gs1.org/01/{GTIN}/10/QL-1"


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    moments = itertools.count()
    drawn = itertools.count(1)

    def clock() -> datetime:
        return datetime(2026, 3, 1, 2, tzinfo=UTC) + timedelta(minutes=next(moments))

    home = Home(tmp_path / "home", lambda count: next(drawn).to_bytes(8, "big").rjust(count, b"\x33")[:count])
    engines = (
        create_ledger_engine(f"sqlite:///{tmp_path}/l.db"),
        create_views_engine(f"sqlite:///{tmp_path}/v.db"),
    )
    event, pair = new_identity(home, clock=clock, name="青岭合作社", roles=("administrator", "cooperative"))
    made = found(*engines, home, event, pair, clock=clock)
    shop = KeyPair.generate(home.random)
    home.keep(shop.public.did, shop)
    made.record_all(
        [
            PartyEnrolled(
                clock(), PartyId(shop.public.did), "惠民超市", "Huimin", ("merchant",), shop.public.hex
            ),
            MasterData(
                clock(),
                "product",
                f"https://id.gs1.org/01/{GTIN}",
                freeze({"cbvmda:descriptionShort": "明前龙井茶", "name": "明前龙井茶"}),
            ),
        ]
    )
    yield made
    made.close()


def shown(qtbot: QtBot, context: Context, page: Any, **args: Any) -> Any:
    qtbot.addWidget(page)
    page.show()
    page.enter(**args)
    qtbot.waitUntil(context.workers.idle)
    return page


def settled(qtbot: QtBot, context: Context, done: Callable[[], bool]) -> None:
    qtbot.waitUntil(lambda: context.workers.idle() and done(), timeout=20_000)


def register(qtbot: QtBot, context: Context, lot: str = "QL-1", quantity: str = "412") -> RegisterPage:
    page: RegisterPage = shown(qtbot, context, RegisterPage(context))
    page.product.setEditText(GTIN)
    page.lot.setText(lot)
    page.quantity.setText(quantity)
    size = context.workspace.size()
    page.recorder.record()
    settled(qtbot, context, lambda: context.workspace.size() == size + 1)
    return page


def test_a_batch_is_registered_and_found_in_the_list(qtbot: QtBot, context: Context) -> None:
    register(qtbot, context)
    (row,) = context.workspace.lots()
    assert (row.lot, str(row.quantity), row.uom) == (LOT, "412", "KGM")
    page: BatchesPage = shown(qtbot, context, BatchesPage(context), mine=True)
    settled(qtbot, context, lambda: page.model.rowCount() == 1)
    assert page.model.row(0) == row
    holder = context.workspace.party(row.holder or "")
    assert context.words.name(holder) in [words for words, _ in page.model.line(0)]
    page.search.setText("没有这一批")
    settled(qtbot, context, lambda: page.model.rowCount() == 0)


@pytest.mark.parametrize(
    ("gtin", "lot", "quantity", "field"),
    [
        ("09521234543214", "QL-1", "412", "gtin"),
        (GTIN, "", "412", "lot"),
        (GTIN, "批次一", "412", "lot"),
        (GTIN, "QL-1", "很多", "quantity"),
        (GTIN, "QL-1", "-3", "quantity"),
    ],
)
def test_a_wrong_value_is_said_beside_its_field_and_nothing_is_recorded(
    qtbot: QtBot, context: Context, gtin: str, lot: str, quantity: str, field: str
) -> None:
    page: RegisterPage = shown(qtbot, context, RegisterPage(context))
    size = context.workspace.size()
    page.product.setEditText(gtin)
    page.lot.setText(lot)
    page.quantity.setText(quantity)
    page.recorder.record()
    assert page.form.fields[field].problem.text()
    assert not page.form.fields[field].problem.isHidden()
    assert context.workspace.size() == size


def test_goods_are_shipped_and_received_by_two_hands(qtbot: QtBot, context: Context) -> None:
    register(qtbot, context)
    shop = context.workspace.party("惠民超市").id
    page: MovementPage = shown(qtbot, context, MovementPage(context), kind="ship", code=LOT)
    settled(qtbot, context, lambda: page.form.box("lot").currentData() == LOT)
    assert page.form.edit("quantity").text() == "412"
    page.form.receiver.setCurrentIndex(page.form.receiver.findData(shop))
    page.form.edit("quantity").setText("100")
    size = context.workspace.size()
    page.recorder.record()
    settled(qtbot, context, lambda: context.workspace.size() == size + 1)
    today: TodayPage = shown(qtbot, context, TodayPage(context))
    today.actor.choose(shop)
    today.refresh()
    settled(qtbot, context, lambda: len(context.workspace.arriving(shop)) == 1)
    page.actor.choose(shop)
    page.enter(kind="receive", code=LOT)
    settled(
        qtbot,
        context,
        lambda: page.form.coming.currentData() == LOT and page.form.edit("quantity").text() == "100",
    )
    page.recorder.record()
    settled(qtbot, context, lambda: context.workspace.size() == size + 2)
    assert context.workspace.arriving(shop) == ()
    events = [event.biz_step for event in context.workspace.trace(LOT).events]
    assert events == ["commissioning", "shipping", "receiving"]


def test_what_stays_of_a_batch_can_still_be_shipped(qtbot: QtBot, context: Context) -> None:
    register(qtbot, context)
    workspace = context.workspace
    shop, grower = workspace.party("惠民超市").id, workspace.mine("cooperative")[0].id
    sent = {
        "quantity_list": (Quantity(LOT, Decimal(400), "KGM"),),
        "source_list": (Source(grower, "possessing_party"),),
        "destination_list": (Destination(shop, "possessing_party"),),
    }
    # Most of it on the road, then with the shop: the rest is here all the time.
    for party, happens in ((grower, builders.shipping), (shop, builders.receiving)):
        workspace.record(happens(event_time=workspace.clock(), **sent), as_party=party)
        page: MovementPage = shown(qtbot, context, MovementPage(context), kind="ship", code=LOT)
        assert page.form.box("lot").currentData() == LOT
        assert page.form.edit("quantity").text() == "12"
        today: TodayPage = shown(qtbot, context, TodayPage(context))
        assert any("12" in row.text() for row in today.cards["recent"].findChildren(QLabel))


def test_goods_are_transformed_and_the_new_batch_names_its_origin(qtbot: QtBot, context: Context) -> None:
    register(qtbot, context)
    page: MovementPage = shown(qtbot, context, MovementPage(context), kind="transform", code=LOT)
    settled(qtbot, context, lambda: page.form.box("lot").currentData() == LOT)
    page.form.edit("quantity").setText("412")
    page.form.edit("made_lot").setText("QL-2")
    page.form.edit("made_quantity").setText("98.6")
    size = context.workspace.size()
    page.recorder.record()
    settled(qtbot, context, lambda: context.workspace.size() == size + 1)
    made = LOT.replace("QL-1", "QL-2")
    assert [node.lot for node in context.workspace.trace(made, "back").lots_upstream] == [LOT]
    lot: LotPage = shown(qtbot, context, LotPage(context), code=made)
    settled(qtbot, context, lambda: "QL-2" in lot.header.about.text())


def test_selling_more_than_there_is_is_shown_before_and_recorded_all_the_same(
    qtbot: QtBot, context: Context
) -> None:
    register(qtbot, context)
    page: MovementPage = shown(qtbot, context, MovementPage(context), kind="sell", code=LOT)
    settled(qtbot, context, lambda: page.form.box("lot").currentData() == LOT)
    page.form.edit("quantity").setText("900")
    event = page.stated()
    findings = context.workspace.preview(event)
    assert "sold-more-than-held" in {one.code for one in findings}
    size = context.workspace.size()
    page.recorder.record()
    settled(qtbot, context, lambda: context.workspace.size() == size + 1)


def test_labels_are_previewed_and_written_and_read_back(
    qtbot: QtBot, context: Context, tmp_path: Path
) -> None:
    from gui import scanner

    register(qtbot, context)
    page: LabelsPage = shown(qtbot, context, LabelsPage(context), code=LOT)
    settled(qtbot, context, lambda: not page.picture.pixmap().isNull())
    page.write(tmp_path / "label.png")
    settled(qtbot, context, lambda: (tmp_path / "label.png").exists())
    assert [one.text for one in scanner.decode_file(tmp_path / "label.png")] == [LOT]


def test_a_label_that_cannot_be_written_is_told_and_the_page_goes_on(
    qtbot: QtBot, context: Context, tmp_path: Path
) -> None:
    register(qtbot, context)
    page: LabelsPage = shown(qtbot, context, LabelsPage(context), code=LOT)
    page.write(tmp_path / "no" / "such" / "folder" / "label.png")
    settled(qtbot, context, lambda: page.save_button.isEnabled())
    assert page.banner.property("kind") == "bad"


def test_a_page_made_anew_in_the_other_language_keeps_what_was_typed(qtbot: QtBot, context: Context) -> None:
    page: RegisterPage = shown(qtbot, context, RegisterPage(context))
    page.product.setEditText(GTIN)
    page.lot.setText("QL-9")
    page.quantity.setText("7")
    again = RegisterPage(context)
    qtbot.addWidget(again)
    again.restore(page.state())
    settled(qtbot, context, lambda: again.lot.text() == "QL-9")
    assert (again.quantity.text(), again._gtin()) == ("7", GTIN)


def movement(qtbot: QtBot, context: Context, kind: str, lot: str = LOT) -> MovementPage:
    page: MovementPage = shown(qtbot, context, MovementPage(context), kind=kind, code=lot)
    settled(qtbot, context, lambda: page.form.box("lot").currentData() == lot)
    return page


def recorded(qtbot: QtBot, context: Context, page: MovementPage) -> None:
    size = context.workspace.size()
    page.recorder.record()
    settled(qtbot, context, lambda: context.workspace.size() == size + 1)


def test_a_batch_is_divided_and_joined_again_and_a_recall_reaches_the_last(
    qtbot: QtBot, context: Context
) -> None:
    register(qtbot, context)
    page = movement(qtbot, context, "split")
    for number, amount in (("", "112"), ("2", "200"), ("3", "100")):
        if number == "3":
            page.form.made.more.click()
        page.form.edit(f"made_lot{number}").setText(f"QL-1{number or '1'}")
        page.form.edit(f"made_quantity{number}").setText(amount)
    assert page.weighed.text() == "用掉 412 千克，做出 412 千克，正好相等"
    recorded(qtbot, context, page)
    parts = [LOT.replace("QL-1", name) for name in ("QL-11", "QL-12", "QL-13")]
    assert {lot.lot for lot in context.workspace.lots("", None, "active")} == set(parts)
    page = movement(qtbot, context, "merge", parts[0])
    second = page.form.box("lot2")
    second.setCurrentIndex(second.findData(parts[1]))
    assert page.form.edit("quantity2").text() == "200"
    page.form.edit("made_lot").setText("QL-9")
    page.form.edit("made_quantity").setText("310")
    assert page.weighed.text() == "用掉 312 千克，做出 310 千克，损耗 2 千克（0.6 %）"
    recorded(qtbot, context, page)
    whole = LOT.replace("QL-1", "QL-9")
    assert {node.lot for node in context.workspace.trace(whole, "back").lots_upstream} == {LOT, *parts[:2]}
    assert context.workspace.lots("QL-9")[0].remaining == 310
    assert not [one for one in context.workspace.story(whole).findings if one.code == "yield-above-bound"]


@pytest.mark.parametrize(
    ("kind", "field", "code"),
    [
        ("split", "made_lot2", "lot-missing"),
        ("merge", "lot2", "not-chosen"),
        ("split", "made_lot", "batch-twice"),
    ],
)
def test_what_a_movement_lacks_is_said_beside_the_row_it_is_missing_in(
    qtbot: QtBot, context: Context, kind: str, field: str, code: str
) -> None:
    register(qtbot, context)
    page = movement(qtbot, context, kind)
    page.form.edit("made_lot").setText("QL-1" if code == "batch-twice" else "QL-2")
    page.form.edit("made_quantity").setText("412")
    if code == "batch-twice":
        page.form.edit("made_lot2").setText("QL-3")
        page.form.edit("made_quantity2").setText("1")
    with pytest.raises(EventInvalid) as refused:
        page.stated()
    assert (refused.value.code, refused.value.field) == (code, field)
    page.recorder.record()
    assert not page.form.fields[field].problem.isHidden()


def test_goods_of_two_products_are_not_joined() -> None:
    act = happenings.Act(datetime(2026, 3, 1, tzinfo=UTC), "did:key:z6Mk")
    tea, rice = (f"https://id.gs1.org/01/{gtin}/10/A" for gtin in (GTIN, "09521234543206"))
    one, other = (Quantity(lot, Decimal(1), "KGM") for lot in (tea, rice))
    with pytest.raises(EventInvalid, match="two products"):
        happenings.merged(act, (one, other), one)


def test_a_row_taken_away_takes_its_goods_along(qtbot: QtBot, context: Context) -> None:
    register(qtbot, context)
    page = movement(qtbot, context, "split")
    for number, lot in (("", "QL-A"), ("2", "QL-B"), ("3", "QL-C")):
        if number == "3":
            page.form.made.more.click()
        page.form.edit(f"made_lot{number}").setText(lot)
        page.form.edit(f"made_quantity{number}").setText("10")
    page.form.made.shrink(2)
    event = page.stated()
    assert isinstance(event, TransformationEvent)
    assert [each.epc_class[-4:] for each in event.output_quantity_list] == ["QL-A", "QL-C"]


def test_an_earlier_moment_and_a_place_are_stated_and_the_future_is_refused(
    qtbot: QtBot, context: Context
) -> None:
    register(qtbot, context)
    page = movement(qtbot, context, "sell")
    assert page.form.fields["when"].isHidden()
    page.form.earlier.setChecked(True)
    now = page.form.when.dateTime()
    page.form.when.setDateTime(now.addSecs(-3600))
    hour_ago = page.stated().event_time
    assert 3600 <= (context.clock() - hour_ago).total_seconds() < 3900
    page.form.when.setMaximumDateTime(now.addDays(2))
    page.form.when.setDateTime(now.addDays(1))
    with pytest.raises(EventInvalid, match="still to come"):
        page.stated()


@pytest.mark.parametrize(
    ("kind", "amount", "text", "state"),
    [
        ("ship", "100", "手上 412 千克，这次 100 千克，还剩 312 千克", "够"),
        ("sell", "412", "手上 412 千克，这次全部用完", "用完"),
        ("sell", "500", "手上只有 412 千克，这次 500 千克，多出 88 千克", "不够"),
    ],
)
def test_what_is_left_is_said_while_one_types(
    qtbot: QtBot, context: Context, kind: str, amount: str, text: str, state: str
) -> None:
    register(qtbot, context)
    page = movement(qtbot, context, kind)
    page.form.edit("quantity").setText(amount)
    assert (page.weighed.text(), page.weight.text()) == (text, state)
