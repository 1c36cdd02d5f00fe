"""Word everything that a person reads, in Chinese or English, without Qt.

The layers below hand out codes and parameters; only here do they become sentences. One folder of flat
JSON files per language (`resources/i18n/<locale>/*.json`) is merged at load. The one rule: both languages
always hold the same keys with the same placeholders (a test compares them).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Protocol

import resources
from ledger.errors import EventInvalid, Problem

LOCALES = ("zh_CN", "en")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
Moment = datetime | date
# A dash that both languages read as "nothing here".
NOTHING = "—"


class Named(Protocol):
    """Anything with a registered name and perhaps an English one (a party, a place, a product)."""

    @property
    def name(self) -> str:
        """Return the registered name."""

    @property
    def name_en(self) -> str | None:
        """Return the English name, where there is one."""


class _Value(str):
    """A parameter as text; `{n:entry|entries}` in a sentence is the number with the noun it asks for."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        one, several, other = spec.partition("|")
        return f"{self} {one if self == '1' else other}" if several else str(self)


class _Kept(dict[str, _Value]):
    """Parameters for `str.format_map` that leave an unknown placeholder readable instead of raising."""

    def __missing__(self, key: str) -> _Value:
        return _Value("{" + key + "}")


def preferred_locale(names: Iterable[str], cjk: bool) -> str:
    """Choose the language of first start from the system's language names.

    Args:
        names: what the system says, best first ("zh_CN.UTF-8", "en-GB", "C", "").
        cjk: whether Chinese characters can be drawn here at all.

    Returns:
        "zh_CN" when the system speaks Chinese, or says nothing and can draw Chinese; else "en".
    """
    for name in names:
        plain = name.replace("-", "_").split(".")[0].lower()
        if plain in ("", "c", "posix"):
            continue
        return "zh_CN" if plain.split("_")[0] == "zh" and cjk else "en"
    return "zh_CN" if cjk else "en"


def load(locale: str) -> dict[str, str]:
    """Return all sentences of one language, every part merged."""
    merged: dict[str, str] = {}
    for file in sorted(resources.path(f"i18n/{locale}").glob("*.json")):
        merged.update(json.loads(file.read_text(encoding="utf-8")))
    return merged


class Words:
    """The sentences of one language, and its dates, numbers and quantities."""

    def __init__(self, locale: str, zone: tzinfo | None = None) -> None:
        if locale not in LOCALES:
            raise ValueError(f"no words for {locale!r}; there are {LOCALES}")
        self.locale = locale
        self.zone = zone
        self._texts = load(locale)

    @property
    def chinese(self) -> bool:
        """Say whether this is the Chinese side."""
        return self.locale == "zh_CN"

    def has(self, key: str) -> bool:
        """Say whether there is a sentence for `key` (a plural counts)."""
        return key in self._texts or f"{key}.other" in self._texts

    def __call__(self, key: str, **params: object) -> str:
        """Return the sentence for `key` with its parameters put in; an unknown key shows itself."""
        return self.render(key, {name: self._plain(value) for name, value in params.items()})

    def render(self, key: str, params: Mapping[str, str] | Iterable[tuple[str, str]]) -> str:
        """Return the sentence for `key`; its parameters are already text (a finding's, a reason's)."""
        values = dict(params)
        text = self._texts.get(key)
        if text is None:
            one = not self.chinese and values.get("n") == "1"
            text = self._texts.get(f"{key}.one" if one else f"{key}.other", key)
        return text.format_map(_Kept({name: _Value(value) for name, value in values.items()}))

    def first(self, *keys: str, default: str = "") -> str:
        """Return the sentence of the first key that has one, else `default`."""
        return next((self(key) for key in keys if self.has(key)), default)

    def code(self, kind: str, code: str | None) -> str:
        """Return the word for a vocabulary `code` ("biz_step", "shipping"); an unknown one shows itself."""
        if not code:
            return NOTHING
        key = f"{kind}.{code}"
        return self(key) if self.has(key) else code.rsplit("/", 1)[-1]

    def name(self, party: Named | None) -> str:
        """Return the name this reader knows something by."""
        if party is None:
            return NOTHING
        return party.name if self.chinese else (party.name_en or party.name)

    def date(self, moment: Moment | None) -> str:
        """Return the day: "2026年4月8日", "8 Apr 2026"."""
        if moment is None:
            return NOTHING
        day = self._local(moment)
        if self.chinese:
            return f"{day.year}年{day.month}月{day.day}日"
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"

    def day(self, moment: Moment | None) -> str:
        """Return the day without its year, for a narrow column: "4月8日", "8 Apr"."""
        if moment is None:
            return NOTHING
        day = self._local(moment)
        return f"{day.month}月{day.day}日" if self.chinese else f"{day.day} {_MONTHS[day.month - 1]}"

    def month(self, moment: Moment) -> str:
        """Return the month for an axis: "2026-04"."""
        return f"{self._local(moment):%Y-%m}"

    def time(self, moment: datetime | None) -> str:
        """Return day and minute in the reader's zone, the same width in every row: "2026-04-08 09:12"."""
        return NOTHING if moment is None else f"{self._local(moment):%Y-%m-%d %H:%M}"

    def number(self, value: int | float | Decimal | None, places: int | None = None) -> str:
        """Return a number grouped by thousands, trailing zeros dropped unless `places` asks for them."""
        if value is None:
            return NOTHING
        if places is not None:
            return f"{value:,.{places}f}".replace("-", "−")
        text = f"{value:,}" if isinstance(value, int) else f"{Decimal(str(value)):,f}"
        if "." in text:
            text = text.rstrip("0").rstrip(".")
        return text.replace("-", "−")

    def signed(self, value: int | float) -> str:
        """Return a number with its sign: "+3", "−6", "0"."""
        return ("+" if value > 0 else "") + self.number(value)

    def quantity(self, value: Decimal | int | None, uom: str | None) -> str:
        """Return an amount with its unit: "412 千克", "412 kg", "514 件"."""
        if value is None:
            return NOTHING
        unit = self.code("unit", uom or "EA")
        return f"{self.number(value)} {unit}"

    def listing(self, items: Iterable[str]) -> str:
        """Join names the way this language joins them: "甲、乙", "a, b"."""
        return ("、" if self.chinese else ", ").join(items)

    def problem(self, problem: Problem) -> tuple[str, str]:
        """Return (what is wrong, what to do) for an error of the layers below."""
        params = {
            "what": problem.what,
            # How a check stands is a code; everything else that was found is shown as it was found.
            "found": self.code("standing", problem.found) if problem.code == "gate-closed" else problem.found,
            "expected": problem.expected,
            "where": problem.where,
            "field": problem.field if isinstance(problem, EventInvalid) else "",
        }
        key = f"problem.{problem.code}"
        what = self.render(key, params) if problem.code and self.has(key) else problem.what
        remedy = self.render(f"{key}.remedy", params) if self.has(f"{key}.remedy") else problem.remedy
        return what, remedy

    def _local(self, moment: Moment) -> Moment:
        return moment.astimezone(self.zone) if isinstance(moment, datetime) else moment

    def _plain(self, value: object) -> str:
        if isinstance(value, bool) or value is None:
            return NOTHING if value is None else str(value)
        if isinstance(value, int | float | Decimal):
            return self.number(value)
        if isinstance(value, date):
            return self.date(value)
        return str(value)
