"""The figures in docs/experiments are what its command writes, and nothing of the program imports it."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from shared import shared

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "experiments"


def test_the_table_of_a_small_slice_is_what_the_command_writes(capsys: pytest.CaptureFixture[str]) -> None:
    data = shared("credit/sf_inspections_2012_2016.csv.gz").parent
    spec = importlib.util.spec_from_file_location("credit_challengers", FOLDER / "credit_challengers.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    script.a_slice(data)
    written = capsys.readouterr().out.strip()
    assert written.count("\n") == 2
    assert written in (FOLDER / "credit.md").read_text("utf-8")
