"""Build what is installed without Python: a folder that runs (PyInstaller onedir) and a .deb around it.

    make package            dist/suxin/ and dist/suxin_VERSION_ARCH.deb
    make package ARGS=--try the same, then install, start and remove it in a bare Debian (root, debootstrap)

A single file would unpack itself at every start (1.1 s): a folder it is. The last lines say sizes and times.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path
from statistics import median
from typing import Any

from freezing import CHECKOUT, own_modules

DIST = CHECKOUT / "dist"
WORK = CHECKOUT / "build" / "package"
REWRITTEN = ("numpy", "PySide6", "shiboken6")
STARTS = 5


def main() -> int:
    """Build, and where asked try it out."""
    options = _options()
    if importlib.util.find_spec("PyInstaller") is None:
        sys.stderr.write("PyInstaller is not here: pip install 'pyinstaller>=6.11'\n")
        return 2
    if options.starts:
        return _told(beside_checkout(DIST / "suxin"), "starts.json")
    if options.built:
        return tried(DIST / "suxin", next(DIST.glob(f"suxin_{version()}_*.deb")), options.bare)
    folder = freeze(version())
    say(f"{folder}: {size_mb(folder):.0f} MB, --help in {started(folder / 'suxin'):.2f} s")
    if options.no_deb:
        return 0
    if shutil.which("dpkg-deb") is None:
        sys.stderr.write("no dpkg-deb here, so no .deb was made\n")
        return 2
    sys.path.append(str(CHECKOUT))
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from debian.packing import pack

    package = pack(folder, DIST, version())
    say(f"{package}: {package.stat().st_size / 1e6:.0f} MB")
    return tried(folder, package, options.bare) if options.trying else 0


def tried(folder: Path, package: Path, bare: Path | None) -> int:
    """Try the package out, print the table and keep it in dist/measured.json."""
    from trying import Failed, try_out

    rows = [
        {"what": "the .deb", "value": round(package.stat().st_size / 1e6, 1), "unit": "MB"},
        {"what": "the folder", "value": round(size_mb(folder), 1), "unit": "MB"},
    ]
    with tempfile.TemporaryDirectory() as fresh:
        try:
            rows += try_out(package, bare or Path(fresh), say)
        except Failed as failed:
            sys.stderr.write(f"{failed}\n")
            return 1
    return _told(rows, "measured.json")


def _told(rows: list[dict[str, Any]], name: str) -> int:
    (DIST / name).write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    for row in rows:
        say(f"{row['what']:50} {row['value']:8} {row['unit']}")
    return 0


def beside_checkout(folder: Path) -> list[dict[str, Any]]:
    """Start the folder and the checkout in turn on one screen and return how long both take, as medians."""
    from starting import Screen, timed

    programs = {
        "the folder": [str(folder / "suxin")],
        "python main.py": [sys.executable, str(CHECKOUT / "main.py")],
    }
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in programs}
    with tempfile.TemporaryDirectory() as home, Screen() as screen:
        # The first round makes the demonstration and Python's bytecode, and is not counted.
        for number in range(STARTS + 1):
            for name, command in programs.items():
                with timed(
                    screen, [*command, "--locale", "en", "--home", home], "Scan and verify"
                ) as started:
                    found[name] += [(started.shown_ms, started.ready_ms)] if number else []
    rows = []
    for number, what in enumerate(("window shown", "first page")):
        ours, theirs = (median(each[number] for each in found[name]) for name in programs)
        rows += [
            {"what": f"{what}, the folder (median of {STARTS})", "value": round(ours, 1), "unit": "ms"},
            {"what": f"{what}, python main.py in turn with it", "value": round(theirs, 1), "unit": "ms"},
        ]
    return rows


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--try", dest="trying", action="store_true", help="start it in a bare Debian")
    parser.add_argument("--bare", type=Path, metavar="DIR", help="keep the bare Debian there")
    parser.add_argument("--built", action="store_true", help="take what is in dist, build nothing")
    parser.add_argument("--starts", action="store_true", help="time what is in dist beside the checkout")
    parser.add_argument("--no-deb", action="store_true", help="the folder only")
    return parser.parse_args()


def version() -> str:
    """Return the project's version."""
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["version"])


def freeze(release: str) -> Path:
    """Freeze the program into dist/suxin and return that folder.

    Raises:
        SystemExit: a module of ours is not in it.
    """
    metadata = WORK / "metadata" / f"suxin-{release}.dist-info" / "METADATA"
    metadata.parent.mkdir(parents=True, exist_ok=True)
    metadata.write_text(f"Metadata-Version: 2.4\nName: suxin\nVersion: {release}\n", encoding="utf-8")
    words = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    words += ["--distpath", str(DIST), "--workpath", str(WORK)]
    words += [str(Path(__file__).with_name("suxin.spec"))]
    subprocess.run(words, check=True, cwd=CHECKOUT)
    folder = DIST / "suxin"
    if lacking := set(own_modules()) - held_modules(folder / "suxin"):
        raise SystemExit(f"not in the folder: {', '.join(sorted(lacking))}")
    strip(folder / "_internal")
    return folder


def held_modules(program: Path) -> set[str]:
    """Return the names of all modules in a frozen program."""
    from PyInstaller.archive.readers import CArchiveReader

    return set(CArchiveReader(str(program)).open_embedded_archive("PYZ.pyz").toc)


def strip(folder: Path) -> None:
    """Take the debuggers' tables out of libraries that were built with them: three quarters of Python's own.

    What a wheel's repair has rewritten (Qt's FFmpeg, numpy, `*.libs`) is left alone: after strip the loader
    refuses some of it, and then there is no camera.
    """
    if shutil.which("strip") is None or not sys.platform.startswith("linux"):
        return
    rewritten = [path for path in folder.iterdir() if path.suffix == ".libs" or path.name in REWRITTEN]
    files = [path for path in folder.rglob("*.so*") if path.is_file() and not path.is_symlink()]
    words = [str(path) for path in files if not any(path.is_relative_to(place) for place in rewritten)]
    subprocess.run(["strip", "--strip-unneeded", *words], check=True)


def size_mb(folder: Path) -> float:
    """Return how much room a folder takes."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sum(path.stat().st_size for path in files) / 1e6


def started(program: Path) -> float:
    """Return how long the program takes to say its help: all verbs loaded, no window."""
    begun = time.perf_counter()
    subprocess.run([str(program), "--help"], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun


def say(text: str) -> None:
    """Write one line."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
