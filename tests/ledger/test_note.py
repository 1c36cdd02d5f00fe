"""A signed note reads only in the bytes it was written in, and only its signers' keys vouch for it."""

from __future__ import annotations

from base64 import b64encode

import pytest
from builders_tlog import LOG, ORIGIN, WITNESS, SmallLog
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import LedgerBug, LedgerError
from ledger.tlog import ed25519
from ledger.tlog.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint
from ledger.tlog.encoding import parse_decimal
from ledger.tlog.note import Note, Signature, is_key_name, parse_note, sign_note, verify_note
from ledger.tlog.note_keys import (
    COSIGNATURE,
    SignerKey,
    VerifierKey,
    cosigned_message,
    parse_signer_key,
    parse_verifier_key,
)

PLAIN = st.characters(min_codepoint=0x20, exclude_categories=["Cs"])
LINES = st.lists(st.text(PLAIN, max_size=12), min_size=1, max_size=5)
TEXTS = LINES.map(lambda lines: "".join(f"{line}\n" for line in lines))
NAMES = st.text(PLAIN, min_size=1, max_size=12).filter(is_key_name)
SIGNATURES = st.builds(
    Signature, NAMES, st.binary(min_size=4, max_size=4), st.binary(min_size=1, max_size=80)
)
NOTES = st.builds(Note, TEXTS, st.lists(SIGNATURES, min_size=1, max_size=4).map(tuple))
SIGNED = SmallLog(7).signed(7)
COSIGNED = (
    parse_note(SIGNED).with_signatures([WITNESS.cosign(parse_note(SIGNED).text, 1_800_000_000)]).format()
)


@given(NOTES)
def test_a_note_reads_back(note: Note) -> None:
    assert parse_note(note.format()) == note
    assert parse_note(note.format().encode()) == note


@given(NOTES, st.integers(0, 10**6), st.binary(max_size=2))
def test_whatever_reads_is_what_would_be_written(note: Note, place: int, change: bytes) -> None:
    data = note.format().encode()
    place %= len(data)
    changed = data[:place] + change + data[place + 1 :]
    try:
        read = parse_note(changed)
    except LedgerError:
        return
    assert read.format().encode() == changed


@given(st.integers(0, len(COSIGNED.encode()) * 8 - 1))
def test_no_flipped_bit_leaves_a_cosigned_checkpoint_as_good(bit: int) -> None:
    data = bytearray(COSIGNED.encode())
    data[bit // 8] ^= 1 << bit % 8
    try:
        opened = open_checkpoint(bytes(data), LOG.verifier, [WITNESS.verifier])
    except LedgerError:
        return
    # A flipped name or key id makes the witness's line a stranger's: kept, and vouching for nothing.
    assert not opened.witnessed
    assert opened.checkpoint == SmallLog(7).checkpoint(7)


@given(st.integers(0, len(COSIGNED) - 1))
def test_no_truncated_checkpoint_is_as_good(cut: int) -> None:
    try:
        opened = open_checkpoint(COSIGNED[:cut], LOG.verifier, [WITNESS.verifier])
    except LedgerError:
        return
    assert COSIGNED[:cut] == SIGNED
    assert not opened.witnessed


def test_a_text_may_hold_empty_lines_and_the_last_one_separates() -> None:
    note = sign_note("one\n\ntwo\n\n", LOG)
    assert parse_note(note.format()).text == "one\n\ntwo\n\n"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\n\u2014 ", "\n- "),
        ("\n\u2014 ", "\n\u2014"),
        ("\n\u2014 ", "\n\u2014  "),
        ("\n\u2014 ", "\n \u2014 "),
        ("=\n", "=\r\n"),
        ("=\n", "= \n"),
        ("=\n", "=\n\n"),
        ("=\n", "=\t\n"),
        ("=\n", "==\n"),
        ("=\n", "\n"),
        ("=\n", "="),
        (ORIGIN, ORIGIN + "\x00"),
        (ORIGIN, ORIGIN + "\x85"),
        (ORIGIN, ORIGIN + "\u2028"),
    ],
)
def test_a_signature_line_has_one_spelling(old: str, new: str) -> None:
    head, tail = SIGNED.split("\n\n")
    changed = f"\n{tail}".replace(old, new)
    assert changed != f"\n{tail}"
    with pytest.raises(LedgerError) as refused:
        parse_note(f"{head}\n{changed}")
    assert refused.value.code == "note-malformed"


