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


def harvest(lot: str, quantity: int, uom: str) -> dict[str, Any]:
    """Return an EPCIS document of one event: so much of a lot was made on the morning of 2026-03-01."""
    return made(quantityList=[{"epcClass": lot, "quantity": quantity, "uom": uom}])


def made(**goods: list[Any]) -> dict[str, Any]:
    """Return an EPCIS document of one event: these goods were made on the morning of 2026-03-01."""
    event = {
        "type": "ObjectEvent",
        "eventTime": "2026-03-01T08:00:00Z",
        "eventTimeZoneOffset": "+08:00",
        "action": "ADD",
        "bizStep": "commissioning",
        **goods,
    }
    return {
        "@context": ["https://ref.gs1.org/standards/epcis/epcis-context.jsonld"],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-03-01T08:00:00Z",
        "epcisBody": {"eventList": [event]},
    }
