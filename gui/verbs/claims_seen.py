"""The `claims` verb on pictures and recordings: what is shown and said, when, and the evidence of it."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gui.verbs.files import write_bytes
from gui.verbs.outcome import Session
from models.claims.case import ClaimCase, case_of
from models.claims.media.installed import PICTURES, RECORDINGS, require
from models.claims.media.kinds import Kind
from models.claims.subtitles import clock

if TYPE_CHECKING:
    # Named for the checker only: the terminal starts without NumPy.
    from models.claims.media.watch import Judge, Seeing, Sighting

Row = dict[str, Any]
RowOf = Callable[[Any], Row]
_EVERY = 10.0


def watch_file(session: Session, path: Path, kind: Kind, judge: Judge) -> Seeing:
    """Watch a whole file and return what came of it.

    Raises:
        EventInvalid: the extra `media` is missing, or the file is no such picture or recording.
    """
    require(PICTURES if kind == "picture" else RECORDINGS, path.name)
    from models.claims.media.frames import Recording
    from models.claims.media.watch import Watcher, make_readers, watch_picture, watch_recording

    watcher = Watcher(judge, path.name)
    if kind == "picture":
        return watch_picture(path, watcher, make_readers(1)[0])
    recording = Recording(str(path), path.name).open()
    try:
        if not recording.has_picture:
            return watcher.seeing
        return watch_recording(recording, watcher, make_readers(), progress=_progress(session))
    finally:
        recording.close()


def sighting_row(sighting: Sighting, kind: Kind, row: Row) -> Row:
    """Return a finding of a picture or recording with the keys of the contract, its place and evidence."""
    box = sighting.box
    moving = kind != "picture" or sighting.end > 0
    at = clock(sighting.start) if moving or box is None else f"{box[0]},{box[1]}"
    times = {"until": clock(sighting.end), "end": clock(sighting.end)} if moving else {}
    clip = sighting.clip
    return {
        "at": at,
        **times,
        **row,
        "text": sighting.text,
        "passage": sighting.passage,
        "source": "caption" if clip is not None else "speech",
        "box": None if box is None else list(box),
        "clip": None
        if clip is None
        else {"sha256": clip.digest, "frame": clip.note.frame, "time": clip.note.time},
    }


def sighting_case(sighting: Sighting, source: str) -> ClaimCase:
    """Return a finding of a picture or recording as the case that a person decides."""
    clip = sighting.clip
    png = None if clip is None else clip.png
    return case_of(sighting.remark, sighting.passage, source, clock(sighting.start), sighting.text, png)


def write_clips(folder: Path, sightings: Sequence[Sighting], rows: Sequence[Row]) -> None:
    """Write each clip as a PNG named after its SHA-256, and say in its row where it is."""
    for sighting, row in zip(sightings, rows, strict=True):
        if sighting.clip is not None:
            file = folder / f"{sighting.clip.digest}.png"
            write_bytes(file, sighting.clip.png)
            row["clip"]["file"] = str(file)


def about(seeing: Seeing, kind: Kind) -> Row:
    """Return what was read and what it took."""
    return {
        "kind": kind,
        "seconds": round(seeing.seconds, 3),
        "frames": {"sampled": seeing.samples, "searched": seeing.searched, "damaged": seeing.damaged},
        "captions": [
            {"at": clock(caption.start), "end": clock(caption.end), "text": caption.text}
            for caption in seeing.captions
        ],
    }


def _progress(session: Session) -> Callable[[float], None]:
    told = [_EVERY]

    def tell(seconds: float) -> None:
        if seconds >= told[0]:
            told[0] = seconds + _EVERY
            session.say(session.words("claims.watched", time=clock(seconds)[:8]))

    return tell


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that only pictures and recordings have."""
    parser.add_argument(
        "--clips", default=None, metavar="DIR", help="write each finding's evidence as a PNG here"
    )