@pytest.mark.parametrize(
    "name", ["", " ", "a b", "a+b", "a\u00a0b", "a\u3000b", "a\u2029b", "a\nb", "\ud800"]
)
def test_a_key_name_without_its_rules_is_refused(name: str) -> None:
    assert not is_key_name(name)
    with pytest.raises(LedgerError):
        VerifierKey(name, LOG.verifier.public)


def test_a_note_of_any_size_is_not_read() -> None:
    with pytest.raises(LedgerError):
        parse_note("x" * 1_000_000 + SIGNED)
    line = SIGNED.split("\n\n")[1]
    assert len(parse_note(SIGNED + line * 15).signatures) == 16
    assert len(parse_note(SIGNED + line * 99).signatures) == 100
    filled = "x" * (1_000_000 - len(SIGNED.encode())) + SIGNED
    assert len(parse_note(filled.encode()).text) > 999_000
    with pytest.raises(LedgerError):
        parse_note(SIGNED + line * 100)


@pytest.mark.parametrize("text", ["", "abc", "a\rb\n", "a\x00\n", "\x1b\n", "\ud800\n"])
def test_what_is_no_note_text_is_not_signed(text: str) -> None:
    with pytest.raises(LedgerError):
        LOG.sign(text)
    with pytest.raises(LedgerError):
        WITNESS.cosign(text, 1)


@pytest.mark.parametrize(("key_id", "blob"), [(b"abc", b"x"), (b"abcde", b"x"), (b"abcd", b""), (b"", b"")])
def test_a_signature_without_its_key_id_or_its_bytes_is_refused(key_id: bytes, blob: bytes) -> None:
    with pytest.raises(LedgerError):
        Signature("a", key_id, blob)
    with pytest.raises(LedgerError):
        parse_note(f"text\n\n\u2014 a {b64encode(key_id[:4]).decode()}\n")


def test_a_second_wrong_line_by_a_known_key_spoils_the_note() -> None:
    note = parse_note(SIGNED)
    wrong = Signature(ORIGIN, LOG.verifier.key_id, bytes(64))
    with pytest.raises(LedgerError) as refused:
        verify_note(Note(note.text, (*note.signatures, wrong)), [LOG.verifier])
    assert refused.value.code == "note-signature-invalid"


@given(NAMES, st.binary(min_size=32, max_size=32), st.sampled_from([1, 4]))
def test_keys_read_back_and_sign_what_they_verify(name: str, seed: bytes, kind: int) -> None:
    key = SignerKey(name, seed, kind)
    assert parse_signer_key(key.text) == key
    assert parse_verifier_key(key.verifier.text) == key.verifier
    assert seed.hex() not in repr(key)
    signature = key.cosign("hello\n", 5) if kind == COSIGNATURE else key.sign("hello\n")
    assert key.verifier.verifies("hello\n", signature.blob)
    assert not key.verifier.verifies("hallo\n", signature.blob)
    assert not VerifierKey(name, key.verifier.public, 5 - kind).verifies("hello\n", signature.blob)


def test_a_log_key_does_not_cosign_and_a_witness_key_does_not_sign() -> None:
    with pytest.raises(LedgerBug):
        LOG.cosign("x\n", 1)
    with pytest.raises(LedgerBug):
        WITNESS.sign("x\n")
    with pytest.raises(LedgerBug):
        WITNESS.cosign("x\n", -1)


