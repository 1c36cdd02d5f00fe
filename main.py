"""Compose Suxin: make the clock, the randomness, the engines and the keys, one Workspace and one face.

Rule: this is the only place where a clock, randomness or an address is made; everything below is given them.
With a verb the terminal face runs and no Qt is loaded; with none the desktop opens.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ledger.errors import LedgerError, Problem

if TYPE_CHECKING:
    import argparse

    from sqlalchemy import Engine

    from gui.verbs.outcome import Session
    from gui.words import Words
    from ledger.audit_report import Report
    from ledger.home import Home
    from models.carrying import BundleReport
    from models.demonstration.tale import Tale
    from models.identity import Founded
    from models.proving import TreeHead
    from models.witnessing import Witnessing
    from models.workspace import Workspace

Clock = Callable[[], datetime]
NEEDED = ("sqlalchemy", "nacl", "cryptography", "orjson", "qrcode", "PIL")
INTERNAL = 70
"""Our own fault: neither done nor refused (EX_SOFTWARE)."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the face that the command line asks for and return its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    from gui.options import desktop_options

    if (wanted := desktop_options(arguments)) is not None:
        return _desktop(wanted)
    from gui import refusals, terminal

    as_json = "--json" in arguments
    try:
        options = terminal.parse(arguments)
        with _Composition(options) as composition:
            return terminal.run(options, composition.session(), sys.stdout, sys.stderr)
    except Problem as problem:
        return refusals.refuse(problem, as_json=as_json, out=sys.stdout, err=sys.stderr)
    except BrokenPipeError:
        # The reader of our output went away (`... | head`); nothing is left to say, and nowhere to say it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as bug:  # noqa: BLE001 - the process's boundary: it reports, with the trace on stderr
        import traceback

        traceback.print_exc()
        return refusals.report_bug(bug, as_json=as_json, out=sys.stdout, code=INTERNAL)


def default_home() -> Path:
    """Return the platform's data folder for this user; `SUXIN_HOME` overrides it."""
    import platformdirs

    named = os.environ.get("SUXIN_HOME")
    return Path(named) if named else Path(platformdirs.user_data_dir("suxin", appauthor=False))


def machine_clock() -> datetime:
    """Return the machine's time, aware and in UTC."""
    return datetime.now(UTC)


