"""`claims --follow`: what is still being written or broadcast, each finding told as it happens.

With `--stream` every finding is one JSON line on stdout the moment it is seen, then one when it is over, then
one summary; with `--json` the one document comes at the end and findings go to stderr meanwhile.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gui.verbs.claims_seen import sighting_row, write_clips
from gui.verbs.files import read_bytes
from gui.verbs.outcome import CHECK_FAILED, DONE, Outcome, Session
from ledger.errors import EventInvalid
from models.claims.media.kinds import HEAD, Kind, kind_of
from models.claims.media.live import Arriving, Growing, Pipe, Position, Rewound, cues, leave, lines, resume
from models.claims.screen import WRONG, Remark
from models.claims.subtitles import SUFFIXES, clock

if TYPE_CHECKING:
    from models.claims.media.watch import Judge, Sighting

Row = dict[str, Any]
RowOf = Callable[[Remark], Row]
KEPT = 10_000
_FILE_IDLE = 60.0
_SAVE_EVERY = 5.0
_SAVE_LINES = 200


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of watching what is still going on."""
    parser.add_argument("--follow", action="store_true", help="go on reading while the file or pipe grows")
    parser.add_argument("--stream", action="store_true", help="with --follow: JSON lines, as they happen")
    parser.add_argument(
        "--idle", type=float, default=None, metavar="SECONDS", help="end after so long without anything new"
    )
    parser.add_argument(
        "--state", type=Path, default=None, metavar="FILE", help="go on where this says we were"
    )


@dataclass(slots=True)
class Telling:
    """Tells findings as they come, and keeps the newest of them for the document at the end."""

    session: Session
    options: argparse.Namespace
    rows: deque[Row] = field(default_factory=lambda: deque(maxlen=KEPT))
    count: int = 0
    wrong: int = 0
    by_verdict: dict[str, int] = field(default_factory=dict)

    def found(self, row: Row, *, keep: bool = True) -> int:
        """Tell one finding and return its number."""
        self.count += 1
        verdict = row["verdict"]
        self.by_verdict[verdict] = self.by_verdict.get(verdict, 0) + 1
        self.wrong += verdict in WRONG
        row["number"] = self.count
        if keep:
            self.rows.append(row)
        self._tell("finding", row)
        return self.count

    def over(self, row: Row) -> None:
        """Tell that a finding is no longer shown; only now is its end known."""
        self.rows.append(row)
        if self.options.stream:
            self._line({"event": "over", **row})

    def outcome(self, more: Row) -> Outcome:
        """Return the document at the end: the findings, or with `--stream` only the summary."""
        told = sorted(self.rows, key=lambda row: row["number"])
        summary = {
            "file": self.options.file,
            "category": self.options.category,
            **more,
            "counts": self.by_verdict,
            "left_out": max(0, self.count - len(told)),
        }
        code = CHECK_FAILED if self.wrong else DONE
        if self.options.stream:
            line = json.dumps({"event": "end", **summary}, ensure_ascii=False)
            return Outcome(summary, (line,), code)
        findings = [row for row in told if row["verdict"] != "to_check"]
        to_check = [row for row in told if row["verdict"] == "to_check"]
        words = self.session.words("claims.found", n=str(self.count))
        return Outcome({**summary, "findings": findings, "to_check": to_check}, (words,), code)

    def _tell(self, event: str, row: Row) -> None:
        if self.options.stream:
            self._line({"event": event, **row})
            return
        verdict = self.session.words(f"claims.verdict.{row['verdict']}")
        text = f"{row['at']:>12}  {row['text']}  {row['statute']}  {verdict}"
        if self.options.json:
            self.session.say(text)
        else:
            sys.stdout.write(text + "\n")
            sys.stdout.flush()

    def _line(self, row: Row) -> None:
        sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
        sys.stdout.flush()


def follow(session: Session, options: argparse.Namespace, judge: Judge, row_of: RowOf) -> Outcome:
    """Watch until the end, the idle time or a signal.

    Raises:
        EventInvalid: the options do not fit together, or what comes cannot be read.
    """
    _check(options)
    telling = Telling(session, options)
    with stopping() as stopped, arriving(options, stopped) as (source, kind, at):
        if kind == "text":
            more = _follow_text(options, source, at, telling, judge, row_of, stopped)
        else:
            more = _follow_recording(options, source, at, telling, judge, row_of, stopped)
        more["ended_by"] = "signal" if stopped() else "end"
    return telling.outcome({"kind": kind, **more})


@contextmanager
def stopping() -> Iterator[Callable[[], bool]]:
    """Give a question that is answered yes once somebody interrupts or ends the program."""
    asked = threading.Event()
    main = threading.current_thread() is threading.main_thread()
    kept = {}
    if main:
        for name in ("SIGINT", "SIGTERM"):
            number = getattr(signal, name)
            kept[number] = signal.signal(number, lambda *_: asked.set())
    try:
        yield asked.is_set
    finally:
        for number, before in kept.items():
            signal.signal(number, before)


