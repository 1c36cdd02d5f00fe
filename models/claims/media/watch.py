"""Watch pictures and recordings: read the words on chosen frames, judge them, follow each claim in time.

Rule: the same file gives the same findings: two frames are searched for text at once, but lines are read in
order, and a line whose pixels have not changed keeps its earlier reading. At most a few frames are in memory.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from hashlib import sha256
from pathlib import Path

from models.claims.media.clip import Clip, make_clip
from models.claims.media.frames import Recording, Sampler, Shot
from models.claims.media.layout import passages
from models.claims.media.lines import LineMemory, read_tiled
from models.claims.media.pictures import Pixels, read_picture
from models.claims.media.reading import Box, Corners, PaddleReader, Reader, Seen
from models.claims.media.spans import Span, Spans
from models.claims.media.speech import Said
from models.claims.screen import Remark

Judge = Callable[[str], Sequence[Remark]]
_EDGE = 24
_SHARED = 2


@dataclass(frozen=True, slots=True)
class Sighting:
    """One finding in a picture or recording: from when to when it was shown, where, and its evidence.

    Args:
        text: the words found; `remark` speaks of the whole passage they stood in.
        clip: None for what was only heard.
    """

    start: float
    end: float
    text: str
    remark: Remark
    passage: str
    box: Box | None
    clip: Clip | None
    score: float


@dataclass(frozen=True, slots=True)
class Caption:
    """Words shown from `start` to `end`."""

    start: float
    end: float
    text: str


@dataclass(slots=True)
class Seeing:
    """What came of watching, and what it took: samples taken, searched for text, lines read."""

    sightings: list[Sighting] = field(default_factory=list)
    captions: list[Caption] = field(default_factory=list)
    seconds: float = 0.0
    samples: int = 0
    searched: int = 0
    lines_read: int = 0
    damaged: int = 0
    has_sound: bool = False
    said: list[Said] | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Material of a span of findings: the remark, the passage, and the frame that shows it best."""

    remark: Remark
    passage: str
    clip: Clip


@dataclass(slots=True)
class Watcher:
    """Judges samples as they come; `opened` is called with each finding the moment it is seen.

    Args:
        judge: what there is to say of a passage.
        source: the recording's name, for its clips.
        keep: whether captions are kept (a live stream's would grow without end).
    """

    judge: Judge
    source: str
    opened: Callable[[Sighting], None] = lambda _: None
    closed: Callable[[Sighting], None] = lambda _: None
    keep: bool = True
    seeing: Seeing = field(default_factory=Seeing)
    _claims: Spans[Evidence] = field(default_factory=Spans)
    _captions: Spans[None] = field(default_factory=Spans)
    _judged: dict[str, Sequence[Remark]] = field(default_factory=dict)

    def see(self, time: float, lines: Sequence[Seen], pixels: Pixels) -> None:
        """Take in one sample: every line it shows."""
        shown = []
        for passage in passages(lines):
            for remark in self._remarks(passage.text):
                box = passage.box(remark.start, remark.end)
                words = self._uncut(remark, box, pixels.shape[1])
                shown.append((remark.verdict, words, passage.score, box, (remark, passage)))
        made = [
            (
                key,
                words,
                score,
                box,
                Evidence(remark, passage.text, self._clip(pixels, box, words, time, key, score)),
            )
            for key, words, score, box, (remark, passage) in shown
        ]
        new, over = self._claims.feed(time, list(made))
        self._tell(new, over)
        _, past = self._captions.feed(time, [("", line.text, line.score, line.box, None) for line in lines])
        self._keep_captions(past)

    def unchanged(self, time: float) -> None:
        """Take in a sample that shows what the one before showed."""
        self._claims.same(time)
        self._captions.same(time)

    def finish(self, time: float) -> Seeing:
        """Close what is still shown and return everything, in order of time."""
        self._tell([], self._claims.finish(time))
        self._keep_captions(self._captions.finish(time))
        self.seeing.seconds = max(self.seeing.seconds, time)
        self.seeing.sightings.sort(key=lambda each: (each.start, each.end, each.remark.rule))
        self.seeing.captions.sort(key=lambda each: (each.start, each.end, each.text))
        return self.seeing

    def _clip(self, pixels: Pixels, box: Box, words: str, time: float, key: str, score: float) -> Clip:
        """Return the clip of these words; made again only where it may be the clearest yet."""
        for span in self._claims.open:
            if span.kind == key and span.text == words and span.score >= score:
                return span.best.clip
        return make_clip(pixels, box, words, self.source, time)

    def _uncut(self, remark: Remark, box: Box, width: int) -> str:
        """Return the words; of words leaving the picture at its edge, those seen before they were cut off."""
        if box[0] > _EDGE and box[2] < width - _EDGE:
            return remark.words
        for span in self._claims.open:
            text, words = span.text, remark.words
            shared = SequenceMatcher(None, text, words, autojunk=False).find_longest_match()
            if span.kind == remark.verdict and shared.size >= _SHARED and len(text) >= len(words):
                return text
        return remark.words

    def _remarks(self, text: str) -> Sequence[Remark]:
        known = self._judged.get(text)
        if known is None:
            if len(self._judged) > 512:
                self._judged.clear()
            known = self._judged[text] = self.judge(text)
        return known

    def _tell(self, new: Sequence[Span[Evidence]], over: Sequence[Span[Evidence]]) -> None:
        for span in new:
            self.opened(_sighting(span))
        for span in over:
            done = _sighting(span)
            self.closed(done)
            if self.keep:
                self.seeing.sightings.append(done)

    def _keep_captions(self, past: Sequence[Span[None]]) -> None:
        if self.keep:
            self.seeing.captions += [Caption(span.start, span.end, span.text) for span in past]


