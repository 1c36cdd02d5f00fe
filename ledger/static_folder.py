"""Hand the whole ledger on as a folder of static files, and check such a folder without the ledger.

The one rule: the folder is a C2SP tlog-tiles log, so any web server or USB stick serves it and any tool
of that world reads it; whoever copies it needs no trust in whoever carried it.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ledger.durable import PUBLIC, write_file
from ledger.errors import LedgerError
from ledger.reader import Reader
from ledger.tlog.checkpoint import Cosigned, parse_checkpoint
from ledger.tlog.note import parse_note
from ledger.tlog.note_keys import VerifierKey
from ledger.tlog.static import CHECKPOINT_PATH, check_static, write_static


def write_folder(reader: Reader, folder: Path) -> int:
    """Write the ledger's tiles, entries and newest checkpoint; files already there are not touched.

    Returns:
        how many entries the folder now holds.

    Raises:
        LedgerError: `folder-of-another-log`, `folder-differs` (a tile there is not this ledger's),
            `file-not-written`, or an entry that the layout cannot hold.
    """
    head = reader.head()
    cosigned = reader.newest_cosigned()
    signed = cosigned.note if cosigned is not None and cosigned.size == head.size else head.checkpoint
    _must_continue(folder, parse_checkpoint(parse_note(signed).text).origin)

    def put(path: str, data: bytes) -> None:
        target = folder / path
        there = None if path == CHECKPOINT_PATH else _read(target)
        if there is None:
            _make(target.parent)
            write_file(target, data, mode=PUBLIC)
        elif there != data:
            # A tile has one content for ever: never write over what may be the evidence.
            raise _differs(target)

    write_static(put, signed, (entry.leaf for entry in reader.entries(0, head.size)))
    return head.size


def check_folder(folder: Path, log: VerifierKey, witnesses: Iterable[VerifierKey] = ()) -> Cosigned:
    """Hash every entry of a folder again and return its checkpoint if they are exactly its tree.

    Raises:
        LedgerError: a file is missing or damaged, or the checkpoint is not this log's.
    """
    return check_static(lambda path: _read(folder / path), log, witnesses)


def _must_continue(folder: Path, origin: str) -> None:
    old = _read(folder / CHECKPOINT_PATH)
    if old is not None and parse_checkpoint(parse_note(old).text).origin != origin:
        raise LedgerError(
            "this folder holds another ledger",
            code="folder-of-another-log",
            where=folder,
            expected=origin,
            remedy="choose an empty folder",
        )


def _differs(path: Path) -> LedgerError:
    return LedgerError(
        "the folder and the ledger tell different histories, or one of them is damaged",
        code="folder-differs",
        where=path,
        expected="the file that the ledger wrote before",
        remedy="keep the folder as evidence; verify the ledger against the checkpoint in it; then write the "
        "ledger to an empty folder",
    )


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
    except OSError as error:
        raise LedgerError(
            "a file of the folder cannot be read",
            code="file-unreadable",
            found=error.strerror or str(error),
            where=path,
            remedy="copy the folder again, or check the medium",
        ) from error


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LedgerError(
            "a folder could not be made",
            code="file-not-written",
            found=error.strerror or str(error),
            where=folder,
            remedy="choose a folder that you may write to, then try again",
        ) from error
