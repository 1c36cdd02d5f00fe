"""Remember, beside the database, how far this machine has signed and which checkpoints it ever saw.

The rule kept here: a ledger restored from an old backup must not be signed again (that would be two
histories under one name); the desk compares what it is about to sign over with what this folder remembers.
The last signed size is written in place after every commit: it may lag behind the ledger, never ahead of it,
so that a crash never locks anybody out. Checkpoints are what an audit later compares with.
"""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

from ledger.durable import write_file
from ledger.errors import LedgerError
from ledger.tlog.checkpoint import parse_checkpoint
from ledger.tlog.note import parse_note

_LINE = 128
MOST_CHECKPOINTS = 64


class SignedGuard:
    """The last signed size and root of one log, in a file of one line.

    Args:
        path: the file; its folder is made if absent.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def last(self, origin: str) -> tuple[int, bytes] | None:
        """Return (size, root) of the last tree head signed here, or None.

        Raises:
            LedgerError: code `guard-unreadable`.
        """
        try:
            data = self._path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._unreadable(error) from error
        if not data:  # made, and the machine stopped before the line was in it
            return None
        try:
            size, root, check = data.decode("ascii").split()
            if check != _check(origin, int(size), root):
                raise ValueError("a checksum of another log or another line")
            return int(size), bytes.fromhex(root)
        except ValueError as error:
            raise self._unreadable(error) from error

    def remember(self, origin: str, size: int, root: bytes) -> None:
        """Keep this as the last tree head signed here.

        Raises:
            LedgerError: code `guard-unwritten`; the entry itself is in the ledger.
        """
        line = f"{size} {root.hex()} {_check(origin, size, root.hex())}".ljust(_LINE - 1) + "\n"
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            # In place and in one write: shorter than a disk sector, so it is the old line or the new one.
            handle = os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o600)
            try:
                os.write(handle, line.encode())
            finally:
                os.close(handle)
        except OSError as error:
            raise LedgerError(
                "the last signed size could not be remembered",
                code="guard-unwritten",
                found=error.strerror or str(error),
                where=self._path,
                remedy="free some space; what was recorded is in the ledger",
            ) from error

    def _unreadable(self, error: Exception) -> LedgerError:
        return LedgerError(
            "the file that remembers how far this ledger was signed cannot be read",
            code="guard-unreadable",
            found=error,
            where=self._path,
            remedy="run verify --against a checkpoint kept elsewhere; if it holds, remove the file",
        )


class TrustedCheckpoints:
    """The checkpoints this machine ever saw, at most 64 for each log, spread over its life.

    Args:
        folder: made when the first one is kept.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, note: str) -> None:
        """Keep a signed checkpoint; whether it fits the others is for an audit to say.

        Raises:
            LedgerError: it is not a checkpoint, or cannot be written.
        """
        checkpoint = parse_checkpoint(parse_note(note).text)
        folder = self._of(checkpoint.origin)
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{checkpoint.size:020}-{sha256(note.encode()).hexdigest()[:16]}"
        if not (folder / name).exists():
            write_file(folder / name, note.encode())
        self._thin(folder)

    def all(self, origin: str) -> tuple[str, ...]:
        """Return the checkpoints kept for a log, smallest first; unreadable ones are left to be reported."""
        folder = self._of(origin)
        if not folder.is_dir():
            return ()
        return tuple(
            path.read_text("utf-8", "replace") for path in sorted(folder.iterdir()) if _is_kept(path)
        )

    def _of(self, origin: str) -> Path:
        return self._folder / sha256(origin.encode()).hexdigest()[:32]

    def _thin(self, folder: Path) -> None:
        """Drop the one that adds least between its neighbours; never two roots of one size, nor the ends."""
        kept = sorted(path for path in folder.iterdir() if _is_kept(path))
        while len(kept) > MOST_CHECKPOINTS:
            sizes = [_size(path) for path in kept]
            gaps = {
                at: sizes[at + 1] - sizes[at - 1]
                for at in range(1, len(kept) - 1)
                if sizes[at - 1] < sizes[at] < sizes[at + 1]
            }
            if not gaps:
                return
            at = min(gaps, key=lambda each: (gaps[each], each))
            kept.pop(at).unlink()


class Memory:
    """What one machine remembers of a log, outside its database: what an audit compares with by itself.

    Args:
        signed: the file with the last signed head.
        trusted: the folder of checkpoints.
    """

    def __init__(self, signed: Path, trusted: Path) -> None:
        self._guard = SignedGuard(signed)
        self._checkpoints = TrustedCheckpoints(trusted)

    def signed(self, origin: str) -> tuple[int, bytes] | None:
        """Return (size, root) of the last tree head that this machine signed, or None.

        Raises:
            LedgerError: code `guard-unreadable`.
        """
        return self._guard.last(origin)

    def checkpoints(self, origin: str) -> tuple[str, ...]:
        """Return the checkpoints of a log that this machine ever trusted."""
        return self._checkpoints.all(origin)


def _size(path: Path) -> int:
    return int(path.name.split("-")[0])


def _is_kept(path: Path) -> bool:
    return not path.name.startswith(".") and path.name.partition("-")[0].isdigit()


def _check(origin: str, size: int, root: str) -> str:
    return sha256(f"{origin}\n{size}\n{root}".encode()).hexdigest()[:16]
