"""Every word of the standard has words for people, and every unit converts to its base exactly."""

from __future__ import annotations

from decimal import Decimal

import pytest

import resources
from ledger.errors import EventInvalid
from ledger.events import vocabulary
from ledger.events.vocabulary import UNITS, to_base, unit_of

LOCALES = ("zh_CN", "en")


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("biz_step", vocabulary.BIZ_STEPS),
        ("disposition", vocabulary.DISPOSITIONS),
        ("transaction_type", vocabulary.BIZ_TRANSACTION_TYPES),
        ("place_type", vocabulary.SOURCE_DESTINATION_TYPES),
        ("action", vocabulary.ACTIONS),
    ],
)
def test_every_word_of_the_standard_has_words_for_people(
    locale: str, kind: str, codes: frozenset[str]
) -> None:
    words = resources.document(f"i18n/{locale}/steps.json")
    assert {code for code in codes if f"{kind}.{code}" not in words} == set()


def test_every_unit_with_a_word_is_a_unit() -> None:
    words = [
        key.removeprefix("unit.")
        for key in resources.document("i18n/en/steps.json")
        if key.startswith("unit.")
    ]
    assert [code for code in words if code not in UNITS and code != "P1"] == []


@pytest.mark.parametrize(
    ("quantity", "uom", "expected"),
    [
        ("1.5", "TNE", ("1500", "KGM")),
        ("500", "GRM", ("0.5", "KGM")),
        ("1", "LBR", ("0.45359237", "KGM")),
        ("2", "MTQ", ("2000", "LTR")),
        ("3", "DZN", ("36", "EA")),
        ("7", None, ("7", "EA")),
        ("7", "EA", ("7", "EA")),
        ("2", "HAR", ("20000", "MTK")),
        ("4", "XBX", ("4", "XBX")),
        ("0", "CEL", ("273.15", "KEL")),
        ("-40", "FAH", ("233.15", "KEL")),
    ],
)
def test_quantities_convert_exactly(quantity: str, uom: str | None, expected: tuple[str, str]) -> None:
    assert to_base(Decimal(quantity), uom) == (Decimal(expected[0]), expected[1])


def test_there_are_more_units_than_the_published_table_has() -> None:
    assert len(UNITS) > 417
    assert {unit.kind for unit in UNITS.values()} >= {"mass", "volume", "count", "package", "temperature"}


def test_an_unknown_unit_is_refused_with_an_example() -> None:
    with pytest.raises(EventInvalid) as refused:
        unit_of("KILO")
    assert (refused.value.field, refused.value.found) == ("uom", "KILO")
    assert "KGM" in refused.value.remedy
