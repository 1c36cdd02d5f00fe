"""Choose the frames of a recording that are worth reading: one a second, and where the picture changes.

Rule: between two samples a small grey copy is compared cell by cell, so that a caption of half a second is
seen in a calm picture; a moving picture earns at most one extra frame every four seconds, so the cost stays
bounded. A frame that shows nothing new since the last sample comes without pixels. Time runs from the first
frame, as a player shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from ledger.errors import EventInvalid
from models.claims.media.installed import RECORDINGS, require
from models.claims.media.pictures import Pixels

STEP = 1.0
_LOOK = 0.2
_WIDE, _HIGH, _CELL = 160, 90, 10
_CELL_CHANGED = 6.0
_CELL_SAME = 1.2
_EARNED, _MOST = 0.25, 3.0
_BROKEN_IN_A_ROW = 200

Grey = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Shot:
    """A sampled frame; `pixels` is None where it shows what the sample before showed."""

    time: float
    pixels: Pixels | None


@dataclass(slots=True)
class Sampler:
    """Decides frame by frame; give it the time and ways to the small copy and to the pixels.

    Args:
        step: seconds between samples of a picture that does not change.
    """

    step: float = STEP
    _sampled: float | None = None
    _looked: float = 0.0
    _last: Grey | None = None
    _credit: float = field(default=_MOST)

    def take(self, time: float, small: Callable[[], Grey], pixels: Callable[[], Pixels]) -> Shot | None:
        """Return a sample of this frame, or None where it is passed over."""
        if self._sampled is not None and time < self._sampled + self.step and time < self._looked + _LOOK:
            return None
        due = self._sampled is None or time >= self._sampled + self.step - 1e-6
        now = small()
        self._credit = min(_MOST, self._credit + _EARNED * (time - self._looked))
        self._looked = time
        change = (
            np.inf if self._last is None or self._last.shape != now.shape else largest_change(self._last, now)
        )
        if not due and (change < _CELL_CHANGED or self._credit < 1):
            return None
        if not due:
            self._credit -= 1
        self._sampled = time
        if change < _CELL_SAME:
            return Shot(time, None)
        self._last = now
        return Shot(time, pixels())


def largest_change(before: Grey, after: Grey) -> float:
    """Return by how many grey levels the cell that changed most has changed, on average over the cell."""
    rows, columns = before.shape[0] // _CELL, before.shape[1] // _CELL
    apart = np.abs(after - before)[: rows * _CELL, : columns * _CELL]
    cells = apart.reshape(rows, _CELL, columns, _CELL).mean(axis=(1, 3))
    return float(cells.max())


@dataclass(slots=True)
class Recording:
    """A recording open for reading, from a path or from anything with `read(size)`.

    Args:
        source: a path, or an object that gives bytes until an empty read.
        name: what to call it in a refusal.
        live: probe little before the first frame, so that findings come early.
    """

    source: Any
    name: str
    live: bool = False
    damaged: int = 0
    ended: float = 0.0
    _container: Any = None

    def open(self) -> Recording:
        """Open it.

        Raises:
            EventInvalid: code `recording-unreadable`, or `media-missing` without the extra.
        """
        require(("av",), self.name)
        import av

        probe = {"probesize": "600000", "analyzeduration": "1500000"} if self.live else {}
        try:
            self._container = av.open(self.source, options=probe, metadata_errors="replace")
        except (OSError, ValueError) as error:
            raise self.refusal(str(error)[:160]) from error
        return self

    @property
    def has_picture(self) -> bool:
        """Say whether there is anything to see."""
        return bool(self._container.streams.video)

    @property
    def has_sound(self) -> bool:
        """Say whether there is anything to hear."""
        return bool(self._container.streams.audio)

    def shots(self, sampler: Sampler, skip_to: float = 0.0) -> Iterator[Shot]:
        """Give the samples in order of time; those before `skip_to` seconds are passed over."""
        first: float | None = None
        for frame in self._decoded():
            time = frame.time
            if time is None:
                time = self.ended if first is None else self.ended + first
            first = time if first is None else first
            at = max(self.ended, time - first)
            self.ended = at
            if at >= skip_to:
                shot = sampler.take(at, partial(_small, frame), partial(_upright, frame))
                if shot is not None:
                    yield shot

    def close(self) -> None:
        """Close the file."""
        if self._container is not None:
            self._container.close()
            self._container = None

    def refusal(self, found: str) -> EventInvalid:
        """Return the refusal of this recording, for what was found instead of frames."""
        return _unreadable(self.name, found)

    def _decoded(self) -> Iterator[Any]:
        """Give the frames that can be decoded; broken packets are counted and passed over."""
        import av

        stream = self._container.streams.video[0]
        stream.thread_type = "AUTO"
        broken = 0
        packets = self._container.demux(stream)
        while broken < _BROKEN_IN_A_ROW:
            try:
                packet = next(packets)
                yield from packet.decode()
                broken = 0
            except StopIteration:
                return
            except av.error.EOFError:
                return
            except av.error.FFmpegError:
                broken += 1
                self.damaged += 1


def _small(frame: Any) -> Grey:
    wide, high = (_WIDE, _HIGH) if frame.width >= frame.height else (_HIGH, _WIDE)
    grey = frame.reformat(width=wide, height=high, format="gray").to_ndarray()
    return np.asarray(grey, np.int16)


def _upright(frame: Any) -> Pixels:
    pixels: Pixels = frame.to_ndarray(format="bgr24")
    turns = round(getattr(frame, "rotation", 0) / 90) % 4
    return np.ascontiguousarray(np.rot90(pixels, turns)) if turns else pixels


def _unreadable(name: str, found: str) -> EventInvalid:
    return EventInvalid(
        "this recording cannot be read",
        field="FILE",
        code="recording-unreadable",
        found=found,
        expected="a video or sound file such as .mp4, .mkv, .ts, .flv, .wav",
        where=name,
        remedy="play it to see whether it is whole; one still being written must be .ts, .flv or .mkv",
    )


def frame_at(path: str, seconds: float) -> Pixels | None:
    """Return the frame that a recording shows at an instant; None after its end or without a picture."""
    require(RECORDINGS, path)
    import av

    try:
        with av.open(path) as container:
            if not container.streams.video:
                return None
            stream = container.streams.video[0]
            first = float((stream.start_time or 0) * (stream.time_base or 0))
            container.seek(int(max(0.0, seconds + first - 0.5) * 1_000_000), backward=True)
            last = None
            for frame in container.decode(stream):
                last = frame
                if frame.time is not None and frame.time - first >= seconds - 1e-3:
                    break
            return None if last is None else _upright(last)
    except (OSError, ValueError):
        return None
