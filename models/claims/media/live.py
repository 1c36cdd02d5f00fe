"""Read what is still being written: a growing file or a pipe, as bytes, lines or subtitle cues.

Rule: memory is bounded (a pipe is read ahead by a few pieces, an endless line is cut), and every wait ends:
at the end of a pipe, when nothing has come for the idle time, or when somebody asks to stop.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from queue import Empty, Full, Queue
from typing import BinaryIO, Protocol

from ledger.durable import write_file
from ledger.errors import EventInvalid
from models.claims.subtitles import Cue, read_subtitles

PIECE = 1 << 16
LONGEST_LINE = 1 << 16
_AHEAD = 32
_POLL = 0.1
_HEAD = 1024


class Arriving(Protocol):
    """Bytes as they come; an empty read is the end."""

    def read(self, size: int = PIECE) -> bytes:
        """Return what has come, waiting for at least one byte."""
        ...


class Growing:
    """A file that somebody else is still writing.

    Args:
        idle: after so many seconds without a new byte the file counts as finished.
        stopped: asked between waits.
    """

    def __init__(self, path: Path, idle: float, stopped: Callable[[], bool], offset: int = 0) -> None:
        self._file = path.open("rb")
        self._file.seek(offset)
        self._idle, self._stopped = idle, stopped
        self._wait = threading.Event()

    def read(self, size: int = PIECE) -> bytes:
        """Return what has come; empty when nothing comes any more."""
        last = time.monotonic()
        while not self._stopped():
            piece = self._file.read(size)
            if piece:
                return piece
            if time.monotonic() - last >= self._idle:
                break
            self._wait.wait(_POLL)
        return b""

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class Pipe:
    """A pipe, read by a thread of its own so that a silent one can be left.

    Args:
        idle: None waits for the end however long it takes.
    """

    def __init__(self, stream: BinaryIO, idle: float | None, stopped: Callable[[], bool]) -> None:
        self._idle, self._stopped = idle, stopped
        self._pieces: Queue[bytes] = Queue(_AHEAD)
        self._rest = b""
        self._left = False
        # A daemon: a read that never returns must not keep the program from ending.
        threading.Thread(target=self._pump, args=(stream,), daemon=True).start()

    def read(self, size: int = PIECE) -> bytes:
        """Return what has come; empty at the end."""
        last = time.monotonic()
        while not self._rest and not self._left:
            try:
                self._rest = self._pieces.get(timeout=_POLL)
                self._left = not self._rest
            except Empty:
                waited = time.monotonic() - last
                self._left = self._stopped() or (self._idle is not None and waited >= self._idle)
        piece, self._rest = self._rest[:size], self._rest[size:]
        return piece

    def close(self) -> None:
        """Take nothing more from the pipe."""
        self._left, self._rest = True, b""

    def _pump(self, stream: BinaryIO) -> None:
        try:
            # Past Python's own buffer: a thread that waits inside it would break the program's end.
            read: Callable[[int], bytes] = partial(os.read, stream.fileno())
        except OSError:
            read = stream.read
        while not self._left:
            try:
                piece = read(PIECE)
            except (OSError, ValueError):
                piece = b""
            while not self._left:
                try:
                    self._pieces.put(piece, timeout=_POLL)
                    break
                except Full:
                    continue
            if not piece:
                return


class Rewound:
    """A source whose first bytes were looked at, given again from its start."""

    def __init__(self, head: bytes, source: Arriving) -> None:
        self._head, self._source = head, source

    def read(self, size: int = PIECE) -> bytes:
        """Return the next bytes."""
        if self._head:
            piece, self._head = self._head[:size], self._head[size:]
            return piece
        return self._source.read(size)


def lines(source: Arriving) -> Iterator[tuple[int, str]]:
    """Give each line with how many bytes have been used up to its end; what is last needs no line end."""
    held, used = b"", 0
    while piece := source.read(PIECE):
        held += piece
        while (cut := held.find(b"\n")) >= 0 or len(held) >= LONGEST_LINE:
            size = cut + 1 if cut >= 0 else _whole(held[:LONGEST_LINE])
            used += size
            yield used, _text(held[:size])
            held = held[size:]
    if held:
        yield used + len(held), _text(held)


def cues(source: Arriving, suffix: str) -> Iterator[tuple[int, Cue]]:
    """Give each cue of subtitles as soon as it is complete: at a blank line, or line by line in .ass."""
    block, at = "", 0
    for used, line in lines(source):
        at = used
        block += line + "\n"
        if suffix in (".ass", ".ssa") or not line.strip():
            yield from ((used, cue) for cue in _cues(block, suffix))
            block = ""
    yield from ((at, cue) for cue in _cues(block, suffix))


def _cues(block: str, suffix: str) -> tuple[Cue, ...]:
    if not block.strip():
        return ()
    try:
        return read_subtitles(block, suffix)
    except EventInvalid:
        # A header or a remark between cues.
        return ()


def _text(line: bytes) -> str:
    plain = line.rstrip(b"\r\n")
    try:
        return plain.decode()
    except UnicodeDecodeError:
        return plain.decode("gb18030", errors="replace")


def _whole(piece: bytes) -> int:
    """Return how much of a cut line ends with a whole character."""
    size = len(piece)
    while size > len(piece) - 4 and piece[size - 1] & 0xC0 == 0x80:
        size -= 1
    return size - 1 if piece[size - 1] >= 0xC0 else len(piece)


@dataclass(frozen=True, slots=True)
class Position:
    """How far something has been watched: bytes and lines of text, seconds of a recording.

    Args:
        head: SHA-256 of its first bytes, so that another file of the same name is watched from its start.
    """

    offset: int = 0
    line: int = 0
    seconds: float = 0.0
    head: str = ""
    head_size: int = 0


def resume(state: Path, watched: Path) -> Position:
    """Return where watching this file was left, or its beginning."""
    try:
        left = Position(**json.loads(state.read_text(encoding="utf-8")))
        with watched.open("rb") as file:
            same = sha256(file.read(left.head_size)).hexdigest() == left.head
        return left if same and watched.stat().st_size >= left.offset else Position()
    except (OSError, ValueError, TypeError):
        return Position()


def leave(state: Path, watched: Path, offset: int, line: int, seconds: float) -> None:
    """Write down how far this file has been watched; a crash leaves the old note or the new one, whole."""
    with watched.open("rb") as file:
        head = file.read(min(_HEAD, offset) if offset else _HEAD)
    left = Position(offset, line, seconds, sha256(head).hexdigest(), len(head))
    write_file(state, json.dumps(asdict(left)).encode())
