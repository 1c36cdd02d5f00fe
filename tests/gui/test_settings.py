"""Choices survive a restart, a broken file, and a newer program."""

from __future__ import annotations

import json
from pathlib import Path

from gui.settings import NAME, load_settings


def test_choices_come_back(tmp_path: Path) -> None:
    settings = load_settings(tmp_path)
    settings.language, settings.theme, settings.pages = "en", "dark", {"regulator": "ledger"}
    settings.save()
    again = load_settings(tmp_path)
    assert (again.language, again.theme, again.pages) == ("en", "dark", {"regulator": "ledger"})


def test_a_broken_file_is_set_aside_and_the_defaults_hold(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text("{half", encoding="utf-8")
    assert load_settings(tmp_path).language == "system"
    assert (tmp_path / "settings.json.bad").read_text(encoding="utf-8") == "{half"


def test_what_a_newer_program_chose_is_kept_and_a_wrong_type_is_not_believed(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text('{"hologram": 3, "theme": 7, "role": "regulator"}', encoding="utf-8")
    settings = load_settings(tmp_path)
    assert (settings.theme, settings.role) == ("system", "regulator")
    settings.save()
    assert json.loads((tmp_path / NAME).read_text(encoding="utf-8"))["hologram"] == 3
