"""Word the values of the layers below the same way in every face: findings, reasons, scores, grades.

No Qt here: the terminal words its lines with the same functions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from models.credit.reasons import Change
    from models.credit.scorecard import Contribution, Score

from gui.words import Words
from ledger.events.written import number

GRADES = ("A", "B", "C", "D", "NR")
GRADE_KINDS = {"A": "ok", "B": "ok", "C": "attention", "D": "bad", "NR": "neutral"}
STATUS_KINDS = {
    "pass": "ok",
    "attention": "attention",
    "fail": "bad",
    "unknown": "neutral",
    "skipped": "neutral",
}
SEVERITY_KINDS = {"info": "info", "attention": "attention", "bad": "bad"}
_INSTANT = re.compile(r"^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$")
_ARTICLE = re.compile("第([〇零一二三四五六七八九十百千]+)条")
# What the layers below call it -> what the words call it.
_KINDS = {"uom": "unit", "end": "lot_status"}
_SHOWN_ENTRIES = 4


def told(words: Words, key: str, pairs: Iterable[tuple[str, str]]) -> str:
    """Return the sentence for `key` with parameters in the reader's words: codes, instants, names."""
    given = dict(pairs)
    if not words.chinese:
        given |= {name: given[f"{name}_en"] for name in given if f"{name}_en" in given}
    return words.render(key, {name: _parameter(words, name, value) for name, value in given.items()})


def entry_text(words: Words, event_type: str, biz_step: str | None = None, in_error: bool = False) -> str:
    """Return what an entry tells of: what happened, or that an earlier entry is declared wrong."""
    said = step_text(words, event_type, biz_step)
    return words("entries.declares", what=said) if in_error else said


def step_text(words: Words, event_type: str, biz_step: str | None) -> str:
    """Return what happened; what is made of other things is not "registered", whatever its step says."""
    if event_type == "TransformationEvent" and biz_step in (None, "commissioning", "creating_class_instance"):
        return words("step.transformed")
    return words.code("biz_step", biz_step) if biz_step else words.code("entry_type", event_type)


def recall_text(words: Words, notice: Any) -> str:
    """Return a recall that is open as one line: its level, who opened it, when and why."""
    return words(
        "story.recalled",
        level=notice.level,
        party=notice.author_name if words.chinese else notice.author_name_en or notice.author_name,
        date=words.date(notice.event_time),
        reason=words.code("recall_reason", notice.reason),
    )


def entries_text(words: Words, entries: tuple[int, ...]) -> str:
    """Return which entries something rests on, "" for none: "第 3、9 条记录"."""
    if not entries:
        return ""
    shown = words.listing(str(index) for index in entries[:_SHOWN_ENTRIES])
    more = len(entries) - _SHOWN_ENTRIES
    text = words("common.entries", n=len(entries), list=shown)
    return text if more <= 0 else words("common.and_more", list=text, n=more)


def finding_text(words: Words, finding: Any) -> str:
    """Return a finding as a sentence; one nobody has worded yet shows its code."""
    return told(words, f"finding.{finding.code}", finding.params)


def reason_text(words: Words, contribution: Contribution | Change) -> str:
    """Return a contribution's reason as a short sentence."""
    return told(words, f"reason.{contribution.code}", contribution.params)


def grade_text(words: Words, grade: str) -> tuple[str, str]:
    """Return (word, badge kind) of a grade."""
    return words(f"grade.{grade}"), GRADE_KINDS.get(grade, "neutral")


def score_text(words: Words, score: Score) -> str:
    """Return the score as it is shown, a dash where none is given."""
    return words.number(score.score)


def law_text(words: Words, citations: Iterable[str]) -> str:
    """Return what is cited, the weightiest first, in the reader's words: "Advertising Law, art. 9(3)".

    >>> law_text(Words("en"), ["食品安全法 73(1)", "市场监督管理投诉举报处理暂行办法 第十四条、第二十一条"])
    'Food Safety Law, art. 73(1); Interim Measures on Complaints and Reports, art. 14, 21'
    """
    return "; ".join(citations) if words.chinese else "; ".join(_cited(words, each) for each in citations)


def hexadecimal(value: bytes | str) -> str:
    """Return a hash as hexadecimal, whether it was handed over as bytes or as text."""
    return value.hex() if isinstance(value, bytes) else value


def _cited(words: Words, citation: str) -> str:
    law, _, article = citation.partition(" ")
    if not words.has(f"law.{law}"):
        return citation
    said = words(f"law.{law}")
    numbers = ", ".join(str(number(each)) for each in _ARTICLE.findall(article)) or article
    return words("law.article", law=said, article=numbers) if article else said


def _parameter(words: Words, name: str, value: str) -> str:
    for kind in (_KINDS.get(name, name), name.rstrip("s"), "biz_step", "disposition"):
        if words.has(f"{kind}.{value}"):
            return words(f"{kind}.{value}")
    if _INSTANT.match(value):
        return words.time(datetime.fromisoformat(value))
    return value


def correction_text(words: Words, one: Any) -> str:
    """Return what was declared wrong, by which entry, why, and what stands instead."""
    said = {
        "index": one.index,
        "step": step_text(words, one.type, one.biz_step),
        "declared": one.declared,
        "day": words.date(one.when),
        "reason": words.code("error_reason", one.reason),
    }
    if not one.corrective:
        return words("correction.told", **said)
    right = words.listing(words.number(index) for index in one.corrective)
    return words("correction.told.instead", **said, right=right)


def fact_name(words: Words, fact: Any) -> str:
    """Return what a fact of an event is called: "发生时间", "Temperature, most"."""
    if fact.kind == "amount":
        return words("fact.amount", lot=fact.name.rsplit("/", 1)[-1])
    if fact.kind == "document":
        return words("fact.document", type=words.code("transaction_type", fact.detail or "none"))
    if fact.kind == "reading":
        which = words(f"fact.reading.{fact.name.rsplit('.', 1)[-1]}")
        what = words.code("sensor", fact.detail.replace("-", ":").rpartition(":")[2])
        return words("fact.reading", what=what, which=which)
    side, _, end = fact.name.partition(".")
    return words.first(f"fact.{fact.name}", f"fact.{side}.{end.partition('.')[0]}", default=fact.name)


def fact_value(words: Words, fact: Any, value: str, names: Mapping[str, Any]) -> str:
    """Return what a fact says, as a person reads it.

    Args:
        names: what parties and places are called, by their ids.
    """
    if not value:
        return words("fact.unsaid")
    if fact.kind == "moment":
        return words.time(datetime.fromisoformat(value))
    if fact.kind == "day":
        return words.date(date.fromisoformat(value))
    if fact.kind in ("amount", "reading"):
        unit = fact.unit or ("EA" if fact.kind == "amount" else "")
        return words.quantity(Decimal(value), unit) if unit else words.number(Decimal(value))
    return words.name(names[value]) if value in names else value
