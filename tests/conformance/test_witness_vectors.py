"""A published witness session (litewitness), in order, gets the published answers.

One answer differs on purpose: an unknown origin is 404 in the current C2SP tlog-witness and was 403 in the
recorded program; the data file says so too.
"""

from __future__ import annotations

import json
import re

from builders_tlog import MemoryState
from shared import shared

from ledger.tlog.note import parse_note
from ledger.tlog.note_keys import COSIGNATURE, SignerKey, VerifierKey
from ledger.tlog.witness import SIZE_TYPE, add_checkpoint, parse_request, with_cosignatures

WITNESS = SignerKey("example.com/witness", bytes(range(32)), COSIGNATURE)


def test_the_recorded_session_is_answered_as_recorded() -> None:
    session = json.loads(shared("ledger/note/add-checkpoint-sequence.json").read_text("utf-8"))
    public = bytes.fromhex(session["log_public_key_hex"])
    origin = parse_note(parse_request(session["requests"][0]["body"].encode()).checkpoint).text.split("\n")[0]
    logs = {origin: [VerifierKey(origin, public)]}
    state = MemoryState()
    for number, request in enumerate(session["requests"]):
        body = request["body"].encode()
        answer = add_checkpoint(body, logs, state, WITNESS, 1_700_000_000 + number)
        unknown = "unknown log" in request["assert"]
        assert answer.status == (404 if unknown else request["status"]), (number, answer)
        if exact := re.fullmatch(r'body == "(.*)"', request["assert"]):
            assert answer.body == exact[1].replace("\\n", "\n")
            assert answer.content_type == SIZE_TYPE
        elif part := re.fullmatch(r'body contains "(.*)"', request["assert"]):
            assert part[1] in answer.body
        if answer.status == 200:
            parsed = parse_request(body)
            assert parsed.format() == body
            cosigned = with_cosignatures(parsed.checkpoint, answer.body, [WITNESS.verifier])
            assert parse_note(cosigned).signatures[-1].time == 1_700_000_000 + number
