"""Two installations over HTTP, by QR code and on a label: one vouches for the other, and a fork is kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
from verbs import Run

import main
from gui.notes import read_note
from gui.scanner import decode_file
from ledger.errors import EventInvalid
from ledger.home import Home
from models.witnessing import Witnessing


@pytest.fixture
def verb_time() -> str | None:
    return None


@pytest.fixture
def ledger(run: Run) -> Run:
    assert run("init", "--name", "A", "--role", "cooperative")[0] == 0
    return run


@contextmanager
def witness(home: Path, *log_keys: str) -> Iterator[tuple[str, Witnessing]]:
    """Another installation's witness, at a port of its own."""
    made = Witnessing(main.open_home(home), main.machine_clock)
    for key in log_keys:
        made.trust(key)
    with made.server("127.0.0.1", 0) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", made
        finally:
            server.shutdown()
            thread.join()


def test_a_witness_vouches_over_http_as_the_ledger_grows(ledger: Run, tmp_path: Path) -> None:
    key = ledger("checkpoint")[1]["log_key"]
    with witness(tmp_path / "other", key) as (url, other):
        code, told = ledger("witness", "push", url, "--witness", other.key)
        assert (code, told["witnessed_to"], told["size"]) == (0, 1, 1)
        assert ledger("publish", "A")[0] == 0
        assert ledger("verify")[1]["witnessed_to"] == 1
        assert ledger("cosign", "--to", url)[1]["size"] == 2
        assert ledger("verify")[1]["witnessed_to"] == 2
        assert [size for _, size in other.logs()] == [2]
    code, refused = ledger("witness", "push", url)
    assert (code, refused["error"]["code"]) == (2, "witness-unreachable")


def test_a_witness_that_does_not_know_the_ledger_says_so(ledger: Run, tmp_path: Path) -> None:
    with witness(tmp_path / "other") as (url, other):
        code, refused = ledger("witness", "push", url, "--witness", other.key)
        assert (code, refused["error"]["code"]) == (2, "log-unknown")


def test_a_ledger_put_back_to_a_backup_is_told_by_its_witness(ledger: Run, tmp_path: Path) -> None:
    key = ledger("checkpoint")[1]["log_key"]
    old = (tmp_path / "home" / "ledger.db").read_bytes()
    ledger("publish", "A")
    with witness(tmp_path / "other", key) as (url, other):
        assert ledger("witness", "push", url, "--witness", other.key)[0] == 0
        for name in ("ledger.db-wal", "ledger.db-shm", "views.db", "signed"):
            (tmp_path / "home" / name).unlink(missing_ok=True)
        (tmp_path / "home" / "ledger.db").write_bytes(old)
        code, refused = ledger("witness", "push", url)
        assert (code, refused["error"]["code"]) == (2, "witness-saw-another")


def test_entries_count_once_enough_witnesses_cosigned(ledger: Run, tmp_path: Path) -> None:
    key = ledger("checkpoint")[1]["log_key"]
    first, second = (Witnessing(main.open_home(tmp_path / name), main.machine_clock) for name in "pq")
    assert ledger("witness", "quorum", "2")[1]["error"]["code"] == "quorum-impossible"
    for each in (first, second):
        assert ledger("witness", "trust", each.key)[0] == 0
    assert ledger("witness", "quorum", "2")[1]["quorum"] == 2
    for number, home in enumerate("pq"):
        with witness(tmp_path / home, key) as (url, _):
            ledger("witness", "push", url)
        assert ledger("verify")[1]["witnessed_to"] == number
    assert len(ledger("checkpoint")[1]["cosignatures"]) == 2


def test_a_checkpoint_travels_as_a_picture_there_and_back(ledger: Run, tmp_path: Path) -> None:
    key = ledger("checkpoint", "--out", tmp_path / "head.png")[1]["log_key"]
    code, told = ledger("cosign", tmp_path / "head.png", "--log-key", key, home="other")
    assert code == 0
    assert ledger("cosign", tmp_path / "head.png", "--witness", told["witness_key"])[0] == 0
    assert ledger("checkpoint")[1]["cosignatures"] == told["cosignatures"]
    assert ledger("verify", "--against", tmp_path / "head.png")[1]["witnessed_to"] == 1
    ledger("publish", "A")
    ledger("checkpoint", "--since", "1", "--out", tmp_path / "request.png")
    assert ledger("cosign", tmp_path / "request.png", home="other")[0] == 0


def test_a_printed_label_is_a_paper_witness(ledger: Run, tmp_path: Path) -> None:
    note = ledger("checkpoint", "--out", tmp_path / "label.png", "--sheet", "a4-3x8")[1]["note"]
    assert read_note(tmp_path / "label.png") == note
    assert ledger("verify", "--against", tmp_path / "label.png")[0] == 0
    other = tmp_path / "another"
    assert ledger("init", "--name", "B", "--role", "cooperative", home="another")[0] == 0
    code, told = ledger("verify", "--against", tmp_path / "label.png", home=str(other))
    assert (code, told["problems"][0]["code"]) == (1, "checkpoint-unopened")


def test_a_picture_of_something_else_is_refused_in_words(ledger: Run, tmp_path: Path) -> None:
    from gui.labels.symbol import symbol

    symbol("https://id.gs1.org/01/09521234543213").picture(6).save(tmp_path / "code.png")
    assert len(decode_file(tmp_path / "code.png")) == 1
    with pytest.raises(EventInvalid, match="no checkpoint"):
        read_note(tmp_path / "code.png")
    code, told = ledger("verify", "--against", tmp_path / "code.png")
    assert (code, told["error"]["code"]) == (2, "picture-no-note")


