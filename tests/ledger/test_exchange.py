"""A proof file holds with no ledger at hand, and no byte of it can be changed unseen."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

import pytest
import sqlalchemy as sa
from ledger_world import COOPERATIVE, World, batch, found_world, log_key, pair_of

from ledger.errors import LedgerError, Problem
from ledger.events.governance import KeyAdded
from ledger.exchange import check_proof, write_proof
from ledger.keys import KeyPair
from ledger.possession import prove
from ledger.tlog.note import parse_note

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@pytest.fixture
def world(ledger_engine: sa.Engine, clock: Callable[[], datetime]) -> World:
    world = found_world(ledger_engine, clock)
    world.say(*[batch(number) for number in range(3)])
    world.say(*[batch(number) for number in range(3, 6)], batch=True)
    return world


def test_a_proof_holds_and_says_what_it_proves(world: World) -> None:
    result = check_proof(write_proof(world.reader, [8, 11]), log_keys=[log_key().verifier])
    assert (result.holds, result.log_known, result.witnessed) == (True, True, False)
    assert [(entry.index, entry.party, entry.event) for entry in result.entries] == [
        (8, COOPERATIVE, batch(1)),
        (11, COOPERATIVE, batch(4)),
    ]
    assert (result.size, result.root) == (13, world.reader.tree().root)


def test_a_proof_by_a_rotated_key_carries_both_enrolments(world: World) -> None:
    new = pair_of("new")
    world.say(KeyAdded(world.clock(), COOPERATIVE, new.public.hex, prove(new, COOPERATIVE)))
    world.desk.append(batch(9), new)
    data = write_proof(world.reader, [14])
    assert check_proof(data).holds
    assert len(json.loads(data)["enrolments"]) == 3


def test_a_witnessed_proof_names_the_witness_the_caller_knows(world: World) -> None:
    witness = KeyPair(bytes(range(32)), "witness").witness_signer("witness.example")
    note = parse_note(world.reader.checkpoint())
    cosigned = note.with_signatures([witness.cosign(note.text, 1_800_000_000)]).format()
    world.desk.add_cosigned(cosigned, [witness.verifier])
    world.say(batch(70))
    assert check_proof(write_proof(world.reader, [8]), witnesses=[witness.verifier]).witnesses == (
        "witness.example",
    )
    assert not check_proof(write_proof(world.reader, [8])).witnessed
    assert not check_proof(write_proof(world.reader, [13]), witnesses=[witness.verifier]).witnessed


def test_every_changed_byte_is_refused(world: World) -> None:
    data = write_proof(world.reader, [8])
    for at in range(len(data)):
        for bit in (0, 6) if at % 5 else range(8):
            changed = data[:at] + bytes([data[at] ^ (1 << bit)]) + data[at + 1 :]
            with suppress(Problem):
                result = check_proof(changed, log_keys=[log_key().verifier])
                assert not (result.holds and result.log_known), f"byte {at} bit {bit}"


def test_a_proof_cut_short_or_padded_is_refused(world: World) -> None:
    data = write_proof(world.reader, [8])
    for changed in (data[:-1], data + b"\n", b"", b"{}", data[: len(data) // 2]):
        with pytest.raises(LedgerError):
            check_proof(changed)


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document["entries"][0].update(index=9),
        lambda document: document["entries"][0]["proof"].pop(),
        lambda document: document["entries"][0].update(proof=[]),
        lambda document: document["entries"].clear(),
        lambda document: document["enrolments"].clear(),
        lambda document: document.update(enrolments=document["enrolments"][1:]),
    ],
)
def test_a_proof_with_a_part_missing_does_not_hold(
    world: World, change: Callable[[dict[str, object]], None]
) -> None:
    document = json.loads(write_proof(world.reader, [8]))
    change(document)
    data = json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False).encode() + b"\n"
    result = check_proof(data, log_keys=[log_key().verifier])
    assert not result.holds
    assert result.problem is not None


def test_a_proof_of_no_such_entry_is_told(world: World) -> None:
    with pytest.raises(LedgerError) as refused:
        write_proof(world.reader, [99])
    assert refused.value.code == "no-such-entry"
