"""A speech model is told by its files, what is missing is named, and what is heard is found when it is said.

No model is shipped: folders of empty files stand for the layouts, and a recogniser of ours for the real one.
"""

from __future__ import annotations

import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from verbs import run

from ledger.errors import EventInvalid
from models.claims.lexicon import load_lexicon
from models.claims.media import speech
from models.claims.media.hearing import hear
from models.claims.media.speech import LONGEST, RATE, Said, Samples, layout_of, listen, pieces
from models.claims.screen import screen

LAYOUTS = {
    "paraformer": (("model.int8.onnx", "model.onnx", "tokens.txt"), "<blk> 0\n的 1\n"),
    "sense-voice": (("model.int8.onnx", "tokens.txt"), "<unk> 0\n<|zh|> 24884\n"),
    "transducer": (
        (
            "encoder-epoch-99-avg-1.onnx",
            "decoder-epoch-99-avg-1.onnx",
            "joiner-epoch-99-avg-1.onnx",
            "tokens.txt",
        ),
        "<blk> 0\n",
    ),
    "streaming-transducer": (
        (
            "encoder-epoch-99-avg-1-chunk-16-left-128.int8.onnx",
            "decoder-epoch-99-avg-1-chunk-16-left-128.onnx",
            "joiner-epoch-99-avg-1-chunk-16-left-128.int8.onnx",
            "tokens.txt",
        ),
        "<blk> 0\n",
    ),
}


def folder_of(path: Path, names: tuple[str, ...], tokens: str = "") -> Path:
    path.mkdir(exist_ok=True)
    for name in names:
        (path / name).write_text(tokens if name == "tokens.txt" else "", encoding="utf-8")
    return path


@pytest.mark.parametrize("kind", LAYOUTS)
def test_each_layout_is_told_by_its_files_and_each_missing_file_is_named(tmp_path: Path, kind: str) -> None:
    names, tokens = LAYOUTS[kind]
    folder = folder_of(tmp_path / kind, names, tokens)
    found = layout_of(folder)
    assert found.kind == kind
    assert found.tokens.name == "tokens.txt"
    assert len(found.files) == (3 if "transducer" in kind else 1)
    assert "int8" in found.files[0].name or kind == "transducer", "the faster one of two is taken"
    (folder / "tokens.txt").unlink()
    with pytest.raises(EventInvalid) as refused:
        layout_of(folder)
    assert (refused.value.code, "tokens.txt" in refused.value.found) == ("speech-model", True)


@pytest.mark.parametrize("part", ["encoder", "decoder", "joiner"])
def test_a_transducer_that_lacks_a_part_is_refused_by_its_name(tmp_path: Path, part: str) -> None:
    names = tuple(name for name in LAYOUTS["transducer"][0] if not name.startswith(part))
    with pytest.raises(EventInvalid) as refused:
        layout_of(folder_of(tmp_path / "model", names))
    assert part in refused.value.found


def test_no_folder_and_an_empty_folder_are_refused(tmp_path: Path) -> None:
    for folder in (tmp_path / "nowhere", tmp_path):
        with pytest.raises(EventInvalid) as refused:
            layout_of(folder)
        assert refused.value.code == "speech-model"
        assert refused.value.where == str(folder)


def tone(seconds: float, loud: float = 0.3) -> Samples:
    return (loud * np.sin(np.arange(int(seconds * RATE)) / 20)).astype(np.float32)


def test_sound_is_cut_where_it_is_quiet_and_nothing_is_lost() -> None:
    sound = [tone(9), tone(0.5, 0), tone(9)]
    cut = list(pieces(iter(sound)))
    assert cut[1][0] == pytest.approx(9.25, abs=0.3)
    assert np.array_equal(np.concatenate([piece for _, piece in cut]), np.concatenate(sound))


