"""What a verb hands back to the terminal: one JSON document, lines for people, and an exit code.

Exit codes are the contract: 0 done or holds, 1 done and a check failed, 2 refused, 3 partly refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ledger.errors import Problem

if TYPE_CHECKING:
    from gui.words import Words
    from models.carrying import BundleReport
    from models.demonstration.tale import Tale
    from models.identity import Founded
    from models.proving import TreeHead
    from models.witnessing import Witnessing
    from models.workspace import Workspace

DONE = 0
CHECK_FAILED = 1
REFUSED = 2
PARTLY_REFUSED = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one verb.

    Args:
        document: what `--json` prints, with the keys of the terminal contract.
        lines: what a person reads without `--json`.
        code: the process's exit code.
    """

    document: Mapping[str, Any]
    lines: tuple[str, ...] = ()
    code: int = DONE


@dataclass(frozen=True, slots=True)
class Session:
    """What a verb may use: the way to the workspace, the words, and a place for progress.

    Args:
        home: the folder with keys, settings and trusted checkpoints.
        open: opens (once) and returns the workspace; raises LedgerError when there is none.
        found: makes an identity, and a ledger where there is none.
        words: translations in the reader's language.
        clock: the time, `--at` or the machine's.
        random: returns that many random bytes.
        say: writes one line of progress to stderr.
        adopt: makes a ledger of this installation's own from another's whole bundle.
        cosign: vouches for a checkpoint; a witness needs no ledger of its own.
        witnessing: this installation as a witness for other ledgers; no ledger of its own is opened.
        audit: verifies the ledger, also one too damaged for its views; given checkpoints and progress.
        tamper: changes one entry in a copy of the demonstration's ledger and returns what the audit names.
        demonstration: makes the demonstration's ledger in a folder of its own.
        keys: the keys of this installation; needs no ledger.
        read_only: why nothing can be recorded in the ledger that a verb opened, if nothing can.
    """

    home: Path
    open: Callable[[], Workspace]
    words: Words
    clock: Callable[[], datetime]
    random: Callable[[int], bytes]
    say: Callable[[str], None]
    found: Callable[..., Founded]
    adopt: Callable[[bytes], BundleReport]
    cosign: Callable[..., TreeHead]
    witnessing: Callable[[], Witnessing]
    audit: Callable[[tuple[str, ...], Callable[[int, int, str], None]], Any]
    tamper: Callable[[Workspace, int, Path], tuple[int, ...]]
    demonstration: Callable[[Path], tuple[Workspace, Tale]]
    keys: Callable[[], Any]
    read_only: Callable[[], Problem | None] = lambda: None
