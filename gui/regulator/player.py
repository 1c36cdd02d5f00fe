"""Shows a recording: a frame at any instant, and the running picture where QtMultimedia can play it.

Rule: the exact frame of a finding comes from the decoder, on a reading thread; the player is made only when
somebody presses play, so a machine without sound or codecs still shows every frame.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QRect, Qt, QUrl
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSlider, QVBoxLayout, QWidget

from gui.context import Context
from gui.pixels import image_of
from gui.widgets import button, label
from models.claims.subtitles import clock

_GROUND = "#101412"
_WORDS = "#F2F5F1"


class Screen(QWidget):
    """A dark surface with a picture, or with the words of a passage where there is no picture."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._theme = context.theme
        self._image: QImage | None = None
        self._text = ""
        self.setMinimumHeight(context.theme.px(220))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_image(self, image: QImage | None) -> None:
        """Show a picture."""
        self._image, self._text = image, ""
        self.update()

    @property
    def image(self) -> QImage | None:
        """Return the picture shown, None where words or nothing is."""
        return self._image

    def show_text(self, text: str) -> None:
        """Show words."""
        self._image, self._text = None, text
        self.setAccessibleDescription(text)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the picture in the middle, as large as it fits."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(_GROUND))
        if self._image is not None and not self._image.isNull():
            size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRect(0, 0, size.width(), size.height())
            place.moveCenter(self.rect().center())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(place, self._image)
        elif self._text:
            painter.setPen(QColor(_WORDS))
            painter.setFont(self._theme.font(17))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(24, 24, -24, -24), flags, self._text)


class Player(QWidget):
    """The screen with a play button, a slider and the time."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        words = context.words
        self._context = context
        self._path: Path | None = None
        self._player: Any = None
        self._asked = 0
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.screen_view = Screen(context)
        self.screen_view.setAccessibleName(words("monitor.screen"))
        column.addWidget(self.screen_view, 1)
        row = QHBoxLayout()
        self.play_button = button(words("monitor.play"), self.toggle)
        self.play_button.setEnabled(False)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName(words("monitor.position"))
        self.slider.setEnabled(False)
        self.slider.sliderReleased.connect(lambda: self.jump(self.slider.value() / 1000))
        self.time = label("", "secondary", wrap=False)
        row.addWidget(self.play_button)
        row.addWidget(self.slider, 1)
        row.addWidget(self.time)
        column.addLayout(row)

    def open(self, path: Path, moving: bool) -> None:
        """Show another file; `moving` where it is a recording."""
        self.close_file()
        self._path = path if moving else None
        self.play_button.setEnabled(moving)
        self.slider.setEnabled(moving)
        self.slider.setRange(0, 0)
        self.time.setText("")
        self.screen_view.show_text("")
        if moving:
            self.jump(0.0)

    def lasts(self, seconds: float) -> None:
        """Say how long the recording is, as far as it is known."""
        self.slider.setMaximum(max(self.slider.maximum(), int(seconds * 1000)))

    def jump(self, seconds: float) -> None:
        """Show the exact frame at an instant."""
        path = self._path
        self.time.setText(clock(seconds)[:8])
        self.slider.setValue(int(seconds * 1000))
        if path is None:
            return
        if self._player is not None:
            self._player.pause()
            self._player.setPosition(int(seconds * 1000))
        self._asked += 1
        asked = self._asked
        self._context.workers.read(
            lambda: _frame(path, seconds), lambda image: self._show(image, asked), lambda _: None, self
        )

    def toggle(self) -> None:
        """Play or pause."""
        if self._path is None:
            return
        if self._player is None and not self._make():
            return
        playing = self._player.PlaybackState.PlayingState
        if self._player.playbackState() == playing:
            self._player.pause()
        else:
            self._player.play()

    def close_file(self) -> None:
        """Let go of the file and of the sound."""
        if self._player is not None:
            self._player.stop()
            self._player.setSource(QUrl())
            self._player.deleteLater()
            self._player = None
        self.play_button.setText(self._context.words("monitor.play"))

    def _make(self) -> bool:
        try:
            from PySide6.QtMultimedia import QAudioOutput, QMediaPlayer, QVideoSink
        except ImportError:
            self._unplayable()
            return False
        player = self._player = QMediaPlayer(self)
        sink = QVideoSink(player)
        sink.videoFrameChanged.connect(self._running)
        player.setVideoSink(sink)
        player.setAudioOutput(QAudioOutput(player))
        player.positionChanged.connect(self._moved)
        player.durationChanged.connect(lambda length: self.slider.setMaximum(int(length)))
        player.playbackStateChanged.connect(self._told)
        player.errorOccurred.connect(lambda *_: self._unplayable())
        player.setSource(QUrl.fromLocalFile(str(self._path)))
        player.setPosition(self.slider.value())
        return True

    def _unplayable(self) -> None:
        self.play_button.setEnabled(False)
        self._context.toast(self._context.words("monitor.unplayable"), "attention")

    def _running(self, frame: Any) -> None:
        # After the last frame of a file an invalid one comes.
        if frame.isValid() and self._player is not None:
            self.screen_view.show_image(frame.toImage())

    def _moved(self, position: int) -> None:
        if not self.slider.isSliderDown():
            self.slider.setValue(position)
            self.time.setText(clock(position / 1000)[:8])

    def _told(self, state: Any) -> None:
        playing = self._player is not None and state == self._player.PlaybackState.PlayingState
        self.play_button.setText(self._context.words("monitor.pause" if playing else "monitor.play"))

    def _show(self, image: QImage | None, asked: int) -> None:
        if image is not None and asked == self._asked:
            self.screen_view.show_image(image)


def _frame(path: Path, seconds: float) -> QImage | None:
    from models.claims.media.frames import frame_at

    pixels = frame_at(str(path), seconds)
    return None if pixels is None else image_of(pixels[:, :, ::-1])
