"""Every colour pair in use can be read, in both schemes, and every icon and the sheet can be drawn."""

from __future__ import annotations

import re
from dataclasses import asdict

import pytest

import resources
from gui.theme import DARK, LIGHT, Theme, Tokens, contrast, style_sheet

SCHEMES = pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])


@SCHEMES
def test_every_text_keeps_4_5_on_every_ground_it_stands_on(tokens: Tokens) -> None:
    grounds = ("bg", "surface", "surface2", "selection")
    pairs = [(text, ground) for text in ("text", "text2") for ground in grounds]
    pairs += [(kind, "surface") for kind in ("primary", "ok", "attention", "bad", "info")]
    pairs += [(kind, f"{kind}_bg") for kind in ("ok", "attention", "bad", "info")]
    pairs += [("text", f"{kind}_bg") for kind in ("ok", "attention", "bad", "info")]
    pairs += [("on_primary", "primary"), ("on_primary", "primary_hover"), ("info", "bg"), ("bad", "bg")]
    values = asdict(tokens)
    weak = {pair: round(contrast(values[pair[0]], values[pair[1]]), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}


@SCHEMES
def test_every_control_keeps_3_against_what_is_around_it(tokens: Tokens) -> None:
    values = asdict(tokens)
    pairs = [(edge, ground) for edge in ("control", "primary", "bad") for ground in ("bg", "surface")]
    weak = {pair: round(contrast(values[pair[0]], values[pair[1]]), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 3} == {}


@SCHEMES
def test_the_sheet_names_only_tokens_that_exist(tokens: Tokens) -> None:
    sheet = style_sheet(tokens)
    assert "$" not in sheet
    colours = {value.upper() for value in asdict(tokens).values()}
    assert {word for word in re.findall(r"#[0-9A-Fa-f]{6}\b", sheet) if word.upper() not in colours} == set()


def test_a_setting_wins_over_the_system_and_large_type_grows_everything(theme: Theme) -> None:
    theme.set_mode("dark")
    assert theme.tokens is DARK
    theme.set_mode("light", elder=True)
    assert theme.tokens is LIGHT
    assert theme.px(10) == 14


def test_every_icon_draws_something(theme: Theme) -> None:
    for file in resources.path("icons").glob("*.svg"):
        image = theme.icon(file.stem, "text").pixmap(24, 24).toImage()
        inked = sum(image.pixelColor(x, y).alpha() > 40 for x in range(24) for y in range(24))
        assert inked > 20, file.stem
