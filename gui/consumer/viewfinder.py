"""The viewfinder: the newest picture, the outline of what was seen, and one line that says how it goes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from gui.context import Context
from gui.widgets import EmptyState, FlowRow, button, label

if TYPE_CHECKING:
    from gui.frames import FrameSource
    from gui.rubber import Quad
    from gui.scanner import Sight
    from gui.watching import Watcher

# A located symbol stays outlined this long, so that single missed frames do not make it flicker.
LINGER_MS = 700
# Most answers come sooner; to paint frames meanwhile would only take the interpreter from who looks for them.
STILL_MS = 100


class _Picture(QWidget):
    """Paints the newest frame, and over it the outlines in the frame's own coordinates."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._theme = context.theme
        self._picture: QImage | None = None
        self._outlines: list[Quad] = []
        self._size = (1, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(context.theme.px(240))

    def sizeHint(self) -> QSize:
        """Ask for a picture of 4 to 3."""
        return QSize(self._theme.px(640), self._theme.px(420))

    def show_picture(self, picture: QImage) -> None:
        """Show the newest frame."""
        self._picture = picture
        self.update()

    def outline(self, corners: list[Quad], size: tuple[int, int]) -> None:
        """Draw these outlines, given in a frame of `size` (width, height)."""
        self._outlines, self._size = corners, size
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the frame as large as it goes, then the outlines."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("#0B0F0D"))
        painter.drawRoundedRect(QRectF(self.rect()), 12, 12)
        if self._picture is None:
            return
        shown = QSize(self._picture.size()).scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        left, top = (self.width() - shown.width()) / 2, (self.height() - shown.height()) / 2
        painter.drawImage(QRectF(left, top, shown.width(), shown.height()), self._picture)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor("#F0B94A"), 3))
        across, down = shown.width() / self._size[0], shown.height() / self._size[1]
        for corners in self._outlines:
            placed = [QPointF(left + x * across, top + y * down) for x, y in corners]
            painter.drawPolygon(QPolygonF(placed))


class Viewfinder(QWidget):
    """Watches one source at a time; `found` carries what was read, `closed` that it was closed by hand."""

    found = Signal(object)
    closed = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._watching: Watcher | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self.picture = _Picture(context)
        self.text = label("", "strong")
        self.text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.stop_button = button(context.words("scan.stop"), self.close_source)
        self.away = EmptyState(
            context.theme, "camera", context.words("scan.away"), context.words("scan.away.text")
        )
        column.addWidget(self.picture, 1)
        column.addWidget(self.away, 1)
        column.addWidget(self.text)
        row = FlowRow((self.stop_button,))
        column.addWidget(row)
        self._linger = QTimer(self)
        self._linger.setSingleShot(True)
        self._linger.setInterval(LINGER_MS)
        self._linger.timeout.connect(self._forget)

    @property
    def watching(self) -> bool:
        """Say whether a source is open."""
        return self._watching is not None

    def watch(self, source: FrameSource) -> None:
        """Look at this source until something is read or it is closed."""
        self.release()
        self.away.hide()
        self.picture.show()
        # Loaded in the background by now; a page that only takes typed codes need not wait for it.
        from gui.watching import Watcher

        self._watching = watcher = Watcher(source, self)
        watcher.shown.connect(self.picture.show_picture)
        watcher.looked.connect(self._looked)
        watcher.state.connect(self._say)
        watcher.start()

    def close_source(self) -> None:
        """Stop watching, because somebody asked to."""
        self.release()
        self.closed.emit()

    def release(self) -> None:
        """Let go of the camera; may be called at any time."""
        watcher, self._watching = self._watching, None
        if watcher is not None:
            watcher.stop()
            watcher.deleteLater()

    def _looked(self, sight: Sight) -> None:
        if sight.decoded and self._watching is not None:
            # The picture goes on while somebody asks the ledger; whoever has the answer releases the source.
            self._watching.hold(STILL_MS)
            self._linger.stop()
            QTimer.singleShot(STILL_MS, self._watching, partial(self._say_found, sight))
            self.found.emit(sight.decoded)
        elif sight.seen:
            self.picture.outline([one.position for one in sight.seen], sight.size)
            self.text.setText(self._context.words("scan.hold_steady"))
            self._linger.start()

    def _say_found(self, sight: Sight) -> None:
        if self._watching is not None:
            self.picture.outline([one.position for one in sight.decoded], sight.size)
            self.text.setText(self._context.words("scan.found"))

    def _forget(self) -> None:
        self.picture.outline([], (1, 1))
        if self._watching is not None:
            self.text.setText(self._context.words("scan.camera.running"))

    def _say(self, state: str) -> None:
        self.text.setText(self._context.words(f"scan.camera.{state}"))
        away = state in ("none", "denied")
        if away:
            words = self._context.words
            self.away.text.setText(f"{words(f'scan.camera.{state}')}\n{words('scan.away.text')}")
            self.picture.hide()
            self.away.show()
        # Said once, in the middle, where one looks.
        self.text.setVisible(not away)
        if state in ("none", "denied", "failed", "ended"):
            self.release()
            self.stop_button.setText(self._context.words("common.close"))
        else:
            self.stop_button.setText(self._context.words("scan.stop"))
