"""Look through a file of any kind for a face: text, subtitles, pictures, recordings, also growing ones.

Rule: whatever the medium, what comes out is the same: a case that a person can confirm or dismiss, with when
or where it stands. Findings are told as they come, always all of them so far, and looking stops when asked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.errors import EventInvalid
from models.claims.case import ClaimCase, case_of
from models.claims.crosscheck import Facts
from models.claims.lexicon import Lexicon
from models.claims.media.kinds import HEAD, Kind, kind_of
from models.claims.screen import Remark, screen
from models.claims.subtitles import SUFFIXES, clock, read_subtitles
from models.claims.texts import decode

if TYPE_CHECKING:
    from models.claims.media.watch import Sighting

_GROWING_IDLE = 60.0


@dataclass(frozen=True, slots=True)
class Found:
    """One finding in a file.

    Args:
        start: seconds into a recording, None in a text.
        open: still shown; its end is not known yet.
    """

    case: ClaimCase
    remark: Remark
    start: float | None
    end: float | None
    open: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """How to look: by which rules, for which goods, whom to tell, when to stop, whether to wait for more."""

    lexicon: Lexicon
    category: str = "general"
    facts: Facts | None = None
    tell: Callable[[tuple[Found, ...]], object] = lambda _: None
    stopped: Callable[[], bool] = lambda: False
    follow: bool = False

    def judge(self, text: str) -> Sequence[Remark]:
        """Return what there is to say of a passage; what nobody could check is not a finding."""
        found = screen(text, self.lexicon, self.category, self.facts)
        return [remark for remark in found if remark.verdict != "to_check"]


def inspect_file(path: Path, look: Look) -> tuple[Found, ...]:
    """Return every finding of a file.

    Raises:
        EventInvalid: it cannot be read, or that takes the extra `media`.
        OSError: the system refuses it.
    """
    with path.open("rb") as file:
        kind = kind_of(path.name, file.read(HEAD))
    found = _in_text(path, look) if kind == "text" else _in_media(path, kind, look)
    look.tell(found)
    return found


def _in_text(path: Path, look: Look) -> tuple[Found, ...]:
    text = decode(path.read_bytes())
    if text is None:
        raise EventInvalid(
            "the file is not text",
            field="FILE",
            code="file-not-text",
            found=path.suffix or path.name,
            expected="text, subtitles, a picture or a recording",
            where=str(path),
            remedy="choose another file",
        )
    found = []
    suffix = path.suffix.lower()
    if suffix in SUFFIXES:
        for cue in read_subtitles(text, suffix):
            for remark in look.judge(cue.text):
                case = case_of(remark, cue.text, path.name, clock(cue.start))
                found.append(Found(case, remark, cue.start, cue.end))
        return tuple(found)
    for number, line in enumerate(text.splitlines(), 1):
        for remark in look.judge(line):
            case = case_of(remark, line, path.name, f"{number}:{remark.start + 1}")
            found.append(Found(case, remark, None, None))
    return tuple(found)


def _in_media(path: Path, kind: Kind, look: Look) -> tuple[Found, ...]:
    from models.claims.media.frames import Recording
    from models.claims.media.installed import PICTURES, RECORDINGS, require
    from models.claims.media.live import Growing
    from models.claims.media.watch import Watcher, make_readers, watch_picture, watch_recording

    require(PICTURES if kind == "picture" else RECORDINGS, path.name)
    shown: dict[tuple[float, str, str], Found] = {}

    def opened(seen: Sighting, still: bool = True) -> None:
        shown[(seen.start, seen.remark.rule, seen.remark.verdict)] = _of_sighting(seen, path.name, still)
        look.tell(tuple(shown.values()))

    watcher = Watcher(look.judge, path.name, opened, lambda seen: opened(seen, False))
    if kind == "picture":
        seeing = watch_picture(path, watcher, make_readers(1)[0])
    else:
        growing = Growing(path, _GROWING_IDLE, look.stopped) if look.follow else None
        recording = Recording(growing or str(path), path.name, live=look.follow).open()
        try:
            if not recording.has_picture:
                return ()
            readers = make_readers(1 if look.follow else None)
            seeing = watch_recording(recording, watcher, readers, stopped=look.stopped)
        finally:
            recording.close()
            if growing is not None:
                growing.close()
    return tuple(_of_sighting(seen, path.name, False) for seen in seeing.sightings)


def _of_sighting(seen: Sighting, source: str, still: bool) -> Found:
    png = None if seen.clip is None else seen.clip.png
    case = case_of(seen.remark, seen.passage, source, clock(seen.start), seen.text, png)
    return Found(case, seen.remark, seen.start, seen.end, still)
