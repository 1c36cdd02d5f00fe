"""Write small files so that they are either the old one or the new one, never half of either.

The one rule: data, then its name, then the folder that holds the name are forced to the disk, in this
order; and a private file is never readable by others, not even for a moment.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from ledger.errors import LedgerError

PRIVATE = 0o600
PUBLIC = 0o644


def write_file(path: Path, data: bytes, *, mode: int = PRIVATE) -> None:
    """Replace `path` by `data` in one step.

    Raises:
        LedgerError: the folder cannot be written or the disk is full; the old file is untouched.
    """
    # A fixed name beside the target: the writer holds the lock or is the only one; a leftover is overwritten.
    beside = path.with_name(f".{path.name}.new")
    try:
        with suppress(FileNotFoundError):
            beside.unlink()
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        except OSError:
            with suppress(OSError):
                beside.unlink()
            raise
        _sync_folder(path.parent)
    except OSError as error:
        raise LedgerError(
            "a file could not be written",
            code="file-not-written",
            found=error.strerror or str(error),
            where=path,
            remedy="free some space or choose a folder that you may write to, then try again",
        ) from error


def _sync_folder(folder: Path) -> None:
    """Force the folder's entries to the disk; Windows has no such call and needs none."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
