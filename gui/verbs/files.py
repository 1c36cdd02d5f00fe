"""Read and write the files a verb names; what the system says becomes a clear refusal."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from ledger.errors import EventInvalid, file_unreadable, file_unwritable


def read_bytes(path: Path) -> bytes:
    """Return the file's bytes.

    Raises:
        EventInvalid: there is no such file, or it may not be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise file_unreadable(path, error) from error


def read_text(path: Path) -> str:
    """Return the file as UTF-8 text.

    Raises:
        EventInvalid: it cannot be read, or is not UTF-8.
    """
    return text_of(read_bytes(path), path)


def text_of(data: bytes, path: Path) -> str:
    """Return bytes that were read from `path` as UTF-8 text.

    Raises:
        EventInvalid: they are not UTF-8.
    """
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise EventInvalid(
            "the file is not UTF-8 text",
            field="FILE",
            code="file-not-text",
            found=f"byte {data[error.start]:#04x} at offset {error.start}",
            expected="UTF-8 text",
            where=str(path),
            remedy="save the file again as UTF-8",
        ) from error


def write_bytes(path: Path, data: bytes) -> None:
    """Write the file, making its folder where that is missing.

    Raises:
        LedgerError: the disk is full, read-only, or the path is not a file.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        raise file_unwritable(path, error, "choose another place with --out") from error


def document_bytes(document: Any) -> bytes:
    """Return a JSON document as the bytes of a file, in the one form that verbs print and write."""
    return (json.dumps(document, ensure_ascii=False, indent=1, default=_plain) + "\n").encode()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"no JSON for {type(value).__name__}")
