"""Published signed notes and checkpoints are opened, signed and refused as Go, sigsum and C2SP do."""

from __future__ import annotations

import json
from typing import Any

import pytest
from shared import shared

from ledger.errors import LedgerError
from ledger.tlog.checkpoint import Checkpoint, open_checkpoint, parse_checkpoint
from ledger.tlog.note import Note, parse_note, sign_note, verify_note
from ledger.tlog.note_keys import SignerKey, VerifierKey, parse_signer_key, parse_verifier_key

CODES = {
    "malformed note": "note-malformed",
    "unverified note error": "note-unverified",
    "ambiguous key": "note-key-ambiguous",
    "invalid signature": "note-signature-invalid",
}


def load(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(shared(f"ledger/note/{name}").read_text("utf-8"))
    return found


def test_every_published_note_opens_or_is_refused_for_the_published_reason() -> None:
    for case in load("note-vectors.json")["open"]:
        message = bytes.fromhex(case["msg_hex"]) if case.get("msg_hex") else case["msg"].encode()
        keys = [parse_verifier_key(text) for text in case["vkeys"]]
        if case["want"] == "ok":
            opened = verify_note(parse_note(message), keys)
            assert [each.name for each in opened.verified] == case["verified"], case["desc"]
            assert [each.name for each in opened.unverified] == case["unverified"], case["desc"]
            assert opened.note.format().encode() == message
        else:
            with pytest.raises(LedgerError) as refused:
                verify_note(parse_note(message), keys)
            assert refused.value.code == CODES[case["want"]], case["desc"]


def test_signing_gives_the_published_bytes() -> None:
    for case in load("note-vectors.json")["sign"]:
        key = parse_signer_key(case["skey"])
        assert key.verifier.text == case["vkey"]
        assert sign_note(case["text"], key).format() == case["want"]


def test_every_published_bad_key_is_refused() -> None:
    vectors = load("note-vectors.json")
    for text in vectors["bad_vkeys"]:
        with pytest.raises(LedgerError):
            parse_verifier_key(text)


def manglings(good: str) -> list[str]:
    """Return every proper substring of a key and every single-byte increment of it."""
    ends = range(len(good) + 1)
    parts = [good[i:j] for i in ends for j in ends if i < j and (i, j) != (0, len(good))]
    return parts + [good[:i] + chr(ord(good[i]) + 1) + good[i + 1 :] for i in range(len(good))]


def test_every_mangling_of_a_good_key_is_refused() -> None:
    for case in load("note-vectors.json")["sign"]:
        for text in manglings(case["vkey"]):
            with pytest.raises(LedgerError):
                parse_verifier_key(text)
        for text in manglings(case["skey"]):
            with pytest.raises(LedgerError) as refused:
                parse_signer_key(text)
            assert case["skey"][-40:] not in str(refused.value)


def test_the_published_checkpoint_body_reads_and_writes() -> None:
    vectors = load("checkpoint-vectors.json")
    text = vectors["body"]["text"]
    checkpoint = parse_checkpoint(text, origin="go.sum database tree")
    assert checkpoint.size == vectors["body"]["size"]
    assert checkpoint.text == text
    for bad in vectors["bad_body"]:
        with pytest.raises(LedgerError):
            parse_checkpoint(bad, origin="go.sum database tree")


def test_a_real_checkpoint_opens_with_its_log_key() -> None:
    for case in load("checkpoint-vectors.json")["real_signed"]:
        note = parse_note(case["note"])
        origin = note.text.split("\n")[0]
        opened = open_checkpoint(case["note"], parse_verifier_key(case["vkey"]), origin=origin)
        assert opened.note.format() == case["note"]
        assert not opened.witnessed


def test_a_sigsum_checkpoint_is_signed_to_the_byte() -> None:
    case = load("checkpoint-vectors.json")["sigsum_signed"]
    key = SignerKey(case["origin"], bytes.fromhex(case["ed25519_seed_hex"]))
    checkpoint = Checkpoint(case["origin"], case["size"], bytes.fromhex(case["root_hex"]))
    assert checkpoint.sign(key) == case["note"]
    assert open_checkpoint(case["note"], key.verifier).checkpoint == checkpoint


def test_repeated_lines_count_once_as_in_go() -> None:
    """Go's note package (TestOpen, duplicated signatures) drops repeats of verified and unverified lines."""
    case = next(each for each in load("note-vectors.json")["open"] if each.get("unverified"))
    note = parse_note(case["msg"])
    peter, enoch = note.signatures
    again = Note(note.text, (peter, peter, enoch, enoch))
    opened = verify_note(parse_note(again.format()), [parse_verifier_key(each) for each in case["vkeys"]])
    assert (opened.verified, opened.unverified) == ((peter,), (enoch,))


def test_a_name_alone_or_an_id_alone_is_nobody() -> None:
    case = next(each for each in load("note-vectors.json")["open"] if each.get("unverified"))
    key = parse_verifier_key(case["vkeys"][0])
    for other in (VerifierKey("SomeoneElse", key.public), VerifierKey(key.name, key.public, kind=4)):
        with pytest.raises(LedgerError) as refused:
            verify_note(parse_note(case["msg"]), [other])
        assert refused.value.code == "note-unverified"
