"""What is handed in is in the log, proven and attributed, or it was refused and nothing changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
import sqlalchemy as sa
from ledger_world import (
    ADMINISTRATOR,
    CARRIER,
    COOPERATIVE,
    INSPECTOR,
    MERCHANT,
    ORIGIN,
    World,
    batch,
    enrolled,
    found_world,
    inspection,
    log_key,
    pair_of,
)

from ledger.desk import Desk, found_ledger
from ledger.envelope import Author, seal, write_body
from ledger.errors import LedgerError
from ledger.events import codec
from ledger.events.governance import KeyAdded, KeyRevoked
from ledger.events.values import KeyId
from ledger.possession import prove
from ledger.tlog.checkpoint import open_checkpoint
from ledger.tlog.proof import consistency_holds, inclusion_holds
from ledger.tlog.tree import Tree


@pytest.fixture
def world(ledger_engine: sa.Engine, clock: Callable[[], datetime]) -> World:
    return found_world(ledger_engine, clock)


def test_what_was_recorded_is_read_back(world: World) -> None:
    (receipt,) = world.say(batch(1))
    entry = world.reader.entry(receipt.index)
    assert entry.event == batch(1)
    assert (entry.party, entry.seq, entry.type) == (COOPERATIVE, 0, "ObjectEvent")
    assert entry.entry_hash == receipt.entry_hash
    assert world.reader.find(receipt.entry_hash) == entry
    assert world.reader.find(bytes(32)) is None


def test_a_receipt_is_covered_by_a_signed_checkpoint(world: World) -> None:
    receipts = world.say(*[batch(number) for number in range(5)])
    opened = open_checkpoint(receipts[0].checkpoint, log_key().verifier)
    assert opened.checkpoint.root == receipts[0].root == world.reader.tree().root
    for receipt in receipts:
        entry = world.reader.entry(receipt.index)
        path = world.reader.inclusion_proof(receipt.index)
        assert inclusion_holds(receipt.index, receipt.size, entry.leaf_hash, path, receipt.root)


@pytest.mark.parametrize("sizes", [(1, 1, 1), (300,), (249, 1, 1, 260, 513)])
@pytest.mark.parametrize("signed_as_batch", [False, True])
def test_however_the_log_grew_proofs_hold(
    world: World, sizes: tuple[int, ...], signed_as_batch: bool
) -> None:
    number = 0
    for size in sizes:
        world.say(*[batch(number + step) for step in range(size)], batch=signed_as_batch)
        number += size
    leaves = [entry.leaf for entry in world.reader.entries(chunk=100)]
    tree = world.reader.tree()
    assert tree == Tree().append_all(leaves)
    assert tree.size == 7 + number
    for index in {0, 6, 7, tree.size // 2, tree.size - 1, min(255, tree.size - 1)}:
        hash_there = world.reader.entry(index).leaf_hash
        path = world.reader.inclusion_proof(index)
        assert inclusion_holds(index, tree.size, hash_there, path, tree.root)
    for old in {1, 7, tree.size - 1, min(256, tree.size)}:
        old_root = world.reader.tree_at(old).root
        assert old_root == Tree().append_all(leaves[:old]).root
        path = world.reader.consistency_proof(old)
        assert consistency_holds(old, tree.size, old_root, tree.root, path)


def test_an_author_chain_names_the_entry_before(world: World) -> None:
    first, second = world.say(batch(1), batch(2))
    (third,) = world.say(batch(3))
    assert [world.reader.entry(each.index).seq for each in (first, second, third)] == [0, 1, 2]
    body = world.reader.entry(third.index).leaf[65:]
    assert second.entry_hash.hex().encode() in body


def test_said_once_stays_said_once(world: World) -> None:
    (first,) = world.say(batch(1))
    again = world.say(batch(1), batch(2), batch(2), once=True)
    assert [(each.index, each.duplicate) for each in again] == [(7, True), (8, False), (8, True)]
    assert again[0].entry_hash == first.entry_hash
    assert world.reader.size() == 9
    # Another party may say the same: two witnesses are not one.
    assert not world.say(batch(1), by=CARRIER, once=True)[0].duplicate


def test_nothing_to_say_writes_nothing(world: World) -> None:
    assert world.say() == ()
    assert world.reader.size() == 7


def test_a_party_without_the_role_is_refused_and_the_rule_is_named(world: World) -> None:
    with pytest.raises(LedgerError) as refused:
        world.say(batch(1), inspection(), by=COOPERATIVE)
    assert refused.value.code == "not-authorised"
    assert "inspectors-inspect" in refused.value.remedy
    assert world.reader.size() == 7
    assert world.say(inspection(), by=INSPECTOR)[0].index == 7


def test_a_stranger_is_refused(world: World) -> None:
    with pytest.raises(LedgerError) as refused:
        world.desk.append(batch(1), pair_of("stranger"))
    assert refused.value.code == "key-unknown"


def test_a_key_rotates_and_the_old_one_falls_silent(world: World) -> None:
    new, old = pair_of("new key"), pair_of(COOPERATIVE)
    world.say(KeyAdded(world.clock(), COOPERATIVE, new.public.hex, prove(new, COOPERATIVE)))
    assert world.desk.append(batch(1), new)[0].index == 8
    world.desk.append(KeyRevoked(world.clock(), COOPERATIVE, KeyId(old.key_id), "rotated"), new)
    with pytest.raises(LedgerError) as refused:
        world.say(batch(2))
    assert refused.value.code == "key-revoked"
    assert world.desk.append(batch(2), new)[0].index == 10


def test_a_second_desk_sees_what_the_first_one_enrolled(world: World) -> None:
    other = Desk(world.engine, log_key=log_key(), clock=world.clock)
    other.append(batch(1), pair_of(COOPERATIVE))
    late = pair_of("late")
    world.say(KeyAdded(world.clock(), COOPERATIVE, late.public.hex, prove(late, COOPERATIVE)))
    assert other.append(batch(2), late)[0].index == 9


def test_a_ledger_is_founded_once(world: World) -> None:
    with pytest.raises(LedgerError) as refused:
        found_world(world.engine, world.clock)
    assert refused.value.code == "ledger-exists"
    assert world.reader.size() == 7


def test_the_first_entry_enrols_its_own_author(
    ledger_engine: sa.Engine, clock: Callable[[], datetime]
) -> None:
    with pytest.raises(LedgerError) as refused:
        found_ledger(
            ledger_engine,
            log_key=log_key(),
            administrator=pair_of(ADMINISTRATOR),
            enrolment=enrolled(MERCHANT, "merchant", key=pair_of(ADMINISTRATOR)),
            clock=clock,
        )
    assert refused.value.code == "not-authorised"


def test_another_log_key_may_not_sign(world: World) -> None:
    desk = Desk(world.engine, log_key=replace(log_key(), seed=bytes(32)), clock=world.clock)
    with pytest.raises(LedgerError) as refused:
        desk.append(batch(1), pair_of(COOPERATIVE))
    assert refused.value.code == "log-key-wrong"


def test_a_desk_that_was_given_keys_takes_the_party(world: World) -> None:
    desk = Desk(world.engine, log_key=log_key(), clock=world.clock, keys={COOPERATIVE: pair_of(COOPERATIVE)})
    assert desk.append(batch(1), COOPERATIVE)[0].index == 7
    with pytest.raises(LedgerError) as refused:
        desk.append(batch(1), MERCHANT)
    assert refused.value.code == "key-locked"


def offline(world: World, numbers: range, *, prev: bytes | None = None, seq: int = 0) -> list[bytes]:
    """Leaves the cooperative signed in a field."""
    from ledger.envelope import entry_hash

    pair, leaves = pair_of(COOPERATIVE), []
    for number in numbers:
        author = Author(COOPERATIVE, KeyId(pair.key_id), seq, prev)
        body = write_body("ObjectEvent", codec.encode(batch(number)), author, world.clock())
        leaves.append(seal(body, pair))
        prev, seq = entry_hash(body), seq + 1
    return leaves


def test_entries_signed_offline_are_admitted_once(world: World) -> None:
    leaves = offline(world, range(3))
    assert [each.status for each in world.desk.admit(leaves)] == ["added"] * 3
    assert [each.status for each in world.desk.admit(leaves)] == ["known"] * 3
    assert [entry.leaf for entry in world.reader.entries(7)] == leaves


def test_two_bodies_under_one_number_are_both_kept(world: World) -> None:
    (first,) = world.say(batch(1))
    rival = offline(world, range(2, 3))
    (admission,) = world.desk.admit(rival)
    assert (admission.status, admission.index) == ("conflict", first.index)
    assert [each.leaf for each in world.reader.conflicts()] == rival
    world.desk.admit(rival)
    assert len(world.reader.conflicts()) == 1


def test_a_gap_a_forgery_and_a_stranger_are_refused_one_by_one(world: World) -> None:
    leaves = offline(world, range(3))
    forged = leaves[0][:10] + bytes([leaves[0][10] ^ 1]) + leaves[0][11:]
    admissions = world.desk.admit([leaves[1], forged, leaves[0]])
    assert [each.status for each in admissions] == ["refused", "refused", "added"]
    codes = [each.problem.code for each in admissions if each.problem]
    assert codes == ["author-gap", "signature-wrong"]


def test_the_origin_is_the_log_keys_name(world: World) -> None:
    assert world.reader.checkpoint().startswith(f"{ORIGIN}\n7\n")
