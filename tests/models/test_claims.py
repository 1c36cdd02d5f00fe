"""Unlawful claims are found however they are written, lawful ones left alone, and each has its statute."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.claims.lexicon import CATEGORIES, Lexicon, load_lexicon
from models.claims.normalise import Folder
from models.claims.rules import find

SECOND = json.loads(Path(__file__).with_name("claims_second_set.json").read_text(encoding="utf-8"))
TERMS = (
    "国家级",
    "最佳",
    "顶级",
    "根治",
    "治疗高血压",
    "预防感冒",
    "补肾",
    "第一品牌",
    "独一无二",
    "提高免疫力",
)
SEPARATORS = " .·-_*/|~、，"
MOST_FALSE = 0.05
LEAST_FOUND = 0.9
LEAST_UNMASKED = 0.95
DISGUISED = {
    "traditional": [
        "國家級",
        "根治糖尿病",
        "治療高血壓",
        "預防感冒",
        "補腎",
        "獨一無二",
        "頂級",
        "絕無僅有",
        "療效",
        "臨床驗證",
        "減肥",
        "壯陽",
    ],
    "homophone": [
        "国佳级",
        "跟治",
        "治聊",
        "最嘉",
        "鼎级",
        "预房感冒",
        "补慎",
        "独一吴二",
        "糖鸟病治疗",
        "提糕免疫力",
        "降谑压",
        "剪肥",
    ],
    "parts": [
        "氵台疗高血压",
        "治疒了高血压",
        "最亻圭",
        "丁页级",
        "国家纟及",
        "木艮治",
        "衤卜肾",
        "竹弟一品牌",
        "米唐尿病治疗",
        "月旦固醇降低",
    ],
    "pinyin": [
        "zui佳",
        "guojia级",
        "guojiaji",
        "gen治",
        "zhi疗",
        "补shen",
        "zhiliao",
        "dingji",
        "zuì佳",
        "zhi4疗",
        "jian肥",
    ],
}


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


def test_no_rule_without_its_statute_its_reason_and_its_suggestion(lexicon: Lexicon) -> None:
    for rule in lexicon.rules:
        for category in rule.categories:
            assert category in CATEGORIES
            assert all(any(letter.isdigit() for letter in law) for law in rule.law(category)), rule.code
            assert rule.law(category), rule.code
        assert all(rule.why[side] and rule.suggestion[side] for side in ("zh", "en"))
    assert all(truth.statute for truth in lexicon.truths)
    assert len({rule.code for rule in lexicon.rules}) == len(lexicon.rules)


def test_claims_of_a_set_written_after_the_rules_are_found(lexicon: Lexicon) -> None:
    missed = [text for text in SECOND["violations"] if not find(text, lexicon)]
    assert len(missed) <= (1 - LEAST_FOUND) * len(SECOND["violations"]), missed


def test_lawful_lines_of_that_set_are_left_alone(lexicon: Lexicon) -> None:
    false = [(text, hits) for text in SECOND["clean"] if (hits := find(text, lexicon))]
    assert len(false) <= MOST_FALSE * len(SECOND["clean"]), false


@pytest.mark.parametrize("kind", DISGUISED)
def test_a_disguise_hides_nothing(lexicon: Lexicon, kind: str) -> None:
    missed = [text for text in DISGUISED[kind] if not find(f"这款茶{text}，放心拍", lexicon)]
    assert len(missed) <= (1 - LEAST_UNMASKED) * len(DISGUISED[kind]), missed


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(TERMS), st.sampled_from([*SEPARATORS, "\u200b", "\ufeff", "🔥", "❤️", "　"]))
def test_separators_emoji_and_zero_width_between_characters_hide_nothing(term: str, between: str) -> None:
    text = f"这款{between.join(term)}"
    hits = find(text, LEXICON)
    assert hits
    assert text[hits[0].start : hits[0].end] == hits[0].words


LEXICON = load_lexicon()


def test_full_width_letters_and_digits_are_read(lexicon: Lexicon) -> None:
    assert find("本店ＮＯ．１", lexicon)
    assert find("１００％有效", lexicon)


def test_the_words_cited_are_those_written(lexicon: Lexicon) -> None:
    text = "😀本品能 根\u200b治 糖尿病"
    (hit,) = find(text, lexicon)
    assert text[hit.start : hit.end] == hit.words
    assert "糖尿病" in hit.words


@given(st.text(max_size=40))
@settings(max_examples=60, deadline=None)
def test_any_text_is_read_and_every_find_lies_inside_it(text: str) -> None:
    for hit in find(text, LEXICON):
        assert 0 <= hit.start < hit.end <= len(text)
        assert hit.statute


def test_what_the_law_forbids_may_be_quoted_and_denied(lexicon: Lexicon) -> None:
    assert find("本品不能治疗疾病", lexicon) == ()
    assert find("根据广告法，不得使用国家级、最高级、最佳等用语", lexicon) == ()
    assert find("不打针不吃药就能根治糖尿病", lexicon)


def test_without_the_tone_a_homophone_would_accuse_the_innocent(lexicon: Lexicon) -> None:
    assert find("国家机关已经放假", lexicon) == ()
    assert find("手选鲜果，制作精细", lexicon) == ()


def test_a_category_brings_its_own_statute(lexicon: Lexicon) -> None:
    food = find("治疗高血压", lexicon, "food")[0]
    health = find("治疗高血压", lexicon, "health")[0]
    assert food.statute[0] == "广告法 17"
    assert health.statute[0] == "广告法 18(2)"


def test_english_claims_are_found(lexicon: Lexicon) -> None:
    assert find("Our tea cures diabetes and lowers blood pressure", lexicon)
    assert find("the world's best honey", lexicon)
    assert find("Grown at 600 m, picked in April, packed within a day", lexicon) == ()
    assert find("This product is not intended to treat or cure any disease", lexicon) == ()


def test_folding_keeps_the_way_back() -> None:
    folded = Folder({"國": "国"}).fold("㎏國 家")
    assert folded.text == "kg国家"
    assert folded.span(2, 4) == (1, 4)
