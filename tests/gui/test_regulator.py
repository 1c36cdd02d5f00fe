"""The regulator's walk: who needs a visit, why, the visit itself, the score it moves, and the audit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from conftest_types import OpenShell
from heartbeat import Heartbeat
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton, QTabWidget, QWidget
from pytestqt.qtbot import QtBot

from gui.crash import CrashDialog
from gui.entry import EntryDialog
from gui.evidence import EntriesDialog, EvidenceTabs
from gui.integrity import IntegrityPage
from gui.regulator.dossier import DossierPage
from gui.regulator.entries import EntriesPage
from gui.regulator.inspection import InspectionPage
from gui.regulator.merchantcolumns import SCORE
from gui.regulator.merchants import MerchantsPage
from gui.screens import settle
from gui.shell import Shell
from gui.widgets import TimelineItem, Waterfall
from models.workspace import Workspace


def shown(widget: QWidget) -> str:
    return "\n".join(part.text() for part in widget.findChildren(QLabel) if part.isVisible())


def go(shell: Shell, key: str, **args: object) -> QWidget:
    shell.open(key, dict(args))
    settle(shell)
    return shell.pages[key]


def test_the_list_begins_with_who_needs_a_visit_and_filters_at_once(
    open_shell: OpenShell, workspace: Workspace, qtbot: QtBot
) -> None:
    shell = open_shell()
    page = go(shell, "merchants")
    assert isinstance(page, MerchantsPage)
    scores = [row.score for row in rows_of(page) if row.score is not None]
    assert scores == sorted(scores)
    page.filter.chips.buttons["D"].click()
    settle(shell)
    assert {row.grade for row in rows_of(page)} == {"D"}
    page.filter.chips.buttons[""].click()
    settle(shell)
    # QTest types Latin-1 only and aborts on anything else.
    page.filter.search.setText(rows_of(page)[0].name[:2])
    qtbot.waitUntil(lambda: 0 < page.model.rowCount() < page.summary.total)
    page.filter.search.setText("没有这一家")
    qtbot.waitUntil(lambda: not page.model.rowCount())
    assert shell.words("merchants.empty") in shown(page)


def rows_of(page: MerchantsPage) -> list[Any]:
    """Every row of a list short enough to lie on one page."""
    found = [page.model.row(place) for place in range(page.model.rowCount())]
    assert None not in found
    return found


def test_the_list_is_narrowed_by_trade_kind_watch_list_and_what_trades_are_called(
    open_shell: OpenShell, workspace: Workspace
) -> None:
    shell = open_shell()
    page = go(shell, "merchants", category="seafood")
    assert isinstance(page, MerchantsPage)
    everybody = workspace.merchants.rows()
    sea = {row.party for row in everybody if row.category == "seafood"}
    assert {row.party for row in rows_of(page)} == sea
    go(shell, "merchants", category="", role="carrier")
    assert {row.category for row in rows_of(page)} == {"transport"}
    go(shell, "merchants", role="", text=shell.words.code("category", "seafood"))
    assert {row.party for row in rows_of(page)} >= sea
    go(shell, "merchants", text="", watched=True)
    assert {row.party for row in rows_of(page)} >= {
        row.party for row in everybody if row.grade == "D" or row.complaints_open
    }
    assert page.model.rowCount() < len(everybody)


def test_a_click_on_a_title_sorts_and_the_merchant_chosen_stays_chosen(
    open_shell: OpenShell, workspace: Workspace
) -> None:
    shell = open_shell()
    page = go(shell, "merchants")
    assert isinstance(page, MerchantsPage)
    chosen = rows_of(page)[0]
    page.table.view.setCurrentIndex(page.model.index(0, 0))
    settle(shell)
    page.table.view.sortByColumn(SCORE, Qt.SortOrder.DescendingOrder)
    settle(shell)
    scores = [row.score for row in rows_of(page)]
    assert [score for score in scores if score is not None] == sorted(
        (row.score for row in workspace.merchants.rows() if row.score is not None), reverse=True
    )
    assert page.table.current() == chosen
    page.filter.chips.buttons[chosen.grade].click()
    settle(shell)
    assert page.table.current() == chosen
    kept = page.state()
    assert (kept["sort"], kept["descending"], kept["chosen"]) == ("score", True, chosen.party)
    shell.open("ledger")
    settle(shell)
    shell.back()
    settle(shell)
    assert page.state() == kept
    assert page.table.current() == chosen


def test_a_row_opens_its_dossier_and_the_way_back_leads_to_the_filter(
    open_shell: OpenShell, qtbot: QtBot
) -> None:
    shell = open_shell()
    page = go(shell, "merchants", grade="C")
    assert isinstance(page, MerchantsPage)
    first = rows_of(page)[0]
    page.table.view.setCurrentIndex(page.model.index(0, 0))
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    settle(shell)
    assert shell.words.name(first) in shown(shell.pages["dossier"])
    assert shell.rail.buttons["merchants"].isChecked()
    shell.back()
    settle(shell)
    assert page.filter.chips.current == "C"
    assert shell.current is page


def test_a_dossiers_steps_add_up_and_each_opens_what_it_rests_on(
    open_shell: OpenShell, workspace: Workspace, qtbot: QtBot
) -> None:
    shell = open_shell()
    worst = workspace.merchants.rows()[0]
    page = go(shell, "dossier", party=worst.party)
    assert isinstance(page, DossierPage)
    score = page.dossier.score
    assert score.base + sum(part.points for part in score.contributions) == score.score
    for place, part in enumerate(score.contributions):
        if part.entries:
            fall = page.findChild(Waterfall)
            assert fall is not None
            fall.opened.emit(str(place))
            dialog = next(d for d in shell.findChildren(QDialog) if d.isVisible())
            assert dialog.windowTitle()
            dialog.reject()
            settle(shell)
    tabs = page.findChild(QTabWidget)
    assert tabs is not None
    assert tabs.count() == 6


def test_what_a_reason_rests_on_is_said_line_by_line_and_the_keys_stay_on_it(
    open_shell: OpenShell, workspace: Workspace
) -> None:
    shell = open_shell("en")
    page = go(shell, "ledger")
    shell.activateWindow()
    dialog = EntriesDialog(shell.context, "Why", (3, 400), page)
    dialog.show()
    settle(shell)
    for index in (3, 400):
        (entry,) = workspace.entry_lines(index, index + 1)
        signer = shell.words.name(workspace.parties_of([entry.party])[0])
        assert f"{signer} · {shell.words('entry.title', index=index)}" in shown(dialog)
    whole = dialog.lines.parentWidget()
    assert whole is not None
    next(
        part for part in whole.findChildren(QWidget) if part.focusPolicy() & Qt.FocusPolicy.TabFocus
    ).setFocus()
    dialog._show([TimelineItem("", "said anew", key="3")])
    keys = dialog.focusWidget()
    assert keys is not None
    assert whole.isAncestorOf(keys)
    dialog.reject()
    dialog.deleteLater()


def test_a_published_score_is_an_entry_with_its_reasons(open_shell: OpenShell, workspace: Workspace) -> None:
    shell = open_shell()
    worst = workspace.merchants.rows()[0]
    page = go(shell, "dossier", party=worst.party)
    assert isinstance(page, DossierPage)
    page.publish_button.click()
    settle(shell)
    entry = workspace.entry(workspace.size() - 1)
    assert entry.type == "ScorePublished"
    assert getattr(entry.event, "score", None) == worst.score


def test_what_a_person_wrote_is_shown_until_it_is_removed(
    open_shell: OpenShell, workspace: Workspace
) -> None:
    shell = open_shell()
    party = next(row.party for row in workspace.merchants.rows() if _written(workspace, row.party))
    vault_id, text = _written(workspace, party)[0]
    page = go(shell, "dossier", party=party, tab=2)
    unfold(page)
    assert text in _all_text(page)
    workspace.opinions.erase(vault_id)
    page = go(shell, "dossier", party=party, tab=2)
    unfold(page)
    assert text not in _all_text(page)
    assert shell.words("vault.erased") in _all_text(page)


def unfold(page: QWidget) -> None:
    """Ask for more until every review is shown."""
    tab = page.findChild(EvidenceTabs)
    assert tab is not None
    while more := [b for b in tab.currentWidget().findChildren(QPushButton) if not b.isHidden()]:
        more[0].click()


def _written(workspace: Workspace, party: str) -> list[tuple[str, str]]:
    rows = workspace.merchants.dossier(party).reviews[:40]
    found = [
        (str(row["vault_id"]), workspace.words_of(str(row["vault_id"]))) for row in rows if row["vault_id"]
    ]
    texts = [text for _, text in found]
    # Several people write the same words; only words that stand once can be seen to go.
    return [(vault_id, text) for vault_id, text in found if text and texts.count(text) == 1]


def _all_text(page: QWidget) -> str:
    return "\n".join(part.text() for part in page.findChildren(QLabel))


def test_an_inspection_is_refused_beside_its_field_then_recorded_and_moves_the_score(
    open_shell: OpenShell, workspace: Workspace
) -> None:
    shell = open_shell()
    page = go(shell, "inspection")
    assert isinstance(page, InspectionPage)
    page.record_button.click()
    assert page.form.fields["subject"].problem.isVisible()
    before, worst = workspace.size(), workspace.merchants.rows()[0]
    page = go(shell, "inspection", party=worst.party)
    assert isinstance(page, InspectionPage)
    page.form.counts[0].setValue(2)
    page.form.summary.setText("temperature-above-limit")
    page.record_button.click()
    settle(shell)
    assert shell.words("inspection.recorded") in shown(page)
    assert workspace.size() == before + 1
    entry = workspace.entry(before)
    assert entry.type == "Inspection"
    assert entry.party == workspace.mine("inspector")[0].id
    assert workspace.merchants.rating(worst.party).points < worst.score  # type: ignore[operator]


def test_a_half_filled_form_survives_a_switch_of_language(
    open_shell: OpenShell, workspace: Workspace
) -> None:
    shell = open_shell()
    party = workspace.merchants.rows()[1].party
    page = go(shell, "inspection", party=party)
    assert isinstance(page, InspectionPage)
    page.form.counts[1].setValue(4)
    page.form.summary.setText("秤未检定")
    shell.look.switch_language()
    settle(shell)
    again = shell.pages["inspection"]
    assert isinstance(again, InspectionPage)
    assert again is not page
    assert again.form.counts[1].value() == 4
    assert again.form.summary.text() == "秤未检定"
    assert again.form.merchant.currentData() == party


def test_the_ledger_lists_every_entry_and_goes_to_any(
    open_shell: OpenShell, workspace: Workspace, qtbot: QtBot, tmp_path: Path
) -> None:
    shell = open_shell()
    page = go(shell, "ledger")
    assert isinstance(page, EntriesPage)
    assert page.model.rowCount() == workspace.size()
    qtbot.keyClicks(page.jump, "5")
    qtbot.keyClick(page.jump, Qt.Key.Key_Return)
    settle(shell)
    assert page.table.current()[0].index == 5
    page.table.opened.emit(page.table.current())
    settle(shell)
    dialog = next(d for d in shell.findChildren(EntryDialog) if d.isVisible())
    assert dialog.details.index == 5
    dialog.write_proof(tmp_path / "5.proof")
    settle(shell)
    assert workspace.log.check((tmp_path / "5.proof").read_bytes()).holds
    dialog.reject()


def test_the_ledger_says_what_was_done_and_what_was_only_declared_wrong(
    open_shell: OpenShell, workspace: Workspace
) -> None:
    mine = (workspace.corrections.standing(index) for index in range(workspace.size()))
    shipped = next(one for one in mine if one.open and getattr(one.event, "biz_step", "") == "shipping")
    workspace.corrections.correct(shipped.index, "did_not_occur")
    page: Any = go(open_shell("en"), "ledger", index=shipped.index)
    assert page.table.current()[2] == "Shipped"
    assert page.model.index(0, 2).data() == "Declared wrong: Shipped"


def test_the_audit_says_what_holds_and_what_nobody_has_witnessed(
    open_shell: OpenShell, workspace: Workspace, tmp_path: Path
) -> None:
    shell = open_shell("zh_CN")
    page = go(shell, "integrity")
    assert isinstance(page, IntegrityPage)
    with Heartbeat(shell) as heart:
        page.start()
        settle(shell)
    assert page.report is not None
    assert not page.report.problems
    assert f"第 0 至 {workspace.size() - 1:,} 条" in page.banner.text.text()
    page.export(tmp_path / "audit.json")
    assert json.loads((tmp_path / "audit.json").read_text(encoding="utf-8"))["holds"] is True
    # Far above the aim of 50 ms, so that a busy machine does not fail a good program.
    assert heart.worst_ms < 500


def test_a_file_that_is_no_checkpoint_is_refused_in_words(
    open_shell: OpenShell, tmp_path: Path, qtbot: QtBot
) -> None:
    shell = open_shell("zh_CN")
    page = go(shell, "integrity")
    assert isinstance(page, IntegrityPage)
    (tmp_path / "picture.bin").write_bytes(bytes(range(256)))
    for act in (page.checkpoint.hold_against, page.checkpoint.take_in):
        for name in ("picture.bin", "not-there.txt"):
            act(tmp_path / name)
            settle(shell)
    assert shell.toasts.column.count() == 3
    assert not [w for w in QApplication.topLevelWidgets() if isinstance(w, CrashDialog)]


def test_a_changed_byte_is_named_with_its_entry_and_what_to_do(
    open_shell: OpenShell, workspace: Workspace, ledger_folder: Path
) -> None:
    tamper(ledger_folder, index=31)
    shell = open_shell("zh_CN")
    page = go(shell, "integrity", start=True)
    assert isinstance(page, IntegrityPage)
    assert page.banner.property("kind") == "bad"
    assert page.problems_card is not None
    problems = page.problems_card.problems
    assert 31 in {problem.index for problem in problems.rows}
    cells = [str(problems.index(0, column).data()) for column in range(problems.columnCount())]
    assert all(cell and cell != "—" for cell in cells[1:])


def test_a_cancelled_audit_claims_nothing(open_shell: OpenShell) -> None:
    shell = open_shell("en")
    page = go(shell, "integrity")
    assert isinstance(page, IntegrityPage)
    page.start()
    page.cancel()
    settle(shell)
    assert page.report is None
    assert page.banner.title.text() == shell.words("audit.cancelled")
    assert page.start_button.isEnabled()


def tamper(folder: Path, index: int) -> None:
    """Flip one byte in the middle of a stored leaf, the way somebody with the file could."""
    engine = sa.create_engine(f"sqlite:///{folder / 'ledger.db'}")
    with engine.begin() as connection:
        for name in (
            connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type='trigger'").scalars().all()
        ):
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        table, key = "entry", "entry_index"
        (leaf,) = connection.exec_driver_sql(f"SELECT leaf FROM {table} WHERE {key} = {index}").one()
        changed = leaf[:80] + bytes([leaf[80] ^ 1]) + leaf[81:]
        connection.execute(
            sa.text(f"UPDATE {table} SET leaf = :leaf WHERE {key} = :index"),
            {"leaf": changed, "index": index},
        )
    engine.dispose()


def test_a_grade_that_its_points_do_not_give_is_explained_in_the_list_and_in_the_dossier(
    open_shell: OpenShell, workspace: Workspace
) -> None:
    shell = open_shell()
    page = go(shell, "merchants")
    assert isinstance(page, MerchantsPage)
    rows = rows_of(page)
    place = next(n for n, row in enumerate(rows) if workspace.merchants.why(row.party))
    plain = next(n for n, row in enumerate(rows) if not workspace.merchants.why(row.party))
    page.table.view.setCurrentIndex(page.model.index(place, 0))
    settle(shell)
    ((code, params), *_) = workspace.merchants.why(rows[place].party)
    line = shell.words.render(f"why.{code}", params)
    assert line in page.why.text()
    assert page.why.isVisible()
    page.table.view.setCurrentIndex(page.model.index(plain, 0))
    settle(shell)
    assert not page.why.isVisible()
    assert line in shown(go(shell, "dossier", party=rows[place].party))
