"""Units as people write them: 公斤, 斤, kg, 件; each to its Recommendation 20 code and a factor.

Rule: a word means one thing here or nothing; 斤 is half a kilogram, and what is unknown is refused.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

import resources
from ledger.events.checks import refusal
from ledger.events.vocabulary import UNITS

_LOCALES = ("zh_CN", "en")
# Units people write that are no Recommendation 20 codes: code and factor.
_FOLK_UNITS = {
    "公斤": ("KGM", "1"), "斤": ("KGM", "0.5"), "市斤": ("KGM", "0.5"), "两": ("KGM", "0.05"),
    "担": ("KGM", "50"), "kg": ("KGM", "1"), "kgs": ("KGM", "1"), "g": ("GRM", "1"), "t": ("TNE", "1"),
    "吨": ("TNE", "1"), "l": ("LTR", "1"), "ml": ("MLT", "1"), "公升": ("LTR", "1"), "pc": ("EA", "1"),
    "pcs": ("EA", "1"), "只": ("EA", "1"), "条": ("EA", "1"), "尾": ("EA", "1"), "头": ("EA", "1"),
    "羽": ("EA", "1"), "枚": ("EA", "1"),
}  # fmt: skip


def unit_and_factor(text: str, field: str = "unit") -> tuple[str, Decimal]:
    """Return the Recommendation 20 code for what a person wrote, and what to multiply by.

    >>> unit_and_factor("斤")
    ('KGM', Decimal('0.5'))
    """
    word = text.strip()
    if word.upper() in UNITS:
        return word.upper(), Decimal(1)
    code, factor = _unit_words().get(word.lower(), ("", "1"))
    if not code:
        raise refusal(
            "unknown unit of measure",
            field,
            "unit-unknown",
            text,
            "千克, kg, 件, pcs ... or a code such as KGM",
            "write KGM for kilograms, LTR for litres, EA for pieces",
        )
    return code, Decimal(factor)


@lru_cache
def _unit_words() -> dict[str, tuple[str, str]]:
    found = dict(_FOLK_UNITS)
    for locale in _LOCALES:
        for key, word in resources.document(f"i18n/{locale}/steps.json").items():
            if key.startswith("unit.") and key.removeprefix("unit.") in UNITS:
                found.setdefault(word.lower(), (key.removeprefix("unit."), "1"))
    return found
