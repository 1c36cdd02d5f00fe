"""Look at what a ledger keeps beside the log: cosigned checkpoints, and leaves that contradict an entry.

The rule kept here: every column that repeats what somebody signed must say the same. When a row came in
is this machine's own note: nobody signed it, so only its form can be judged.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from ledger import schema
from ledger.envelope import open_leaf, read_instant
from ledger.errors import Problem
from ledger.keyring import Keyring
from ledger.tlog.checkpoint import Cosigned

Wrong = tuple[int | None, str, object, object]
"""An entry, if it is about one; code, found, expected."""


def cosigned_problems(row: Any, opened: Cosigned) -> Iterator[Wrong]:
    """Give what a kept checkpoint's columns say otherwise than its note."""
    head = opened.checkpoint
    lines = len(opened.note.signatures) - 1
    if (row.size, row.root) != (head.size, head.root):
        yield None, "column-wrong", f"size {row.size} of a cosigned checkpoint", f"size {head.size}"
    if not (isinstance(row.note, str) and type(row.witnesses) is int and 1 <= row.witnesses <= lines):
        yield None, "column-wrong", f"{row.witnesses!r} witnesses of a checkpoint", f"a number up to {lines}"
    yield from _received(row.received)


def conflict_problems(connection: sa.Connection, keyring: Keyring) -> Iterator[Wrong]:
    """Give what is wrong with the leaves that were kept because they contradict an entry."""
    for row in connection.execute(sa.select(schema.conflict)):
        try:
            envelope = open_leaf(row.leaf)
        except (Problem, TypeError) as problem:
            yield row.rival, "leaf-malformed", problem, "the leaf that contradicts this entry"
            continue
        author, key = envelope.author, keyring.keys.get(envelope.author.key_id)
        if key is None or not envelope.is_signed_by(key.public):
            yield row.rival, "signature-wrong", "another signature", "its author's, or it is no evidence"
        found = (row.entry_hash, row.key_id, row.seq)
        if found != (envelope.entry_hash, author.key_id, author.seq):
            yield row.rival, "column-wrong", f"{found[1:]} of a conflict", f"{author.key_id}, {author.seq}"
        elif not _contradicts(connection, row):
            yield None, "column-wrong", f"a conflict with entry {row.rival}", "the entry it contradicts"
        yield from _received(row.received)


def _contradicts(connection: sa.Connection, row: Any) -> bool:
    table = schema.entry
    columns = (table.c.key_id, table.c.seq, table.c.entry_hash)
    rival = connection.execute(sa.select(*columns).where(table.c.entry_index == row.rival)).one_or_none()
    return rival is not None and tuple(rival[:2]) == (row.key_id, row.seq) and rival[2] != row.entry_hash


def _received(text: object) -> Iterator[Wrong]:
    try:
        read_instant(text)  # type: ignore[arg-type]  # a damaged column may hold anything
    except (Problem, TypeError):
        yield None, "column-wrong", f"received {text!r}", "an instant"
