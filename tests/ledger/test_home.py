"""A home folder keeps keys sealed, finds them again, and says whose they are."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from ledger.errors import LedgerError
from ledger.home import Home
from ledger.keys import Hardness, KeyPair

QUICK = Hardness(iterations=1, lanes=1, memory_kib=64)


def _random() -> object:
    counter = itertools.count(1)

    def random(count: int) -> bytes:
        return next(counter).to_bytes(4, "big").rjust(count, b"\x07")[:count]

    return random


def _home(root: Path, passphrase: str | None = None) -> Home:
    return Home(root, _random(), passphrase, QUICK)  # type: ignore[arg-type]


def test_a_key_is_found_again_by_its_party(tmp_path: Path) -> None:
    home = _home(tmp_path)
    pair = KeyPair.generate(home.random)
    home.keep("did:key:a", pair)
    again = _home(tmp_path)
    assert again.me == "did:key:a"
    assert again.author("did:key:a").public == pair.public


def test_no_private_byte_lies_in_the_clear(tmp_path: Path) -> None:
    home = _home(tmp_path)
    pair = KeyPair.generate(home.random)
    home.keep("did:key:a", pair)
    for path in (tmp_path / "keys").iterdir():
        assert pair.seed not in path.read_bytes()
        assert pair.seed.hex().encode() not in path.read_bytes()
        assert path.stat().st_mode & 0o077 == 0
    assert (tmp_path / "device.secret").stat().st_mode & 0o077 == 0


def test_a_passphrase_opens_only_its_own_keys(tmp_path: Path) -> None:
    _home(tmp_path, "four plain words here").keep("did:key:a", KeyPair.generate(_random()))  # type: ignore[arg-type]
    with pytest.raises(LedgerError) as told:
        _home(tmp_path, "four other words here").author("did:key:a")
    assert told.value.code == "passphrase-wrong"


def test_a_party_without_a_key_here_is_named_with_those_that_have_one(tmp_path: Path) -> None:
    home = _home(tmp_path)
    home.keep("did:key:a", KeyPair.generate(home.random))
    with pytest.raises(LedgerError) as told:
        home.author("did:key:b")
    assert told.value.code == "key-not-here"
    assert told.value.found == "did:key:b"
    assert "did:key:a" in told.value.expected


def test_the_log_has_one_key_of_its_own(tmp_path: Path) -> None:
    home = _home(tmp_path)
    first = home.named("log")
    assert first.use == "log"
    assert _home(tmp_path).named("log").public == first.public
    assert home.named("witness").public != first.public


def test_a_damaged_list_of_identities_is_told_and_the_keys_stay(tmp_path: Path) -> None:
    home = _home(tmp_path)
    home.keep("did:key:a", KeyPair.generate(home.random))
    (tmp_path / "identities.json").write_text("{not json")
    with pytest.raises(LedgerError) as told:
        _home(tmp_path).identities()
    assert told.value.code == "identities-unreadable"
    assert len(list((tmp_path / "keys").iterdir())) == 1


def test_a_trusted_witness_is_kept_once(tmp_path: Path) -> None:
    home = _home(tmp_path)
    home.trust("w+1+AA")
    home.trust("w+1+AA")
    assert _home(tmp_path).witnesses() == ("w+1+AA",)
