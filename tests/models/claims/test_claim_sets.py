"""Our own sentences, written from the statutes: unlawful ones are found, lawful ones left alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from models.claims.lexicon import Lexicon, load_lexicon
from models.claims.rules import find

STATUTE = json.loads(Path(__file__).with_name("statute_set.json").read_text(encoding="utf-8"))
LEAST_FOUND = 0.9
MOST_FALSE = 0.05


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


def test_every_kind_of_unlawful_claim_is_found(lexicon: Lexicon) -> None:
    for group, texts in STATUTE["violating"].items():
        missed = [text for text in texts if not find(text, lexicon, group.partition("/")[0])]
        assert len(missed) <= (1 - LEAST_FOUND) * len(texts), (group, missed)


def test_lawful_lines_are_left_alone(lexicon: Lexicon) -> None:
    lines = [text for texts in STATUTE["clean"].values() for text in texts]
    false = [(text, hits) for text in lines if (hits := find(text, lexicon))]
    assert len(false) <= MOST_FALSE * len(lines), false
