"""The parts of watching that need no recogniser: spans in time, lines on a screen, samples, kinds, clips."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.claims.media.clip import frame_digest, make_clip, read_note, with_room
from models.claims.media.frames import Sampler
from models.claims.media.kinds import kind_of
from models.claims.media.layout import passages
from models.claims.media.reading import Seen
from models.claims.media.spans import Spans, likeness
from models.claims.texts import decode

BOX = (10, 10, 110, 40)
Shown = tuple[str, str, float, tuple[int, int, int, int], None]


def shown(text: str, score: float = 0.9, kind: str = "") -> Shown:
    return (kind, text, score, BOX, None)


def test_jitter_does_not_split_a_caption_and_the_clearest_reading_wins() -> None:
    spans: Spans[None] = Spans()
    for second, text, score in ((0, "全网销量第-", 0.7), (1, "全网销量第一", 0.95), (2, "全冈销量第一", 0.8)):
        spans.feed(second, [shown(text, score)])
    (span,) = spans.finish(3)
    assert (span.text, span.start, span.end, span.readings) == ("全网销量第一", 0, 3, 3)


def test_a_missed_sample_is_bridged_and_a_long_absence_is_not() -> None:
    spans: Spans[None] = Spans()
    told: list[tuple[float, float]] = []
    for second in range(12):
        _, over = spans.feed(second, [shown("吃了能治疗高血压")] if second in (1, 3, 9) else [])
        told += [(span.start, span.end) for span in over]
    told += [(span.start, span.end) for span in spans.finish(12)]
    assert told == [(1, 4), (9, 10)]


def test_readings_of_another_verdict_are_another_thing() -> None:
    spans: Spans[None] = Spans()
    new, _ = spans.feed(0, [shown("有机大米", kind="supported"), shown("有机大米", kind="violation")])
    assert len(new) == 2


@given(
    st.lists(st.sampled_from(["", "能治疗高血压", "全网销量第一", "当季新米上市"]), min_size=1, max_size=30)
)
def test_whatever_is_shown_memory_holds_what_is_on_screen_and_every_span_is_in_order(
    texts: list[str],
) -> None:
    spans: Spans[None] = Spans()
    closed = []
    for second, text in enumerate(texts):
        _, over = spans.feed(second, [shown(text)] if text else [])
        closed += over
        assert len(spans.open) <= 3
    closed += spans.finish(len(texts))
    assert {span.text for span in closed} == {text for text in texts if text}
    for span in closed:
        assert 0 <= span.start < span.end <= len(texts)
        # Never shown as going on where two samples and more did not show it.
        assert all(span.text in texts[at : at + 3] for at in range(int(span.start), int(span.end)))


@given(st.text(alphabet="全网销量第一治疗", max_size=8), st.text(alphabet="全网销量第一治疗", max_size=8))
def test_likeness_is_fair_to_both_sides(first: str, second: str) -> None:
    assert 0 <= likeness(first, second) <= 1
    assert likeness(first, first) == 1
    assert abs(likeness(first, second) - likeness(second, first)) < 0.34


def line(text: str, left: int, top: int, height: int = 30) -> Seen:
    return Seen(text, 0.9, (left, top, left + height * len(text), top + height))


def test_wrapped_lines_join_and_letters_of_another_size_or_place_do_not() -> None:
    lines = [
        line("量第一放心", 60, 136),
        line("大米全网销", 60, 100),
        line("限时", 600, 20),
        line("小字", 60, 170, 14),
    ]
    told = passages(lines)
    assert [passage.text for passage in told] == ["限时", "大米全网销量第一放心", "小字"]
    joined = told[1]
    start = joined.text.index("全网销量第一")
    assert joined.box(start, start + 6) == (60, 100, 210, 166), "a claim over two lines is boxed over both"
    left, _, right, _ = joined.box(0, 2)
    assert left == 60
    assert right < 150, "within one line only the words are boxed"


def test_pieces_of_one_row_join_from_left_to_right() -> None:
    assert [passage.text for passage in passages([line("第一", 200, 100), line("销量", 125, 102)])] == [
        "销量第一"
    ]


def look(sampler: Sampler, times: np.ndarray, level: dict[float, int]) -> list[tuple[float, bool]]:
    """Sample a grey picture whose one cell takes the level in force; return times and whether pixels came."""
    taken = []
    for time in times:
        now = [value for start, value in level.items() if start <= time][-1]
        grey = np.zeros((90, 160), np.int16)
        grey[40:50, 40:60] = now
        shot = sampler.take(float(time), partial(np.copy, grey), lambda: np.zeros((2, 2, 3), np.uint8))
        if shot is not None:
            taken.append((round(shot.time, 2), shot.pixels is not None))
    return taken


def test_a_still_picture_is_searched_once_and_looked_at_each_second() -> None:
    taken = look(Sampler(), np.arange(0, 3.05, 0.1), {0: 0})
    assert taken == [(0.0, True), (1.0, False), (2.0, False), (3.0, False)]


def test_a_caption_of_half_a_second_between_two_seconds_is_sampled() -> None:
    taken = look(Sampler(), np.arange(0, 3.05, 0.1), {0: 0, 1.3: 90, 1.8: 0})
    searched = [time for time, pixels in taken if pixels]
    assert any(1.3 <= time < 1.8 for time in searched)


def test_a_picture_that_changes_all_the_time_costs_a_bounded_number_of_samples() -> None:
    times = np.arange(0, 60, 0.04)
    taken = look(Sampler(), times, {float(time): int(time * 25) % 2 * 200 for time in times})
    assert len(taken) <= 60 * 1.3 + 4


@pytest.mark.parametrize(
    ("name", "head", "kind"),
    [
        ("a.TS", b"", "recording"),
        ("-", b"\x47" + b"\x00" * 187 + b"\x47" + b"\x00" * 187 + b"\x47", "recording"),
        ("clip", b"\x00\x00\x00\x18ftypmp42", "recording"),
        ("-", b"RIFF\x00\x00\x00\x00WAVEfmt ", "sound"),
        ("-", b"RIFF\x00\x00\x00\x00WEBPVP8 ", "picture"),
        ("-", "全网第一".encode(), "text"),
        ("BMW.list", b"BMW and others", "text"),
    ],
)
def test_kinds_are_told_by_name_or_first_bytes(name: str, head: bytes, kind: str) -> None:
    assert kind_of(name, head) == kind


@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=4))
def test_chinese_text_is_read_from_every_usual_encoding(text: str) -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        assert decode(text.encode(encoding)) == text


def test_old_encodings_are_read_and_what_is_no_text_is_not() -> None:
    assert decode("吃它能治疗高血压，全网第一".encode("gb18030")) == "吃它能治疗高血压，全网第一"
    assert decode(bytes(range(256)) * 4) is None


def test_a_clip_at_the_very_edge_is_still_a_picture_with_its_note() -> None:
    pixels = np.arange(40 * 60 * 3, dtype=np.uint8).reshape(40, 60, 3)
    clip = make_clip(pixels, (58, 38, 400, 300), "第一", "a.mp4", 1.5)
    note = read_note(clip.png)
    assert note == clip.note
    assert note.frame == frame_digest(pixels)
    assert read_note(b"\x89PNG nothing") is None


@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 300), st.integers(0, 300))
def test_the_room_around_words_never_leaves_the_frame(left: int, top: int, wide: int, high: int) -> None:
    box = with_room((left, top, left + wide, top + high), 200, 100)
    assert 0 <= box[0] < box[2] <= 200
    assert 0 <= box[1] < box[3] <= 100
