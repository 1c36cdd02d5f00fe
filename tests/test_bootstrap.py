"""A fresh checkout sets itself up once, again only when a lock changed, and says what it cannot do."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with nothing to install, so that making its environment needs no network."""
    shutil.copytree(CHECKOUT / "scripts", tmp_path / "scripts")
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "run.lock").write_text("# nothing\n")
    (tmp_path / "main.py").write_text("import sys\nprint('main', *sys.argv[1:])\n")
    return tmp_path


def _bootstrap(checkout: Path, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    command = [sys.executable, "scripts/bootstrap.py", *words]
    return subprocess.run(
        command, cwd=checkout, env={**kept, **environ}, capture_output=True, text=True, check=False
    )


def test_an_environment_is_made_once_and_filled_when_a_lock_changes(checkout: Path) -> None:
    """One walk, because making an environment costs ten seconds."""
    lock = checkout / "requirements" / "run.lock"
    first = _bootstrap(checkout, "env", "run")
    assert first.returncode == 0, first.stderr
    assert "making .venv" in first.stderr
    assert "installing what requirements/run.lock names" in first.stderr

    assert _bootstrap(checkout, "env", "run").stderr == ""

    lock.write_text("./no-such-package\n")
    for _ in range(2):  # What failed half way is not taken for installed the next time.
        failed = _bootstrap(checkout, "env", "run")
        assert failed.returncode == 1
        assert "pip could not install requirements/run.lock" in failed.stderr

    lock.write_text("# still nothing\n")
    shown = _bootstrap(checkout, "run", QT_QPA_PLATFORM="offscreen")
    assert "making" not in shown.stderr
    if sys.platform.startswith("linux"):
        assert "QT_QPA_PLATFORM=offscreen shows nothing" in shown.stderr
        assert "xvfb-run" in shown.stderr
        assert (shown.stdout, shown.returncode) == ("main demo\n", 0)


@pytest.mark.skipif(os.name == "nt", reason="the environment is faked by a script")
def test_the_program_started_with_another_python_uses_the_checkouts_own(tmp_path: Path) -> None:
    for name in ("main.py", "gui", "ledger", "models", "resources"):
        (tmp_path / name).symlink_to(CHECKOUT / name)
    (tmp_path / "main.py").unlink()
    shutil.copy(CHECKOUT / "main.py", tmp_path)
    bare = [sys.executable, "-I", "-S", "-c", f"import runpy, sys; sys.path.insert(0, {str(tmp_path)!r}); "]
    bare[-1] += "sys.argv = ['main.py', '--json', 'scores']; runpy.run_path('main.py', run_name='__main__')"
    alone = subprocess.run(bare, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert alone.returncode == 2
    assert '"not-set-up"' in alone.stdout
    own = tmp_path / ".venv" / "bin" / "python"
    own.parent.mkdir(parents=True)
    own.write_text("#!/bin/sh\necho its own: $@\nexit 3\n")
    own.chmod(0o755)
    borrowed = subprocess.run(bare, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (borrowed.stdout, borrowed.returncode) == ("its own: main.py --json scores\n", 3)


def test_a_word_it_does_not_know_is_refused(checkout: Path) -> None:
    assert _bootstrap(checkout, "dance").returncode == 2


def test_reading_the_command_line_loads_no_database() -> None:
    words = (
        "import sys, gui.terminal; print([m for m in ('sqlalchemy', 'openpyxl', 'PIL') if m in sys.modules])"
    )
    told = subprocess.run(
        [sys.executable, "-c", words], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "[]"
