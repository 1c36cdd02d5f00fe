"""Who issued a certificate and who inspected whom is told in English where an English name is known."""

from __future__ import annotations

from gui.consumer.telling import tabs
from gui.consumer.verdict import Answer
from gui.screens import chinese_names
from gui.words import Words
from models.workspace import Workspace


def test_a_story_told_in_english_names_nobody_in_chinese_who_has_an_english_name(
    workspace: Workspace,
) -> None:
    words, named = Words("en"), chinese_names(workspace)
    seen = []
    for row in workspace.lots(status="sold", limit=12):
        for name, items in tabs(words, Answer.of(workspace, row.lot)):
            said = [text for item in items for text in (item.title, item.detail, item.more)]
            assert [text for text in said if any(each in text for each in named)] == [], name
            seen += [name] * len(items)
    assert {"certificates", "inspections"} <= set(seen)


def test_in_chinese_the_same_people_keep_the_names_they_were_enrolled_under(workspace: Workspace) -> None:
    answer = Answer.of(workspace, workspace.lots(status="sold", limit=1)[0].lot)
    told = dict(tabs(Words("zh_CN"), answer))["inspections"]
    assert told
    names = [row.inspector_name for row in answer.story.inspections]
    assert all(name in item.more for name, item in zip(names, told, strict=True))
