"""A finding calls a party by the name its reader knows, where the enrolment gives one."""

from __future__ import annotations

from gui.wording import finding_text, told
from gui.words import Words
from models.workspace import Workspace


def test_a_finding_of_the_demonstration_names_the_merchant_in_the_readers_language(
    workspace: Workspace,
) -> None:
    lots = workspace.lots("HF", limit=60)
    found = [one for row in lots for one in workspace.trace(row.lot, "back").findings]
    oversold = next(one for one in found if one.code == "sold-more-than-held")
    assert finding_text(Words("en"), oversold).startswith("Jinwang Aquatic Wholesale sold")
    assert "金旺水产批发" in finding_text(Words("zh_CN"), oversold)


def test_a_party_without_an_english_name_keeps_its_own() -> None:
    params = (("amount", "9"), ("held", "8"), ("party", "惠民超市"), ("uom", "KGM"))
    assert told(Words("en"), "finding.sold-more-than-held", params).startswith("惠民超市 sold")
