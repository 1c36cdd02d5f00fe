"""The ledger's tables: one head row, the entries, the tiles; what is written once stays as it is.

The rule kept here: tables are only ever added to, never changed, so an older file is upgraded by
adding and its root stays the same. Triggers refuse UPDATE and DELETE: not a defence against the
machine's owner (only outside checkpoints are), but against mistakes and stray tools. `FORMAT` rises
with every addition; a file with a higher number was written by a newer program and is refused.
"""

from __future__ import annotations

import sqlalchemy as sa

FORMAT = 1
SCHEMA = "ledger"
# "SuXn" in the SQLite header tells other tools, and us, whose file this is.
APPLICATION_ID = 0x5375586E

metadata = sa.MetaData()
# On SQLite only INTEGER PRIMARY KEY is the row id itself; BIGINT would cost a second b-tree.
_Index = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

head = sa.Table(
    "head",
    metadata,
    sa.Column("id", sa.Integer, sa.CheckConstraint("id = 1"), primary_key=True, autoincrement=False),
    sa.Column("format", sa.Integer, nullable=False),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("log_key", sa.Text, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("root", sa.LargeBinary, nullable=False),
    sa.Column("chain_hash", sa.LargeBinary, nullable=False),
    sa.Column("right_edge", sa.LargeBinary, nullable=False),
    sa.Column("checkpoint", sa.Text, nullable=False),
)

entry = sa.Table(
    "entry",
    metadata,
    sa.Column("entry_index", _Index, primary_key=True, autoincrement=False),
    sa.Column("leaf", sa.LargeBinary, nullable=False),
    sa.Column("leaf_hash", sa.LargeBinary, nullable=False),
    sa.Column("chain_hash", sa.LargeBinary, nullable=False),
    sa.Column("entry_hash", sa.LargeBinary, nullable=False),
    sa.Column("event_hash", sa.LargeBinary, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("party", sa.Text, nullable=False),
    sa.Column("key_id", sa.Text, nullable=False),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("record_time", sa.Text, nullable=False),
    sa.Column("event_time", sa.Text, nullable=False),
    # One author, one sequence: a second body under the same number is a conflict, kept elsewhere as evidence.
    sa.Index("entry_author", "key_id", "seq", unique=True),
    sa.Index("entry_by_hash", "entry_hash", unique=True),
    # The same event said twice by one party: what an import asks before it records.
    sa.Index("entry_by_event", "event_hash"),
    sa.Index("entry_by_type", "type", "entry_index"),
)

# Complete tiles only: the hashes of 256 nodes and every node above them inside the tile, so that an
# inclusion proof reads and never rehashes. What is right of the last complete tile is read from `entry`.
tile = sa.Table(
    "tile",
    metadata,
    sa.Column("level", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("root", sa.LargeBinary, nullable=False),
    sa.Column("nodes", sa.LargeBinary, nullable=False),
)

# Our own checkpoints that came back with an outside witness's cosignature.
cosigned = sa.Table(
    "cosigned",
    metadata,
    sa.Column("number", _Index, primary_key=True),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("root", sa.LargeBinary, nullable=False),
    sa.Column("note", sa.Text, nullable=False, unique=True),
    sa.Column("witnesses", sa.Integer, nullable=False),
    sa.Column("received", sa.Text, nullable=False),
)

# Signed leaves this log could not admit because their author said something else under the same number.
conflict = sa.Table(
    "conflict",
    metadata,
    sa.Column("entry_hash", sa.LargeBinary, primary_key=True),
    sa.Column("leaf", sa.LargeBinary, nullable=False),
    sa.Column("key_id", sa.Text, nullable=False),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("rival", sa.BigInteger, nullable=False),
    sa.Column("received", sa.Text, nullable=False),
)

# The vault: words about people, encrypted under a key per person. Rows here are meant to be destroyed.
vault_key = sa.Table(
    "vault_key",
    metadata,
    sa.Column("person", sa.Text, primary_key=True),
    sa.Column("key", sa.LargeBinary, nullable=False),
)
vault_item = sa.Table(
    "vault_item",
    metadata,
    sa.Column("vault_id", sa.Text, primary_key=True),
    sa.Column("person", sa.Text, nullable=False, index=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
)

APPEND_ONLY = ("entry", "tile", "cosigned", "conflict")
_SQLITE_REFUSE = "BEGIN SELECT RAISE(ABORT, 'append-only: {table} is never changed'); END"
_HEAD_MOVES_BACK = "NEW.size <= OLD.size AND NEW.format <= OLD.format"


def trigger_statements(dialect: str) -> tuple[str, ...]:
    """Return the statements that make written rows unchangeable on this engine."""
    return _sqlite_triggers() if dialect == "sqlite" else _postgresql_triggers()


def _sqlite_triggers() -> tuple[str, ...]:
    statements = [
        f"CREATE TRIGGER IF NOT EXISTS {table}_{verb.lower()} BEFORE {verb} ON {table} "
        + _SQLITE_REFUSE.format(table=table)
        for table in APPEND_ONLY
        for verb in ("UPDATE", "DELETE")
    ]
    refuse = _SQLITE_REFUSE.format(table="head")
    statements.append(
        f"CREATE TRIGGER IF NOT EXISTS head_update BEFORE UPDATE ON head WHEN {_HEAD_MOVES_BACK} {refuse}"
    )
    statements.append(f"CREATE TRIGGER IF NOT EXISTS head_delete BEFORE DELETE ON head {refuse}")
    return tuple(statements)


def _postgresql_triggers() -> tuple[str, ...]:
    statements = [
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION USING MESSAGE = 'append-only: ' || TG_TABLE_NAME || ' is never changed'; "
        "END $$"
    ]
    statements += [
        f"CREATE OR REPLACE TRIGGER {table}_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        for table in APPEND_ONLY
    ]
    statements.append(
        "CREATE OR REPLACE TRIGGER head_update BEFORE UPDATE ON head FOR EACH ROW "
        f"WHEN ({_HEAD_MOVES_BACK}) EXECUTE FUNCTION refuse_change()"
    )
    statements.append(
        "CREATE OR REPLACE TRIGGER head_delete BEFORE DELETE OR TRUNCATE ON head "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    return tuple(statements)