@contextmanager
def arriving(
    options: argparse.Namespace, stopped: Callable[[], bool]
) -> Iterator[tuple[Arriving, Kind, Position]]:
    """Open what is to be followed, and say what it is and where it was left."""
    if options.file == "-":
        stream: Any = getattr(sys.stdin, "buffer", sys.stdin)
        pipe = Pipe(stream, options.idle, stopped)
        try:
            head = pipe.read(HEAD)
            yield Rewound(head, pipe), kind_of("-", head), Position()
        finally:
            pipe.close()
        return
    path = Path(options.file)
    if not path.is_file():
        read_bytes(path)
    at = resume(options.state, path) if options.state else Position()
    with path.open("rb") as file:
        kind = kind_of(path.name, file.read(HEAD))
    idle = _FILE_IDLE if options.idle is None else options.idle
    growing = Growing(path, idle, stopped, at.offset if kind == "text" else 0)
    try:
        yield growing, kind, at
    finally:
        growing.close()


def _follow_text(
    options: argparse.Namespace,
    source: Arriving,
    at: Position,
    telling: Telling,
    judge: Judge,
    row_of: RowOf,
    stopped: Callable[[], bool],
) -> Row:
    suffix = Path(options.file).suffix.lower() if options.file != "-" else ""
    number, offset, saved = at.line, at.offset, at.line
    for used, place, text in _passages(source, suffix, at.line):
        for remark in judge(text):
            telling.found({**place(remark.start), **row_of(remark)})
        number, offset = number + 1, at.offset + used
        if options.state and number - saved >= _SAVE_LINES:
            leave(options.state, Path(options.file), offset, number, 0.0)
            saved = number
        if stopped():
            break
    if options.state and options.file != "-":
        leave(options.state, Path(options.file), offset, number, 0.0)
    return {"lines": number, "bytes": offset}


def _passages(source: Arriving, suffix: str, done: int) -> Iterator[tuple[int, Callable[[int], Row], str]]:
    """Give each line or cue with what says where a place in it stands."""
    if suffix in SUFFIXES:
        for used, cue in cues(source, suffix):
            times = {"at": clock(cue.start), "until": clock(cue.end), "end": clock(cue.end)}
            yield used, partial(_in_cue, times), cue.text
        return
    for number, (used, text) in enumerate(lines(source), done + 1):
        plain = text.removeprefix("\ufeff") if number == 1 else text
        yield used, partial(_in_line, number), plain


def _in_cue(times: Row, _start: int) -> Row:
    return times


def _in_line(number: int, start: int) -> Row:
    return {"at": f"{number}:{start + 1}", "line": number, "column": start + 1}


def _follow_recording(
    options: argparse.Namespace,
    source: Arriving,
    at: Position,
    telling: Telling,
    judge: Judge,
    row_of: RowOf,
    stopped: Callable[[], bool],
) -> Row:
    from models.claims.media.frames import Recording
    from models.claims.media.watch import Watcher, make_readers, watch_recording

    numbers: dict[tuple[float, str, str], int] = {}

    def key(seen: Sighting) -> tuple[float, str, str]:
        return seen.start, seen.remark.rule, seen.remark.verdict

    def opened(seen: Sighting) -> None:
        numbers[key(seen)] = telling.found(sighting_row(seen, "recording", row_of(seen.remark)), keep=False)

    def closed(seen: Sighting) -> None:
        row = sighting_row(seen, "recording", row_of(seen.remark))
        if options.clips:
            write_clips(Path(options.clips), [seen], [row])
        telling.over({**row, "number": numbers.pop(key(seen), telling.count)})

    saved = [at.seconds]

    def progress(seconds: float) -> None:
        if options.state and options.file != "-" and seconds - saved[0] >= _SAVE_EVERY:
            leave(options.state, Path(options.file), 0, 0, seconds)
            saved[0] = seconds

    recording = Recording(source, options.file, live=True).open()
    try:
        watcher = Watcher(judge, Path(options.file).name, opened, closed, keep=False)
        seeing = watch_recording(
            recording, watcher, make_readers(1), skip_to=at.seconds, stopped=stopped, progress=progress
        )
    finally:
        recording.close()
    if options.state and options.file != "-":
        leave(options.state, Path(options.file), 0, 0, seeing.seconds)
    return {
        "seconds": round(seeing.seconds, 3),
        "frames": {"sampled": seeing.samples, "searched": seeing.searched, "damaged": seeing.damaged},
    }


def _check(options: argparse.Namespace) -> None:
    wrong = ["--json"] if options.stream and options.json else []
    wrong += [f"--{name}" for name in ("confirm", "dismiss") if getattr(options, name)]
    # Speech is cut where it is quiet, which needs more than has come so far.
    wrong += ["--speech-model"] if options.speech_model else []
    if wrong:
        raise EventInvalid(
            "these options do not go together",
            field=wrong[0],
            code="usage",
            found=f"--follow{' --stream' if options.stream else ''} {' '.join(wrong)}",
            expected="--follow --stream for JSON lines, or --follow --json for one document at the end",
            remedy="decide and hear afterwards, on the whole recording: claims FILE --confirm N --party P",
        )
