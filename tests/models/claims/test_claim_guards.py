"""A lawful phrase excuses what it stands beside and nothing else; patterns left out could not match."""

from __future__ import annotations

import pytest

from models.claims.lexicon import Lexicon, load_lexicon
from models.claims.rules import find
from models.claims.scan import pieces


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


ABUSED = [
    ("根据广告法，本品能根治糖尿病", "根治糖尿病"),
    ("广告法规定不得使用国家级，我们的米是全国第一", "全国第一"),
    ("收到后冷藏口感最好，吃了能治疗高血压", "治疗高血压"),
    ("施有机肥的大米，吃了降血糖", "降血糖"),
    ("绿色食品证书编号LB123，全网销量第一", "全网销量第一"),
    ("坏果包赔，无效退款", "无效退款"),
    ("不是药，却能根治风湿", "根治风湿"),
    ("不得不说这茶治好了我的胃病", "治好了我的胃病"),
    ("不仅好吃，还能治疗失眠", "治疗失眠"),
    ("孕妇慎食，但是糖尿病人吃了血糖就降", "血糖就降"),
    ("高温杀菌工艺，喝了消炎杀菌", "消炎杀菌"),
    ("我们服务最好，米也是全国最好的", "全国最好"),
    ("每100克含蛋白质20克，增强免疫力", "增强免疫力"),
    ("没有比它更能治疗高血压的了", "治疗高血压"),
    ("专利号ZL202010123456.7，获国家级大奖认证的顶级好茶", "顶级"),
    ("高血压患者请放心喝，越喝血压越稳", "高血压"),
    ("请勿相信别家，我们的才是唯一正宗", "唯一正宗"),
    ("本店销量最高的是三斤装，全国最好吃", "全国最好吃"),
    ("市级龙头企业，行业第一品牌", "行业第一"),
]


@pytest.mark.parametrize(("text", "words"), ABUSED)
def test_a_lawful_phrase_does_not_excuse_its_neighbour(lexicon: Lexicon, text: str, words: str) -> None:
    where = text.index(words)
    assert any(hit.start < where + len(words) and hit.end > where for hit in find(text, lexicon, "food")), (
        find(text, lexicon, "food")
    )


LAWFUL = [
    "本品不能治疗任何疾病",
    "不得宣传根治、治愈等内容",
    "警惕宣称包治百病的神茶",
    "糖尿病患者慎食",
    "冷藏后口感最佳",
    "几款里最小的一箱",
    "高温杀菌，无菌灌装",
    "坏果包退",
    "国家级非物质文化遗产",
    "我们以最大的诚意服务",
    "防治病虫害用黄板",
    "质量第一，顾客至上",
]


@pytest.mark.parametrize("text", LAWFUL)
def test_the_lawful_use_itself_is_left_alone(lexicon: Lexicon, text: str) -> None:
    assert find(text, lexicon, "food") == ()


def test_patterns_left_out_by_their_anchors_could_not_have_matched(lexicon: Lexicon) -> None:
    lines = [text for text, _ in ABUSED] + LAWFUL
    for category in ("food", "cosmetic"):
        for shape in lexicon.shapes(category):
            for line in lines:
                met = lexicon.anchors.met(line)
                if shape.needs & met != shape.needs:
                    assert shape.pattern.search(line) is None, (shape.text, line)


def test_cutting_a_text_at_its_sentences_changes_no_find(lexicon: Lexicon) -> None:
    whole = "。".join(text for text, _ in ABUSED)
    one_by_one = [hit.words for text, _ in ABUSED for hit in find(text, lexicon, "food")]
    assert [hit.words for hit in find(whole, lexicon, "food")] == one_by_one


def test_a_very_long_line_is_read_in_pieces_that_overlap(lexicon: Lexicon) -> None:
    filler = "今天天气不错我们在果园里采摘苹果大家都很高兴"
    for shift in range(0, 260, 13):
        text = (filler * 20)[: 300 + shift] + "这个茶能治疗高血压" + filler * 10
        (hit,) = find(text, lexicon, "food")
        assert "治疗高血压" in hit.words
    assert all(end - start <= 240 for start, end, _ in pieces(filler * 50))
