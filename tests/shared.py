"""Find published vectors and real data outside the repository; skip, saying why, where they are absent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent


def shared(name: str) -> Path:
    """Return the shared data file or folder `name`, or skip the test, saying where it was looked for."""
    root = Path(os.environ.get("SUXIN_SHARED", CHECKOUT.parent / "shared")) / "data"
    found = root / name
    if not found.exists():
        pytest.skip(f"published data not here: {found} (set SUXIN_SHARED to the folder that holds data/)")
    return found
