"""Open a file somebody gave the window: as an argument, by a second start, or dropped on it.

What a file is, its first bytes say; its name decides only where they do not.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from gui.pages import PAGES
from gui.verbs.files import read_bytes

if TYPE_CHECKING:
    from gui.shell import Shell

PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".jfif")
VIDEOS = (".mp4", ".mov", ".mkv", ".avi", ".webm", ".m4v", ".mpg", ".mpeg")
TABLES = (".csv", ".xlsx", ".json", ".jsonld", ".xml")
# A proof names its format among its keys in their order, which may be behind all its entries.
HEAD = 4 << 20


def kind_of(name: str, head: bytes) -> str:
    """Return what a file is: proof, bundle, picture, table, or "" for something we do not open.

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
    return "table" if suffix in TABLES else ""


def open_files(shell: Shell, paths: list[Path]) -> None:
    """Open each file where it belongs, looking into it on a reading thread."""
    for path in paths:
        shell.workers.read(partial(_kind_at, path), partial(_open, shell, path), owner=shell)


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
    elif kind == "picture":
        shell.open("scan", {"path": str(path)})
    elif kind == "table":
        shell.open("import", {"path": str(path)})
    else:
        shell.toast(words("files.unknown", name=path.name), "attention")
