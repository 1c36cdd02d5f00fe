"""The log under a ledger: its checkpoints and witnesses, its audit, and the proofs of its entries.

Rule: it asks `ledger` and adds what this home trusts; it decides nothing itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from sqlalchemy import Connection, Engine

from ledger import audit as auditing
from ledger import exchange
from ledger.audit_report import Report
from ledger.exchange import ProofResult
from ledger.home import Home
from ledger.reader import Reader
from ledger.signatures import processes_for
from ledger.static_folder import write_folder
from ledger.tlog.note_keys import parse_verifier_key
from models import proving
from models.proving import TreeHead
from models.published import with_published_scores
from models.ratings import Ratings


class Log:
    """The transparency log of one ledger, from one installation's point of view.

    Args:
        home: knows the trusted checkpoints and witnesses.
        ratings: recomputes the published scores; digest_of: the digest of kept words, or None.
        behind: the entries that a lot's story rests on.
    """

    def __init__(
        self,
        engine: Engine,
        reader: Reader,
        home: Home,
        ratings: Ratings,
        digest_of: Callable[[Connection, str], bytes | None],
        behind: Callable[[str], Sequence[int]],
    ) -> None:
        self._engine = engine
        self._reader = reader
        self._home = home
        self._ratings = ratings
        self._digest_of = digest_of
        self._behind = behind

    def witnessed_to(self) -> int:
        """Return how many entries an outside witness has seen."""
        return self._reader.witnessed_to()

    def checkpoint(self) -> TreeHead:
        """Return the tree head, with cosignatures where this very one was witnessed."""
        head, seen = self._reader.head(), self._reader.newest_cosigned()
        note = seen.note if seen is not None and seen.size == head.size else head.checkpoint
        return proving.tree_head(note, log_key=head.log_key)

    def witness_request(self, since: int) -> str:
        """Return our checkpoint with the proof since an earlier size, for a witness to cosign."""
        return proving.witness_request(self._reader, since)

    def write_static(self, folder: Path) -> int:
        """Write the ledger as static tiles into a folder and return how many entries it holds now."""
        return write_folder(self._reader, folder)

    def audit(
        self,
        progress: auditing.Progress | None = None,
        cancelled: auditing.Cancelled | None = None,
        against: Iterable[str] = (),
    ) -> Report:
        """Verify the ledger in numbered steps, also against every checkpoint this machine trusts."""
        report = auditing.audit(
            self._engine,
            against,
            witnesses=proving.known_witnesses(self._home),
            progress=progress,
            cancelled=cancelled,
            open_words=self._digest_of,
            memory=proving.memory(self._home),
            quorum=self._home.quorum(),
            processes=processes_for(self._reader.size()),
        )
        return with_published_scores(report, self._reader, self._ratings)

    def proof(self, target: str | int) -> bytes:
        """Return a file that proves one entry, or every entry of a lot's story, to anyone."""
        indexes = [target] if isinstance(target, int) else self._behind(target)
        return exchange.write_proof(self._reader, indexes)

    def check(self, proof: bytes) -> ProofResult:
        """Check a proof file, knowing this ledger's key and the witnesses trusted here."""
        key = parse_verifier_key(self._reader.head().log_key)
        return exchange.check_proof(proof, log_keys=[key], witnesses=proving.known_witnesses(self._home))


def check_proof(data: bytes) -> ProofResult:
    """Check a proof file with no ledger at all."""
    return exchange.check_proof(data)
