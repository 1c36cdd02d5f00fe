"""Attacks on a stored ledger, carried out: by somebody with the database, and by the owner of every key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from ledger_world import COOPERATIVE, World, batch, log_key, pair_of

from ledger import rows, schema, store
from ledger.desk import Desk
from ledger.tlog.checkpoint import Checkpoint

TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname || ' ON ' || tgrelid::regclass FROM pg_trigger WHERE NOT tgisinternal",
}
AT = 9
"""The entry that the attacks are about."""
BACKUP = 12
"""How many entries the old backup holds."""

Rows = dict[str, list[dict[str, Any]]]


def disarm(engine: sa.Engine) -> None:
    """Drop the triggers, as whoever owns the machine can."""
    with store.writing(engine) as connection:
        for name in connection.exec_driver_sql(TRIGGERS[engine.dialect.name]).scalars().all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")


@dataclass(frozen=True)
class Victim:
    """A ledger of 16 entries, what an outsider kept of it, and an old backup."""

    world: World
    checkpoint: str
    now: Rows
    backup: Rows

    @classmethod
    def of(cls, world: World) -> Victim:
        """Grow a world to 16 entries, taking a backup at 12; the triggers are gone afterwards."""
        world.say(*[batch(number) for number in range(5)])
        backup = read_all(world.engine)
        world.say(*[batch(number) for number in range(5, 9)], batch=True)
        disarm(world.engine)
        return cls(world, world.reader.checkpoint(), read_all(world.engine), backup)

    def put_back(self, stored: Rows) -> None:
        """Make the database hold these rows and nothing else."""
        with store.writing(self.world.engine) as connection:
            for table in schema.metadata.sorted_tables:
                connection.execute(sa.delete(table))
                if stored.get(table.name):
                    connection.execute(sa.insert(table), stored[table.name])

    def told_again(self, change: Callable[[list[Any]], None]) -> None:
        """Write another history from the first entry on, every signature good: all keys are in hand."""
        entries = list(self.world.reader.entries())
        events: list[Any] = [entry.event for entry in entries]
        authors = [entry.party for entry in entries]
        change(events)
        authors += [COOPERATIVE] * (len(events) - len(authors))
        self.put_back({})
        with store.writing(self.world.engine) as connection:
            rows.create_head(connection, log_key())
        desk = Desk(self.world.engine, log_key=log_key(), clock=self.world.clock)
        for event, author in zip(events, authors, strict=False):
            desk.append(event, pair_of(author))

    def grown_apart(self) -> None:
        """Go on from the old backup with another history: two audiences, two ledgers."""
        self.put_back(self.backup)
        desk = Desk(self.world.engine, log_key=log_key(), clock=self.world.clock)
        desk.append([batch(number) for number in range(70, 75)], pair_of(COOPERATIVE))


def read_all(engine: sa.Engine) -> Rows:
    """Return every row of every table, as a backup does."""
    with store.reading(engine) as connection:
        return {
            table.name: [dict(row) for row in connection.execute(sa.select(table)).mappings()]
            for table in schema.metadata.sorted_tables
        }


def _statement(*statements: sa.Executable) -> Callable[[Victim], None]:
    def attack(victim: Victim) -> None:
        with store.writing(victim.world.engine) as connection:
            for statement in statements:
                connection.execute(statement)

    return attack


def _edit(victim: Victim) -> None:
    leaf = victim.world.reader.entry(AT).leaf.replace(b'"500"', b'"900"')
    statement = sa.update(schema.entry).where(_index == AT).values(leaf=leaf)
    _statement(statement)(victim)


def _insert(victim: Victim) -> None:
    row = dict(victim.now["entry"][AT])
    row |= {"entry_index": 16, "seq": 99, "entry_hash": b"x" * 32}
    _statement(sa.insert(schema.entry).values(row))(victim)


def _move(before: int, after: int) -> sa.Executable:
    return sa.update(schema.entry).where(_index == before).values(entry_index=after)


def _forged_head(victim: Victim) -> None:
    """Cut the newest entries off and write a head for the rest; only the log's signature is missing."""
    tree = victim.world.reader.tree_at(BACKUP)
    chain = victim.now["entry"][BACKUP - 1]["chain_hash"]
    text = Checkpoint(log_key().name, tree.size, tree.root).sign(log_key("suxin.example/other"))
    text = text.replace("suxin.example/other", log_key().name)
    edge = b"".join(tree.edge)
    head = {"size": tree.size, "root": tree.root, "chain_hash": chain, "right_edge": edge, "checkpoint": text}
    cut, forged = sa.delete(schema.entry).where(_index >= BACKUP), sa.update(schema.head).values(head)
    _statement(cut, forged)(victim)


_index = schema.entry.c.entry_index

BY_DATABASE: dict[str, Callable[[Victim], None]] = {
    "edit an entry": _edit,
    "insert an entry": _insert,
    "delete an entry": _statement(sa.delete(schema.entry).where(_index == AT)),
    "swap two entries": _statement(_move(AT, 99), _move(AT + 1, AT), _move(99, AT + 1)),
    "cut off the newest entries": _statement(sa.delete(schema.entry).where(_index >= BACKUP)),
    "cut them off and forge the head": _forged_head,
    "put an old backup back": lambda victim: victim.put_back(victim.backup),
}
BY_OWNER: dict[str, Callable[[Victim], None]] = {
    "edit an entry": lambda victim: victim.told_again(lambda all_: all_.__setitem__(AT, batch(AT, 9_000))),
    "insert an entry": lambda victim: victim.told_again(lambda all_: all_.insert(AT, batch(77))),
    "delete an entry": lambda victim: victim.told_again(lambda all_: all_.__delitem__(AT)),
    "swap two entries": lambda victim: victim.told_again(
        lambda all_: all_.__setitem__(slice(AT, AT + 2), all_[AT + 1 : AT - 1 : -1])
    ),
    "cut off the newest entries": lambda victim: victim.told_again(
        lambda all_: all_.__delitem__(slice(BACKUP, None))
    ),
    "go on differently from a backup (fork)": Victim.grown_apart,
    "sign the whole history anew": lambda victim: victim.told_again(lambda _: None),
}
