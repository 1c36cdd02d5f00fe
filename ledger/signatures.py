"""Verify many author signatures beside the one who reads them: in threads, or in processes for a long log.

The rule kept here: what is handed over holds all that verifying needs, and only indexes come back, so it does
not matter who does it. libsodium lets go of the interpreter for one signature at a time, and a busy reader
takes 5 ms to give it back: threads hardly gain a second core, processes do, for some 0.2 s to start each.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

from ledger.public_key import PublicKey

Signature = tuple[int, PublicKey, bytes, bytes, bytes]
"""Index of the entry, the key that must have signed, domain, message, signature."""
WORTH_PROCESSES = 50_000


def wrong_signatures(signatures: Sequence[Signature]) -> list[int]:
    """Return the indexes whose signature does not hold; entries of one batch share one verification."""
    wrong, last, held = [], None, False
    for index, public, domain, message, signature in signatures:
        this = (public.raw, message, signature)
        if this != last:
            last, held = this, public.verify(domain, message, signature)
        if not held:
            wrong.append(index)
    return wrong


def processes_for(entries: int) -> int:
    """Return how many processes are worth starting for a log of this length; 0 means threads do."""
    # A packaged program is its own interpreter and would open another window for each.
    if entries < WORTH_PROCESSES or getattr(sys, "frozen", False):
        return 0
    cores = os.cpu_count() or 1
    return cores if cores > 1 else 0


def verifiers(threads: int, processes: int = 0) -> Executor:
    """Return who verifies; the caller shuts it down.

    Args:
        threads: how many threads, where no processes are asked for.
        processes: how many processes; started anew, for a fork would copy locks that other threads hold.
    """
    if processes:
        return ProcessPoolExecutor(processes, mp_context=get_context("spawn"))
    return ThreadPoolExecutor(threads)
