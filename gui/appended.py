"""Join a message that was spread over several QR codes (structured append, ISO/IEC 18004:2015 8).

The decoder reports the text of each part but not its place, so the place is read from the symbol itself:
the first twenty data bits say "part i of n" and carry a parity over the whole message. A join is believed
only when that parity fits, so a misread header yields the parts alone, never a wrong order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import xor

import numpy as np
import numpy.typing as npt
from qrcode.base import rs_blocks
from qrcode.util import mask_func, pattern_position

_MODE = 0b0011
_LEVELS = {"L": 1, "M": 0, "Q": 3, "H": 2}
Modules = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Part:
    """One symbol's place in a message: `number` of `total`, counted from 0, and the message's parity."""

    number: int
    total: int
    parity: int


def part_of(modules: Modules, version: int, level: str, mask: int) -> Part | None:
    """Return the place a symbol claims in a larger message, or None where it stands alone.

    Args:
        modules: the symbol without quiet zone, True for dark.
    """
    blocks = len(rs_blocks(version, _LEVELS[level]))
    wanted = 2 * blocks + 1
    stream = _codewords(modules, version, mask, wanted)
    if len(stream) < wanted:
        return None
    # Codewords of several blocks are interleaved: the first block's come every `blocks`.
    bits = "".join(f"{stream[i * blocks]:08b}" for i in range(3))
    if int(bits[:4], 2) != _MODE:
        return None
    number, last, parity = int(bits[4:8], 2), int(bits[8:12], 2), int(bits[12:20], 2)
    return Part(number, last + 1, parity) if number <= last and last else None


def joined(parts: Iterable[tuple[Part, bytes]]) -> dict[tuple[int, int], bytes]:
    """Return every message whose parts are all there and whose parity fits, by (total, parity)."""
    messages: dict[tuple[int, int], dict[int, bytes]] = {}
    for part, content in parts:
        messages.setdefault((part.total, part.parity), {})[part.number] = content
    whole: dict[tuple[int, int], bytes] = {}
    for (total, parity), found in messages.items():
        content = b"".join(found[number] for number in sorted(found))
        if len(found) == total and reduce(xor, content, 0) == parity:
            whole[total, parity] = content
    return whole


def _codewords(modules: Modules, version: int, mask: int, wanted: int) -> Sequence[int]:
    """Return the first codewords in the order they were placed (7.7.3), unmasked."""
    side = len(modules)
    reserved, flipped = _reserved(side, version), mask_func(mask)
    bits: list[int] = []
    for row, column in _path(side):
        if not reserved[row, column]:
            bits.append(int(modules[row, column]) ^ int(flipped(row, column)))
            if len(bits) == 8 * wanted:
                break
    return [int("".join(map(str, bits[i : i + 8])), 2) for i in range(0, len(bits) - 7, 8)]


def _path(side: int) -> Iterator[tuple[int, int]]:
    upward = True
    for right in range(side - 1, 0, -2):
        # The vertical timing pattern takes a column for itself.
        column = right if right > 6 else right - 1
        for row in range(side - 1, -1, -1) if upward else range(side):
            yield row, column
            yield row, column - 1
        upward = not upward


def _reserved(side: int, version: int) -> Modules:
    """Return where finder, timing, alignment, format and version patterns lie."""
    taken = np.zeros((side, side), bool)
    taken[:9, :9] = taken[:9, -8:] = taken[-8:, :9] = True
    taken[6, :] = taken[:, 6] = True
    if version >= 7:
        taken[:6, -11:-8] = taken[-11:-8, :6] = True
    centres = pattern_position(version)
    for row in centres:
        for column in centres:
            if (row, column) not in ((6, 6), (6, side - 7), (side - 7, 6)):
                taken[row - 2 : row + 3, column - 2 : column + 3] = True
    return taken
