"""The colours of the two schemes, as values: nothing of Qt, so that the first frame has them at once."""

from __future__ import annotations

from dataclasses import dataclass

ELDER_RAIL = 1.2
RAIL = 208
"""The left rail's width at normal type, in pixels."""
NAME = "溯信"
FAMILIES = (
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Microsoft YaHei UI",
    "PingFang SC",
    "WenQuanYi Micro Hei",
    "sans-serif",
)


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of one scheme; `*_bg` is the ground its namesake stands on."""

    bg: str
    surface: str
    surface2: str
    border: str
    control: str
    text: str
    text2: str
    primary: str
    primary_hover: str
    on_primary: str
    selection: str
    ok: str
    ok_bg: str
    attention: str
    attention_bg: str
    bad: str
    bad_bg: str
    info: str
    info_bg: str


LIGHT = Tokens(
    bg="#F5F6F2",
    surface="#FFFFFF",
    surface2="#ECEFE9",
    border="#D5DBD2",
    control="#7F8B83",
    text="#1B231E",
    text2="#55615A",
    primary="#17694E",
    primary_hover="#12553F",
    on_primary="#FFFFFF",
    selection="#DCEDE4",
    ok="#1A7448",
    ok_bg="#E3F3EA",
    attention="#8A5800",
    attention_bg="#FFF2D4",
    bad="#B3261E",
    bad_bg="#FCE8E6",
    info="#1D5C9E",
    info_bg="#E5EFF9",
)
DARK = Tokens(
    bg="#111613",
    surface="#19201C",
    surface2="#222B26",
    border="#303B34",
    control="#74827A",
    text="#E7EDE8",
    text2="#A9B5AD",
    primary="#5FC49C",
    primary_hover="#7DD3B0",
    on_primary="#0B1712",
    selection="#1F3A30",
    ok="#66CB94",
    ok_bg="#15301F",
    attention="#F0B94A",
    attention_bg="#35270B",
    bad="#FF8A80",
    bad_bg="#3D1917",
    info="#8CC0F5",
    info_bg="#152A40",
)
