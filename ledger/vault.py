"""Keep people's words out of the log: only a salted commitment is hashed, the words can be destroyed.

The rule kept here: what is erased is gone from the database file and its write-ahead log, not only from a
table (SQLite needs secure_delete and a truncating checkpoint for that). Words are encrypted under a key per
person, so that destroying one key ends every copy of that person's words in later backups too; a commitment
is SHA-256(salt || text) with a 256-bit salt, so that the digest left in the log says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ledger import schema, store
from ledger.errors import LedgerError
from ledger.events.evidence import Commitment

Random = Callable[[int], bytes]
SALT_SIZE = 32
_KEY_SIZE = 32
_NONCE_SIZE = 12
LONGEST_TEXT = 20_000
LARGEST_MATERIAL = 4_000_000


class Vault:
    """The words beside one ledger.

    Args:
        engine: the ledger's engine; the caller disposes it.
        random: gives unpredictable bytes.
        wrap: 32 secret bytes of this installation; with them a copied database alone opens no words.
    """

    def __init__(self, engine: sa.Engine, random: Random, wrap: bytes | None = None) -> None:
        self._engine = engine
        self._random = random
        self._wrap = wrap

    def keep(self, person: str, text: str) -> Commitment:
        """Encrypt and keep words, and return the commitment that the log may hold.

        Args:
            person: a pseudonym; everything kept under it can be erased together.
            text: what they said.
        """
        return self.keep_all([(person, text)])[0]

    def keep_all(self, said: Sequence[tuple[str, str]]) -> tuple[Commitment, ...]:
        """Keep many (person, text), all or none: one wait for the disk instead of one for each.

        Raises:
            LedgerError: code `words-unfit`.
        """
        for _, text in said:
            _check_fit(text)
        with store.writing(self._engine) as connection:
            return tuple(self._keep(connection, person, text.encode()) for person, text in said)

    def _keep(self, connection: sa.Connection, person: str, words: bytes) -> Commitment:
        vault_id, salt = self._random(16).hex(), self._random(SALT_SIZE)
        key = self._key(connection, person) or self._new_key(connection, person)
        nonce = self._random(_NONCE_SIZE)
        sealed = nonce + AESGCM(key).encrypt(nonce, salt + words, vault_id.encode())
        values = {"vault_id": vault_id, "person": person, "sealed": sealed}
        connection.execute(sa.insert(schema.vault_item), values)
        return Commitment(sha256(salt + words).hexdigest(), vault_id)

    def keep_material(self, data: bytes) -> str:
        """Encrypt and keep evidence that an entry cites by its SHA-256, and return that digest.

        Each piece has a key of its own, so that it can be erased alone; keeping it twice keeps it once.

        Raises:
            LedgerError: code `material-unfit`.
        """
        if not 0 < len(data) <= LARGEST_MATERIAL:
            raise LedgerError(
                "this evidence cannot be kept",
                code="material-unfit",
                found=f"{len(data)} bytes",
                expected=f"1 to {LARGEST_MATERIAL} bytes",
                remedy="cut out a smaller picture, or quote less",
            )
        digest = sha256(data).hexdigest()
        if self.material(digest) is not None:
            return digest
        with store.writing(self._engine) as connection:
            key = self._key(connection, digest) or self._new_key(connection, digest)
            nonce = self._random(_NONCE_SIZE)
            sealed = nonce + AESGCM(key).encrypt(nonce, data, digest.encode())
            values = {"vault_id": digest, "person": digest, "sealed": sealed}
            connection.execute(sa.insert(schema.vault_item), values)
        return digest

    def material(self, digest: str) -> bytes | None:
        """Return kept evidence, or None when it was removed on request or is kept elsewhere.

        Raises:
            LedgerError: code `words-unreadable`: it was altered.
        """
        with store.reading(self._engine) as connection:
            return self._open(connection, digest)

    def read(self, vault_id: str) -> str | None:
        """Return the words, or None when they were removed on request or are kept elsewhere."""
        with store.reading(self._engine) as connection:
            opened = self._open(connection, vault_id)
        return None if opened is None else opened[SALT_SIZE:].decode()

    def read_all(self, vault_ids: Sequence[str]) -> dict[str, str]:
        """Return the words that are kept here, by their ids; what was removed or is elsewhere is left out.

        Args:
            vault_ids: no more than one question may name.
        """
        item, key = schema.vault_item.c, schema.vault_key.c
        query = sa.select(item.vault_id, item.person, item.sealed, key.key)
        query = query.outerjoin_from(schema.vault_item, schema.vault_key, item.person == key.person)
        with store.reading(self._engine) as connection:
            rows = connection.execute(query.where(item.vault_id.in_(vault_ids))).all()
        return {row.vault_id: self._unsealed(*row)[SALT_SIZE:].decode() for row in rows}

    def digest_of(self, connection: sa.Connection, vault_id: str) -> bytes | None:
        """Return the digest to which kept words really lead, for an audit; None when not kept here."""
        opened = self._open(connection, vault_id)
        return None if opened is None else sha256(opened).digest()

    def kept_for(self, person: str) -> tuple[str, ...]:
        """Return the vault ids of a person's words."""
        table = schema.vault_item
        query = sa.select(table.c.vault_id).where(table.c.person == person).order_by(table.c.vault_id)
        with store.reading(self._engine) as connection:
            return tuple(connection.execute(query).scalars())

    def erase(self, vault_id: str) -> bool:
        """Destroy these words, and the person's key with the last of them; say whether they were here.

        Raises:
            LedgerError: `erasure-unfinished` when another reader still holds the old pages.
        """
        table = schema.vault_item
        with store.writing(self._engine) as connection:
            here = table.c.vault_id == vault_id
            person = connection.execute(sa.select(table.c.person).where(here)).scalar()
            connection.execute(sa.delete(table).where(here))
            left = sa.select(table.c.vault_id).where(table.c.person == person).limit(1)
            if person is not None and connection.execute(left).first() is None:
                self._destroy_key(connection, person)
        self.finish_erasure()
        return person is not None

    def erase_person(self, person: str) -> tuple[str, ...]:
        """Destroy everything kept for a person and return the vault ids, each to be told by an Erased event.

        Raises:
            LedgerError: `erasure-unfinished` when another reader still holds the old pages.
        """
        vault_ids = self.kept_for(person)
        with store.writing(self._engine) as connection:
            connection.execute(sa.delete(schema.vault_item).where(schema.vault_item.c.person == person))
            self._destroy_key(connection, person)
        self.finish_erasure()
        return vault_ids

    def finish_erasure(self) -> None:
        """Force the erased bytes out of the database's files.

        Raises:
            LedgerError: code `erasure-unfinished`; call again when no other program reads the ledger.
        """
        with store.telling(self._engine):
            connection = self._engine.raw_connection()
            try:
                busy = _scrub(self._engine.dialect.name, connection)
            finally:
                connection.close()
        if busy:
            raise LedgerError(
                "the words are deleted, but traces stay in the database's files while others read it",
                code="erasure-unfinished",
                remedy="close the other windows and programs that have this ledger open, then erase again",
            )

    def _open(self, connection: sa.Connection, vault_id: str) -> bytes | None:
        table = schema.vault_item
        row = connection.execute(sa.select(table).where(table.c.vault_id == vault_id)).one_or_none()
        if row is None:
            return None
        return self._unsealed(vault_id, row.person, row.sealed, self._stored_key(connection, row.person))

    def _unsealed(self, vault_id: str, person: str, sealed: bytes, stored: bytes | None) -> bytes:
        try:
            if stored is None:
                raise InvalidTag
            key, words = self._unwrapped(person, stored), bytes(sealed)
            return AESGCM(key).decrypt(words[:_NONCE_SIZE], words[_NONCE_SIZE:], vault_id.encode())
        except (InvalidTag, ValueError) as error:
            raise LedgerError(
                "kept words cannot be opened: they were altered, or their key was",
                code="words-unreadable",
                where=f"words {vault_id}",
                remedy="restore the vault from a backup; the log itself is not concerned",
            ) from error

    def _key(self, connection: sa.Connection, person: str) -> bytes | None:
        stored = self._stored_key(connection, person)
        return None if stored is None else self._unwrapped(person, stored)

    def _stored_key(self, connection: sa.Connection, person: str) -> bytes | None:
        table = schema.vault_key
        return connection.execute(sa.select(table.c.key).where(table.c.person == person)).scalar()

    def _unwrapped(self, person: str, stored: bytes) -> bytes:
        if self._wrap is None:
            return bytes(stored)
        stored = bytes(stored)
        return AESGCM(self._wrap).decrypt(stored[:_NONCE_SIZE], stored[_NONCE_SIZE:], person.encode())

    def _new_key(self, connection: sa.Connection, person: str) -> bytes:
        key = stored = self._random(_KEY_SIZE)
        if self._wrap is not None:
            nonce = self._random(_NONCE_SIZE)
            stored = nonce + AESGCM(self._wrap).encrypt(nonce, key, person.encode())
        connection.execute(sa.insert(schema.vault_key), {"person": person, "key": stored})
        return key

    def _destroy_key(self, connection: sa.Connection, person: str) -> None:
        connection.execute(sa.delete(schema.vault_key).where(schema.vault_key.c.person == person))


def _scrub(dialect: str, connection: sa.PoolProxiedConnection) -> bool:
    """Empty the write-ahead log, or rewrite the tables; say whether somebody was in the way."""
    cursor = connection.cursor()
    try:
        if dialect == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            answer = cursor.fetchone()
            return answer is None or bool(answer[0])
        # PostgreSQL leaves deleted rows in place until the table is rewritten. Its own write-ahead log
        # keeps them until it is recycled; only the server's owner can shorten that.
        driver = connection.driver_connection
        if driver is not None:
            driver.rollback()
            driver.autocommit = True
            try:
                for table in ("vault_item", "vault_key"):
                    cursor.execute(f"VACUUM FULL {table}")
            finally:
                driver.autocommit = False
        return False
    finally:
        cursor.close()


def _check_fit(text: str) -> None:
    size = len(text.encode())
    if not 0 < size <= LONGEST_TEXT:
        raise LedgerError(
            "these words cannot be kept",
            code="words-unfit",
            found=f"{size} bytes",
            expected=f"1 to {LONGEST_TEXT} bytes of text",
            remedy="shorten the text, or leave it out",
        )
