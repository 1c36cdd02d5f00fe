"""Print a scratch roll of item keys: the file first, then the entry that makes its secrets count.

Rule: the secrets exist in this file alone. So it is written where only its owner may read it, before
anything is recorded: a full disk or a change of mind costs nothing, and no lot is left with lost keys.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from gui.labels.roll import roll_pdf
from gui.words import Words
from ledger.errors import file_unwritable
from ledger.progress import Progress, quiet


def write_roll(
    workspace: Any,
    words: Words,
    code: str,
    count: int,
    out: Path,
    tokens: Path | None = None,
    progress: Progress = quiet,
) -> int:
    """Make, write and register the item keys of a lot, and return the entry.

    Args:
        tokens: the secrets as lines of text, for a print shop.
        progress: told how many of how many are drawn; where it raises, neither file nor entry is left.

    Raises:
        LedgerError: the lot can have no such roll, or the file cannot be written.
    """
    roll = workspace.batches.draft_roll(code, count)
    progress(0, count)
    lot = roll.lot.lot_number or roll.code
    files = {out: roll_pdf(lot, roll.tokens, words("roll.title", lot=lot), words("roll.hint"), progress)}
    if tokens is not None:
        files[tokens] = "".join(f"{token}\n" for token in roll.tokens).encode()
    written: list[Path] = []
    try:
        for path, data in files.items():
            _write(path, data)
            written.append(path)
        entry: int = workspace.batches.record_roll(roll).index
    except BaseException:
        # Keys nobody registered must not be stuck on goods.
        for path in written:
            with suppress(OSError):
                path.unlink(missing_ok=True)
        raise
    return entry


def _write(path: Path, data: bytes) -> None:
    """Put a file of secrets in place at once; it is its owner's to read from its first byte on."""
    beside = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.unlink(missing_ok=True)
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise file_unwritable(path, error, "choose another place") from error
