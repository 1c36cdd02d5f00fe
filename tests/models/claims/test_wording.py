"""The golden listings of the pre-check: what each gets remarked, and that every offer really helps.

The listings are our own sentences, written as sellers write, not taken from any source.
"""

from __future__ import annotations

import pytest

from models.claims.checking import Checker

CHECKER = Checker()
WRONG = {
    "秋收新米到货，全网销量第一，三斤起送": "absolute",
    "这款苹果国家级品质，个个大": "absolute",
    "山茶油最健康，炒菜香": "absolute",
    "喝一个月就能降血压，血糖也稳": "disease",
    "枸杞清热解毒，排毒养颜": "",
    "蜂蜜增强免疫力，孩子常喝少生病": "health",
    "专家推荐，百分百有效，无效退款": "",
    "纯天然无污染，不含任何添加剂": "",
    "五星好评返现十元，截图给客服": "",
    "比西药还管用的小米": "medicine",
}
CLEAN = (
    "秋收新米到货，三斤起送，坏了包赔",
    "苹果糖度十四度，果径八十毫米以上",
    "特级初榨橄榄油，产品标准见包装",
    "冷藏保存，七天内吃完口感更好",
    "每日十六点前下单，当天发货",
    "本品不能代替药物",
    "营养成分表：每百克含蛋白质七克",
    "执行标准编号和生产日期见瓶身",
)


@pytest.mark.parametrize("text", WRONG)
def test_a_golden_listing_is_remarked_and_some_offer_makes_it_lawful(text: str) -> None:
    checked = CHECKER.check(text, "food")
    wrong = [row for row in checked.rows if row.remark.wrong]
    assert wrong, text
    assert any(WRONG[text] in row.remark.rule for row in wrong)
    for _ in range(8):
        rows = [row for row in checked.rows if row.offers]
        if not rows:
            break
        checked = CHECKER.check(rows[0].offers[0].applied(checked.text), "food")
    assert not any(row.remark.wrong for row in checked.rows), checked.text


@pytest.mark.parametrize("text", CLEAN)
def test_a_lawful_listing_is_left_alone(text: str) -> None:
    assert not any(row.remark.wrong for row in CHECKER.check(text, "food").rows)


@pytest.mark.parametrize("text", WRONG)
def test_every_offer_leaves_less_that_is_wrong_and_tidy_punctuation(text: str) -> None:
    before = CHECKER.check(text, "food")
    badness = sum(row.remark.severity for row in before.rows if row.remark.wrong)
    for row in before.rows:
        for offer in row.offers:
            after = offer.applied(text)
            left = CHECKER.check(after, "food").rows
            assert sum(one.remark.severity for one in left if one.remark.wrong) < badness
            assert "，，" not in after
            assert not after.startswith("，")
            assert not after.endswith(("，", "、"))


def test_places_are_counted_over_the_whole_text() -> None:
    text = "新米上市\n\n最好吃\n有机大米"
    checked = CHECKER.check(text, "food")
    for row in checked.rows:
        assert text[row.remark.start : row.remark.end] == row.remark.words
    assert [row.remark.words for row in checked.rows] == ["最好吃", "有机"]
