"""Read .srt, .vtt and .ass subtitles: who says what when, captions that only repeat merged into one.

Rule: a cue keeps its times; markup is dropped, words never are. Sources: SubRip as VLC writes it, WebVTT 4,
Advanced SubStation Alpha v4+ [Events].
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ledger.errors import EventInvalid

SUFFIXES = (".srt", ".vtt", ".ass", ".ssa")
_TIMES = re.compile(r"((?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3})[ \t]*-->[ \t]*((?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3})")
_MARKUP = re.compile(r"<[^<>\n]*>|\{\\[^{}]*\}")
_ASS_FIELDS = 10
_JOINED_WITHIN = 1.0


@dataclass(frozen=True, slots=True)
class Cue:
    """What is shown or said from `start` to `end`, in seconds."""

    start: float
    end: float
    text: str


def read_subtitles(text: str, suffix: str) -> tuple[Cue, ...]:
    """Return the cues of a subtitle file in order of time.

    Raises:
        EventInvalid: there is not one cue with its times in it.
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    cues = _ass(plain) if suffix.lower() in (".ass", ".ssa") else _timed(plain)
    if not cues:
        raise EventInvalid(
            "there are no subtitles in this file",
            field="FILE",
            code="subtitles-unreadable",
            found=plain[:40],
            expected="00:00:01,000 --> 00:00:03,000 above the words",
            remedy="save the subtitles again as .srt in UTF-8",
        )
    return _merged(sorted(cues, key=lambda cue: (cue.start, cue.end)))


def clock(seconds: float) -> str:
    """Return an instant of a recording.

    >>> clock(3723.5)
    '01:02:03.500'
    """
    whole = round(seconds * 1000)
    return f"{whole // 3_600_000:02}:{whole // 60_000 % 60:02}:{whole // 1000 % 60:02}.{whole % 1000:03}"


def _seconds(text: str) -> float:
    parts = text.replace(",", ".").split(":")
    return sum((float(part) * float(60**power) for power, part in enumerate(reversed(parts))), 0.0)


def _timed(text: str) -> list[Cue]:
    found = list(_TIMES.finditer(text))
    cues = []
    for number, match in enumerate(found):
        last = number + 1 == len(found)
        body = text[match.end() : len(text) if last else found[number + 1].start()]
        lines = body.partition("\n")[2].split("\n")
        if not last and lines and lines[-1] == "":
            lines.pop()
        # What stands right above the next times is that cue's number or name, if a blank line is before it.
        if not last and len(lines) > 1 and lines[-2] == "":
            lines.pop()
        words = _MARKUP.sub("", "\n".join(lines)).strip()
        if words:
            cues.append(Cue(_seconds(match[1]), _seconds(match[2]), words))
    return cues


def _ass(text: str) -> list[Cue]:
    cues = []
    for line in text.split("\n"):
        if line.startswith("Dialogue:"):
            fields = line.removeprefix("Dialogue:").split(",", _ASS_FIELDS - 1)
            if len(fields) == _ASS_FIELDS and re.fullmatch(r"\s*\d+:\d\d:\d\d\.\d+\s*", fields[1]):
                words = _MARKUP.sub("", fields[-1]).replace("\\N", "\n").replace("\\n", "\n").strip()
                if words:
                    cues.append(Cue(_seconds(fields[1]), _seconds(fields[2]), words))
    return cues


def _merged(cues: list[Cue]) -> tuple[Cue, ...]:
    """Join a caption to the one before it where the words are the same and the gap is short."""
    merged: list[Cue] = []
    for cue in cues:
        before = merged[-1] if merged else None
        if before and before.text == cue.text and cue.start - before.end <= _JOINED_WITHIN:
            merged[-1] = replace(before, end=max(before.end, cue.end))
        else:
            merged.append(cue)
    return tuple(merged)
