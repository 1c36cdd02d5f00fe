"""Words are kept apart from the log, and what is erased is in no byte of any file any more."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pytest
import sqlalchemy as sa
from ledger_world import CONSUMER, MERCHANT, WHEN, World, found_world

from ledger import schema, store
from ledger.audit import audit
from ledger.errors import LedgerError
from ledger.events.evidence import Review
from ledger.events.governance import Erased
from ledger.vault import LARGEST_MATERIAL, Vault

WORDS = "米很香，但是袋子破了。" * 40


@pytest.fixture
def world(ledger_engine: sa.Engine, clock: Callable[[], datetime]) -> World:
    return found_world(ledger_engine, clock)


@pytest.fixture
def vault(world: World) -> Vault:
    return Vault(world.engine, random.Random(7).randbytes)


def review(world: World, vault: Vault, person: str = "p1", words: str = WORDS) -> str:
    commitment = vault.keep(person, words)
    world.say(Review(WHEN, MERCHANT, 2, words=commitment, channel="app"), by=CONSUMER)
    return commitment.vault_id


def test_words_come_back_and_the_log_holds_only_a_commitment(world: World, vault: Vault) -> None:
    vault_id = review(world, vault)
    assert vault.read(vault_id) == WORDS
    leaf = world.reader.entry(7).leaf
    assert WORDS.encode() not in leaf
    assert "米".encode() not in leaf


def test_the_same_words_twice_leave_different_commitments(vault: Vault) -> None:
    assert vault.keep("a", WORDS).digest != vault.keep("b", WORDS).digest


def test_an_audit_compares_kept_words_with_their_commitment(world: World, vault: Vault) -> None:
    vault_id = review(world, vault)
    report = audit(world.engine, open_words=vault.digest_of)
    assert (report.holds, report.steps[5].checked) == (True, 1)
    with store.writing(world.engine) as connection:
        sealed = connection.execute(sa.select(schema.vault_item.c.sealed)).scalar_one()
        changed = bytes([sealed[0] ^ 1]) + sealed[1:]
        connection.execute(sa.update(schema.vault_item).values(sealed=changed))
    with pytest.raises(LedgerError) as refused:
        vault.read(vault_id)
    assert refused.value.code == "words-unreadable"
    problems = audit(world.engine, open_words=vault.digest_of).problems
    assert [(each.step, each.index) for each in problems] == [(5, 7)]


def test_words_swapped_between_two_reviews_are_found(world: World, vault: Vault) -> None:
    first, second = vault.keep("p1", "一"), vault.keep("p1", "二")
    swapped = type(first)(second.digest, first.vault_id)
    world.say(Review(WHEN, MERCHANT, 2, words=swapped, channel="app"), by=CONSUMER)
    problems = audit(world.engine, open_words=vault.digest_of).problems
    assert [(each.index, each.code) for each in problems] == [(7, "words-altered")]


def test_erasing_one_leaves_the_persons_other_words(world: World, vault: Vault) -> None:
    first, second = vault.keep("p1", "一" * 9), vault.keep("p1", "二" * 9)
    assert vault.erase(first.vault_id)
    assert vault.read(first.vault_id) is None
    assert vault.read(second.vault_id) == "二" * 9
    assert not vault.erase(first.vault_id)


def test_after_an_erasure_the_ledger_still_verifies(world: World, vault: Vault) -> None:
    review(world, vault)
    (vault_id,) = vault.erase_person("p1")
    world.say(Erased(WHEN, vault_id), by=CONSUMER)
    report = audit(world.engine, open_words=vault.digest_of)
    assert report.holds
    assert report.erased == (vault_id,)


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_no_byte_of_what_was_erased_is_left_in_any_file(world: World, vault: Vault, tmp_path: Path) -> None:
    for number in range(30):
        review(world, vault, person=f"other {number}", words=f"留下 {number}" * 50)
    kept = Vault(world.engine, lambda size: b"\xa5\x5a\xc3\x3c" * (size // 4))  # bytes a scan can find
    review(world, kept, person="p1")
    with store.reading(world.engine) as connection:
        row = connection.execute(sa.select(schema.vault_item).where(schema.vault_item.c.person == "p1")).one()
        key = connection.execute(
            sa.select(schema.vault_key.c.key).where(schema.vault_key.c.person == "p1")
        ).scalar_one()
    secrets = {"key": key[:16], "sealed words": bytes(row.sealed)[20:36], "words": WORDS.encode()[:24]}
    assert _found(tmp_path, secrets) == {"key", "sealed words"}, "the scan finds what is there"
    kept.erase_person("p1")
    assert _found(tmp_path, secrets) == set()
    assert audit(world.engine, open_words=vault.digest_of).holds


def _found(folder: Path, secrets: dict[str, bytes]) -> set[str]:
    contents = [path.read_bytes() for path in folder.iterdir() if path.is_file()]
    return {name for name, secret in secrets.items() if any(secret in content for content in contents)}


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_an_erasure_that_another_reader_holds_up_says_so(world: World, vault: Vault) -> None:
    review(world, vault)
    engine = store.create_ledger_engine(world.engine.url)
    with store.reading(engine) as reader:
        reader.execute(sa.select(schema.vault_item)).all()
        raw = world.engine.raw_connection()
        raw.cursor().execute("PRAGMA busy_timeout=50")
        raw.close()
        with pytest.raises(LedgerError) as refused:
            vault.erase_person("p1")
    engine.dispose()
    assert refused.value.code == "erasure-unfinished"
    vault.finish_erasure()


def test_a_copied_database_alone_opens_no_words(world: World) -> None:
    vault = Vault(world.engine, random.Random(1).randbytes, wrap=b"w" * 32)
    vault_id = vault.keep("p1", WORDS).vault_id
    assert vault.read(vault_id) == WORDS
    with pytest.raises(LedgerError):
        Vault(world.engine, random.Random(1).randbytes).read(vault_id)
    with pytest.raises(LedgerError):
        Vault(world.engine, random.Random(1).randbytes, wrap=b"x" * 32).read(vault_id)


def test_nothing_and_too_much_are_refused(vault: Vault) -> None:
    for text in ("", "长" * 10_000):
        with pytest.raises(LedgerError) as refused:
            vault.keep("p1", text)
        assert refused.value.code == "words-unfit"


def test_evidence_is_kept_once_under_its_digest_and_its_erasure_leaves_no_byte(
    world: World, vault: Vault, tmp_path: Path
) -> None:
    clip = b"\x89PNG" + bytes(range(256)) * 300
    digest = vault.keep_material(clip)
    assert digest == sha256(clip).hexdigest() == vault.keep_material(clip)
    assert vault.material(digest) == clip
    with store.reading(world.engine) as connection:
        assert vault.digest_of(connection, digest) == bytes.fromhex(digest)
        sealed = connection.execute(sa.select(schema.vault_item.c.sealed)).scalars().all()
    assert len(sealed) == 1
    assert clip[:64] not in bytes(sealed[0])
    assert vault.erase(digest)
    assert vault.material(digest) is None


def test_evidence_too_large_or_empty_is_refused(vault: Vault) -> None:
    for data in (b"", bytes(LARGEST_MATERIAL + 1)):
        with pytest.raises(LedgerError) as refused:
            vault.keep_material(data)
        assert refused.value.code == "material-unfit"
