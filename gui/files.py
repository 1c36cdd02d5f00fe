"""Open a file somebody gave the window: as an argument, by a second start, or dropped on it.

What a file is, its first bytes say; its name decides only where they do not.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from gui.pages import PAGES
from gui.verbs.files import read_bytes
from models.claims.media.kinds import PICTURES

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData

    from gui.shell import Shell

VIDEOS = (".mp4", ".mov", ".mkv", ".avi", ".webm", ".m4v", ".mpg", ".mpeg")
TABLES = (".csv", ".xlsx", ".json", ".jsonld", ".xml")
PICTURE_HEADS = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8")
# What stands between a checkpoint's text and the first signature under it.
SIGNED = "\n\n\u2014 ".encode()
# A proof names its format among its keys in their order, which may be behind all its entries.
HEAD = 4 << 20


def kind_of(name: str, head: bytes) -> str:
    """Return what a file is: proof, bundle, checkpoint, picture, table, or "" for what we do not open.

    >>> kind_of("anything", b"suxin-bundle/v1 suxin.example/wuchang+0b1c+AQ 0 3")
    'bundle'
    """
    suffix = Path(name).suffix.lower()
    if head.startswith(b"suxin-bundle/"):
        return "bundle"
    if b'"suxin-proof/' in head or name.lower().endswith((".proof", ".proof.json")):
        return "proof"
    if suffix in PICTURES + VIDEOS:
        return "picture"
    if suffix in TABLES:
        return "table"
    if head.startswith(PICTURE_HEADS):
        return "picture"
    return "checkpoint" if _is_checkpoint(head) else ""


def local_files(data: QMimeData) -> list[Path]:
    """Return the files on this machine that a drag carries, each once, in their order."""
    names = (url.toLocalFile() for url in data.urls() if url.isLocalFile())
    return [Path(name) for name in dict.fromkeys(names) if name]


def open_files(shell: Shell, paths: list[Path]) -> None:
    """Open each file where it belongs, looking into it on a reading thread."""
    for path in paths:
        shell.workers.read(partial(_kind_at, path), partial(_open, shell, path), owner=shell)


def _is_checkpoint(head: bytes) -> bool:
    """Say whether this is a signed tree head: a name, a size, a root, a blank line, signatures."""
    lines = head.split(b"\n", 3)
    return len(lines) == 4 and lines[1].isdigit() and lines[2] != b"" and SIGNED in head


def _kind_at(path: Path) -> str:
    return kind_of(path.name, _head(path))


def _head(path: Path) -> bytes:
    if path.stat().st_size > HEAD:
        with path.open("rb") as file:
            return file.read(HEAD)
    return read_bytes(path)


def _open(shell: Shell, path: Path, kind: str) -> None:
    words = shell.words
    if kind == "proof":
        from gui.proof import open_proof

        open_proof(shell.context, path, shell)
    elif kind == "bundle" and any(spec.key == "bundles" for spec in PAGES):
        shell.open("bundles", {"path": str(path)})
    elif kind == "checkpoint":
        shell.open("integrity", {"against": str(path)})
    elif kind == "picture":
        shell.open("scan", {"path": str(path)})
    elif kind == "table":
        shell.open("import", {"path": str(path)})
    else:
        shell.toast(words("files.unknown", name=path.name), "attention")
