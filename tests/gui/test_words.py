"""Both languages say the same things with the same parameters, each in its own way."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

import resources
from gui.wording import law_text, told
from gui.words import LOCALES, Words, load, preferred_locale
from ledger.errors import EventInvalid, LedgerError

PLACEHOLDER = re.compile(r"\{(\w+)(?::[^}]*)?\}")


def concepts(locale: str) -> dict[str, set[str]]:
    """The placeholders of every sentence; `.one` and `.other` are one sentence."""
    found: dict[str, set[str]] = {}
    for key, text in load(locale).items():
        found.setdefault(re.sub(r"\.(one|other)$", "", key), set()).update(PLACEHOLDER.findall(text))
    return found


def test_both_languages_hold_the_same_keys() -> None:
    assert concepts("zh_CN").keys() == concepts("en").keys()


def test_both_languages_use_the_same_placeholders() -> None:
    chinese, english = concepts("zh_CN"), concepts("en")
    assert {key: names for key, names in chinese.items() if names - {"n"} != english[key] - {"n"}} == {}


@pytest.mark.parametrize("locale", LOCALES)
def test_no_key_is_given_twice(locale: str) -> None:
    keys: Counter[str] = Counter()
    for file in resources.path(f"i18n/{locale}").glob("*.json"):
        pairs = json.loads(file.read_text(encoding="utf-8"), object_pairs_hook=list)
        keys.update(key for key, _ in pairs)
    assert [key for key, times in keys.items() if times > 1] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_every_sentence_can_be_formatted_and_says_something(locale: str) -> None:
    words = Words(locale)
    for key, text in load(locale).items():
        assert text.strip(), key
        words.render(key, {})


def test_every_refusal_a_window_can_meet_is_worded() -> None:
    """A code raised without words would show its English in the Chinese window."""
    words, said_elsewhere = Words("zh_CN"), {"usage", "instant", "inspection-no-merchant"}
    codes = {
        code
        for folder in ("ledger", "models", "gui")
        for file in (resources.ROOT.parent / folder).rglob("*.py")
        for code in re.findall(r'code="([a-z0-9-]+)"', file.read_text(encoding="utf-8"))
    }
    assert sorted(code for code in codes - said_elsewhere if not words.has(f"problem.{code}")) == []


def test_chinese_sentences_are_chinese() -> None:
    latin = {"unit", "grade", "app", "scheme", "language", "font"}
    plain = {
        key: text
        for key, text in load("zh_CN").items()
        if key.split(".")[0] not in latin
        and re.search(r"[A-Za-z]{3}", PLACEHOLDER.sub("", text))
        and not re.search(r"[\u4e00-\u9fff]", text)
    }
    assert {key: text for key, text in plain.items() if not text.isupper()} == {}


def test_one_thing_is_never_several_in_english() -> None:
    words = Words("en")
    assert words("recall.lots", n=1) == "1 batch"
    assert words("recall.lots", n=0) == "0 batches"
    assert words("witnesses.quorum.value", n=1, of=2) == "1 witness; 2 are trusted here"
    assert Words("zh_CN")("recall.lots", n=1) == "1 批"


# A number beside a noun in its plural, perhaps with a word between: "{n} entries" would say "1 entries".
COUNTED = re.compile(r"\{(?:n|rows|count|total|days|visits|described|registered)\} (?:[a-z]+ )?[a-z]+s\b")


def test_every_counted_noun_in_english_knows_its_singular() -> None:
    sentences = {key: text for key, text in load("en").items() if not key.endswith((".one", ".other"))}
    sentences.pop("terminal.witness.quorum")  # "{needed} of {n} trusted witnesses": of one or of several
    assert {key: text for key, text in sentences.items() if COUNTED.search(text)} == {}


def test_a_finding_says_units_in_words_and_never_by_their_codes() -> None:
    said = [("party", "社"), ("amount", "9"), ("held", "4"), ("uom", "KGM")]
    assert told(Words("zh_CN"), "finding.sold-more-than-held", said) == "社 卖出 9 千克，而手里只有 4 千克。"
    assert "9 kg" in told(Words("en"), "finding.sold-more-than-held", said)


def test_every_law_that_is_cited_has_a_name_in_english() -> None:
    words = Words("en")
    statutes = json.loads(resources.path("lexicon/statutes.json").read_text(encoding="utf-8"))["laws"]
    clocks = json.loads(resources.path("policy/clocks.json").read_text(encoding="utf-8"))["clocks"]
    cited = [*statutes, *({"name": clock["basis"]} for clock in clocks)]
    shown = [law_text(words, [law["name"]]) for law in cited]
    assert [text for text in shown if re.search(r"[\u4e00-\u9fff]", text)] == []
    assert law_text(words, ["广告法 9(3)", "21 CFR 101.14"]) == "Advertising Law, art. 9(3); 21 CFR 101.14"
    assert law_text(Words("zh_CN"), ["广告法 9(3)"]) == "广告法 9(3)"


def test_a_plural_is_chosen_by_n_in_english_and_never_in_chinese() -> None:
    assert Words("en")("common.entries", n=1, list="7") == "Entry 7"
    assert Words("en")("common.entries", n=2, list="7, 8") == "Entries 7, 8"
    assert Words("zh_CN")("common.entries", n=1, list="7") == "第 7 条记录"


def test_an_unknown_key_shows_itself_and_a_missing_parameter_stays_readable() -> None:
    assert Words("en")("no.such.key") == "no.such.key"
    assert Words("en")("common.saved") == "Saved to {path}"


def test_dates_numbers_and_quantities_read_as_the_language_writes_them() -> None:
    moment = datetime(2026, 4, 8, 9, 12, tzinfo=UTC)
    chinese, english = Words("zh_CN", UTC), Words("en", UTC)
    assert (chinese.date(moment), english.date(moment)) == ("2026年4月8日", "8 Apr 2026")
    assert (chinese.day(date(2026, 4, 8)), english.day(date(2026, 4, 8))) == ("4月8日", "8 Apr")
    assert chinese.time(moment) == "2026-04-08 09:12"
    assert (chinese.number(18204), english.number(Decimal("98.60"))) == ("18,204", "98.6")
    assert (chinese.quantity(Decimal("412.0"), "KGM"), english.quantity(412, "KGM")) == ("412 千克", "412 kg")
    assert english.signed(-6) == "−6"


def test_a_problem_is_said_in_the_readers_language_and_else_as_it_was_said() -> None:
    bug = LedgerError("made a mistake", code="program-bug", found="KeyError: 'x'")
    what, remedy = Words("zh_CN").problem(bug)
    assert "KeyError" in what
    assert "账本没有改动" in remedy
    other = EventInvalid("GTIN has 12 digits", field="gtin", code="never-worded", remedy="write 14")
    assert Words("zh_CN").problem(other) == ("GTIN has 12 digits", "write 14")


@pytest.mark.parametrize(
    ("names", "cjk", "expected"),
    [
        (["zh-Hans-CN"], True, "zh_CN"),
        (["zh_CN.UTF-8"], False, "en"),
        (["C.UTF-8", ""], True, "zh_CN"),
        (["C", "en_GB"], True, "en"),
        ([], False, "en"),
    ],
)
def test_the_first_language_is_the_systems_or_chinese(names: list[str], cjk: bool, expected: str) -> None:
    assert preferred_locale(names, cjk) == expected
