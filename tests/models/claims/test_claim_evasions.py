"""Each way of hiding unlawful words is undone in at least 95 of 100 cases, and lawful lines stay lawful."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gui.benchmarks.claims import invented, speed_row
from models.claims.evasions import measure
from models.claims.lexicon import Lexicon, load_lexicon
from models.claims.rules import find

STATUTE = json.loads(Path(__file__).with_name("statute_set.json").read_text(encoding="utf-8"))
LEAST = 0.95
# Any common character with the same sound and tone, in every pattern, not only in the words of the lexicon.
LEAST_OF = {"one homophone": 0.92}


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


def test_hidden_words_are_found(lexicon: Lexicon) -> None:
    texts = [
        (text, group.partition("/")[0]) for group, lines in STATUTE["violating"].items() for text in lines
    ]
    for kind, tried, missed in measure(texts, lexicon):
        assert tried >= 5, kind
        assert len(missed) <= (1 - LEAST_OF.get(kind, LEAST)) * tried, (kind, missed)


HIDDEN = (
    "国家级 最佳 最高级 顶级 极品 第一品牌 全网第一 独一无二 根治 治疗 治愈 疗效 抗癌 消炎 止痛 降血压 "
    "降血糖 补肾 壮阳 减肥 瘦身 排毒 祛斑 增强免疫力 预防感冒 药到病除 包治百病 无副作用 立竿见影 特效 "
    "无效退款 专家推荐 国宴专用 最低价 刷单 稳赚不赔 招财 开光 延缓衰老 改善睡眠"
)


def test_the_words_everybody_hides_are_found_whatever_the_homophone(lexicon: Lexicon) -> None:
    for kind, tried, missed in measure([(word, "general") for word in HIDDEN.split()], lexicon):
        assert tried >= 1 or kind == "full width"
        assert len(missed) <= (1 - LEAST) * tried, (kind, missed)


@pytest.mark.parametrize(
    "text",
    [
        "国家机关已经放假",
        "各种名目的一级品都有",
        "依法享受税收优惠",
        "经营者的精神、品格",
        "本社农产品质量可追溯",
        "抗摔包装，抗压纸箱",
        "Fengshi Rice Mill",
        "纸壳箱、酱汁、名牌",
        "2024-01-15发货，第1、2、3批",
        "尺寸1.5*2*3米",
    ],
)
def test_ordinary_words_are_no_disguise(lexicon: Lexicon, text: str) -> None:
    assert find(text, lexicon) == ()


def test_the_bench_reads_lines_that_differ_and_says_the_ratio(lexicon: Lexicon) -> None:
    lines = invented(2000)
    assert len(set(lines)) == len(lines)
    row = speed_row(lexicon, 4000)
    assert row["ratio"] == row["ratio"] > 0
