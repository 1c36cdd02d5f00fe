"""Verify a ledger in numbered steps, and name for every problem the entry, what was found and expected.

0 checkpoint and cosignatures; 1 every leaf, the chain, the tree, the shape of the database; 2 every signature
under the keyring as of that entry; 3 every author's chain; 4 every checkpoint this machine ever trusted;
5 the vault and what was erased. (6, published scores, is judged above this folder.)

The rule kept here: an audit never raises because a ledger is bad; that is what it is for. Without an outside
checkpoint the holder of every key can still rewrite everything, and the report says so by `witnessed_to`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import sqlalchemy as sa

from ledger import schema, side_tables, store
from ledger.audit_report import MOST_PROBLEMS, REMEDIES, REMEDY, STEPS, AuditProblem, Report, Step
from ledger.errors import LedgerError, Problem
from ledger.guard import Memory
from ledger.kept_words import DigestOf, KeptWords
from ledger.keyring import Keyring
from ledger.scrutiny import Scrutiny
from ledger.shape import head_row, unexpected_rows
from ledger.tiling import Tiling
from ledger.tlog.checkpoint import Cosigned, open_checkpoint
from ledger.tlog.note_keys import VerifierKey, parse_verifier_key
from ledger.tlog.tree import Tree

Progress = Callable[[int, int, str], None]
Cancelled = Callable[[], bool]

_LARGEST_BLIND = 1 << 24


def audit(
    engine: sa.Engine,
    trusted: Iterable[str] = (),
    *,
    witnesses: Iterable[VerifierKey] = (),
    log_key: VerifierKey | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
    threads: int = 2,
    processes: int = 0,
    open_words: DigestOf | None = None,
    memory: Memory | None = None,
    quorum: int = 1,
) -> Report:
    """Verify the whole ledger.

    Args:
        engine: the ledger's database; only read.
        trusted: checkpoints kept elsewhere, as signed notes: the only defence against the ledger's owner.
        witnesses: the outside witnesses that we know.
        log_key: the log's key as this machine knows it; else the head row's own is believed.
        progress: called with entries done, entries in all, and the code of the step.
        cancelled: asked now and then; True stops the audit.
        threads, processes: who verifies signatures: processes where any are asked for.
        open_words: gives the digest of kept words by vault id, or None where they are not kept here.
        memory: what this machine remembers of the log outside the database.
        quorum: how many known witnesses must vouch before entries count as witnessed.

    Raises:
        LedgerError: there is no ledger, or it cannot be opened at all.
    """
    inspector = _Audit(tuple(trusted), tuple(witnesses), log_key, progress, cancelled, memory, quorum)
    with store.reading(engine) as connection:
        return inspector.run(connection, (threads, processes), open_words)


@dataclass(slots=True)
class _Audit:
    trusted: tuple[str, ...]
    witnesses: tuple[VerifierKey, ...]
    log_key: VerifierKey | None
    progress: Progress | None
    cancelled: Cancelled | None
    memory: Memory | None = None
    quorum: int = 1
    problems: list[AuditProblem] = field(default_factory=list)
    checked: dict[int, int] = field(default_factory=dict)
    failed: set[int] = field(default_factory=set)
    stopped: bool = False

    def run(
        self,
        connection: sa.Connection,
        workers: tuple[int, int],
        open_words: DigestOf | None,
    ) -> Report:
        head = head_row(connection)
        size = self._believable_size(connection, head.get("size"))
        current = self._open_head(head)
        outside = [*self._outside(), *self._signed_here()]
        outside += [_Outside.of(each, self.quorum) for each in self._cosigned(connection)]
        words = KeptWords(self.report, connection, open_words)
        tiling = Tiling(connection, self.report, frozenset(each.size for each in outside))
        scrutiny = Scrutiny(connection, self.report, tiling, words.check if open_words else None)
        tree = scrutiny.run(size, lambda done: self._go_on(done, size), *workers)
        if not self.stopped:
            self._compare_head(head, current, scrutiny, tree)
            self._shape(connection, size, tiling.complete, scrutiny.keyring)
        witnessed_to = self._compare_outside(outside, tiling.trees, tree)
        self._tell(tree.size, size, STEPS[5])
        for number in (1, 2, 3):
            self.checked[number] = scrutiny.checked
        self.checked[0], self.checked[4], self.checked[5] = 1, len(outside), words.checked
        problems = tuple(self.problems)
        erased = tuple(scrutiny.erased)
        return Report(
            self._steps(), scrutiny.checked, tree.root, witnessed_to, problems, self.stopped, erased
        )

    def report(self, step: int, index: int | None, code: str, found: object, expected: object) -> None:
        """Take one problem."""
        self.failed.add(step)
        if len(self.problems) < MOST_PROBLEMS:
            remedy = REMEDIES.get(code, REMEDY)
            self.problems.append(AuditProblem(step, index, code, str(found), str(expected), remedy))

    def _go_on(self, done: int, size: int) -> bool:
        self._tell(done, size, STEPS[1])
        self.stopped = self.cancelled is not None and self.cancelled()
        return not self.stopped

    def _tell(self, done: int, size: int, code: str) -> None:
        if self.progress is not None:
            self.progress(done, size, code)

    def _steps(self) -> tuple[Step, ...]:
        unfinished = "cancelled" if self.stopped else "pass"
        return tuple(
            Step(number, code, "fail" if number in self.failed else unfinished, self.checked.get(number, 0))
            for number, code in enumerate(STEPS)
        )

    def _believable_size(self, connection: sa.Connection, promised: object) -> int:
        """Return how far to look: as far as the head promises, and no further than there are rows."""
        try:
            last = connection.execute(sa.select(sa.func.max(schema.entry.c.entry_index))).scalar()
        except sa.exc.DBAPIError:
            # The pass over the rows will say which of them cannot be read.
            return promised if isinstance(promised, int) and 0 <= promised < _LARGEST_BLIND else 0
        there = last + 1 if isinstance(last, int) else 0
        if not isinstance(promised, int) or promised > there:
            self.report(
                1, there, "entry-missing", f"{there} entries", f"{promised} entries, as the head says"
            )
            return there
        return max(promised, 0)

    def _open_head(self, head: dict[str, Any]) -> Cosigned | None:
        """Open the newest checkpoint under the log's key."""
        try:
            stored = parse_verifier_key(head["log_key"])
            if self.log_key is not None and stored.text != self.log_key.text:
                self.report(0, None, "log-key-wrong", stored.text, self.log_key.text)
            self.log_key = self.log_key or stored
            if head["origin"] != self.log_key.name:
                self.report(0, None, "origin-wrong", head["origin"], self.log_key.name)
            return open_checkpoint(head["checkpoint"], self.log_key)
        except (Problem, KeyError, TypeError, AttributeError) as problem:
            self.report(0, None, "checkpoint-wrong", problem, "a checkpoint signed by the log's key")
            return None

    def _outside(self) -> list[_Outside]:
        """Open the checkpoints that were given, and those that this machine trusted before."""
        kept = self.memory.checkpoints(self.log_key.name) if self.memory and self.log_key else ()
        opened = (self._open_trusted(note) for note in dict.fromkeys((*kept, *self.trusted)))
        return [_Outside.of(each, self.quorum) for each in opened if each is not None]

    def _signed_here(self) -> list[_Outside]:
        """Return the last tree head this machine signed: a memory of its own, and no outside witness."""
        if self.memory is None or self.log_key is None:
            return []
        try:
            last = self.memory.signed(self.log_key.name)
        except LedgerError as problem:
            self.report(4, None, problem.code, problem.found, "the last head that this machine signed")
            return []
        return [] if last is None else [_Outside(*last, witnessed=False)]

    def _open_trusted(self, note: str) -> Cosigned | None:
        if self.log_key is None:
            return None
        try:
            return open_checkpoint(note, self.log_key, self.witnesses)
        except (Problem, TypeError) as problem:  # a damaged row may hold no text at all
            self.report(
                4, None, "checkpoint-unopened", problem, f"a checkpoint signed by {self.log_key.text}"
            )
            return None

    def _cosigned(self, connection: sa.Connection) -> list[Cosigned]:
        """Open the cosigned checkpoints that the ledger itself keeps."""
        try:
            notes = connection.execute(sa.select(schema.cosigned).order_by(schema.cosigned.c.size)).all()
        except sa.exc.DBAPIError as error:
            self.report(0, None, "database-damaged", error.orig, "the table of cosigned checkpoints")
            return []
        opened = []
        for row in notes:
            each = self._open_trusted(row.note)
            if each is not None:
                opened.append(each)
                for wrong in side_tables.cosigned_problems(row, each):
                    self.report(0, *wrong)
        return opened

    def _compare_head(
        self, head: dict[str, Any], current: Cosigned | None, scrutiny: Scrutiny, tree: Tree
    ) -> None:
        last = tree.size - 1 if tree.size else None
        first_bad = min((each.index for each in self.problems if each.index is not None), default=last)
        # Texts are judged by what they say elsewhere; here only that they are texts (b"" is never "").
        expected = {
            "id": 1,
            "origin": str(head.get("origin")),
            "log_key": str(head.get("log_key")),
            "checkpoint": str(head.get("checkpoint")),
            "format": schema.FORMAT,
            "size": tree.size,
            "root": tree.root,
            "chain_hash": scrutiny.chain_hash,
            "right_edge": b"".join(tree.edge),
        }
        for name, should in expected.items():
            # A flipped bit in the database's own description can rename a column: then there is none.
            found = head.get(name)
            if found != should:
                self.report(
                    1, first_bad, "head-wrong", f"{name}: {_shown(found)}", f"{name}: {_shown(should)}"
                )
        if current is not None and (current.checkpoint.size, current.checkpoint.root) != (
            tree.size,
            tree.root,
        ):
            found = f"size {tree.size}, root {tree.root.hex()}"
            signed = (
                f"size {current.checkpoint.size}, root {current.checkpoint.root.hex()}, as the log signed"
            )
            self.report(0, first_bad, "root-wrong", found, signed)

    def _shape(self, connection: sa.Connection, size: int, tiles: int, keyring: Keyring) -> None:
        try:
            for index, code, found, expected in unexpected_rows(connection, size, tiles):
                self.report(1, index, code, found, expected)
            for wrong in side_tables.conflict_problems(connection, keyring):
                self.report(3, *wrong)
        except sa.exc.DBAPIError as error:
            self.report(1, None, "database-damaged", error.orig, "a database that can be read")

    def _compare_outside(self, outside: Sequence[_Outside], trees: dict[int, Tree], tree: Tree) -> int:
        """Compare with every head kept outside; return how far a known witness vouches."""
        witnessed_to = agreed = 0
        for size, root, witnessed in sorted(set(outside)):
            if size in trees and trees[size].root == root:
                agreed = max(agreed, size)
                witnessed_to = max(witnessed_to, size if witnessed else 0)
            elif size in trees:
                found = f"root {trees[size].root.hex()} at size {size}"
                self.report(4, agreed, "history-rewritten", found, f"root {root.hex()}, as was signed before")
            elif not self.stopped:
                self.report(4, tree.size, "rolled-back", f"{tree.size} entries", f"at least {size} entries")
        return witnessed_to


class _Outside(NamedTuple):
    """A tree head that somebody remembers outside the database."""

    size: int
    root: bytes
    witnessed: bool

    @classmethod
    def of(cls, cosigned: Cosigned, quorum: int) -> _Outside:
        enough = len(cosigned.cosignatures) >= quorum
        return cls(cosigned.checkpoint.size, cosigned.checkpoint.root, enough)


def _shown(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)
