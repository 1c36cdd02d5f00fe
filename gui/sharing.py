"""How the window and its threads share one interpreter, so that none of them keeps it for long.

Rule: no thread keeps the interpreter while the window waits for it, and no full sweep comes by itself: see
`gui.sweeping`. Called before the first frame, so nothing of Qt is named here.
"""

from __future__ import annotations

import gc
import sys

SWITCH_S = 0.0001
"""How long a reading thread may keep the interpreter while the window waits for it (Python's own: 5 ms).

It must be shorter than the steps between which readers let go by themselves (a row of SQLite, a signature):
whoever waits counts anew after each of them, asks for nothing, and may be passed over for 0.2 s.
"""
NEVER = 1_000_000_000
"""So many small sweeps must come before a full one comes by itself."""


def share_interpreter() -> None:
    """Let threads take turns quickly, and no full sweep come by itself."""
    sys.setswitchinterval(SWITCH_S)
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, NEVER)
