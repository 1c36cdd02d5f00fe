"""One window for one home: a second start hands its files to the first, which comes to the front.

The talk is one line of JSON (the files' paths) over a local socket that only this user can reach.
"""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

PATIENCE_MS = 2000
LONGEST = 1 << 16


def server_name(home: Path) -> str:
    """Return the socket's name: one for each home folder."""
    return "suxin-" + sha256(str(home.resolve()).encode()).hexdigest()[:24]


def hand_over(home: Path, files: list[str]) -> bool:
    """Give the files to the running program; False when none answers (then this one starts)."""
    socket = QLocalSocket()
    socket.connectToServer(server_name(home))
    if not socket.waitForConnected(PATIENCE_MS):
        return False
    socket.write(json.dumps(files).encode() + b"\n")
    # Its answer says that it took them: a program that hangs is no reason to do nothing.
    taken = socket.waitForBytesWritten(PATIENCE_MS) and socket.waitForReadyRead(PATIENCE_MS)
    socket.disconnectFromServer()
    return bool(taken)


class Instance(QObject):
    """Listens for second starts; `called` carries the files they were given."""

    called = Signal(list)

    def __init__(self, home: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._connected)
        name = server_name(home)
        if not self._server.listen(name):
            # What a killed program left behind; the lock file has said that nobody else runs.
            QLocalServer.removeServer(name)
            self._server.listen(name)

    @property
    def listening(self) -> bool:
        """Say whether a second start would find us."""
        return self._server.isListening()

    def close(self) -> None:
        """Listen no more."""
        self._server.close()

    def _connected(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.readyRead.connect(lambda socket=socket: self._read(socket))
            socket.disconnected.connect(socket.deleteLater)
            self._read(socket)

    def _read(self, socket: QLocalSocket) -> None:
        if not socket.canReadLine():
            if socket.bytesAvailable() > LONGEST:
                socket.abort()
            return
        line = bytes(socket.readLine(LONGEST).data())
        try:
            files = json.loads(line)
        except ValueError:
            socket.abort()
            return
        if isinstance(files, list) and all(isinstance(name, str) for name in files):
            socket.write(b"taken\n")
            socket.flush()
            self.called.emit(files)
