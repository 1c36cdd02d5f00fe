"""A ledger handed on as a folder is checked without the ledger, grows by adding, and shows every change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from builders_tlog import WITNESS
from ledger_world import World, batch, found_world, log_key

from ledger.errors import LedgerError
from ledger.static_folder import check_folder, write_folder
from ledger.store import create_ledger_engine
from ledger.tlog.note import parse_note
from ledger.tlog.tiles import Tile, parse_bundle

LOG = log_key().verifier


@pytest.fixture
def world(tmp_path: Path, clock: Callable[[], Any]) -> Iterator[World]:
    """A ledger of seven enrolments; the folder is the same whatever database it came from."""
    engine: sa.Engine = create_ledger_engine(f"sqlite:///{tmp_path / 'ledger.db'}")
    yield found_world(engine, clock)
    engine.dispose()


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_the_folder_holds_every_leaf_under_the_signed_root(world: World, tmp_path: Path) -> None:
    world.say(*(batch(number) for number in range(1, 300)))
    assert write_folder(world.reader, tmp_path / "static") == 306
    checked = check_folder(tmp_path / "static", LOG)
    assert checked.checkpoint.size == 306
    assert checked.checkpoint.root == world.reader.tree().root
    leaves = parse_bundle((tmp_path / "static" / Tile(None, 1, 50).path).read_bytes(), 50)
    assert leaves[0] == world.reader.entry(256).leaf


def test_growing_adds_files_and_the_witness_s_word(world: World, tmp_path: Path) -> None:
    write_folder(world.reader, tmp_path / "static")
    before = files(tmp_path / "static")
    world.say(*(batch(number) for number in range(1, 280)))
    note = parse_note(world.reader.checkpoint())
    cosigned = note.with_signatures([WITNESS.cosign(note.text, 1_800_000_000)]).format()
    world.desk.add_cosigned(cosigned, [WITNESS.verifier])
    write_folder(world.reader, tmp_path / "static")
    after = files(tmp_path / "static")
    assert all(after[path] == data for path, data in before.items() if path != "checkpoint")
    assert check_folder(tmp_path / "static", LOG, [WITNESS.verifier]).witnessed


def test_entries_that_no_witness_has_seen_are_handed_on_too(world: World, tmp_path: Path) -> None:
    note = parse_note(world.reader.checkpoint())
    cosigned = note.with_signatures([WITNESS.cosign(note.text, 1_800_000_000)]).format()
    world.desk.add_cosigned(cosigned, [WITNESS.verifier])
    world.say(batch(1))
    assert write_folder(world.reader, tmp_path / "static") == 8
    assert not check_folder(tmp_path / "static", LOG, [WITNESS.verifier]).witnessed


def test_a_changed_or_missing_file_shows(world: World, tmp_path: Path) -> None:
    write_folder(world.reader, tmp_path / "static")
    for path, data in files(tmp_path / "static").items():
        target = tmp_path / "static" / path
        target.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
        with pytest.raises(LedgerError):
            check_folder(tmp_path / "static", LOG)
        target.unlink()
        with pytest.raises(LedgerError):
            check_folder(tmp_path / "static", LOG)
        target.write_bytes(data)
    check_folder(tmp_path / "static", LOG)


def test_an_interrupted_writing_leaves_no_checkpoint_and_is_completed(world: World, tmp_path: Path) -> None:
    write_folder(world.reader, tmp_path / "static")
    whole = files(tmp_path / "static")
    for gone in ("checkpoint", Tile(0, 0, 7).path):
        (tmp_path / "static" / gone).unlink()
    with pytest.raises(LedgerError):
        check_folder(tmp_path / "static", LOG)
    write_folder(world.reader, tmp_path / "static")
    assert files(tmp_path / "static") == whole


def test_a_tile_that_tells_another_history_is_never_written_over(world: World, tmp_path: Path) -> None:
    write_folder(world.reader, tmp_path / "static")
    tile = tmp_path / "static" / Tile(None, 0, 7).path
    tile.write_bytes(tile.read_bytes()[::-1])
    before = files(tmp_path / "static")
    with pytest.raises(LedgerError) as refused:
        write_folder(world.reader, tmp_path / "static")
    assert refused.value.code == "folder-differs"
    assert files(tmp_path / "static") == before


def test_another_ledger_s_folder_is_left_alone(
    world: World, tmp_path: Path, clock: Callable[[], Any]
) -> None:
    write_folder(world.reader, tmp_path / "static")
    before = files(tmp_path / "static")
    engine = create_ledger_engine(f"sqlite:///{tmp_path / 'other.db'}")
    other = found_world(engine, clock, origin="suxin.example/other")
    with pytest.raises(LedgerError) as refused:
        write_folder(other.reader, tmp_path / "static")
    engine.dispose()
    assert refused.value.code == "folder-of-another-log"
    assert files(tmp_path / "static") == before
