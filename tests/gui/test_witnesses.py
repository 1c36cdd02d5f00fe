"""The witness page: an outsider is asked over a real port, by a picture, and for others in turn."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

from conftest_types import OpenShell
from pytestqt.qtbot import QtBot

from gui.screens import settle
from gui.witnesses import WitnessesPage
from ledger.home import Home
from models import proving
from models.witnessing import Witnessing
from models.workspace import Workspace

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)


def opened(open_shell: OpenShell) -> WitnessesPage:
    shell = open_shell("zh_CN")
    shell.open("witnesses", {})
    settle(shell)
    page = shell.current
    assert isinstance(page, WitnessesPage)
    return page


def test_a_witness_is_trusted_asked_and_shown(
    open_shell: OpenShell, workspace: Workspace, qtbot: QtBot, tmp_path: Path
) -> None:
    page = opened(open_shell)
    assert page.banner.property("kind") == "attention"
    other = Witnessing(Home(tmp_path / "other", os.urandom), lambda: NOW)
    other.trust(workspace.log.checkpoint().log_key)
    with other.server("127.0.0.1", 0) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        page.trust(other.key)
        page.ask(f"http://127.0.0.1:{server.server_address[1]}")
        qtbot.waitUntil(lambda: page.banner.property("kind") == "ok")
        server.shutdown()
        thread.join()
    assert workspace.log.witnessed_to() == workspace.size()


def test_a_request_travels_as_a_picture_and_comes_back_cosigned(
    open_shell: OpenShell, workspace: Workspace, qtbot: QtBot, tmp_path: Path
) -> None:
    page = opened(open_shell)
    page.save_request(tmp_path / "request.png")
    other = Home(tmp_path / "other", os.urandom)
    page.trust(proving.witness_signer(other).verifier.text)
    from gui.notes import read_note, write_note

    head = proving.vouch(other, read_note(tmp_path / "request.png"), NOW, workspace.log.checkpoint().log_key)
    write_note(tmp_path / "back.png", head.note)
    page.take_in(tmp_path / "back.png")
    qtbot.waitUntil(lambda: page.banner.property("kind") == "ok")


def test_for_whom_this_machine_vouches_is_listed(
    open_shell: OpenShell, workspace: Workspace, qtbot: QtBot
) -> None:
    page = opened(open_shell)
    page.watch("example.org/log+1ef07fd7+AQ==")  # no such key: said in words, nothing is listed
    signer = proving.witness_signer(workspace.home)  # a witness's key is no log's either
    page.watch(signer.verifier.text)
    page.watch(workspace.log.checkpoint().log_key)
    qtbot.waitUntil(lambda: bool(Witnessing(workspace.home, workspace.clock).logs()))
    assert [size for _, size in Witnessing(workspace.home, workspace.clock).logs()] == [0]


def test_bundles_go_out_as_codes_and_come_in_piece_by_piece(
    open_shell: OpenShell, workspace: Workspace, qtbot: QtBot, tmp_path: Path
) -> None:
    from gui.cooperative.bundles import BundlesPage
    from gui.notes import write_parts
    from models.carrying import parts_of

    shell = open_shell("zh_CN", role="cooperative")
    shell.open("bundles", {})
    settle(shell)
    page = shell.current
    assert isinstance(page, BundlesPage)
    paths = write_parts(tmp_path, parts_of(workspace.bundle(workspace.size() - 4)))
    assert len(paths) > 1
    page.take(paths[1:])
    qtbot.waitUntil(lambda: page.banner.property("kind") == "attention")
    assert "1" in page.banner.title.text()
    page.take(paths[:1])
    qtbot.waitUntil(lambda: page.banner.property("kind") == "ok")
    assert page.parts == ()
    page.save(tmp_path / "all.bundle")
    settle(shell)
    page.take([tmp_path / "all.bundle"])
    known = page.words("bundles.taken.text", known=workspace.size(), conflicts=0, refused=0)
    qtbot.waitUntil(lambda: page.banner.text.text() == known)
