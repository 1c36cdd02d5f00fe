"""Set the machine up and run: `make run`, `make test`, `make check` are this file with one word after it.

Rules: only the standard library (nothing is installed yet); every package comes from a lock file with its
hash; a lock that has not changed is not installed again; what a person must do is said as the exact command.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import machine

CHECKOUT = Path(__file__).resolve().parent.parent
VENV = CHECKOUT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
OLDEST = (3, 11)
USAGE = "usage: bootstrap.py run|test|check|env [words passed on]\n"


class Stop(Exception):
    """Nothing more can be done here; the message says what the person can do."""


def main(words: Sequence[str]) -> int:
    """Do what the first word asks and return the exit code of what was run."""
    try:
        command, *rest = words
        return {"run": run, "test": test, "check": check, "env": env}[command](rest)
    except (ValueError, KeyError):
        sys.stderr.write(USAGE)
        return 2
    except Stop as reason:
        log(str(reason))
        return 1


def run(rest: Sequence[str]) -> int:
    """Open the desktop; where no window can be shown, say how to get one and run the demonstration."""
    prepare("run")
    lacking = supply_machine(screen=False)
    reason = machine.no_display(os.environ)
    if reason is not None:
        log(machine.DISPLAY_HELP.format(reason=reason))
        log("Here is the same story in the terminal (python main.py demo):")
        return python("main.py", "demo", *rest)
    if any(each.needed for each in lacking):
        raise Stop("the desktop cannot open before the libraries above are installed")
    return python("main.py", *rest)


def test(rest: Sequence[str]) -> int:
    """Run every test, on as many processes as there are cores (4 at most: the databases share one disk)."""
    prepare("test")
    supply_machine(screen=True)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    processes = min(os.cpu_count() or 1, 4)
    return python("-m", "pytest", "-n", str(processes), *rest)


def check(rest: Sequence[str]) -> int:
    """Run the checks that need no test: layout, names, types and who may import whom."""
    prepare("test")
    tools = PYTHON.parent
    checks: tuple[list[str | Path], ...] = (
        [PYTHON, "-m", "ruff", "check", "."],
        [PYTHON, "-m", "ruff", "format", "--check", "."],
        [PYTHON, "-m", "mypy"],
        [tools / "lint-imports", "--no-logo", *rest],
    )
    # All of them run, so that one look shows everything there is to mend.
    return max([execute(words) for words in checks])


def env(rest: Sequence[str]) -> int:
    """Only make the environments, for an editor or a first look."""
    for lock in rest or ("run", "test"):
        prepare(lock)
    return 0


def prepare(name: str) -> None:
    """Make .venv if it is not there and install `requirements/NAME.lock` if it changed since last time."""
    lock = CHECKOUT / "requirements" / f"{name}.lock"
    stamp = VENV / f"suxin-{name}.stamp"
    make_venv()
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    log(f"installing what {lock.relative_to(CHECKOUT)} names into .venv")
    # Whatever fails half way must not look finished.
    for old in VENV.glob("suxin-*.stamp"):
        old.unlink()
    options = ("--quiet", "--disable-pip-version-check", "--no-input", "--require-hashes")
    if execute([PYTHON, "-m", "pip", "install", *options, "-r", lock]):
        raise Stop(
            f"pip could not install {lock.relative_to(CHECKOUT)}: see its message above, then try again"
        )
    stamp.write_text(wanted)


def make_venv() -> None:
    """Make .venv with this Python, or keep the one that works."""
    if PYTHON.exists() and not execute([PYTHON, "-c", "import pip"]):
        return
    if importlib.util.find_spec("ensurepip") is None:
        supply_ensurepip()
    log(f"making .venv with Python {sys.version.split()[0]}")
    shutil.rmtree(VENV, ignore_errors=True)
    if execute([sys.executable, "-m", "venv", VENV]):
        raise Stop(f"could not make {VENV}: see the message above")


def supply_ensurepip() -> None:
    """Install Debian's venv package, or say how."""
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if not machine.apt_install([package], log):
        raise Stop(f"this Python cannot make .venv (no ensurepip):\n  {machine.apt_command([package])}")


def supply_machine(*, screen: bool) -> tuple[machine.Missing, ...]:
    """Install what the machine lacks, or say how; return what is still missing."""
    lacking = machine.missing(screen=screen)
    if lacking and machine.apt_install([each.package for each in lacking], log):
        lacking = machine.missing(screen=screen)
    if lacking:
        log(machine.advice(lacking))
    return lacking


def python(*words: str) -> int:
    """Run the environment's Python in the checkout."""
    return execute([PYTHON, *words])


def execute(words: Sequence[str | Path]) -> int:
    """Run one command in the checkout and return its exit code; what was said so far is shown first."""
    sys.stdout.flush()
    sys.stderr.flush()
    try:
        return subprocess.run([str(word) for word in words], cwd=CHECKOUT, check=False).returncode
    except KeyboardInterrupt:
        return 130


def log(text: str) -> None:
    """Say something to the person; stdout stays the program's own."""
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    if sys.version_info < OLDEST:
        sys.exit(f"Suxin needs Python {OLDEST[0]}.{OLDEST[1]} or newer; this is {sys.version.split()[0]}")
    sys.exit(main(sys.argv[1:]))
