"""Name, cut and read the tiles of a log: 256 hashes or entries to a static file (C2SP tlog-tiles).

The one rule: a tile has one path and one content for ever. Whoever reads tiles trusts none of them: proofs
made from them are checked against a signed checkpoint.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from ledger.errors import LedgerBug, LedgerError
from ledger.tlog.tree import HASH_SIZE, Tree

HEIGHT = 8
WIDTH = 1 << HEIGHT
MAX_ENTRY_SIZE = 0xFFFF
_LENGTH_SIZE = 2
_PATH = re.compile(r"tile/([0-9]{1,2}|entries)/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([0-9]{1,3}))?")

Get = Callable[[str], bytes | None]
"""Returns the file at a path below the log's folder or address, or None if there is none."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One static file: hashes of one level, or (level None) the entries below a level-0 tile.

    >>> Tile(0, 1234067).path, Tile(None, 5, 17).path
    ('tile/0/x001/x234/067', 'tile/entries/005.p/17')
    """

    level: int | None
    index: int
    width: int = WIDTH

    def __post_init__(self) -> None:
        if not (self.level is None or 0 <= self.level < 64) or self.index < 0 or not 1 <= self.width <= WIDTH:
            raise LedgerBug(f"no such tile: level {self.level}, index {self.index}, width {self.width}")

    @property
    def path(self) -> str:
        """Return its path below the log's prefix."""
        level = "entries" if self.level is None else str(self.level)
        groups = [f"{self.index % 1000:03}"]
        rest = self.index // 1000
        while rest:
            groups.insert(0, f"x{rest % 1000:03}")
            rest //= 1000
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{level}/{'/'.join(groups)}{partial}"

    @property
    def full(self) -> Tile:
        """Return the full tile at this place."""
        return Tile(self.level, self.index)


def parse_tile_path(path: str) -> Tile | None:
    """Return the tile whose path this is, or None if no tile has it."""
    match = _PATH.fullmatch(path)
    if not match or (match[3] and not 1 <= int(match[3]) < WIDTH):
        return None
    level = None if match[1] == "entries" else int(match[1])
    index = int(match[2].replace("x", "").replace("/", ""))
    if level is not None and level > 63:
        return None
    tile = Tile(level, index, int(match[3] or WIDTH))
    return tile if tile.path == path else None


def hash_tiles(size: int) -> Iterator[Tile]:
    """Yield the hash tiles that a tree of `size` has.

    >>> tiles = list(hash_tiles(70_000))
    >>> len(tiles), [tile.path for tile in tiles if tile.width < 256]
    (277, ['tile/0/273.p/112', 'tile/1/001.p/17', 'tile/2/000.p/1'])
    """
    level = 0
    while count := size >> HEIGHT * level:
        for index in range(count // WIDTH):
            yield Tile(level, index)
        if count % WIDTH:
            yield Tile(level, count // WIDTH, count % WIDTH)
        level += 1


def entry_tiles(size: int) -> Iterator[Tile]:
    """Yield the entry bundles that a log of `size` has."""
    for tile in hash_tiles(size):
        if tile.level:
            return
        yield Tile(None, tile.index, tile.width)


def bundle(entries: Iterable[bytes]) -> bytes:
    r"""Return the bytes of an entry bundle: each entry after its length in two bytes.

    >>> bundle([b"ab", b""])
    b'\x00\x02ab\x00\x00'

    Raises:
        LedgerError: code `entry-too-long`.
    """
    parts = []
    for entry in entries:
        if len(entry) > MAX_ENTRY_SIZE:
            raise LedgerError(
                "an entry is too long for the static layout",
                code="entry-too-long",
                found=f"{len(entry)} bytes",
                expected=f"at most {MAX_ENTRY_SIZE} bytes",
                remedy="hand this ledger on as a bundle file instead of as static tiles",
            )
        parts += [len(entry).to_bytes(_LENGTH_SIZE, "big"), entry]
    return b"".join(parts)


def parse_bundle(data: bytes, count: int) -> tuple[bytes, ...]:
    """Return the entries of a bundle that must hold exactly `count`.

    Raises:
        LedgerError: code `tile-damaged`.
    """
    entries, at = [], 0
    while at < len(data):
        length = int.from_bytes(data[at : at + _LENGTH_SIZE], "big")
        at += _LENGTH_SIZE + length
        entries.append(data[at - length : at])
    if at != len(data) or len(entries) != count:
        raise damaged_file("entry bundle", f"{count} entries", f"{len(entries)} entries in {len(data)} bytes")
    return tuple(entries)


@dataclass(slots=True)
class TileHashes:
    """The complete subtrees of a log of `size` whose tiles `get` fetches: a `Hashes` over static files.

    Args:
        get: fetches one file.
        size: a size that a signed checkpoint names.
        keep: how many tiles stay in memory.
    """

    get: Get
    size: int
    keep: int = 1024
    _tiles: dict[Tile, bytes] = field(default_factory=dict, init=False, repr=False)

    def __call__(self, level: int, index: int) -> bytes:
        """Return the root of one complete subtree, folding it from its tile."""
        height = level % HEIGHT
        first = index << height
        data = self._fetch(level // HEIGHT, first // WIDTH)
        begin = first % WIDTH * HASH_SIZE
        end = begin + (HASH_SIZE << height)
        if end > len(data):
            raise LedgerBug(f"no complete subtree {index} of level {level} in a tree of size {self.size}")
        # A tile's hashes are the leaves of a tree of height 8, whatever level they come from.
        return Tree().append_hashes(data[at : at + HASH_SIZE] for at in range(begin, end, HASH_SIZE)).root

    def _fetch(self, level: int, index: int) -> bytes:
        width = min(WIDTH, (self.size >> HEIGHT * level) - index * WIDTH)
        if width < 1:
            raise LedgerBug(f"a tree of size {self.size} has no tile {index} of level {level}")
        tile = Tile(level, index, width)
        if tile not in self._tiles:
            if len(self._tiles) >= self.keep:
                del self._tiles[next(iter(self._tiles))]
            self._tiles[tile] = fetch_tile(self.get, tile, HASH_SIZE)
        return self._tiles[tile]


def fetch_tile(get: Get, tile: Tile, item_size: int = 0) -> bytes:
    """Return the bytes of a tile, cutting a full one where the partial one is gone, as readers may."""
    data = get(tile.path)
    if data is None and tile.width < WIDTH:
        data = get(tile.full.path)
        if data is not None and item_size:
            data = data[: tile.width * item_size]
        elif data is not None:
            data = bundle(parse_bundle(data, WIDTH)[: tile.width])
    if data is None:
        raise missing_file(tile.path)
    if item_size and len(data) != tile.width * item_size:
        raise damaged_file(tile.path, f"{tile.width * item_size} bytes", f"{len(data)} bytes")
    return data


def missing_file(path: str) -> LedgerError:
    """Say that a file is not there."""
    return LedgerError(
        "a file of the static ledger is missing",
        code="tile-missing",
        where=path,
        remedy="copy the folder again as a whole from the ledger",
    )


def damaged_file(where: str, expected: str, found: str) -> LedgerError:
    """Say that a file is not what it must be."""
    return LedgerError(
        "a file of the static ledger is damaged",
        code="tile-damaged",
        found=found,
        expected=expected,
        where=where,
        remedy="copy the folder again as a whole from the ledger",
    )
