"""What every test of the desktop begins with: the offscreen platform, a theme, a ledger, a window."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import builders
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import Engine

import main
from gui.context import Context
from gui.screens import settle
from gui.settings import Settings, load_settings
from gui.shell import Shell
from gui.theme import Theme
from gui.words import LOCALES, Words
from gui.workers import Workers
from ledger.home import Home
from ledger.store import create_ledger_engine
from models.demonstration.load import load_demonstration
from models.views import create_views_engine
from models.workspace import Workspace

NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    return Theme(qapp, "light")


@pytest.fixture(params=LOCALES)
def words(request: pytest.FixtureRequest) -> Words:
    return Words(request.param)


@pytest.fixture
def workers(qapp: QApplication) -> Iterator[Workers]:
    made = Workers()
    yield made
    made.close()


@pytest.fixture(scope="session")
def demonstration_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration ledger, made once a run; each test works on its own copy."""
    folder = tmp_path_factory.mktemp("demonstration")
    ledger, views = engines(folder)
    load_demonstration(ledger, views, Home(folder / "home", os.urandom), lambda: NOW)
    ledger.dispose()
    views.dispose()
    return folder


def engines(folder: Path) -> tuple[Engine, Engine]:
    """The two engines on the files of one folder."""
    return (
        create_ledger_engine(f"sqlite:///{folder / 'ledger.db'}"),
        create_views_engine(f"sqlite:///{folder / 'views.db'}"),
    )


@pytest.fixture
def ledger_folder(demonstration_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(demonstration_folder, tmp_path / "ledger"))


@pytest.fixture
def workspace(ledger_folder: Path) -> Iterator[Workspace]:
    ledger, views = engines(ledger_folder)
    made = Workspace(ledger, views, Home(ledger_folder / "home", os.urandom), clock=lambda: NOW)
    yield made
    made.close()


@pytest.fixture
def rice_office(tmp_path: Path) -> Iterator[Workspace]:
    """A ledger of one cooperative with one batch of rice, five days later."""
    common = ["--home", str(tmp_path / "home"), "--at", "2026-03-01T06:00:00Z"]
    assert main.main(["init", "--name", "青岭合作社", "--role", "cooperative", *common]) == 0
    made = main.open_workspace(tmp_path / "home", None, lambda: builders.later(days=5), None)
    product = f"https://id.gs1.org/01/{builders.RICE}"
    made.record(builders.master_data(id=product, attributes={"name": "大米", "category": "rice"}))
    made.record(builders.object_event())
    yield made
    made.close()


@pytest.fixture
def gone() -> list[tuple[str, Any]]:
    """Where a page in `context` asked to go, in order, with what it handed on."""
    return []


@pytest.fixture
def context(
    theme: Theme, workers: Workers, workspace: Workspace, tmp_path: Path, gone: list[tuple[str, Any]]
) -> Context:
    """What a page is given, in Chinese, without a window."""
    return Context(
        workspace=workspace,
        words=Words("zh_CN"),
        theme=theme,
        workers=workers,
        settings=Settings(tmp_path / "settings.json"),
        clock=workspace.clock,
        home=tmp_path,
        go=lambda key, args: gone.append((key, args)),
        toast=lambda *_: None,
    )


OpenShell = Callable[..., Shell]


@pytest.fixture
def open_shell(qtbot: QtBot, qapp: QApplication, workspace: Workspace, tmp_path: Path) -> Iterator[OpenShell]:
    """Open a window on the demonstration: `open_shell("zh_CN", role="regulator")`."""
    opened: list[Workers] = []

    def make(
        locale: str = "zh_CN", scheme: str = "light", role: str = "regulator", kept: bool = True
    ) -> Shell:
        workers = Workers()
        opened.append(workers)
        settings = load_settings(tmp_path)
        settings.role = role
        shell = Shell(Theme(qapp, scheme), Words(locale), workers, settings, tmp_path, workspace.clock)
        if kept:
            qtbot.addWidget(shell)
        shell.resize(1280, 800)
        shell.show()
        shell.attach(workspace)
        settle(shell)
        return shell

    yield make
    for workers in opened:
        workers.close()