def test_a_cosignature_covers_its_time() -> None:
    """C2SP tlog-cosignature: header, time line, then the whole note text."""
    assert cosigned_message("a\n1\nb\n", 1679315147) == b"cosignature/v1\ntime 1679315147\na\n1\nb\n"
    blob = WITNESS.cosign("a\n", 1000).blob
    assert WITNESS.verifier.verifies("a\n", blob)
    assert not WITNESS.verifier.verifies("a\n", (1001).to_bytes(8, "big") + blob[8:])
    late = 1 << 63  # Signed in good order, but no time that the specification allows.
    signed = ed25519.sign(ed25519.expand(WITNESS.seed), cosigned_message("a\n", late))
    assert not WITNESS.verifier.verifies("a\n", late.to_bytes(8, "big") + signed)
    for time in (0, (1 << 63) - 1):
        assert WITNESS.verifier.verifies("a\n", WITNESS.cosign("a\n", time).blob)
    with pytest.raises(LedgerBug):
        WITNESS.cosign("a\n", late)
    assert not WITNESS.verifier.verifies("a\n", blob[:7])
    assert not WITNESS.verifier.verifies("a\n", blob + b"\x00")
    assert not WITNESS.verifier.verifies("a\n", blob[8:])


@given(
    st.text(PLAIN, min_size=1, max_size=20),
    st.integers(0, 2**63 - 1),
    st.binary(min_size=32, max_size=32),
    st.lists(st.text(PLAIN, min_size=1, max_size=9), max_size=3).map(tuple),
)
def test_a_checkpoint_reads_back(origin: str, size: int, root: bytes, more: tuple[str, ...]) -> None:
    checkpoint = Checkpoint(origin, size, root, more)
    assert parse_checkpoint(checkpoint.text) == checkpoint
    assert open_checkpoint(checkpoint.sign(LOG), LOG.verifier, origin=origin).checkpoint == checkpoint


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "a\n1\n",
        "a\n1\nAAAA\n",
        "\n1\n" + "A" * 43 + "=\n",
        "a\n01\n" + "A" * 43 + "=\n",
        "a\n+1\n" + "A" * 43 + "=\n",
        "a\n-1\n" + "A" * 43 + "=\n",
        "a\n１\n" + "A" * 43 + "=\n",
        "a\n\n" + "A" * 43 + "=\n",
        f"a\n{1 << 63}\n" + "A" * 43 + "=\n",
        "a\n1 \n" + "A" * 43 + "=\n",
        "a\n1\n" + "A" * 43 + "\n",
        "a\n1\n" + "A" * 42 + "B=\n",
        "a\n1\n" + "A" * 43 + "=",
        "a\n1\n" + "A" * 43 + "=\n\n",
        "a\n1\n" + "A" * 43 + "=\n\nx\n",
        "a\n1\n" + b64encode(bytes(33)).decode() + "\n",
    ],
)
def test_only_a_canonical_checkpoint_is_read(text: str) -> None:
    with pytest.raises(LedgerError) as refused:
        parse_checkpoint(text)
    assert refused.value.code == "checkpoint-malformed"


@pytest.mark.parametrize(
    "text", ["", "-1", "+1", "01", "1_0", " 1", "1 ", "１", "²", "1.0", str(1 << 63), "9" * 5000]
)
def test_a_decimal_has_one_spelling(text: str) -> None:
    with pytest.raises(ValueError):
        parse_decimal(text)
    assert parse_decimal(str((1 << 63) - 1)) == (1 << 63) - 1
    assert parse_decimal("0") == 0


@pytest.mark.parametrize(
    ("size", "root"), [(-1, bytes(32)), (1 << 63, bytes(32)), (1, bytes(31)), (1, bytes(33))]
)
def test_an_impossible_checkpoint_cannot_be_made(size: int, root: bytes) -> None:
    with pytest.raises(LedgerError):
        Checkpoint("a", size, root)


def test_a_checkpoint_of_another_log_is_refused() -> None:
    other = SignerKey("other.example/log", LOG.seed)
    with pytest.raises(LedgerError) as refused:
        open_checkpoint(SmallLog(7, key=other).signed(7), LOG.verifier)
    assert refused.value.code == "checkpoint-other-log"
    with pytest.raises(LedgerError):
        open_checkpoint(SIGNED, other.verifier, origin=ORIGIN)
