"""Run a verb in this process and read what it says, as a script would."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import main

Run = Callable[..., tuple[int, dict[str, Any]]]
"""What the fixture `run` gives: words in, exit code and document out."""


def run(
    capsys: pytest.CaptureFixture[str], home: Path, *words: object, at: str | None = None
) -> tuple[int, dict[str, Any]]:
    """Run one verb in a home, perhaps at an instant; return its exit code and its document."""
    capsys.readouterr()
    when = () if at is None else ("--at", at)
    code = main.main([*map(str, words), "--home", str(home), "--json", *when])
    out, err = capsys.readouterr()
    return code, json.loads(out or err)
