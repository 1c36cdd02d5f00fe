"""Logs, witnesses and their memories for tests: everything from fixed seeds."""

from __future__ import annotations

from dataclasses import dataclass, field

from ledger.tlog.checkpoint import Checkpoint
from ledger.tlog.note_keys import COSIGNATURE, SignerKey
from ledger.tlog.proof import Rows, consistency_proof, tree_at
from ledger.tlog.tree import leaf_hash
from ledger.tlog.witness import Fork, Request

ORIGIN = "suxin.example/wuchang"
LOG = SignerKey(ORIGIN, b"\x01" * 32)
WITNESS = SignerKey("inspector.example/w1", b"\x02" * 32, COSIGNATURE)
SECOND_WITNESS = SignerKey("market.example/w2", b"\x03" * 32, COSIGNATURE)


@dataclass
class MemoryState:
    """A witness's memory without a disk."""

    notes: dict[str, str] = field(default_factory=dict)
    forks: list[Fork] = field(default_factory=list)

    def latest(self, origin: str) -> str | None:
        return self.notes.get(origin)

    def advance(self, origin: str, before: str | None, after: str) -> bool:
        if self.notes.get(origin) != before:
            return False
        self.notes[origin] = after
        return True

    def keep_evidence(self, origin: str, fork: Fork) -> None:
        self.forks.append(fork)


@dataclass(frozen=True)
class SmallLog:
    """A log of numbered leaves; `variant` makes another history from leaf `differs_from` on."""

    count: int
    variant: str = ""
    differs_from: int = 0
    key: SignerKey = LOG

    @property
    def leaves(self) -> list[bytes]:
        return [
            f"entry {i}{self.variant if i >= self.differs_from else ''}".encode() for i in range(self.count)
        ]

    @property
    def rows(self) -> Rows:
        return Rows.of(map(leaf_hash, self.leaves))

    def checkpoint(self, size: int) -> Checkpoint:
        return Checkpoint(self.key.name, size, tree_at(size, self.rows).root)

    def signed(self, size: int) -> str:
        return self.checkpoint(size).sign(self.key)

    def request(self, old: int, new: int) -> bytes:
        return Request(old, consistency_proof(old, new, self.rows), self.signed(new)).format()
