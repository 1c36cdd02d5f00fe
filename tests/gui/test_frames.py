"""Moving pictures come through one seam, whoever sends them, and nothing is held after the end."""

from __future__ import annotations

import gc
from pathlib import Path

import numpy as np
import pytest
import qrcode
from PIL import Image
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from gui.frames import (
    CameraSource,
    FrameSource,
    HandedSource,
    ScreenSource,
    VideoFileSource,
    cameras,
    grab_screens,
)
from gui.pixels import Frame, frame_of, grey_of_image, image_of
from gui.scanner import decode
from gui.watching import Watcher

TEXT = "https://id.gs1.org/01/09521234543213/10/QL-260412"
# QtMultimedia says on the error stream which optional codecs a machine lacks; that is no fault of ours.
pytestmark = pytest.mark.qt_log_ignore(
    r"^Couldn.t (load|resolve) ", r"No RHI backend", r"propagateSizeHints", r"^Could not open media"
)


def picture(x: int = 40) -> Image.Image:
    made = qrcode.QRCode(box_size=6)
    made.add_data(TEXT)
    made.make()
    dark = np.array(made.get_matrix(), bool).repeat(6, 0).repeat(6, 1)
    scene = Image.new("RGB", (640, 480), (110, 150, 190))
    scene.paste(Image.fromarray(np.where(dark, 0, 255).astype(np.uint8)), (x, 60))
    return scene


@pytest.fixture
def video(tmp_path: Path) -> Path:
    scenes = [picture(20 + 10 * i) for i in range(10)]
    scenes[0].save(tmp_path / "label.gif", save_all=True, append_images=scenes[1:], duration=50)
    return tmp_path / "label.gif"


def shown(scene: Image.Image) -> QImage:
    return image_of(np.asarray(scene))


def frames_of(source: FrameSource) -> tuple[list[Frame], list[str]]:
    frames: list[Frame] = []
    states: list[str] = []
    source.frame.connect(frames.append)
    source.state.connect(states.append)
    return frames, states


def feed(source: HandedSource, scene: QImage) -> bool:
    return source.hand(scene)


class TestSources:
    def test_a_video_file_gives_its_frames_and_ends(self, qtbot: QtBot, video: Path) -> None:
        source = VideoFileSource(video)
        frames, states = frames_of(source)
        source.start()
        qtbot.waitUntil(lambda: "ended" in states, timeout=10000)
        assert not source.running
        assert frames
        assert frames[0].grey.shape == (480, 640)
        assert decode(frames[0].grey)[0].text == TEXT

    def test_a_file_that_is_no_video_fails_in_words(self, qtbot: QtBot, tmp_path: Path) -> None:
        (tmp_path / "x.mp4").write_bytes(b"no video at all")
        source = VideoFileSource(tmp_path / "x.mp4")
        _, states = frames_of(source)
        source.start()
        qtbot.waitUntil(lambda: "failed" in states, timeout=10000)
        assert not source.running

    def test_frames_handed_in_come_out(self, qtbot: QtBot) -> None:
        source = HandedSource()
        frames, _ = frames_of(source)
        source.start()
        qtbot.waitUntil(lambda: feed(source, shown(picture())) and len(frames) > 2, timeout=10000)
        assert decode(frames[-1].grey)[0].text == TEXT
        source.stop()
        source.stop()
        count = len(frames)
        source.hand(shown(picture()))
        qtbot.wait(50)
        assert len(frames) == count

    def test_a_machine_without_a_camera_says_so(self, qtbot: QtBot) -> None:
        if cameras():
            pytest.skip("there is a camera here")
        source = CameraSource()
        _, states = frames_of(source)
        source.start()
        assert states == ["starting", "none"]
        assert not source.running

    def test_the_screen_is_looked_at(self, qtbot: QtBot) -> None:
        assert all(not grabbed.isNull() for grabbed in grab_screens())
        source = ScreenSource()
        frames, states = frames_of(source)
        source.start()
        qtbot.waitUntil(lambda: bool(frames) or "denied" in states, timeout=10000)
        source.stop()

    def test_a_source_can_be_begun_again(self, qtbot: QtBot, video: Path) -> None:
        source = VideoFileSource(video)
        _, states = frames_of(source)
        for _ in range(2):
            source.start()
            qtbot.waitUntil(lambda: "ended" in states, timeout=10000)
            states.clear()