class _Composition:
    """What one run is made of; engines are closed at its end."""

    def __init__(self, options: argparse.Namespace) -> None:
        from gui.terminal import instant

        self._options = options
        self._home = Path(options.home) if options.home else default_home()
        fixed = None if options.at is None else instant(options.at)
        self._clock: Clock = machine_clock if fixed is None else lambda: fixed
        self._open: list[Workspace] = []

    def __enter__(self) -> _Composition:
        return self

    def __exit__(self, *_: object) -> None:
        for workspace in self._open:
            workspace.close()

    def session(self) -> Session:
        """Return what the verbs may use."""
        from gui.terminal import stderr_line
        from gui.verbs.outcome import Session

        return Session(
            home=self._home,
            open=self._workspace,
            words=_words(self._options.locale),
            clock=self._clock,
            random=os.urandom,
            say=stderr_line,
            found=self._found,
            adopt=self._adopt,
            cosign=self._cosign,
            witnessing=self._witnessing,
            audit=self._audit,
            tamper=self._tamper,
            demonstration=self._demonstration,
            keys=lambda: open_home(self._home),
            read_only=lambda: next((each.read_only for each in self._open), None),
        )

    def _workspace(self) -> Workspace:
        if not self._open:
            self._open.append(
                open_workspace(self._home, self._options.ledger, self._clock, self._options.actor)
            )
        return self._open[0]

    def _demonstration(self, folder: Path) -> tuple[Workspace, Tale]:
        workspace, told = make_demonstration(folder, self._clock)
        self._open.append(workspace)
        return workspace, told

    def _audit(self, against: tuple[str, ...], progress: Callable[[int, int, str], None]) -> Report:
        """Verify the ledger; one whose entries can no longer be folded is audited without its views."""
        from ledger.audit import audit
        from ledger.store import create_ledger_engine
        from models import proving

        try:
            return self._workspace().log.audit(progress, None, against)
        except LedgerError as error:
            if error.code in ("no-ledger", "ledger-newer", "ledger-unreachable"):
                raise
        home = open_home(self._home)
        ledger = create_ledger_engine(self._options.ledger or home.ledger_url)
        try:
            known, memory = proving.known_witnesses(home), proving.memory(home)
            return audit(ledger, against, witnesses=known, progress=progress, memory=memory)
        finally:
            ledger.dispose()

    def _tamper(self, workspace: Workspace, index: int, target: Path) -> tuple[int, ...]:
        """Change one entry in a copy of an embedded ledger and return the entries that the audit names."""
        from ledger.audit import audit
        from ledger.store import create_ledger_engine
        from models.demonstration.tamper import tampered_copy

        tampered_copy(workspace.home.root / "ledger.db", target, workspace.entry(index).leaf)
        engine = create_ledger_engine(f"sqlite:///{target}", read_only=True)
        try:
            problems = audit(engine).problems
        finally:
            engine.dispose()
        return tuple(sorted({problem.index for problem in problems if problem.index is not None}))

    def _cosign(self, text: str, *, home: Path | None = None, **keys: str | None) -> TreeHead:
        """Vouch as a witness where this machine has no ledger; else let the ledger see whose it is."""
        from models import proving

        folder = home or self._home
        if home is not None or (not (folder / "ledger.db").exists() and self._options.ledger is None):
            return proving.vouch(open_home(folder), text, self._clock(), keys.get("log_key"))
        return self._workspace().cosign(text, **keys)

    def _adopt(self, bundle: bytes) -> BundleReport:
        from models.carrying import adopt
        from models.workspace import log_signer

        home = open_home(self._home)
        ledger, views = open_engines(home, self._options.ledger)
        try:
            return adopt(ledger, bundle, log_signer(home), self._clock)
        finally:
            ledger.dispose()
            views.dispose()

    def _witnessing(self) -> Witnessing:
        from models.witnessing import Witnessing

        return Witnessing(open_home(self._home), self._clock)

    def _found(self, **identity: Any) -> Founded:
        return make_identity(self._home, self._options.ledger, self._clock, identity)


def open_workspace(folder: Path, url: str | None, clock: Clock, party: str | None) -> Workspace:
    """Open the ledger at `url`, or the one embedded in `folder`, to be used as `party`.

    Raises:
        LedgerError: code `no-ledger`, or what opening the databases raises.
    """
    from ledger.opening import open_ledger, scratch
    from models.views import create_views_engine
    from models.workspace import Workspace

    home = open_home(folder)
    with suppress(OSError):  # a medium that cannot be written says so when the ledger is opened
        home.root.mkdir(parents=True, exist_ok=True)
    opened = open_ledger(url or home.ledger_url)
    # Views are only a fold: where the home cannot be written either, they are made anew for this run.
    why = "" if opened.why is None else opened.why.code
    apart = why.startswith("disk-") or (why != "" and not os.access(folder, os.W_OK))
    views = create_views_engine(f"sqlite:///{scratch() / 'views.db'}" if apart else _views_url(home, url))
    return Workspace(opened.engine, views, home, clock=clock, party=party, read_only=opened.why)


def make_identity(folder: Path, url: str | None, clock: Clock, identity: Mapping[str, Any]) -> Founded:
    """Make a party's key and, where there is no ledger yet, a ledger that it administers."""
    from models.identity import Founded, new_identity, write_request
    from models.workspace import found, has_ledger

    home = open_home(folder)
    ledger, views = open_engines(home, url)
    founding = not has_ledger(ledger)
    roles = tuple(identity["roles"])
    if founding and "administrator" not in roles:
        roles = ("administrator", *roles)
    enrolment, pair = new_identity(home, clock=clock, **{**identity, "roles": roles})
    if not founding:
        request = write_request(home, enrolment, pair)
        return Founded(enrolment.party, pair.key_id, "requested", request)
    found(ledger, views, home, enrolment, pair, clock=clock).close()
    return Founded(enrolment.party, pair.key_id, "founded")


