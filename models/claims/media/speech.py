"""Hear what is said: sherpa-onnx with a model folder that the user supplies; none is shipped or fetched.

The common layouts are told by their files: a transducer has an encoder, a decoder and a joiner; paraformer
and SenseVoice have one model, and SenseVoice's tokens name languages. Rule: a folder that lacks something is
refused by the name of what is missing, before anything is decoded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt

from ledger.errors import EventInvalid
from models.claims.media.installed import SPEECH, require

RATE = 16_000
Samples = npt.NDArray[np.float32]
Kind = Literal["paraformer", "sense-voice", "transducer", "streaming-transducer"]
LONGEST, SHORTEST = 14.0, 0.3
_QUIET_AFTER = 4.0
_FRAME = RATE // 50
_LANGUAGE = "<|zh|>"
_EXPECTED = (
    "tokens.txt with model.onnx (paraformer, SenseVoice), or with encoder, decoder and joiner (zipformer)"
)


@dataclass(frozen=True, slots=True)
class Layout:
    """What lies in a model folder."""

    kind: Kind
    tokens: Path
    files: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """What is said from `start` to `end`, in seconds."""

    start: float
    end: float
    text: str


class Recogniser(Protocol):
    """Turns a piece of sound into words; the boundary that tests may replace."""

    def words(self, samples: Samples) -> str:
        """Return what is said in these samples."""
        ...


def layout_of(folder: Path) -> Layout:
    """Return what kind of model lies in a folder.

    Raises:
        EventInvalid: code `speech-model`: it is no folder, or a file is missing.
    """
    if not folder.is_dir():
        raise _refused(folder, "no such folder")
    tokens = next((file for file in sorted(folder.glob("*tokens.txt"))), None)
    parts = {part: _best(folder, part) for part in ("encoder", "decoder", "joiner")}
    if any(parts.values()):
        lacking = [f"{part}*.onnx" for part, file in parts.items() if file is None]
        lacking += [] if tokens else ["tokens.txt"]
        if lacking or tokens is None:
            raise _refused(folder, f"missing: {', '.join(lacking)}")
        files = tuple(file for file in parts.values() if file is not None)
        streaming = any("chunk" in file.name or "streaming" in str(folder).lower() for file in files)
        return Layout("streaming-transducer" if streaming else "transducer", tokens, files)
    model = _best(folder, "model")
    lacking = [name for name, file in (("model.onnx", model), ("tokens.txt", tokens)) if file is None]
    if model is None or tokens is None:
        raise _refused(folder, f"missing: {', '.join(lacking)}")
    head = tokens.read_text(encoding="utf-8", errors="replace")
    return Layout("sense-voice" if _LANGUAGE in head else "paraformer", tokens, (model,))


def load_recogniser(folder: Path, threads: int = 2) -> Recogniser:
    """Load the model of a folder.

    Raises:
        EventInvalid: code `speech-model`, or `media-missing` without sherpa-onnx.
    """
    layout = layout_of(folder)
    require(SPEECH, str(folder))
    import sherpa_onnx

    tokens, files = str(layout.tokens), [str(file) for file in layout.files]
    try:
        if layout.kind == "streaming-transducer":
            encoder, decoder, joiner = files
            made: Any = sherpa_onnx.OnlineRecognizer.from_transducer(
                tokens=tokens, encoder=encoder, decoder=decoder, joiner=joiner, num_threads=threads
            )
            return _Streaming(made)
        offline = sherpa_onnx.OfflineRecognizer
        if layout.kind == "transducer":
            encoder, decoder, joiner = files
            made = offline.from_transducer(
                encoder=encoder, decoder=decoder, joiner=joiner, tokens=tokens, num_threads=threads
            )
        elif layout.kind == "sense-voice":
            made = offline.from_sense_voice(model=files[0], tokens=tokens, num_threads=threads, use_itn=False)
        else:
            made = offline.from_paraformer(paraformer=files[0], tokens=tokens, num_threads=threads)
    except (RuntimeError, ValueError, OSError) as error:
        raise _refused(folder, str(error)[:160]) from error
    return _Whole(made)


@dataclass(frozen=True, slots=True)
class _Whole:
    engine: Any

    def words(self, samples: Samples) -> str:
        """Return what is said in these samples."""
        stream = self.engine.create_stream()
        stream.accept_waveform(RATE, samples)
        self.engine.decode_stream(stream)
        return str(stream.result.text).strip()


@dataclass(frozen=True, slots=True)
class _Streaming:
    engine: Any

    def words(self, samples: Samples) -> str:
        """Return what is said in these samples."""
        stream = self.engine.create_stream()
        stream.accept_waveform(RATE, samples)
        # The model looks ahead: without a little silence the last word is lost.
        stream.accept_waveform(RATE, np.zeros(RATE // 2, np.float32))
        stream.input_finished()
        while self.engine.is_ready(stream):
            self.engine.decode_stream(stream)
        return str(self.engine.get_result(stream)).strip()


def listen(
    sound: Iterator[Samples], recogniser: Recogniser, stopped: Callable[[], bool] = lambda: False
) -> Iterator[Said]:
    """Give what is said, piece by piece, cut where it is quietest."""
    for start, piece in pieces(sound):
        if stopped():
            return
        if len(piece) >= SHORTEST * RATE and float(np.abs(piece).max(initial=0)) > 1e-3:
            text = recogniser.words(piece)
            if text:
                yield Said(start, start + len(piece) / RATE, text)


def pieces(sound: Iterator[Samples]) -> Iterator[tuple[float, Samples]]:
    """Cut sound into pieces of at most `LONGEST` seconds, each ending at the quietest place near its end."""
    held: list[Samples] = []
    size, start = 0, 0
    for samples in sound:
        held.append(samples)
        size += len(samples)
        while size >= LONGEST * RATE:
            whole = np.concatenate(held)
            cut = _quietest(whole[: int(LONGEST * RATE)])
            yield start / RATE, whole[:cut]
            start += cut
            held, size = [whole[cut:]], size - cut
    if size:
        yield start / RATE, np.concatenate(held)


def sound_of(source: Any, name: str) -> Iterator[Samples]:
    """Give the sound of a recording as mono samples at 16 kHz.

    Raises:
        EventInvalid: code `recording-unreadable`, or `media-missing`.
    """
    require(("av",), name)
    import av

    from models.claims.media.frames import Recording

    try:
        with av.open(source) as container:
            if not container.streams.audio:
                return
            resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
            for frame in _heard(container):
                # None at the end: what the resampler still holds.
                for part in resampler.resample(frame):
                    yield np.asarray(part.to_ndarray(), np.float32).reshape(-1)
    except (OSError, ValueError) as error:
        raise Recording(source, name).refusal(str(error)[:160]) from error


def _heard(container: Any) -> Iterator[Any]:
    """Give the frames of sound that can be decoded, then None."""
    import av

    for packet in container.demux(container.streams.audio[0]):
        try:
            frames = packet.decode()
        except av.error.FFmpegError:
            continue
        yield from frames
    yield None


def _quietest(samples: Samples) -> int:
    """Return where to cut: the quietest fiftieth of a second after the first four seconds."""
    first = int(_QUIET_AFTER * RATE)
    count = (len(samples) - first) // _FRAME
    if count < 1:
        return len(samples)
    loud = np.square(samples[first : first + count * _FRAME]).reshape(count, _FRAME).mean(axis=1)
    # Of equally quiet places the last: long pieces are understood better.
    place = count - 1 - int(np.argmin(loud[::-1]))
    return first + place * _FRAME + _FRAME // 2


def _best(folder: Path, part: str) -> Path | None:
    """Return the file of one part; of several the smaller, faster one."""
    found = sorted(folder.glob(f"*{part}*.onnx"), key=lambda file: ("int8" not in file.name, file.name))
    return found[0] if found else None


def _refused(folder: Path, found: str) -> EventInvalid:
    return EventInvalid(
        "this folder holds no speech model that can be used",
        field="--speech-model",
        code="speech-model",
        found=found,
        expected=_EXPECTED,
        where=str(folder),
        remedy="unpack a sherpa-onnx model (paraformer, SenseVoice or zipformer) there and name it",
    )
