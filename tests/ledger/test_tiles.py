"""A static folder holds the whole log: every proof can be made from it, and every change in it shows."""

from __future__ import annotations

from base64 import b64encode
from itertools import repeat
from pathlib import Path

import pytest
from builders_tlog import LOG, SmallLog
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import LedgerBug, LedgerError
from ledger.tlog.checkpoint import Checkpoint
from ledger.tlog.proof import Rows, consistency_proof, inclusion_proof, tree_at
from ledger.tlog.static import check_static, write_static
from ledger.tlog.tiles import (
    Tile,
    TileHashes,
    bundle,
    entry_tiles,
    hash_tiles,
    parse_bundle,
    parse_tile_path,
)
from ledger.tlog.tree import leaf_hash

BIG = SmallLog(700)
ROWS = BIG.rows
LEAVES = BIG.leaves


def folder(*sizes: int) -> dict[str, bytes]:
    """Return the files of the log written again at each of these sizes."""
    files: dict[str, bytes] = {}
    for size in sizes:
        write_static(files.__setitem__, BIG.checkpoint(size).sign(LOG), LEAVES[:size])
    return files


@given(st.none() | st.integers(0, 63), st.integers(0, 10**12), st.integers(1, 256))
def test_a_path_reads_back(level: int | None, index: int, width: int) -> None:
    tile = Tile(level, index, width)
    assert parse_tile_path(tile.path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/1",
        "tile/0/0001",
        "tile/00/001",
        "tile/64/001",
        "tile/0/x000/001",
        "tile/0/x001/x002",
        "tile/0/001.p/0",
        "tile/0/001.p/256",
        "tile/0/001.p/01",
        "tile/0/001/",
        "/tile/0/001",
        "tile/-1/001",
        "tile/entries/../001",
        "tile/0/001\n",
        "tile/0/００１",
        "checkpoint",
        "",
    ],
)
def test_only_the_canonical_path_is_read(path: str) -> None:
    assert parse_tile_path(path) is None


def test_the_specification_s_example_has_its_tiles() -> None:
    """C2SP tlog-tiles: a tree of 70,000 has 273 full and one partial (112) tiles at level 0, and so on."""
    tiles = list(hash_tiles(70_000))
    by_level = [[t.width for t in tiles if t.level == level] for level in range(4)]
    assert by_level == [[256] * 273 + [112], [256, 17], [1], []]
    assert [t.path for t in hash_tiles(256)] == ["tile/0/000", "tile/1/000.p/1"]
    assert Tile(0, 1234067).path == "tile/0/x001/x234/067"


def test_an_empty_log_has_no_tile() -> None:
    assert not list(hash_tiles(0))
    assert not list(entry_tiles(0))


@settings(max_examples=30)
@given(st.lists(st.integers(1, 700), min_size=1, max_size=4, unique=True).map(sorted))
def test_growing_adds_files_and_changes_none_but_the_checkpoint(sizes: list[int]) -> None:
    before: dict[str, bytes] = {}
    for stop in range(1, len(sizes) + 1):
        after = folder(*sizes[:stop])
        assert all(after[path] == data for path, data in before.items() if path != "checkpoint")
        before = after
    assert set(folder(sizes[-1])) <= set(before)
    check_static(before.get, LOG.verifier)


@settings(max_examples=40)
@given(st.integers(1, 700), st.data())
def test_every_proof_can_be_made_from_the_files(size: int, data: st.DataObject) -> None:
    hashes = TileHashes(folder(size).get, size, keep=2)
    index = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(1, size))
    assert inclusion_proof(index, size, hashes) == inclusion_proof(index, size, ROWS)
    assert consistency_proof(old, size, hashes) == consistency_proof(old, size, ROWS)
    assert tree_at(old, hashes) == tree_at(old, ROWS)


@settings(max_examples=30)
@given(st.integers(0, 700))
def test_the_files_are_exactly_the_tiles_of_the_size(size: int) -> None:
    paths = {tile.path for tile in [*hash_tiles(size), *entry_tiles(size)]}
    assert set(folder(size)) == paths | {"checkpoint"}


