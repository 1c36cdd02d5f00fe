"""Signed texts (checkpoints, requests to a witness) as a file, as a picture of a QR code, or on a label.

Rule: whichever way a text travels, the same bytes come out at the other end, or it is refused. A signature
proves it; nothing is believed because it came from paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from gui.verbs.files import read_bytes, read_text, write_bytes
from ledger.errors import EventInvalid
from ledger.progress import Progress, quiet

if TYPE_CHECKING:
    from gui.words import Words
    from models.proving import TreeHead

_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"RIFF", b"II*\x00", b"MM\x00*")
_LABELS = (".png", ".svg", ".pdf")
MODULE_PX = 6
LONGEST = 2300
"""What the largest QR code (version 40, level M) holds, in bytes."""


def read_note(path: Path) -> str:
    """Return the signed text of a file, or of the QR code in a picture.

    Raises:
        EventInvalid: it cannot be read, or the picture shows no code that holds such a text.
    """
    if not read_bytes(path).startswith(_PICTURES):
        return read_text(path)
    from gui.scanner import decode_file

    texts = [found.text for found in decode_file(path)]
    notes = [text for text in texts if "\n\n\u2014 " in text]
    if not notes:
        raise EventInvalid(
            "this picture shows no checkpoint",
            field="FILE",
            code="picture-no-note",
            found=", ".join(text[:40] for text in texts) or "no code that can be read",
            expected="the QR code of a checkpoint or of a request to a witness",
            where=str(path),
            remedy="photograph the code straight and close, or bring the text as a file",
        )
    return notes[0]


def read_parts(paths: Sequence[Path], mark: str, progress: Progress = quiet) -> tuple[str, ...]:
    """Return the texts beginning with `mark` that the QR codes in these pictures hold.

    Args:
        progress: told before every picture; what it raises ends it.
    """
    from gui.scanner import decode_file

    found = list[str]()
    for number, path in enumerate(paths):
        progress(number, len(paths))
        found += [code.text for code in decode_file(path) if code.text.startswith(f"{mark} ")]
    return tuple(dict.fromkeys(found))


def is_picture(path: Path) -> bool:
    """Say whether a file begins as pictures do."""
    return read_bytes(path).startswith(_PICTURES)


def write_parts(folder: Path, texts: Sequence[str], progress: Progress = quiet) -> tuple[Path, ...]:
    """Write each text as a picture of a QR code, numbered in order; all of them or none.

    Args:
        progress: told before every picture; what it raises ends it.
    """
    paths = tuple(folder / f"part-{number:03}.png" for number in range(1, len(texts) + 1))
    begun = 0
    try:
        for path, text in zip(paths, texts, strict=True):
            progress(begun, len(paths))
            begun += 1
            write_note(path, text)
    except BaseException:
        # A row of codes that ends early looks like a whole one to whoever carries it.
        for path in paths[:begun]:
            with suppress(OSError):
                path.unlink(missing_ok=True)
        raise
    return paths


def write_note(path: Path, text: str) -> None:
    """Write a signed text: as a picture of a QR code where the name ends in .png, else as it is."""
    if path.suffix.lower() != ".png":
        write_bytes(path, text.encode())
        return
    from gui.labels.picture import png_bytes
    from gui.labels.symbol import symbol

    if len(text.encode()) > LONGEST:
        raise EventInvalid(
            "this text is too long for one QR code",
            field="--out",
            code="note-too-long",
            found=f"{len(text.encode())} bytes",
            expected=f"at most {LONGEST} bytes",
            where=str(path),
            remedy="write it to a text file: give --out a name that does not end in .png",
        )
    write_bytes(path, png_bytes(symbol(text).picture(MODULE_PX)))


def write_checkpoint(words: Words, head: TreeHead, path: Path, sheet: str | None = None) -> None:
    """Write a checkpoint; with a label sheet, as a label that makes goods in the field paper witnesses.

    Raises:
        EventInvalid: this kind of file, or this sheet, cannot hold it.
    """
    if sheet is None or path.suffix.lower() not in _LABELS:
        write_note(path, head.note)
        return
    from gui.labels import write_labels
    from gui.labels.label import Label

    text, _, signatures = head.note.partition("\n\n")
    own = next(line for line in signatures.splitlines() if line.startswith(f"\u2014 {head.origin} "))
    lines = (words("checkpoint.label.size", n=str(head.size)), head.origin)
    label = Label(head.root, words("checkpoint.title"), lines, says=f"{text}\n\n{own}\n")
    write_labels([label], path, sheet)
