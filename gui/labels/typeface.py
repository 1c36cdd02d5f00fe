"""Letters for labels without Qt: find a Chinese typeface on this machine, measure and draw its glyphs.

A character the face lacks is never drawn as an empty box: it is left out, and the report says so.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

import resources

PROBE = "溯"
_NOWHERE = "\U0010ffff"
_FOLDER = "fonts"


class Typeface:
    """One face at any size; `chinese` says whether it holds Chinese."""

    def __init__(self, file: Path | None) -> None:
        self.file = file
        self._index = _simplified_index(file) if file else 0
        self._sizes: dict[int, ImageFont.FreeTypeFont] = {}
        self._missing = self._bitmap(_NOWHERE)
        self._has: dict[str, bool] = {" ": True, "\u3000": True}
        self.chinese = self.has(PROBE)

    def at(self, pixels: int) -> ImageFont.FreeTypeFont:
        """Return the face with an em of `pixels`."""
        if pixels not in self._sizes:
            self._sizes[pixels] = self._load(pixels)
        return self._sizes[pixels]

    def has(self, character: str) -> bool:
        """Say whether the face can draw this character."""
        if character not in self._has:
            self._has[character] = self._bitmap(character) != self._missing
        return self._has[character]

    def drawable(self, text: str) -> str:
        """Return the text without what cannot be drawn."""
        return "".join(character for character in text if self.has(character))

    def width(self, text: str) -> float:
        """Return how wide the text is, in ems."""
        return sum(self.advance(character) for character in text)

    @lru_cache(maxsize=4096)  # noqa: B019  one face lives as long as the program
    def advance(self, character: str) -> float:
        """Return how far one character moves the pen, in ems."""
        return float(self.at(96).getlength(character)) / 96

    def glyph(self, character: str, pixels: int) -> tuple[Image.Image, int, int]:
        """Return a character in black and white, and its left and top offset from the pen and baseline."""
        left, top, right, bottom = self.at(pixels).getbbox(character, anchor="ls")
        made = Image.new("L", (max(int(right - left), 1), max(int(bottom - top), 1)), 0)
        ImageDraw.Draw(made).text((-left, -top), character, 255, self.at(pixels), anchor="ls")
        return made.point(lambda level: 255 if level > 110 else 0).convert("1"), int(left), int(top)

    def _bitmap(self, character: str) -> bytes:
        mask = self.at(32).getmask(character)
        return bytes(mask) + bytes(f"{mask.size}", "ascii")

    def _load(self, pixels: int) -> ImageFont.FreeTypeFont:
        if self.file:
            return ImageFont.truetype(str(self.file), pixels, index=self._index)
        built_in = ImageFont.load_default(pixels)
        assert isinstance(built_in, ImageFont.FreeTypeFont), "Pillow without FreeType"
        return built_in


@lru_cache(maxsize=1)
def typeface() -> Typeface:
    """Return the first Chinese face: shipped with the program, then the system's; else Latin letters only."""
    shipped = sorted(resources.path(_FOLDER).glob("*.[ot]t[fc]"))
    for file in (*shipped, *map(Path, resources.document("labels/fonts.json"))):
        if file.is_file():
            try:
                face = Typeface(file)
            except OSError:
                continue
            if face.chinese:
                return face
    return Typeface(None)


def _simplified_index(file: Path) -> int:
    """Return which face of a collection writes mainland Chinese; the first where it does not say."""
    if file.suffix.lower() != ".ttc":
        return 0
    for index in range(16):
        try:
            name = ImageFont.truetype(str(file), 16, index=index).getname()[0] or ""
        except OSError:
            break
        if name.endswith((" SC", " CN")):
            return index
    return 0