def test_a_log_of_three_levels_is_laid_out_right() -> None:
    """65,536 leaves fill the first tile of level 1; every path and hash is checked against the tree."""
    rows = Rows.of([leaf_hash(b"")] * 65_537)
    files: dict[str, bytes] = {}
    signed = Checkpoint(LOG.name, 65_537, tree_at(65_537, rows).root).sign(LOG)
    assert write_static(files.__setitem__, signed, repeat(b"", 65_537)) == len(files)
    assert set(files) == {t.path for t in [*hash_tiles(65_537), *entry_tiles(65_537)]} | {"checkpoint"}
    assert files["tile/1/000"] == b"".join(rows.rows[8])
    assert files["tile/2/000.p/1"] == rows.rows[16][0]
    found = TileHashes(files.get, 65_537)
    for index in (0, 40_000, 65_536):
        assert inclusion_proof(index, 65_537, found) == inclusion_proof(index, 65_537, rows)


@pytest.mark.parametrize("leaves", [LEAVES[:299], LEAVES[:301], LEAVES[1:301], []])
def test_a_checkpoint_of_other_entries_is_not_written(leaves: list[bytes]) -> None:
    files: dict[str, bytes] = {}
    with pytest.raises(LedgerError) as refused:
        write_static(files.__setitem__, BIG.checkpoint(300).sign(LOG), leaves)
    assert refused.value.code == "tiles-other-root"
    assert "checkpoint" not in files


def test_a_full_tile_stands_in_for_a_partial_one_that_was_cleaned_up() -> None:
    files = folder(300, 700)
    for path in [path for path in files if path.endswith(".p/44")]:
        del files[path]
    hashes = TileHashes(files.get, 300)
    assert inclusion_proof(299, 300, hashes) == inclusion_proof(299, 300, ROWS)
    files["checkpoint"] = BIG.checkpoint(300).sign(LOG).encode()
    check_static(files.get, LOG.verifier)


@given(st.data())
def test_every_changed_byte_and_every_missing_file_is_noticed(data: st.DataObject) -> None:
    files = folder(300)
    used = [tile.path for tile in [*entry_tiles(300), *hash_tiles(300)] if tile.level != 1]
    path = data.draw(st.sampled_from([*used, "checkpoint"]))
    bit = data.draw(st.integers(0, len(files[path]) * 8 - 1))
    changed = bytearray(files[path])
    changed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(LedgerError):
        check_static({**files, path: bytes(changed)}.get, LOG.verifier)
    with pytest.raises(LedgerError):
        check_static({**files, path: files[path][:-1]}.get, LOG.verifier)
    del files[path]
    with pytest.raises(LedgerError):
        check_static(files.get, LOG.verifier)


def test_swapping_two_entries_and_their_hashes_is_noticed() -> None:
    files = folder(5)
    swapped = [LEAVES[i] for i in (1, 0, 2, 3, 4)]
    files["tile/entries/000.p/5"] = bundle(swapped)
    files["tile/0/000.p/5"] = b"".join(map(leaf_hash, swapped))
    with pytest.raises(LedgerError) as refused:
        check_static(files.get, LOG.verifier)
    assert refused.value.code == "tiles-other-root"


@given(st.lists(st.binary(max_size=5), max_size=9))
def test_a_bundle_reads_back(entries: list[bytes]) -> None:
    assert parse_bundle(bundle(entries), len(entries)) == tuple(entries)
    with pytest.raises(LedgerError):
        parse_bundle(bundle(entries), len(entries) + 1)


def test_an_entry_too_long_for_two_length_bytes_is_refused() -> None:
    assert len(bundle([bytes(65535)])) == 65537
    with pytest.raises(LedgerError) as refused:
        bundle([bytes(65536)])
    assert refused.value.code == "entry-too-long"


def test_asking_for_a_subtree_that_is_not_there_is_our_bug() -> None:
    hashes = TileHashes(folder(5).get, 5)
    for level, index in ((0, 5), (1, 2), (2, 1), (3, 0), (8, 0)):
        with pytest.raises(LedgerBug):
            hashes(level, index)


def test_the_folder_can_be_a_folder(tmp_path: Path) -> None:
    def put(path: str, data: bytes) -> None:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)

    def get(path: str) -> bytes | None:
        return (tmp_path / path).read_bytes() if (tmp_path / path).exists() else None

    count = write_static(put, BIG.checkpoint(300).sign(LOG), LEAVES[:300])
    assert count == len([path for path in tmp_path.rglob("*") if path.is_file()]) == 6
    assert b64encode(check_static(get, LOG.verifier).checkpoint.root)
    assert Rows.of([]).size == 0