def watch_recording(
    recording: Recording,
    watcher: Watcher,
    readers: Sequence[Reader],
    *,
    skip_to: float = 0.0,
    stopped: Callable[[], bool] = lambda: False,
    progress: Callable[[float], None] = lambda _: None,
) -> Seeing:
    """Watch an open recording to its end, or until `stopped`.

    Raises:
        EventInvalid: code `recording-unreadable`: there is not one frame in it.
    """
    seeing = watcher.seeing
    lines = LineMemory(readers[0])
    with ThreadPoolExecutor(max(1, len(readers) - 1), thread_name_prefix="locate") as pool:
        for shot, found in _located(recording.shots(Sampler(), skip_to), readers, pool):
            seeing.samples += 1
            if shot.pixels is None:
                watcher.unchanged(shot.time)
            else:
                seeing.searched += 1
                watcher.see(shot.time, lines.read(shot.pixels, found.result()), shot.pixels)
            seeing.lines_read = lines.read_anew
            progress(shot.time)
            if stopped():
                break
    seeing.damaged = recording.damaged
    if not seeing.samples and not skip_to and not stopped():
        raise recording.refusal("not one frame can be decoded")
    return watcher.finish(recording.ended)


def watch_picture(path: Path, watcher: Watcher, reader: Reader) -> Seeing:
    """Read a still or animated picture.

    Raises:
        EventInvalid: code `picture-unreadable`.
    """
    time = 0.0
    for time, pixels in read_picture(path):
        watcher.seeing.samples += 1
        watcher.seeing.searched += 1
        watcher.see(time, read_tiled(reader, pixels), pixels)
    return watcher.finish(time)


def make_readers(count: int | None = None) -> list[Reader]:
    """Return readers for as many threads as help: one reads, the others look for text."""
    wanted = count or (3 if (os.cpu_count() or 1) > 1 else 2)
    return [PaddleReader() for _ in range(wanted)]


def _located(
    shots: Iterator[Shot], readers: Sequence[Reader], pool: ThreadPoolExecutor
) -> Iterator[tuple[Shot, Future[list[Corners]]]]:
    """Give each sample with the search for its text, which runs ahead by a frame for each reader."""
    free = deque(readers[1:] or readers)
    ahead: deque[tuple[Shot, Future[list[Corners]]]] = deque()
    for shot in shots:
        ahead.append((shot, _search(shot, free, pool)))
        # With a single reader nothing runs ahead: what is live is told at once.
        while len(ahead) > len(readers) - 1:
            yield ahead.popleft()
    yield from ahead


def _search(shot: Shot, free: deque[Reader], pool: ThreadPoolExecutor) -> Future[list[Corners]]:
    if shot.pixels is None:
        nothing: Future[list[Corners]] = Future()
        nothing.set_result([])
        return nothing
    pixels = shot.pixels

    def search() -> list[Corners]:
        # As many threads as readers: each takes a free one and puts it back.
        reader = free.popleft()
        try:
            return reader.locate(pixels)
        finally:
            free.append(reader)

    return pool.submit(search)


def _sighting(span: Span[Evidence]) -> Sighting:
    heard = span.best
    return Sighting(
        span.start,
        span.end or span.last,
        span.text,
        heard.remark,
        heard.passage,
        span.box,
        heard.clip,
        span.score,
    )


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file, read in pieces."""
    digest = sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()
