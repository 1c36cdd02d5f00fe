"""What the stall benchmark walks can be walked: a page that changes takes its flow along."""

from __future__ import annotations

from pathlib import Path

from conftest_types import OpenShell

from gui.benchmarks.desktop.flows import FLOWS, switch_language, switch_large, switch_scheme, walker_on
from models.workspace import Workspace

SWITCHES = (switch_language, switch_scheme, switch_large)


def test_every_flow_comes_to_its_end(open_shell: OpenShell, workspace: Workspace, tmp_path: Path) -> None:
    walker = walker_on(open_shell("zh_CN", role="consumer"), workspace, tmp_path)
    size = workspace.size()
    # The switches are looked at page by page in test_pages.
    for flow in FLOWS:
        if flow not in SWITCHES:
            flow(walker)
    assert workspace.size() > size
    assert (tmp_path / "labels.pdf").exists()
    assert (tmp_path / "dossier.pdf").exists()
