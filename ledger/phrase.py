"""Write a key down by hand and read it back: sixty letters and digits in four rows.

The rule kept here: what was copied wrongly is refused and named, never guessed. Each row carries two check
characters of a Reed-Solomon code over GF(32) that also covers the row's number, so any two wrong characters
in a row, and rows in another order, are noticed, and one wrong character is told by its place. The letters
are Crockford's base 32: no I, L, O or U to be taken for 1, 0 or V. Decision 0020 says why no list of words.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from ledger.errors import EventInvalid

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ROWS, SYMBOLS, CHECKS, GROUP = 4, 15, 2, 5
DATA = SYMBOLS - CHECKS
SEED = 32
VERSION = 1
# x^5 + x^2 + 1 makes GF(32); its powers of two are 1, 2, 4, 8, 16, 5, ...
_POLYNOMIAL = 0b100101
_ALIKE = str.maketrans("OIL", "011")


def _powers() -> tuple[int, ...]:
    found, value = [], 1
    for _ in range(31):
        found.append(value)
        value <<= 1
        if value & 32:
            value ^= _POLYNOMIAL
    return tuple(found)


_POWER = _powers()
_LOG = {value: place for place, value in enumerate(_POWER)}


def write_phrase(seed: bytes) -> tuple[str, ...]:
    """Return the rows that say a key's 32 secret bytes, in groups of five characters.

    >>> write_phrase(bytes(32))[0]
    '20000 00000 000JH'
    """
    number = VERSION << 8 * SEED | int.from_bytes(seed)
    symbols = [number >> 5 * place & 31 for place in reversed(range(ROWS * DATA))]
    return tuple(_row(row, symbols[row * DATA : (row + 1) * DATA]) for row in range(ROWS))


def read_phrase(text: str) -> bytes:
    """Return the secret bytes that the rows say; blanks, hyphens and the size of letters do not matter.

    Raises:
        EventInvalid: field `phrase`; code `phrase-character`, `phrase-length`, `phrase-letter` (one wrong
            character explains it: which, and where), `phrase-row` or `phrase-newer`.
    """
    symbols = [_symbol(letter, place) for place, letter in enumerate(_plain(text))]
    if len(symbols) != ROWS * SYMBOLS:
        raise _invalid("phrase-length", f"{len(symbols)}", f"{ROWS * SYMBOLS}", "")
    number = 0
    for row in range(ROWS):
        found = symbols[row * SYMBOLS : (row + 1) * SYMBOLS]
        _check_row(row, found)
        for symbol in found[:DATA]:
            number = number << 5 | symbol
    if number >> 8 * SEED != VERSION:
        raise _invalid("phrase-newer", str(number >> 8 * SEED), str(VERSION), "")
    return (number & (1 << 8 * SEED) - 1).to_bytes(SEED)


def _plain(text: str) -> str:
    """Return the characters that count; full-width ones, as Chinese keyboards type them, are plain ones."""
    shown = unicodedata.normalize("NFKC", text).upper().translate(_ALIKE)
    return "".join(letter for letter in shown if not (letter.isspace() or letter in "-·.,_"))


def _symbol(letter: str, place: int) -> int:
    if letter not in LETTERS:
        raise _invalid("phrase-character", letter, "0-9 A-Z (I L O U)", _where(place))
    return LETTERS.index(letter)


def _times(one: int, other: int) -> int:
    return 0 if 0 in (one, other) else _POWER[(_LOG[one] + _LOG[other]) % 31]


def _over(one: int, other: int) -> int:
    return 0 if one == 0 else _POWER[(_LOG[one] - _LOG[other]) % 31]


def _sums(row: int, symbols: Sequence[int]) -> tuple[int, int]:
    """Return the code's two sums, both zero for a sound row; the row's own number is its symbol 0."""
    plain, weighted = row + 1, row + 1
    for place, symbol in enumerate(symbols, start=1):
        plain ^= symbol
        weighted ^= _times(symbol, _POWER[place])
    return plain, weighted


def _row(row: int, data: Sequence[int]) -> str:
    plain, weighted = _sums(row, data)
    first, second = _POWER[DATA + 1], _POWER[DATA + 2]
    # The two check symbols x, y make both sums zero: x + y = plain, x*first + y*second = weighted.
    x = _over(weighted ^ _times(plain, second), first ^ second)
    letters = "".join(LETTERS[symbol] for symbol in (*data, x, plain ^ x))
    return " ".join(letters[at : at + GROUP] for at in range(0, SYMBOLS, GROUP))


def _check_row(row: int, symbols: Sequence[int]) -> None:
    plain, weighted = _sums(row, symbols)
    if not plain and not weighted:
        return
    # One wrong character at place p, wrong by e, gives the sums e and e * 2^p.
    place = (_LOG[weighted] - _LOG[plain]) % 31 if plain and weighted else 0
    if not 1 <= place <= SYMBOLS:
        raise _invalid("phrase-row", "", "", str(row + 1))
    read, meant = symbols[place - 1], symbols[place - 1] ^ plain
    raise _invalid("phrase-letter", LETTERS[read], LETTERS[meant], _where(row * SYMBOLS + place - 1))


def _where(place: int) -> str:
    """Return a place as people count: row 2, group 3, character 1 is "2/3/1"."""
    row, inside = divmod(place, SYMBOLS)
    return f"{row + 1}/{inside // GROUP + 1}/{inside % GROUP + 1}"


def _invalid(code: str, found: str, expected: str, where: str) -> EventInvalid:
    told = {
        "phrase-character": "this character is not used in a backup phrase",
        "phrase-length": "a backup phrase has another number of characters",
        "phrase-letter": "one character of the backup phrase is wrong",
        "phrase-row": "this row of the backup phrase is wrong in more than one place",
        "phrase-newer": "this backup phrase is of another version",
    }
    return EventInvalid(
        told[code],
        field="phrase",
        code=code,
        found=found,
        expected=expected,
        where=where,
        remedy="compare it with the paper, row/group/character as given, and type it again",
    )
