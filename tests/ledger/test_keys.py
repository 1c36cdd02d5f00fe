"""A key has one use, one strict rule accepts its signatures, and its file opens to its passphrase only."""

from __future__ import annotations

import json
import os
import stat
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import LedgerBug, LedgerError
from ledger.keys import Hardness, KeyPair, PublicKey, read_key_file, seal, unseal, write_key_file

CHEAP = Hardness(iterations=1, lanes=1, memory_kib=8)


def numbered(count: int) -> bytes:
    """Stand in for randomness: the same bytes in every run."""
    return bytes(range(1, count + 1))


PAIR = KeyPair.generate(numbered)
FILE = seal(PAIR, "稻花香里说丰年", numbered, CHEAP)


def test_an_author_signs_and_only_that_message_in_that_domain_verifies() -> None:
    signature = PAIR.sign(b"entry", b"hello")
    assert PAIR.public.verify(b"entry", b"hello", signature)
    assert not PAIR.public.verify(b"entry", b"hello!", signature)
    assert not PAIR.public.verify(b"batch", b"hello", signature)
    assert not KeyPair(bytes(32)).public.verify(b"entry", b"hello", signature)


def test_moving_bytes_between_domain_and_message_changes_the_meaning() -> None:
    signature = PAIR.sign(b"entry", b"xyz")
    assert not PAIR.public.verify(b"entryx", b"yz", signature)
    with pytest.raises(LedgerBug):
        PAIR.sign(b"en\x00try", b"xyz")
    with pytest.raises(LedgerBug):
        PAIR.sign(b"", b"xyz")


def test_a_key_does_only_the_work_it_was_made_for() -> None:
    log, witness = KeyPair.generate(numbered, "log"), KeyPair.generate(numbered, "witness")
    assert log.log_signer("example.org/log").verifier.kind == 1
    assert witness.witness_signer("example.org/w").verifier.kind == 4
    for act in (
        lambda: PAIR.log_signer("a"),
        lambda: PAIR.witness_signer("a"),
        lambda: log.sign(b"entry", b""),
        lambda: log.witness_signer("a"),
        lambda: witness.log_signer("a"),
    ):
        with pytest.raises(LedgerBug):
            act()


def test_a_public_key_survives_each_of_its_texts() -> None:
    assert PublicKey.from_hex(PAIR.public.hex) == PAIR.public
    assert PublicKey.from_did(PAIR.public.did) == PAIR.public
    assert PAIR.public.did.startswith("did:key:z6Mk")
    assert len(PAIR.public.key_id) == 16


@given(
    st.integers(0, 47), st.sampled_from("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0OIl +")
)
def test_a_did_with_one_other_character_is_another_key_or_refused(place: int, other: str) -> None:
    text = PAIR.public.did
    place += len("did:key:")
    changed = text[:place] + other + text[place + 1 :]
    try:
        key = PublicKey.from_did(changed)
    except LedgerError:
        return
    assert key.did == changed
    assert (key == PAIR.public) == (changed == text)


def test_the_private_half_is_never_shown() -> None:
    assert PAIR.seed.hex() not in repr(PAIR)
    assert repr(PAIR.seed) not in repr(PAIR)
    assert PAIR.seed.hex().encode() not in FILE


def test_a_key_file_opens_to_its_passphrase() -> None:
    assert unseal(FILE, "稻花香里说丰年") == PAIR
    assert json.loads(FILE)["kdf"]["memory_kib"] == CHEAP.memory_kib
    with pytest.raises(LedgerError) as refused:
        unseal(FILE, "稻花香里说丰收")
    assert refused.value.code == "passphrase-wrong"
    assert refused.value.remedy


def test_a_passphrase_is_the_same_however_the_keyboard_composes_it() -> None:
    sealed = seal(PAIR, "caf\u00e9", numbered, CHEAP)
    assert unseal(sealed, "cafe\u0301") == PAIR


def test_an_empty_passphrase_is_refused() -> None:
    with pytest.raises(LedgerError) as refused:
        seal(PAIR, "", numbered, CHEAP)
    assert refused.value.code == "passphrase-empty"


@settings(deadline=None)
@given(st.integers(0, len(FILE) - 1), st.integers(1, 255))
def test_any_changed_byte_of_a_key_file_is_noticed(place: int, change: int) -> None:
    changed = FILE[:place] + bytes([FILE[place] ^ change]) + FILE[place + 1 :]
    with pytest.raises(LedgerError) as refused:
        unseal(changed, "稻花香里说丰年")
    assert refused.value.code in ("key-file-damaged", "key-malformed", "key-unusable")


@pytest.mark.parametrize("name", ["use", "public_key"])
def test_a_file_altered_with_a_fresh_checksum_does_not_open(name: str) -> None:
    document = json.loads(FILE)
    document.pop("checksum")
    document[name] = {"use": "log", "public_key": KeyPair(bytes(32)).public.hex}[name]
    text = json.dumps(document, indent=1, sort_keys=True).encode() + b"\n"
    document["checksum"] = sha256(text).hexdigest()
    with pytest.raises(LedgerError) as refused:
        unseal(json.dumps(document, indent=1, sort_keys=True).encode() + b"\n", "稻花香里说丰年")
    assert refused.value.code == "passphrase-wrong"


@given(st.binary(max_size=200) | st.sampled_from([b"{}", b"[]", b'{"kdf":1}', b"[" * 5000]))
def test_whatever_is_not_a_key_file_is_refused(data: bytes) -> None:
    with pytest.raises(LedgerError):
        unseal(data, "x")


def test_a_hostile_file_cannot_ask_for_all_memory() -> None:
    with pytest.raises(LedgerError):
        Hardness(memory_kib=2**30)
    for most in (
        {"iterations": 65},
        {"lanes": 65},
        {"memory_kib": 2**20 + 1},
        {"lanes": 8, "memory_kib": 63},
    ):
        with pytest.raises(LedgerError):
            Hardness(**most)
    Hardness(iterations=64, lanes=64, memory_kib=2**20)


def test_a_key_file_is_private_and_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "author.key"
    write_key_file(path, FILE)
    if os.name != "nt":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_key_file(path, "稻花香里说丰年") == PAIR
    assert [each.name for each in tmp_path.iterdir()] == ["author.key"]
    with pytest.raises(LedgerError) as refused:
        write_key_file(path, FILE)
    assert refused.value.code == "key-file-exists"
    with pytest.raises(LedgerError) as missing:
        read_key_file(tmp_path / "none.key", "x")
    assert missing.value.code == "key-file-unreadable"


def test_the_default_hardness_is_the_one_we_promise() -> None:
    assert Hardness() == Hardness(iterations=3, lanes=4, memory_kib=65536)
    assert unseal(seal(PAIR, "one real derivation", numbered), "one real derivation") == PAIR