def test_what_a_witness_holds_is_shown(ledger: Run, tmp_path: Path) -> None:
    key = ledger("checkpoint")[1]["log_key"]
    ledger("witness", "watch", key, home="other")
    code, told = ledger("witness", "show", home="other")
    assert (code, told["evidence"], [each["size"] for each in told["logs"]]) == (0, [], [0])
    assert told["witness_key"] == Witnessing(Home(tmp_path / "other", bytes), main.machine_clock).key


def test_a_party_rotates_its_key_and_the_ledger_still_verifies(ledger: Run) -> None:
    first = ledger("key", "show")[1]["keys"][0]["key"]
    code, told = ledger("key", "rotate")
    assert (code, told["revoked"], told["entries"]) == (0, first, [1, 2])
    assert [(key["key"], key["revoked"]) for key in ledger("key", "show")[1]["keys"]] == [
        (first, 2),
        (told["key"], None),
    ]
    assert ledger("publish", "A")[0] == 0, "the new key signs"
    assert ledger("verify")[1]["holds"]
    code, refused = ledger("key", "revoke", told["key"], "--reason", "lost")
    assert (code, refused["error"]["code"]) == (2, "key-last")


def test_an_entry_shows_between_which_instants_it_was_written(ledger: Run, tmp_path: Path) -> None:
    key = ledger("checkpoint")[1]["log_key"]
    with witness(tmp_path / "other", key) as (url, other):
        ledger("witness", "push", url, "--witness", other.key)
        assert ledger("publish", "A", "--at", "2026-01-01T00:00:00Z")[0] == 0
        ledger("witness", "push", url)
    _, told = ledger("entry", "1")
    assert told["not_before"] <= told["not_after"]
    assert [found["code"] for found in told["findings"]] == ["recorded-before-anchor"]
    (row,) = ledger("proof", "1", "--out", tmp_path / "p.json")[1]["brackets"]
    assert (row["not_before"], row["findings"]) == (told["not_before"], told["findings"])


def test_the_ledger_as_static_files_is_checked_without_it(ledger: Run, tmp_path: Path) -> None:
    folder = tmp_path / "tiles"
    code, told = ledger("export", "--static", folder)
    assert (code, told["entries"]) == (0, 1)
    ledger("publish", "A")
    assert ledger("export", "--static", folder)[1]["entries"] == 2
    assert ledger("verify", "--static", folder)[1]["entries"] == 2
    code, refused = ledger("verify", "--static", folder, home="stranger")
    assert (code, refused["error"]["code"]) == (2, "log-key-needed")
    stranger = ("verify", "--static", folder, "--log-key", told["log_key"])
    assert ledger(*stranger, home="stranger")[0] == 0
    for tile in folder.rglob("*"):
        if tile.is_file() and ".p" in str(tile):
            good = tile.read_bytes()
            for at in range(0, len(good), 97):
                tile.write_bytes(good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :])
                code, told = ledger(*stranger, home="stranger")
                # Tiles of an earlier size are history: only the newest ones are what the checkpoint is of.
                assert code == (1 if tile.name == "2" else 0), tile
            tile.write_bytes(good)


def test_two_installations_grow_apart_and_meet_by_file_and_by_codes(ledger: Run, tmp_path: Path) -> None:
    ledger("bundle", "out", "--out", tmp_path / "a.bundle")
    code, told = ledger("bundle", "in", tmp_path / "a.bundle", home="theirs")
    assert (code, told["added"]) == (0, 1), "no ledger there yet: it begins with ours"
    made = ledger("init", "--name", "B", "--role", "merchant", home="theirs")[1]
    assert made["ledger"] == "requested"
    ledger("enrol", made["request"])
    ledger("publish", "A")
    codes = ledger("bundle", "out", "--qr", tmp_path / "row")[1]["codes"]
    assert len(codes) > 1
    code, refused = ledger("bundle", "in", *codes[1:], home="theirs")
    assert (code, refused["error"]["code"], refused["error"]["found"]) == (2, "bundle-parts-missing", "1")
    code, told = ledger("bundle", "in", *reversed(codes), home="theirs")
    assert (code, told["added"], told["known"], told["conflicts"]) == (0, 2, 1, [])
    assert ledger("verify", home="theirs")[1]["entries"] == 3
    code, told = ledger("bundle", "in", *codes, home="theirs")
    assert (code, told["added"], told["known"]) == (0, 0, 3)


def test_offices_of_one_ledger_share_its_log_key_sealed(
    ledger: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ledger("key", "lend", "--out", tmp_path / "k")[1]["error"]["code"] == "passphrase-empty"
    monkeypatch.setenv("SUXIN_SHARED_PASSPHRASE", "four unrelated words")
    assert ledger("key", "lend", "--out", tmp_path / "k")[0] == 0
    shared = ("--ledger", f"sqlite:///{tmp_path / 'home' / 'ledger.db'}")
    assert ledger("key", "accept", tmp_path / "k", home="office")[0] == 0
    made = ledger("init", "--name", "B", "--role", "inspector", *shared, home="office")[1]
    assert ledger("enrol", made["request"])[0] == 0
    assert ledger("publish", "A", *shared, home="office")[1].get("error") is None
    assert ledger("publish", "A", *shared, "--as", "B", home="office")[0] == 0
    assert ledger("verify")[1]["entries"] == 4
    monkeypatch.setenv("SUXIN_SHARED_PASSPHRASE", "others")
    assert ledger("key", "accept", tmp_path / "k", home="third")[1]["error"]["code"] == "passphrase-wrong"
