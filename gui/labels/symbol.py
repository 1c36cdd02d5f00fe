"""The QR symbol of a label: drawn by zxing-cpp, or by `qrcode` where letters are not ASCII, and read back.

zxing-cpp divides a text among the denser modes better (never a larger symbol, one in nine smaller) and takes
a quarter of the time; for other letters it would add a character set that old readers do not know, so there
`qrcode` writes plain UTF-8. Either one's picture is then given the best of the eight masks: the eight come
from one by exclusive or and are judged together in numpy by the four rules of ISO/IEC 18004:2015 7.8.3.
Nothing else of the encoding is ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import qrcode
from PIL import Image

from gui.labels.label import QUIET_MODULES
from gui.reading import reads_back

Modules = npt.NDArray[np.bool_]
Words = npt.NDArray[np.uint64]
_LEVELS = {"L": 1, "M": 0, "Q": 3, "H": 2}
_FINDER_LIKE = (1, 0, 1, 1, 1, 0, 1, 0, 0, 0, 0)
# A row of a larger symbol does not fit a machine word; there the library chooses.
_WIDEST = 64
# A common office laser prints finer than this and a cheap label printer just so.
PROOF_DPI = 200


@dataclass(frozen=True, slots=True)
class Symbol:
    """A QR symbol without its quiet zone, True for dark."""

    text: str
    modules: Modules
    version: int

    @property
    def side(self) -> int:
        """Return the modules across, quiet zone included."""
        return len(self.modules) + 2 * QUIET_MODULES

    def module_mm(self, side_mm: float) -> float:
        """Return how wide a module is when the symbol and its quiet zone take `side_mm`."""
        return side_mm / self.side

    def picture(self, module_px: int) -> Image.Image:
        """Return the symbol with its quiet zone, every module a square of that many pixels."""
        dark = np.pad(self.modules, QUIET_MODULES).repeat(module_px, 0).repeat(module_px, 1)
        return Image.fromarray(np.where(dark, 0, 255).astype(np.uint8))

    def holds(self, side_mm: float, dpi: int = PROOF_DPI) -> bool:
        """Say whether the symbol reads back, letter by letter, when printed `side_mm` wide at `dpi`."""
        pixels = max(round(side_mm / 25.4 * dpi), 1)
        # Each printed dot takes the module under its middle: as ragged as a printer without grey makes it.
        under = ((np.arange(pixels) + 0.5) * self.side / pixels).astype(np.intp)
        paper = np.where(np.pad(self.modules, QUIET_MODULES), 0, 255).astype(np.uint8)
        return reads_back(paper[under][:, under], self.text)


def symbol(text: str, level: str = "M") -> Symbol:
    """Return the smallest symbol that says `text`, with the mask that scanners like best."""
    if text.isascii() and text:
        modules = _drawn(text, level)
        return _best(text, modules, level, _mask_of(modules))
    made = qrcode.QRCode(error_correction=_LEVELS[level], mask_pattern=0)
    made.add_data(text)
    made.make()
    if len(made.modules) > _WIDEST:
        made.mask_pattern = None
        made.make()
        return Symbol(text, np.array(made.modules, bool), made.version)
    return _best(text, np.array(made.modules, bool), level, 0)


def _drawn(text: str, level: str) -> Modules:
    import zxingcpp

    made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=level)
    return np.array(made.to_image(scale=1, add_quiet_zones=False)) < 128


def _mask_of(modules: Modules) -> int:
    """Return which mask a symbol has (its format bits 12 to 10, ISO/IEC 18004:2015 7.9)."""
    first, second, third = (bool(dark) for dark in modules[8, 2:5])
    return (not first) << 2 | second << 1 | (not third)


def _best(text: str, modules: Modules, level: str, mask: int) -> Symbol:
    """Return the symbol with the mask of least penalty; a row too wide for a machine word keeps its own."""
    version = (len(modules) - 17) // 4
    if len(modules) > _WIDEST:
        return Symbol(text, modules, version)
    masks = _masks(version, _LEVELS[level])
    candidates = modules ^ masks[mask] ^ masks
    return Symbol(text, candidates[int(np.argmin(_penalties(candidates)))], version)


@lru_cache(maxsize=64)
def _masks(version: int, level: int) -> Modules:
    """Return for each mask what it changes against mask 0, its format bits included."""
    drawn = []
    for mask in range(8):
        made = qrcode.QRCode(version=version, error_correction=level, mask_pattern=mask)
        made.add_data("0")
        made.make(fit=False)
        drawn.append(made.modules)
    masks: Modules = np.array(drawn, bool) ^ np.array(drawn[0], bool)
    return masks


def _penalties(candidates: Modules) -> npt.NDArray[np.int_]:
    """Return each candidate's penalty (masks x side x side): runs, blocks, finder look-alikes, balance.

    A row of modules is the bits of one machine word, so that a rule looks at whole rows at once.
    """
    side = candidates.shape[1]
    rows, columns = _words(candidates), _words(candidates.transpose(0, 2, 1))
    runs = _runs(rows, side) + _runs(columns, side)
    alike = 40 * (_look_alikes(rows, side) + _look_alikes(columns, side))
    across: Words = ~(rows ^ _shifted(rows, 1))
    down: Words = ~(rows[:, :-1] ^ rows[:, 1:])
    blocks = 3 * _count(across[:, :-1] & across[:, 1:] & down, side - 1)
    share = candidates.mean((1, 2))
    balance = 10 * np.floor(np.abs(share * 100 - 50) / 5).astype(int)
    total: npt.NDArray[np.int_] = runs + blocks + alike + balance
    return total


def _words(lines: Modules) -> Words:
    packed = np.packbits(lines, axis=2, bitorder="little")
    whole = np.zeros((*packed.shape[:2], 8), np.uint8)
    whole[:, :, : packed.shape[2]] = packed
    words: Words = whole.view("<u8")[:, :, 0]
    return words


def _shifted(words: Words, places: int) -> Words:
    return words >> np.uint64(places)


def _count(words: Words, bits: int) -> npt.NDArray[np.int_]:
    """Return how many of the lowest `bits` bits are set in all rows of each candidate."""
    kept = words & np.uint64((1 << bits) - 1)
    total: npt.NDArray[np.int_] = np.bitwise_count(kept).sum(1, dtype=np.int_)
    return total


def _runs(rows: Words, side: int) -> npt.NDArray[np.int_]:
    """Return 3 for each run of five equal modules and 1 for each module beyond."""
    same: Words = ~(rows ^ _shifted(rows, 1)) & np.uint64((1 << (side - 1)) - 1)
    four: Words = same & _shifted(same, 1) & _shifted(same, 2) & _shifted(same, 3)
    begins: Words = four & ~(four << np.uint64(1))
    return _count(four, side) + 2 * _count(begins, side)


def _look_alikes(rows: Words, side: int) -> npt.NDArray[np.int_]:
    total = np.zeros(len(rows), np.int_)
    for pattern in (_FINDER_LIKE, _FINDER_LIKE[::-1]):
        fits = np.full_like(rows, ~np.uint64(0))
        for place, dark in enumerate(pattern):
            shifted = _shifted(rows, place)
            fits &= shifted if dark else ~shifted
        total += _count(fits, side - len(pattern) + 1)
    return total
