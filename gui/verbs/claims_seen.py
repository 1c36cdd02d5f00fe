"""The `claims` verb on pictures and recordings: what is shown and said, when, and the evidence of it."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gui.verbs.files import write_bytes
from gui.verbs.outcome import Session
from ledger.errors import EventInvalid
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


def watch_file(session: Session, path: Path, kind: Kind, judge: Judge, speech: Path | None) -> Seeing:
    """Watch a whole file, and with a speech model listen to it, and return what came of it.

    Raises:
        EventInvalid: the extra `media` is missing, or the file is no such picture or recording.
    """
    require({"picture": PICTURES, "sound": ("av",)}.get(kind, RECORDINGS), path.name)
    from models.claims.media import speech as hearing
    from models.claims.media.frames import Recording
    from models.claims.media.hearing import hear
    from models.claims.media.watch import Watcher, make_readers, watch_picture, watch_recording

    recogniser = None if speech is None else hearing.load_recogniser(speech)
    watcher = Watcher(judge, path.name)
    if kind == "picture":
        return watch_picture(path, watcher, make_readers(1)[0])
    recording = Recording(str(path), path.name).open()
    try:
        if not recording.has_picture and recogniser is None:
            raise no_speech_model(path.name)
        seeing = watcher.seeing
        seeing.has_sound = recording.has_sound
        if recording.has_picture:
            watch_recording(recording, watcher, make_readers(), progress=_progress(session))
    finally:
        recording.close()
    if recogniser is not None and seeing.has_sound:
        said = []
        for piece in hearing.listen(hearing.sound_of(str(path), path.name), recogniser):
            said.append(piece)
            seeing.seconds = max(seeing.seconds, piece.end)
        seeing.said = said
        seeing.sightings = sorted([*seeing.sightings, *hear(iter(said), judge)], key=lambda each: each.start)
    return seeing


def no_speech_model(name: str) -> EventInvalid:
    """Return the refusal of a recording that can only be heard, where there is nothing to hear it with."""
    return EventInvalid(
        "this recording has no picture, and hearing it takes a speech model",
        field="--speech-model",
        code="speech-missing",
        found=name,
        expected="a folder with a sherpa-onnx model: paraformer, SenseVoice or zipformer",
        remedy="unpack such a model and name its folder: claims FILE --speech-model DIR",
    )


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
        "speech": {
            "sound": seeing.has_sound,
            "heard": seeing.said is not None,
            "lines": [
                {"at": clock(one.start), "end": clock(one.end), "text": one.text} for one in seeing.said or ()
            ],
        },
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
    """Add the options that only pictures, recordings and sound have."""
    about = "hear speech with this sherpa-onnx model"
    parser.add_argument("--speech-model", type=Path, default=None, metavar="DIR", help=about)
    parser.add_argument("--clips", default=None, metavar="DIR", help="write the evidence as PNG files here")
