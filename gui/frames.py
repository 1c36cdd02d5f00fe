"""Where moving pictures come from: a camera, a video file, frames handed in, the screen; one seam for all.

A source pushes `QVideoFrame`s into one sink, which takes from each what `gui.pixels` needs. QtMultimedia is
imported when a source is first made, never at start. The one rule: whoever starts a source stops it, and a
stopped source holds no camera.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QElapsedTimer, QObject, Qt, QUrl, Signal
from PySide6.QtGui import QGuiApplication, QImage

from gui.pixels import frame_of

SHARE = 3
"""At most one part in so many of this thread's time goes into taking frames."""

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QVideoFrame


class FrameSource(QObject):
    """What every source has in common; subclasses fill `_begin` and `_end`.

    `frame` carries a `Frame`; `state` one of "starting", "running", "ended", "none", "denied", "failed".
    """

    frame = Signal(object)
    state = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        from PySide6.QtMultimedia import QVideoSink

        self.sink = QVideoSink(self)
        self.sink.videoFrameChanged.connect(self._arrived)
        self.running = False
        self._taking = QElapsedTimer()
        self._rest_until = 0

    def start(self) -> None:
        """Begin to push frames; what became of it comes as `state`."""
        if not self.running:
            self.running = True
            self.state.emit("starting")
            self._begin()

    def stop(self) -> None:
        """Let go of the camera, file or screen; may be called twice."""
        if self.running:
            self.running = False
            self._end()

    def _begin(self) -> None:
        raise NotImplementedError

    def _end(self) -> None:
        raise NotImplementedError

    def _fail(self, state: str) -> None:
        self.stop()
        self.state.emit(state)

    def _arrived(self, frame: QVideoFrame) -> None:
        # After the last frame of a file and after a camera is unplugged an invalid one comes.
        if not self.running or not frame.isValid():
            return
        if not self._taking.isValid():
            self._taking.start()
        # A frame of a whole screen is converted pixel by pixel. Taken thirty times a second it would leave
        # this thread no time for the verdict: such frames are let pass while the thread makes up for one.
        begun = self._taking.nsecsElapsed()
        if begun < self._rest_until:
            return
        taken = frame_of(frame)
        if taken is not None:
            self.frame.emit(taken)
        ended = self._taking.nsecsElapsed()
        self._rest_until = ended + (SHARE - 1) * (ended - begun)


class CameraSource(FrameSource):
    """A camera, the system's first unless one is named; asks for permission where the system wants that."""

    def __init__(self, device: Any = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._device = device
        self._camera: Any = None
        self._session: Any = None

    def _begin(self) -> None:
        if not cameras():
            self._fail("none")
            return
        app = QCoreApplication.instance()
        permission = _camera_permission()
        if app is None or permission is None:
            self._open()
            return
        status = app.checkPermission(permission)
        if status == Qt.PermissionStatus.Undetermined:
            app.requestPermission(permission, self, lambda answer: self._answered(answer.status()))
        else:
            self._answered(status)

    def _answered(self, status: Qt.PermissionStatus) -> None:
        if not self.running:
            return
        if status == Qt.PermissionStatus.Granted:
            self._open()
        else:
            self._fail("denied")

    def _open(self) -> None:
        from PySide6.QtMultimedia import QCamera, QMediaCaptureSession, QMediaDevices

        self._session = QMediaCaptureSession(self)
        self._camera = QCamera(self._device or QMediaDevices.defaultVideoInput(), self)
        self._camera.errorOccurred.connect(self._error)
        self._camera.activeChanged.connect(self._active)
        self._session.setCamera(self._camera)
        self._session.setVideoSink(self.sink)
        self._camera.start()

    def _active(self, active: bool) -> None:
        if self.running:
            self.state.emit("running" if active else "ended")

    def _error(self, *_: object) -> None:
        if self.running:
            self._fail("failed")

    def _end(self) -> None:
        if self._camera is not None:
            self._camera.stop()
            self._session.setVideoSink(None)
            self._session.setCamera(None)
            self._camera.deleteLater()
            self._session.deleteLater()
            self._camera = self._session = None


class VideoFileSource(FrameSource):
    """A video file, played once without its sound."""

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        from PySide6.QtMultimedia import QMediaPlayer

        self._player = QMediaPlayer(self)
        self._path = path
        self._player.setVideoSink(self.sink)
        self._player.errorOccurred.connect(lambda *_: self._fail("failed") if self.running else None)
        self._player.mediaStatusChanged.connect(self._changed)

    def _begin(self) -> None:
        self._player.setSource(QUrl.fromLocalFile(str(self._path)))
        self._player.play()

    def _end(self) -> None:
        self._player.stop()
        # The file stays open, and on some systems locked, until another source takes its place.
        self._player.setSource(QUrl())

    def _changed(self, status: Any) -> None:
        if not self.running:
            return
        if status == self._player.MediaStatus.EndOfMedia:
            self._fail("ended")
        elif status == self._player.MediaStatus.InvalidMedia:
            self._fail("failed")
        elif status == self._player.MediaStatus.BufferedMedia:
            self.state.emit("running")


class HandedSource(FrameSource):
    """Frames that the program itself hands in, through the same session a camera uses."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        from PySide6.QtMultimedia import QMediaCaptureSession, QVideoFrameInput

        self.input = QVideoFrameInput(self)
        self._session = QMediaCaptureSession(self)

    def hand(self, picture: QImage) -> bool:
        """Hand in one picture; False while the session is not ready for one."""
        from PySide6.QtMultimedia import QVideoFrame

        return bool(self.input.sendVideoFrame(QVideoFrame(picture)))

    def _begin(self) -> None:
        self._session.setVideoFrameInput(self.input)
        self._session.setVideoSink(self.sink)
        self.state.emit("running")

    def _end(self) -> None:
        self._session.setVideoFrameInput(None)  # type: ignore[arg-type]  # the stubs forget null


class ScreenSource(FrameSource):
    """What a screen shows, live; the way where a single picture of it is not given (Wayland)."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        from PySide6.QtMultimedia import QMediaCaptureSession, QScreenCapture

        self._capture = QScreenCapture(self)
        self._session = QMediaCaptureSession(self)
        self._capture.errorOccurred.connect(lambda *_: self._fail("denied") if self.running else None)
        self._capture.activeChanged.connect(
            lambda active: self.state.emit("running") if active and self.running else None
        )

    def _begin(self) -> None:
        self._session.setScreenCapture(self._capture)
        self._session.setVideoSink(self.sink)
        self._capture.start()

    def _end(self) -> None:
        self._capture.stop()
        self._session.setScreenCapture(None)  # type: ignore[arg-type]  # the stubs forget null


def cameras() -> list[Any]:
    """Return the cameras of this machine; empty where there is none or none can be asked for."""
    from PySide6.QtMultimedia import QMediaDevices

    return list(QMediaDevices.videoInputs())


def grab_screens() -> list[QImage]:
    """Return what each screen shows now; a screen that gives nothing away is left out."""
    grabbed = (screen.grabWindow(0).toImage() for screen in QGuiApplication.screens())
    return [picture for picture in grabbed if not picture.isNull()]


def _camera_permission() -> Any:
    try:
        from PySide6.QtCore import QCameraPermission
    except ImportError:
        return None
    return QCameraPermission()
