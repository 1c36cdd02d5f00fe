"""The wheel carries the whole program inside one private package, and its `suxin` command runs it."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent
FOLDERS = ("gui", "ledger", "models", "resources")


def _run(*words: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    return subprocess.run(
        [str(word) for word in words], cwd=cwd, env=environ, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built once from the checkout with the build tools that are locked."""
    out = tmp_path_factory.mktemp("wheel")
    built = _run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", out, ".", cwd=CHECKOUT)
    assert built.returncode == 0, built.stdout + built.stderr
    return next(out.glob("suxin-*.whl"))


@pytest.fixture(scope="module")
def suxin(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The installed `suxin` in an environment that borrows this one's packages and nothing else."""
    place = tmp_path_factory.mktemp("installed")
    venv.create(place, with_pip=False, symlinks=os.name != "nt")
    scripts = place / ("Scripts" if os.name == "nt" else "bin")
    options = ("--quiet", "--disable-pip-version-check", "--no-deps", "--no-index")
    installed = _run(
        sys.executable, "-m", "pip", "--python", scripts / "python", "install", *options, wheel, cwd=place
    )
    assert installed.returncode == 0, installed.stdout + installed.stderr
    library = next(place.rglob("site-packages"))
    (library / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return scripts / "suxin"


def test_every_module_and_resource_of_the_checkout_is_in_the_wheel(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    listed = _run("git", "ls-files", *FOLDERS, "main.py", cwd=CHECKOUT).stdout.split("\n")
    if listed == [""]:
        pytest.skip("not a git checkout: no list of the program's files to compare with")
    assert {f"suxin/{name}" for name in listed if name} - held == set()


def test_nothing_lands_outside_the_private_package(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"suxin"}


def test_the_installed_command_says_what_it_can_do(suxin: Path, tmp_path: Path) -> None:
    shown = _run(suxin, "--help", cwd=tmp_path)
    assert shown.returncode == 0, shown.stderr
    assert "verify" in shown.stdout


def test_the_installed_command_parses_a_link_with_its_own_modules(suxin: Path, tmp_path: Path) -> None:
    # A folder of that name where the command is called must not be taken for the program's own.
    (tmp_path / "ledger").mkdir()
    (tmp_path / "ledger" / "__init__.py").write_text("raise RuntimeError('the wrong ledger')\n")
    link = "https://id.gs1.org/01/09521000000018/10/L1"
    parsed = _run(suxin, "link", "parse", link, "--json", cwd=tmp_path)
    assert parsed.returncode == 0, parsed.stderr
    assert '"09521000000018"' in parsed.stdout
