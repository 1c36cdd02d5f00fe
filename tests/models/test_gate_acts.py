"""An act of the program waits at a closed gate; the same recorded elsewhere is taken."""

from __future__ import annotations

from pathlib import Path

import builders
import pytest
from builders import LOT

import main
from ledger.errors import LedgerError
from ledger.events.quality import Measured


@pytest.mark.usefixtures("capsys")
def test_shipping_waits_for_the_check_at_the_face_and_nowhere_else(tmp_path: Path) -> None:
    common = ["--home", str(tmp_path / "home"), "--at", "2026-03-01T06:00:00Z"]
    assert main.main(["init", "--name", "青岭合作社", "--role", "cooperative", *common]) == 0
    workspace = main.open_workspace(tmp_path / "home", None, lambda: builders.later(days=5), None)
    try:
        product = f"https://id.gs1.org/01/{builders.RICE}"
        workspace.record(builders.master_data(id=product, attributes={"name": "大米", "category": "rice"}))
        workspace.record(builders.object_event())
        workspace.batches.set_gate(builders.RICE, ["shipping"], "lab-report")
        sent = builders.shipping(event_time=builders.later(days=4))
        with pytest.raises(LedgerError) as refused:
            workspace.quality.refuse_held(sent)
        assert (refused.value.code, refused.value.found) == ("gate-closed", "missing")
        workspace.quality.refuse_held(builders.object_event())
        me = workspace.me()
        assert me is not None
        passed = (Measured("cadmium", "0.1", "mg/kg"),)
        workspace.record(builders.lab_report(subject=me.id, results=passed))
        workspace.quality.refuse_held(sent)
        assert [gate.standing for gate in workspace.quality.gates_before(LOT)] == ["open"]
    finally:
        workspace.close()
