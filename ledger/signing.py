"""Sign bodies while the next ones are still being written.

The rule kept here: the leaves come out in the order the bodies went in, whoever signed them; a Merkle batch
of up to 256 bodies takes one signature. libsodium lets other threads run while it signs, but one that has
signed waits up to 5 ms for the writer to let go: two threads measured 0.82 of one, so one is the default.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType

from ledger.envelope import LARGEST_BATCH, seal, seal_batch
from ledger.keys import KeyPair

THREADS = 1
_CHUNK = 64


class Signing:
    """Signs what it is given; use it as a context, and take the leaves before it ends.

    Args:
        pair: the author's key.
        batch: one signature for up to 256 bodies instead of one for each.
    """

    def __init__(self, pair: KeyPair, batch: bool) -> None:
        self._pair = pair
        self._batch = batch
        self._size = LARGEST_BATCH if batch else _CHUNK
        self._waiting: list[bytes] = []
        self._signed: list[Future[Sequence[bytes]] | Sequence[bytes]] = []
        self._pool: ThreadPoolExecutor | None = None

    def __enter__(self) -> Signing:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def put(self, body: bytes) -> None:
        """Take the next body; a full chunk goes to be signed at once."""
        self._waiting.append(body)
        if len(self._waiting) == self._size:
            self._send()

    def leaves(self) -> list[bytes]:
        """Return the leaf of every body, in order."""
        if self._waiting:
            self._send()
        done = [part.result() if isinstance(part, Future) else part for part in self._signed]
        return [leaf for part in done for leaf in part]

    def _send(self) -> None:
        bodies, self._waiting = self._waiting, []
        # A batch has one signature among hundreds of hashes, and hashing so little does not let go.
        if self._batch or THREADS < 2 or len(bodies) < _CHUNK:
            self._signed.append(self._seal(bodies))
            return
        if self._pool is None:
            self._pool = ThreadPoolExecutor(THREADS)
        self._signed.append(self._pool.submit(self._seal, bodies))

    def _seal(self, bodies: Sequence[bytes]) -> Sequence[bytes]:
        return seal_batch(bodies, self._pair) if self._batch else [seal(body, self._pair) for body in bodies]