@given(st.lists(st.integers(1, 300_000), max_size=6))
def test_however_sound_arrives_no_sample_is_lost_and_no_piece_is_too_long(sizes: list[int]) -> None:
    sound = [np.arange(size, dtype=np.float32) for size in sizes]
    cut = list(pieces(iter(sound)))
    assert sum(len(piece) for _, piece in cut) == sum(sizes)
    assert all(len(piece) <= LONGEST * RATE for _, piece in cut)
    starts = np.cumsum([0, *[len(piece) for _, piece in cut]])[:-1] / RATE
    assert [start for start, _ in cut] == pytest.approx(list(starts))


class Saying:
    """A recogniser that says these words, one piece after another."""

    def __init__(self, *texts: str) -> None:
        self.texts: Iterator[str] = iter(texts)

    def words(self, samples: Samples) -> str:
        assert samples.dtype == np.float32
        return next(self.texts)


def test_what_is_said_is_found_when_it_is_said_and_silence_is_not_sent() -> None:
    sound = [tone(13.9), tone(0.1, 0), tone(13.9), tone(0.1, 0), np.zeros(10 * RATE, np.float32)]
    lexicon = load_lexicon()
    said = list(listen(iter(sound), Saying("新米上市", "吃了能治疗高血压")))
    assert [piece.text for piece in said] == ["新米上市", "吃了能治疗高血压"]
    (found,) = hear(iter(said), lambda text: screen(text, lexicon, "food"))
    assert found.remark.rule == "disease-treatment"
    assert found.start == pytest.approx(14, abs=0.2)
    assert found.clip is None


def test_the_same_claim_said_on_and_on_is_one_finding() -> None:
    lexicon = load_lexicon()
    said = [Said(0, 4, "全网第一"), Said(4, 8, "全网第一"), Said(20, 24, "全网第一")]
    found = hear(iter(said), lambda text: screen(text, lexicon))
    assert [(one.start, one.end) for one in found] == [(0, 8), (20, 24)]


def write_sound(path: Path, seconds: float) -> Path:
    with wave.open(str(path), "wb") as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(44_100)
        level = (8000 * np.sin(np.arange(int(seconds * 44_100)) / 30)).astype("<i2")
        out.writeframes(np.repeat(level, 2).tobytes())
    return path


def test_a_voice_recording_is_heard_with_a_model_and_refused_clearly_without(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("av", reason="the optional extra media is not installed")
    pytest.importorskip("cv2", reason="the optional extra media is not installed")
    pytest.importorskip("rapidocr", reason="the optional extra media is not installed")
    path = write_sound(tmp_path / "voice.wav", 2)
    code, told = run(capsys, tmp_path, "claims", path)
    assert (code, told["error"]["code"]) == (2, "speech-missing")
    assert "--speech-model" in told["error"]["remedy"]
    code, told = run(capsys, tmp_path, "claims", path, "--speech-model", tmp_path / "none")
    assert (code, told["error"]["code"]) == (2, "speech-model")
    # The recogniser is the boundary: everything on this side of it is real.
    monkeypatch.setattr(speech, "load_recogniser", lambda _: Saying("吃了能治疗高血压"))
    code, told = run(capsys, tmp_path, "claims", path, "--speech-model", tmp_path, "--category", "food")
    (found,) = told["findings"]
    assert (code, found["source"], found["at"], found["clip"]) == (1, "speech", "00:00:00.000", None)
    assert told["speech"]["lines"][0]["text"] == "吃了能治疗高血压"
    assert found["end"] == "00:00:02.000"


def test_a_folder_of_empty_files_is_refused_not_crashed_into(tmp_path: Path) -> None:
    pytest.importorskip("av", reason="the optional extra media is not installed")
    pytest.importorskip("sherpa_onnx", reason="the optional extra media is not installed")
    names, tokens = LAYOUTS["paraformer"]
    with pytest.raises(EventInvalid) as refused:
        speech.load_recogniser(folder_of(tmp_path / "model", names, tokens))
    assert refused.value.code == "speech-model"
