"""What a recording shows is found when it is shown: repeated, scrolling, faint, brief; the clip proves it."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from recordings import Line, need_media, scene, write_picture, write_recording

from ledger.errors import EventInvalid
from models.claims.lexicon import Lexicon, load_lexicon
from models.claims.media.clip import frame_digest, read_note
from models.claims.media.frames import Recording
from models.claims.media.reading import Reader
from models.claims.media.watch import Seeing, Watcher, make_readers, watch_picture, watch_recording
from models.claims.screen import screen

Watch = Callable[[Path], Seeing]
CURE, FIRST = "吃了能治疗高血压", "全网销量第一"


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


@pytest.fixture(scope="module")
def readers() -> list[Reader]:
    need_media()
    return make_readers(2)


@pytest.fixture
def watch(lexicon: Lexicon, readers: list[Reader]) -> Watch:
    def look(path: Path) -> Seeing:
        watcher = Watcher(lambda text: screen(text, lexicon, "food"), path.name)
        if path.suffix in (".png", ".jpg", ".gif"):
            return watch_picture(path, watcher, readers[0])
        recording = Recording(str(path), path.name).open()
        try:
            return watch_recording(recording, watcher, readers)
        finally:
            recording.close()

    return look


def test_a_claim_shown_for_two_seconds_is_found_with_its_start_its_end_and_its_clip(
    watch: Watch, tmp_path: Path
) -> None:
    room = Line("今日直播间", at=(20, 20), size=22)
    path = write_recording(
        tmp_path / "two.mp4",
        [room, Line("苹果又脆又甜", 0, 3), Line(CURE, 3, 5), Line("下单送一箱", 5, 7)],
        7,
    )
    seen = watch(path)
    (found,) = seen.sightings
    assert (found.remark.rule, found.text) == ("disease-treatment", "能治疗高血压")
    assert found.start == pytest.approx(3, abs=0.35)
    assert found.end == pytest.approx(5, abs=0.35)
    assert [caption.text for caption in seen.captions if caption.end > 6] == ["今日直播间", "下单送一箱"]
    assert seen.searched < seen.samples, "frames that show nothing new are not searched again"
    clip = found.clip
    assert clip is not None
    assert clip.digest == sha256(clip.png).hexdigest()
    note = read_note(clip.png)
    assert note == clip.note
    assert (note.source, note.text) == ("two.mp4", "能治疗高血压")
    assert note.frame == frame_digest(frame_at(path, note.time)), "the clip names the very frame"


def frame_at(path: Path, time: float) -> np.ndarray:
    """Decode one frame again, as whoever doubts the clip would."""
    import av

    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            if frame.time is not None and abs(frame.time - time) < 0.01:
                return np.ascontiguousarray(frame.to_ndarray(format="bgr24"))
    raise AssertionError(f"no frame at {time}")


def test_a_caption_that_comes_back_at_once_is_one_finding_and_later_another(
    watch: Watch, tmp_path: Path
) -> None:
    lines = [Line(CURE, 1, 2), Line(CURE, 2.4, 3), Line(CURE, 6, 7)]
    seen = watch(write_recording(tmp_path / "again.mp4", lines, 7.4, cuts=(1.6,)))
    spans = [(found.start, found.end) for found in seen.sightings]
    assert len(spans) == 2, spans
    assert spans[0] == pytest.approx((1, 3), abs=0.5)
    assert spans[1] == pytest.approx((6, 7), abs=0.5)


def test_words_that_scroll_are_found_once_and_whole(watch: Watch, tmp_path: Path) -> None:
    text = f"欢迎来到直播间今天带来的大米{FIRST}先到先得"
    line = Line(text, at=(640, 290), move=220)
    seen = watch(write_recording(tmp_path / "scroll.avi", [line], 6))
    assert [found.text for found in seen.sightings] == [FIRST]


def test_faint_words_on_white_are_found(watch: Watch, tmp_path: Path) -> None:
    paper = np.full((360, 640, 3), 235, np.uint8)
    line = Line("本品包治百病", 1, 3, colour=(218, 218, 218), edge=None)
    seen = watch(write_recording(tmp_path / "faint.mp4", [line], 4, paper=paper))
    (found,) = seen.sightings
    assert (found.start, found.end) == pytest.approx((1, 3), abs=0.35)


def test_a_claim_wrapped_over_two_lines_is_found_and_a_price_tag_beside_it_is_left_out(
    watch: Watch, tmp_path: Path
) -> None:
    lines = [
        Line("本店大米全网销", at=(60, 240)),
        Line("量第一放心选购", at=(60, 276)),
        Line("9.9元", at=(520, 20)),
    ]
    seen = watch(write_picture(tmp_path / "wrapped.png", lines, scene(3)))
    (found,) = seen.sightings
    assert found.text == FIRST
    assert "9.9" not in found.passage


def test_a_long_product_page_is_read_to_its_end(watch: Watch, tmp_path: Path) -> None:
    paper = np.full((3000, 640, 3), 250, np.uint8)
    lines = [Line("新米上市", at=(60, 40)), Line(CURE, at=(60, 990)), Line(FIRST, at=(60, 2900))]
    seen = watch(write_picture(tmp_path / "page.png", lines, paper))
    texts = [found.text for found in seen.sightings]
    assert len(texts) == 2
    assert all(any(words in text for text in texts) for words in ("销量第一", "能治疗高血压"))
    assert all(found.box is not None and found.box[3] <= 3000 for found in seen.sightings)


def test_an_animated_picture_says_when(watch: Watch, tmp_path: Path) -> None:
    write_picture(tmp_path / "a.png", [Line("新米上市")], scene(1))
    write_picture(tmp_path / "b.png", [Line(CURE)], scene(1))
    first, second = (Image.open(tmp_path / name) for name in ("a.png", "b.png"))
    with first, second:
        first.save(
            tmp_path / "shop.gif", save_all=True, append_images=[second, first], duration=[1000, 2000, 500]
        )
    (found,) = watch(tmp_path / "shop.gif").sightings
    assert (found.start, found.end) == pytest.approx((1, 3), abs=0.05)


def test_the_same_recording_gives_the_same_findings_twice(watch: Watch, tmp_path: Path) -> None:
    path = write_recording(tmp_path / "same.mp4", [Line(CURE, 1, 2)], 2.5, moving=True)
    first, second = watch(path), watch(path)
    assert first.sightings == second.sightings
    assert first.captions == second.captions


@pytest.mark.parametrize(
    ("name", "code"), [("cut.mp4", "recording-unreadable"), ("cut.jpg", "picture-unreadable")]
)
def test_a_broken_file_is_refused_by_name(watch: Watch, tmp_path: Path, name: str, code: str) -> None:
    (tmp_path / name).write_bytes(b"\xff\xd8\xff\xe0 not really" * 40)
    with pytest.raises(EventInvalid) as refused:
        watch(tmp_path / name)
    assert refused.value.code == code
    assert name in refused.value.where


def test_a_recording_with_a_damaged_middle_is_watched_to_its_end(watch: Watch, tmp_path: Path) -> None:
    path = write_recording(tmp_path / "hurt.avi", [Line(CURE, 2, 4)], 5)
    data = bytearray(path.read_bytes())
    middle = len(data) // 4
    data[middle : middle + 3000] = b"\x55" * 3000
    path.write_bytes(data)
    assert [found.text for found in watch(path).sightings] == ["能治疗高血压"]
