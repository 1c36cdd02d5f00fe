"""A table of results or reviews enters a real ledger once and moves the score of whom it names alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from ledger.errors import EventInvalid, LedgerError
from ledger.events.evidence import Review
from models.workspace import Workspace

Clock = Callable[[], datetime]
GOOD, OTHER = "9521234000020", "9521234000037"
RESULTS = (
    "企业名称,检查日期,检查类型,结果,不合格项\n"
    "好苹果水果店,2025-12-01,日常检查,不合格,毒死蜱；台账\n"
    "好苹果水果店,2026-02-01,复查,不合格,毒死蜱\n"
    "没有这家店,2026-02-01,日常检查,合格,\n"
)


@pytest.fixture
def workspace(two_shops: Workspace) -> Workspace:
    return two_shops


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "table.csv"
    file.write_text(text)
    return file


def test_results_are_recorded_once_and_move_the_score_of_whom_they_name(
    workspace: Workspace, tmp_path: Path
) -> None:
    shop, other = workspace.party("好苹果水果店").id, workspace.party("另一家").id
    before, beside = workspace.merchants.rating(shop).points, workspace.merchants.rating(other)
    first = workspace.files.import_file(written(tmp_path, RESULTS))
    assert (first.accepted, first.duplicates, [e.code for e in first.refused]) == (2, 0, ["party-unknown"])
    assert first.rejected
    after = workspace.merchants.rating(shop)
    assert after.points < before
    assert {n for c in after.contributions for n in c.entries} == set(first.entries)
    # What is usual here moves with every visit; what is held against somebody does not.
    assert workspace.merchants.rating(other).contributions == beside.contributions == ()
    again = workspace.files.import_file(written(tmp_path, RESULTS))
    assert (again.accepted, again.duplicates) == (0, 2)
    assert workspace.merchants.rating(shop).points == after.points


def test_reviews_are_recorded_once_with_their_words_in_the_vault_alone(
    workspace: Workspace, tmp_path: Path
) -> None:
    text = "店铺,评价时间,评分,用户,评价内容\n" + "".join(
        f"好苹果水果店,2026-02-{day:02},{stars},{who},{words}\n"
        for day, stars, who, words in ((1, 5, "小梅", "很甜"), (1, 5, "小梅", "很甜"), (2, 1, "阿强", ""))
    )
    first = workspace.files.import_file(written(tmp_path, text))
    assert (first.accepted, first.duplicates) == (2, 1)
    event = workspace.entry(first.entries[0]).event
    assert isinstance(event, Review)
    assert event.words is not None
    assert workspace.words_of(event.words.vault_id) == "很甜"
    assert all(word not in repr(workspace.entry(n).event) for n in first.entries for word in ("小梅", "很甜"))
    assert workspace.files.import_file(written(tmp_path, text)).accepted == 0
    workspace.opinions.erase(event.words.vault_id)
    assert workspace.files.import_file(written(tmp_path, text)).accepted == 0  # erased words do not come back


def test_nobody_imports_reviews_of_itself_and_only_inspectors_import_results(
    workspace: Workspace, tmp_path: Path
) -> None:
    shop = workspace.party("好苹果水果店").id
    mine = workspace.files.import_file(
        written(tmp_path, "店铺,评价时间,评分\n好苹果水果店,2026-02-01,5\n另一家,2026-02-01,4\n"),
        as_party=shop,
    )
    assert (mine.accepted, [e.code for e in mine.refused]) == (1, ["about-itself"])
    with pytest.raises(LedgerError, match="may not"):
        workspace.files.import_file(
            written(tmp_path, RESULTS.replace("好苹果水果店", "另一家")), as_party=shop
        )
    with pytest.raises(EventInvalid):
        workspace.files.import_file(tmp_path / "absent.csv")
