"""A table of results or reviews enters a real ledger once and moves the score of whom it names alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from ledger.errors import EventInvalid, LedgerError
from ledger.events.codec import Event
from ledger.events.evidence import Review
from ledger.events.values import PartyId
from ledger.receipts import Receipt
from ledger.vault import LONGEST_TEXT
from models.evidence.official import Taken
from models.filing import SMALL_PART
from models.importing_evidence import Sifted, file_rows
from models.previewing import Correction
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


def test_words_of_a_long_table_are_compared_some_hundreds_at_once(
    workspace: Workspace, tmp_path: Path
) -> None:
    rows = "".join(
        f"{'另一家' if n % 2 else '好苹果水果店'},2026-02-{n % 28 + 1:02},5,客{n},好吃{n}\n"
        for n in range(620)
    )
    file = written(tmp_path, f"店铺,评价时间,评分,用户,评价内容\n{rows}")
    assert workspace.files.import_file(file).accepted == 620
    file.write_text(file.read_text().replace("好吃7\n", "难吃\n"))
    asked: list[str] = []
    note = partial(queries_of_vault, asked)
    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        preview = workspace.files.preview(file)
        looked = len(asked)
        assert preview.counts() | {"good": 1, "known": 619} == preview.counts()
        assert workspace.files.record(preview).accepted == 1
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
    assert 0 < looked <= 4  # 128, 256 and 236 rows
    assert len(asked) - looked <= 4


def queries_of_vault(asked: list[str], *said: object) -> None:
    if str(said[2]).startswith("SELECT") and "vault_item" in str(said[2]):
        asked.append(str(said[2]))


def test_words_too_long_to_be_kept_are_refused_when_the_table_is_read_each_in_its_row(
    workspace: Workspace, tmp_path: Path
) -> None:
    size, long = workspace.size(), "长" * (LONGEST_TEXT // 3 + 1)
    lines = [f"好苹果水果店,2026-02-0{day},5,{words}" for day, words in ((1, "好"), (2, long), (3, long))]
    file = written(tmp_path, "\n".join(["店铺,评价时间,评分,评价内容", *lines]))
    preview = workspace.files.preview(file)
    refused = list(preview.refused())
    assert [(row.number, row.fault) for row in refused] == [(3, 3), (4, 3)]
    assert {row.problem.code for row in refused if row.problem} == {"words-unfit"}
    preview.correct([Correction((3,), ((3, "短"),))])
    report = workspace.files.record(preview)
    assert (report.accepted, [error.code for error in report.refused]) == (2, ["words-unfit"])
    assert report.stopped_at is None
    assert workspace.size() == size + 2


def test_the_first_rows_of_a_table_of_results_are_there_before_the_rest(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.judging.FIRST_PART", 2)
    rows = [f"{('好苹果水果店', '另一家', '谁')[n % 3]},2026-02-0{n + 1},合格" for n in range(7)]
    file = written(tmp_path, "\n".join(["企业名称,检查日期,结果", *rows, rows[0], rows[1]]))
    seen: list[dict[str, int]] = []
    whole = workspace.files.preview(file, grown=lambda preview: seen.append(preview.counts()))
    assert [(each["all"], each["good"], each["refused"]) for each in seen] == [(2, 2, 0), (6, 4, 2)]
    assert whole.counts() | {"all": 9, "good": 5, "known": 2, "refused": 2} == whole.counts()


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


def many_reviews(count: int) -> str:
    rows = (f"好苹果水果店,2026-02-{1 + n % 28:02},{1 + n % 5},买家{n},第{n}次\n" for n in range(count))
    return "店铺,评价时间,评分,用户,评价内容\n" + "".join(rows)


def test_a_long_table_is_stopped_between_parts_and_the_next_import_adds_the_rest(
    workspace: Workspace, tmp_path: Path
) -> None:
    file, seen = written(tmp_path, many_reviews(SMALL_PART + 30)), list[tuple[str, int, int | None]]()
    preview = workspace.files.preview(file)
    size = workspace.size()
    first = workspace.files.record(
        preview, progress=lambda *told: seen.append(told), wanted=lambda: workspace.size() == size
    )
    assert (first.accepted, first.stopped_at, first.duplicates) == (SMALL_PART, SMALL_PART, 0)
    assert ("record", SMALL_PART, SMALL_PART + 30) in seen
    again = workspace.files.import_file(file)
    assert (again.accepted, again.duplicates, again.stopped_at) == (30, SMALL_PART, None)


def test_what_is_recorded_of_a_table_outlives_a_full_disk(workspace: Workspace) -> None:
    shop = PartyId(workspace.party("好苹果水果店").id)
    rows = tuple(Taken(f"row {n}", Review(workspace.clock(), shop, n % 5 + 1)) for n in range(5))
    kept: list[Receipt] = []

    def disk(events: Sequence[Event]) -> list[Receipt]:
        if len(kept) == 4:
            raise LedgerError("the disk is full", code="disk-full", remedy="make room")
        said = [event for event in events if isinstance(event, Review)]
        made = [workspace.opinions.review(each.subject, each.stars, "") for each in said]
        kept.extend(made)
        return made

    filed = file_rows(
        Sifted(rows, ()), 2, lambda texts: [None] * len(texts), disk, lambda *_: None, lambda: True
    )
    assert list(filed.receipts) == kept
    assert filed.stopped_by is not None
    assert (filed.stopped_by.code, filed.stopped_by.where) == ("disk-full", "row 4 and all that follow")
    with pytest.raises(LedgerError, match="disk"):
        file_rows(Sifted(rows, ()), 2, lambda texts: [None] * len(texts), disk, lambda *_: None, lambda: True)
