"""Every citation is an article that exists and speaks of what the rule forbids (official texts)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from shared import shared

import resources
from models.claims.lexicon import Lexicon, load_lexicon

SPEAKS: dict[str, str] = resources.document("lexicon/statutes.json")["speaks"]
_DIGITS = "零一二三四五六七八九"
LEXICON = load_lexicon()


def chinese(number: int) -> str:
    """Return a number below 1000 as the articles are numbered."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones else "")


def cited(statute: str) -> str:
    """Return the text of the article, paragraph or item that a citation names."""
    law, _, place = statute.rpartition(" ")
    version = LEXICON.statutes[law].version.isoformat()
    numbers = [int(number) for number in re.findall(r"\d+", place)]
    text = Path(shared("claims/laws") / f"{law}({version}).md").read_text(encoding="utf-8")
    article = rf"^第{chinese(numbers[0])}条 (.*?)(?=^第[一二三四五六七八九十百零]+条 |^#|\Z)"
    (body,) = [match[1] for match in re.finditer(article, text, re.S | re.M)]
    parts = [part.strip() for part in body.split("\n\n") if part.strip()]
    items = [part for part in parts if part.startswith("（")]
    paragraphs = [part for part in parts if not part.startswith("（")]
    if len(numbers) == 1:
        return body
    item: list[str] = [part for part in items if part.startswith(f"（{chinese(numbers[-1])}）")]
    return item[0] if item else paragraphs[numbers[1] - 1]


def citations(lexicon: Lexicon) -> set[str]:
    laws = {law for rule in lexicon.rules for category in rule.categories for law in rule.law(category)}
    return laws | {law for truth in lexicon.truths for law in truth.statute}


@pytest.mark.parametrize("statute", sorted(SPEAKS))
def test_the_cited_article_speaks_of_it(statute: str) -> None:
    assert SPEAKS[statute] in cited(statute)


def test_every_citation_of_a_checked_law_has_its_words() -> None:
    checked = {law for law in citations(LEXICON) if not LEXICON.unverified([law])}
    assert checked <= set(SPEAKS)


def test_an_unchecked_citation_never_stands_first_and_has_its_date() -> None:
    for rule in LEXICON.rules:
        for category in rule.categories:
            assert not LEXICON.unverified(rule.law(category)[:1]), rule.code
    unchecked = [law for law in LEXICON.statutes.values() if not law.checked]
    assert all(re.search(r"\d{4}-\d\d-\d\d", law.note) for law in unchecked)


def test_an_article_that_is_not_there_would_be_noticed() -> None:
    with pytest.raises(ValueError, match="unpack"):
        cited("广告法 190")
