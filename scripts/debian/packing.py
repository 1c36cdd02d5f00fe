"""Put the folder that runs without Python into a .deb: launcher, icons, file types and man page beside it.

Rule: what the program knows of itself (version, verbs) is asked, never written here a second time.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import subprocess
import tempfile
from importlib.metadata import Distribution, distributions
from pathlib import Path

from freezing import CHECKOUT

HERE = Path(__file__).resolve().parent
ICON = CHECKOUT / "resources" / "icons" / "suxin.svg"
ICON_SIZES = (16, 22, 24, 32, 48, 64, 128, 256)
DEPENDS = """
libc6 libstdc++6 libegl1 libgl1 libx11-6 libx11-xcb1 libdbus-1-3 libfontconfig1 libfreetype6
libglib2.0-0|libglib2.0-0t64 libxkbcommon0 libxkbcommon-x11-0 libxcb-cursor0 libxcb-glx0 libxcb-icccm4
libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-render0 libxcb-shape0 libxcb-shm0
libxcb-sync1 libxcb-util1 libxcb-xfixes0 libxcb-xkb1 libxcb1 libpulse0 libxrandr2 libxext6 libdrm2
libgssapi-krb5-2 libbrotli1 libwayland-client0 libwayland-cursor0 libwayland-egl1
fonts-noto-cjk|fonts-wqy-microhei|fonts-wqy-zenhei
"""
RECOMMENDS = "desktop-file-utils shared-mime-info hicolor-icon-theme"


def pack(folder: Path, out: Path, version: str) -> Path:
    """Write the package of a frozen folder and return its file."""
    words = ["dpkg", "--print-architecture"]
    architecture = subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()
    target = out / f"suxin_{version}_{architecture}.deb"
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        os.chmod(root, 0o755)
        shutil.copytree(folder, root / "usr/lib/suxin", symlinks=True)
        lay_out(root, version)
        describe(root, version, architecture)
        words = ["dpkg-deb", "--build", "--root-owner-group", "-Zxz", name, str(target)]
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    return target


def lay_out(root: Path, version: str) -> None:
    """Put everything but the folder itself to where Debian wants it."""
    (root / "usr/bin").mkdir(parents=True)
    (root / "usr/bin/suxin").symlink_to("../lib/suxin/suxin")
    _write(root / "usr/share/applications/suxin.desktop", (HERE / "suxin.desktop").read_bytes())
    _write(root / "usr/share/mime/packages/suxin.xml", (HERE / "suxin.xml").read_bytes())
    icons = root / "usr/share/icons/hicolor"
    _write(icons / "scalable/apps/suxin.svg", ICON.read_bytes())
    for size in ICON_SIZES:
        _write(icons / f"{size}x{size}/apps/suxin.png", drawn(size))
    _write(root / "usr/share/man/man1/suxin.1.gz", gzip.compress(manual(version).encode(), mtime=0))
    papers = root / "usr/share/doc/suxin"
    _write(papers / "copyright", (CHECKOUT / "LICENSE").read_bytes())
    for distribution in distributions():
        for file in licences(distribution):
            _write(papers / "licences" / distribution.name / file.name, file.read_bytes())


def manual(version: str) -> str:
    """Return the man page, with this version and the verbs that the program has."""
    page = (HERE / "suxin.1").read_text(encoding="utf-8")
    lines = [f".TP\n.B {_roff(name)}\n{_roff(told)}" for name, told in verbs()]
    return page.replace("@VERSION@", version).replace("@VERBS@", "\n".join(lines))


def verbs() -> list[tuple[str, str]]:
    """Return every verb of the terminal with its help."""
    import argparse

    from gui.terminal import command_line

    groups = [each for each in command_line()._actions if isinstance(each, argparse._SubParsersAction)]
    return [(each.dest, each.help or "") for group in groups for each in group._choices_actions]


def drawn(size: int) -> bytes:
    """Return the icon as PNG, this many pixels wide and high."""
    from PySide6.QtCore import QBuffer
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    QSvgRenderer(str(ICON)).render(painter)
    painter.end()
    buffer = QBuffer()
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stubs know files only
    return bytes(buffer.data().data())


def licences(distribution: Distribution) -> list[Path]:
    """Return the licence files that a package in the folder comes with."""
    named = ("licen", "copying", "notice")
    files = (Path(str(distribution.locate_file(file))) for file in distribution.files or ())
    return [file for file in files if file.name.lower().startswith(named) and file.is_file()]


def describe(root: Path, version: str, architecture: str) -> None:
    """Write what the package says of itself, and the sums that `dpkg --verify` compares."""
    files = [path for path in sorted(root.rglob("*")) if path.is_file() and not path.is_symlink()]
    kilobytes = sum(path.stat().st_size for path in files) // 1024
    sums = [f"{hashlib.md5(path.read_bytes()).hexdigest()}  {path.relative_to(root)}" for path in files]
    _write(root / "DEBIAN/control", control(version, architecture, kilobytes).encode())
    _write(root / "DEBIAN/md5sums", ("\n".join(sums) + "\n").encode())


def control(version: str, architecture: str, kilobytes: int) -> str:
    """Return the package's control file."""
    return f"""\
Package: suxin
Version: {version}
Architecture: {architecture}
Maintainer: Suxin <suxin@localhost>
Installed-Size: {kilobytes}
Depends: {", ".join(DEPENDS.split())}
Recommends: {", ".join(RECOMMENDS.split())}
Section: misc
Priority: optional
Description: traceability, merchant credit and a tamper-evident ledger
 Cooperatives register batches and print labels, everyone on the way adds
 signed events, consumers scan a code and see where a thing came from, and
 inspectors see who needs a visit.
"""


def _roff(text: str) -> str:
    return text.replace("\\", "\\e").replace("-", "\\-").lstrip(".'")


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    os.chmod(path, 0o644)