class TestWatching:
    def test_a_label_in_a_video_is_found(self, qtbot: QtBot, video: Path) -> None:
        watcher = Watcher(VideoFileSource(video))
        found: list[str] = []
        watcher.looked.connect(lambda sight: found.extend(one.text for one in sight.decoded))
        with qtbot.waitSignal(watcher.shown, timeout=10000) as seen:
            watcher.start()
        assert seen.args is not None
        assert seen.args[0].width() <= 640
        qtbot.waitUntil(lambda: TEXT in found, timeout=10000)
        watcher.stop()

    def test_nothing_arrives_after_the_end(self, qtbot: QtBot) -> None:
        source = HandedSource()
        watcher = Watcher(source)
        sights: list[object] = []
        watcher.looked.connect(sights.append)
        watcher.start()
        qtbot.waitUntil(lambda: feed(source, shown(picture())) and bool(sights), timeout=10000)
        watcher.stop()
        count = len(sights)
        qtbot.wait(100)
        assert len(sights) == count

    def test_a_watcher_may_die_while_it_looks(self, qtbot: QtBot) -> None:
        for _ in range(3):
            source = HandedSource()
            watcher = Watcher(source)
            watcher.start()
            source.hand(shown(picture()))
            watcher.stop()
            watcher.deleteLater()
            del watcher, source
            gc.collect()
            qtbot.wait(20)


class TestPictures:
    def test_grey_levels_are_those_of_the_picture(self) -> None:
        scene = picture()
        grey = grey_of_image(shown(scene))
        assert grey.shape == (480, 640)
        assert decode(grey)[0].text == TEXT

    @pytest.mark.parametrize("width", [1, 3, 5, 641])
    def test_any_width_is_taken_row_by_row(self, width: int) -> None:
        pixels = np.arange(7 * width, dtype=np.uint8).reshape(7, width)
        assert (grey_of_image(image_of(pixels)) == pixels).all()

    def test_what_is_transparent_is_paper(self) -> None:
        clear = QImage(QSize(4, 4), QImage.Format.Format_ARGB32)
        clear.fill(0)
        assert (grey_of_image(clear) == 255).all()

    def test_colour_planes_make_the_preview(self) -> None:
        from PySide6.QtMultimedia import QVideoFrame, QVideoFrameFormat

        layout = QVideoFrameFormat(QSize(64, 48), QVideoFrameFormat.PixelFormat.Format_NV12)
        frame = QVideoFrame(layout)
        assert frame.map(QVideoFrame.MapMode.WriteOnly)
        y, uv = frame.bits(0), frame.bits(1)
        assert isinstance(y, memoryview)
        assert isinstance(uv, memoryview)
        y[:] = bytes([81]) * len(y)
        uv[:] = bytes([90, 240]) * (len(uv) // 2)
        frame.unmap()
        taken = frame_of(frame)
        assert taken is not None
        assert taken.grey.shape == (48, 64)
        red = taken.preview().pixelColor(10, 10)
        assert (red.red() > 230, red.green() < 30, red.blue() < 30) == (True, True, True)

    def test_an_empty_frame_is_left(self) -> None:
        from PySide6.QtMultimedia import QVideoFrame

        assert frame_of(QVideoFrame()) is None


def test_dear_frames_leave_the_window_its_time(qtbot: QtBot) -> None:
    class Poured(FrameSource):
        def _begin(self) -> None:
            return

        def _end(self) -> None:
            return

    from PySide6.QtMultimedia import QVideoFrame

    source, taken = Poured(), list[Frame]()
    source.frame.connect(taken.append)
    source.start()
    whole_screen = QVideoFrame(QImage(3840, 2160, QImage.Format.Format_RGB32))
    for _ in range(20):  # at once: they came while the first was converted
        source._arrived(whole_screen)
    assert len(taken) == 1

    def another() -> bool:
        source._arrived(whole_screen)
        return len(taken) > 1

    qtbot.waitUntil(another)
    source.stop()
