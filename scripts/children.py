"""Run first in the packaged program: other programs it opens get the system's libraries, not ours.

PyInstaller starts the program with its own folder as LD_LIBRARY_PATH. The loader has read it by now; a file
manager that shows a folder for us would take our Qt and our SQLite for its own, and fail.
"""

from __future__ import annotations

import os

before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
if before is None:
    os.environ.pop("LD_LIBRARY_PATH", None)
else:
    os.environ["LD_LIBRARY_PATH"] = before