def make_demonstration(
    folder: Path, clock: Clock, stopped: Callable[[], bool] = lambda: False
) -> tuple[Workspace, Tale]:
    """Make the demonstration's ledger in a folder that is not there yet; once `stopped`, leave no trace."""
    import shutil

    from models.demonstration.load import Stopped, load_demonstration

    home = open_home(folder)
    ledger, views = open_engines(home, None)
    try:
        return load_demonstration(ledger, views, home, clock, stopped=stopped)
    except Stopped:
        ledger.dispose()
        views.dispose()
        shutil.rmtree(folder, ignore_errors=True)
        raise


def open_home(folder: Path) -> Home:
    """Return the installation that lives in `folder`; SUXIN_PASSPHRASE opens its keys."""
    from ledger.home import Home

    return Home(folder, os.urandom, os.environ.get("SUXIN_PASSPHRASE"))


def open_engines(home: Home, url: str | None) -> tuple[Engine, Engine]:
    """Return the ledger's engine and its views': `views.db` in home, or the schema beside a shared ledger."""
    from ledger.store import create_ledger_engine
    from models.views import create_views_engine

    home.root.mkdir(parents=True, exist_ok=True)
    return create_ledger_engine(url or home.ledger_url), create_views_engine(_views_url(home, url))


def _views_url(home: Home, url: str | None) -> str:
    return url if url and not url.startswith("sqlite") else f"sqlite:///{home.root / 'views.db'}"


def _words(locale: str | None) -> Words:
    from gui.words import Words, preferred_locale

    names = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return Words(locale or preferred_locale([name for name in names if name], cjk=True))


def _desktop(options: argparse.Namespace) -> int:
    from gui.start import run_desktop

    home = Path(options.home) if options.home else default_home()
    closing = threading.Event()
    return run_desktop(
        lambda: desktop_workspace(home, options.ledger, options.actor, machine_clock, closing.is_set),
        home,
        machine_clock,
        closing=closing.set,
        locale=options.locale,
        files=options.files,
        keys=_Keys(home, options.ledger),
    )


class _Keys:
    """What the window's first steps may do with the keys of its home."""

    def __init__(self, home: Path, url: str | None) -> None:
        self._home, self._url = home, url

    def found(self, name: str, role: str, gln: str | None) -> Founded:
        """Make an identity, and a ledger where there is none."""
        identity = {"name": name, "roles": (role,), "gln": gln, "name_en": None, "category": None}
        return make_identity(self._home, self._url, machine_clock, identity)

    def phrase(self, party: str | None) -> tuple[str, ...]:
        """Return the phrase of a key that is here."""
        from models.identity import backup_phrase

        return backup_phrase(open_home(self._home), party)

    def restore(self, text: str, gln: str | None) -> tuple[str, str]:
        """Make a key again from its phrase."""
        from models.identity import restore_identity

        return restore_identity(open_home(self._home), text, gln)


def desktop_workspace(
    home: Path,
    url: str | None,
    party: str | None,
    clock: Clock,
    stopped: Callable[[], bool] = lambda: False,
) -> Workspace:
    """Open the ledger the desktop shows: one's own, or the demonstration's where there is none yet."""
    if url or (home / "ledger.db").exists():
        return open_workspace(home, url, clock, party)
    # It lives apart from everything real, so that what a killed first start left behind can be thrown away.
    folder = home / "demonstration"
    if (folder / "complete").exists():
        return open_workspace(folder, None, clock, party)
    import shutil

    shutil.rmtree(folder, ignore_errors=True)
    return make_demonstration(folder, clock, stopped)[0]


def _in_own_environment(missing: str) -> int:
    """Run again with the checkout's own Python, because this one lacks what the program needs."""
    import subprocess

    from gui import refusals

    folder = Path(__file__).resolve().parent / ".venv"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if python.exists() and folder != Path(sys.prefix).resolve():
        return subprocess.run([str(python), *sys.argv], check=False).returncode
    problem = LedgerError(
        "the packages this program needs are not installed",
        code="not-set-up",
        found=f"no {missing} in {sys.executable}",
        expected="the environment that make run sets up",
        where=str(folder),
        remedy="run: make run",
    )
    return refusals.refuse(problem, as_json="--json" in sys.argv, out=sys.stdout, err=sys.stderr)


if __name__ == "__main__":
    from importlib.util import find_spec

    absent = next((name for name in NEEDED if find_spec(name) is None), None)
    sys.exit(main() if absent is None else _in_own_environment(absent))
