"""A published witness session (litewitness), in order, gets the published answers.

One answer differs on purpose: an unknown origin is 404 in the current C2SP tlog-witness and was 403 in the
recorded program; the data file says so too.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from builders_tlog import MemoryState
from shared import shared

from ledger.home import Home
from ledger.tlog.note import parse_note
from ledger.tlog.note_keys import COSIGNATURE, SignerKey, VerifierKey
from ledger.tlog.witness import SIZE_TYPE, Answer, add_checkpoint, parse_request, with_cosignatures
from ledger.witness_state import WitnessFolder
from models.witnessing import Witnessing

Ask = Callable[[bytes], Answer]
WITNESS = SignerKey("example.com/witness", bytes(range(32)), COSIGNATURE)


Serve = Callable[[dict[str, list[VerifierKey]], Callable[[], int]], AbstractContextManager[Ask]]


@contextmanager
def called(logs: dict[str, list[VerifierKey]], now: Callable[[], int]) -> Iterator[Ask]:
    """The function itself."""
    state = MemoryState()
    yield lambda body: add_checkpoint(body, logs, state, WITNESS, now())


@contextmanager
def over_http(logs: dict[str, list[VerifierKey]], now: Callable[[], int]) -> Iterator[Ask]:
    """The same witness behind a real server on a real port, with its state in a folder."""
    with tempfile.TemporaryDirectory() as folder:
        state = WitnessFolder(Path(folder))
        for origin, keys in logs.items():
            for key in keys:
                state.trust(key, origin)
        witness = Witnessing(Home(Path(folder), os.urandom), lambda: datetime.fromtimestamp(now(), UTC))
        witness._folder, witness._signer = state, WITNESS
        with witness.server("127.0.0.1", 0) as server:
            thread = Thread(target=server.serve_forever, args=(0.01,))
            thread.start()
            host, port = server.server_address[:2]
            try:
                yield lambda body: posted(f"http://{host!s}:{port}/add-checkpoint", body)
            finally:
                server.shutdown()
                thread.join()


def posted(url: str, body: bytes) -> Answer:
    """Post with nothing of ours in between."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, method="POST"), timeout=10) as reply:
            return Answer(reply.status, reply.read().decode(), reply.headers["Content-Type"])
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, error.read().decode(), error.headers["Content-Type"])


@pytest.mark.parametrize("serve", [called, over_http])
def test_the_recorded_session_is_answered_as_recorded(serve: Serve) -> None:
    session = json.loads(shared("ledger/note/add-checkpoint-sequence.json").read_text("utf-8"))
    public = bytes.fromhex(session["log_public_key_hex"])
    origin = parse_note(parse_request(session["requests"][0]["body"].encode()).checkpoint).text.split("\n")[0]
    logs = {origin: [VerifierKey(origin, public)]}
    times = itertools.count(1_700_000_000)
    for number, answer, request in answered(serve, logs, session["requests"], lambda: next(times)):
        body = request["body"].encode()
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


def answered(
    serve: Serve,
    logs: dict[str, list[VerifierKey]],
    requests: list[dict[str, Any]],
    now: Callable[[], int],
) -> list[tuple[int, Answer, dict[str, Any]]]:
    """Put every request in order to one witness."""
    with serve(logs, now) as ask:
        return [(number, ask(each["body"].encode()), each) for number, each in enumerate(requests)]
