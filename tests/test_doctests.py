"""Every worked example in a docstring gives what it says."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent


def _modules_with_examples() -> list[str]:
    found = []
    for folder in ("gui", "ledger", "models", "resources"):
        for path in sorted((CHECKOUT / folder).rglob("*.py")):
            if ">>> " in path.read_text(encoding="utf-8"):
                found.append(".".join(path.relative_to(CHECKOUT).with_suffix("").parts))
    return [*found, "machine"]


@pytest.mark.parametrize("name", _modules_with_examples())
def test_the_examples_hold(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name))
    assert result.attempted
    assert result.failed == 0
