"""Published tlog-proof texts (transparency-dev/formats) are written to the byte and refused as they say."""

from __future__ import annotations

import json
from base64 import b64encode
from hashlib import sha256

import pytest
from shared import shared

from ledger.errors import LedgerError
from ledger.tlog.proof_file import ProofText, parse_proof


def test_the_published_proofs_are_written_and_read_to_the_byte() -> None:
    for case in json.loads(shared("ledger/note/tlog-proof-format.json").read_text("utf-8"))["marshal"]:
        hashes = tuple(sha256(each.encode()).digest() for each in case["hashes_sha256_of"])
        extra = None if case["extra"] is None else case["extra"].encode()
        proof = ProofText(case["index"], hashes, case["checkpoint"], extra)
        lines = ["c2sp.org/tlog-proof@v1"]
        lines += [f"extra {b64encode(extra).decode()}"] if extra is not None else []
        lines += [f"index {case['index']}", *(b64encode(each).decode() for each in hashes)]
        assert proof.format() == "\n".join(lines) + "\n\n" + case["checkpoint"]
        assert parse_proof(proof.format()) == proof


def test_the_published_malformed_proofs_are_refused() -> None:
    for name, text in json.loads(shared("ledger/note/tlog-proof-format.json").read_text("utf-8"))[
        "malformed"
    ]:
        with pytest.raises(LedgerError) as refused:
            parse_proof(text)
        assert refused.value.code == "proof-malformed", name
