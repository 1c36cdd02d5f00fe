"""Install the package in a bare Debian, use it there, take it away again; say what was measured.

Rule: nothing is believed that is not seen. What the terminal answers is what the checkout answers on the same
ledger; what the window does is seen on a real (virtual) screen; what is removed leaves nothing.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from freezing import CHECKOUT
from starting import PATIENCE_S, Screen, Started, timed

TOOLS = "xvfb xauth xdotool shared-mime-info desktop-file-utils libglib2.0-bin man-db"
HOME = "/tmp/home"
AT = "2026-11-22T10:00:00+08:00"
LOT = "https://id.gs1.org/01/09521002100037/10/DM261004-2"
CLAIMS = "本款糧油可治癒糖尿病，降血亚，全网第一\n"
"""Traditional characters and a word that only sounds like another: both need tables of other packages."""
NOWHERE = "postgresql+psycopg://nobody@127.0.0.1:1/none"
ANSWERS: tuple[tuple[str, ...], ...] = (
    ("check", "proof.json"),
    ("verify",),
    ("scores",),
    ("scan", "label.png"),
    ("trace", LOT, "--direction", "back"),
    ("claims", "claims.txt", "--category", "food"),
    ("export", "--format", "template", "--out", "template.xlsx"),
    ("import", "template.xlsx", "--preview"),
    ("export", "--format", "epcis-json", "--out", "all.json"),
    ("label", LOT, "--out", "again.pdf"),
    ("label", LOT, "--out", "again.png"),
    ("bundle", "out", "--out", "all.bundle"),
    ("link", "parse", LOT),
    ("--ledger", NOWHERE, "scores"),
    ("claims", "label.mp4"),
    ("bench", "gui"),
)
"""Command lines whose answers must be the checkout's, in this order; the last three are refused."""
OTHERWISE = {("bench", "gui")}
"""What a packaged program answers differently."""
CAMERA = (1165, 38)
"""Where the scan page has its camera button while it shows a story; nobody manages windows on this screen."""
GTK = "libqgtk3.so"
"""Qt's GTK theme: where there is no GTK it is not used, so its libraries need not be there."""
Say = Callable[[str], object]


class Failed(Exception):
    """Something was not as it must be."""


class Bare:
    """A bare Debian in a folder; commands run inside it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def run(self, *words: str, cwd: str = "/", **environ: str) -> subprocess.CompletedProcess[str]:
        """Run a command inside and return what came of it."""
        command = ["chroot", str(self.root), "env", "-i", "-C", cwd, *_settings(environ), *words]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def done(self, *words: str, **environ: str) -> str:
        """Run a command that must succeed and return its output.

        Raises:
            Failed: it did not.
        """
        result = self.run(*words, **environ)
        if result.returncode:
            raise Failed(f"{' '.join(words)}: {result.returncode}\n{result.stdout}{result.stderr}")
        return result.stdout


def make_bare(root: Path) -> Bare:
    """Return the bare system in this folder; made where there is none (SUITE and MIRROR say of what)."""
    if not (root / "usr/bin/apt-get").exists():
        words = ["debootstrap", "--variant=minbase", os.environ.get("SUITE", "bookworm"), str(root)]
        words += [os.environ["MIRROR"]] if os.environ.get("MIRROR") else []
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    return Bare(root)


def try_out(package: Path, root: Path, say: Say) -> list[dict[str, Any]]:
    """Try everything and return the table: what, value, unit.

    Raises:
        Failed: something is not as it must be.
    """
    bare = make_bare(root)
    with _mounted(root):
        shutil.copyfile(package, root / "tmp/suxin.deb")
        rows = install(bare)
        say("installed; every library is found")
        answers(bare)
        say(f"terminal: {len(ANSWERS)} commands answer what the checkout answers")
        registered(bare)
        say("launcher, icons, file types and man page are there")
        with Screen(["chroot", str(root)]) as screen:
            rows += windows(bare, screen)
        say("window: starts, opens a proof and a bundle, takes over a second start, finds cameras")
        remove(bare)
        say("removed; nothing is left")
    return rows


def install(bare: Bare) -> list[dict[str, Any]]:
    """Install the package and see that nothing in it lacks a library."""
    apt = ("apt-get", "-qq", "-o", "Dpkg::Use-Pty=0")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    bare.done(*apt, "update")
    bare.done(*apt, "install", "-y", "--no-install-recommends", *TOOLS.split(), **quiet)
    bare.run(*apt, "purge", "-y", "suxin", **quiet)
    for name in ("home", "story", "mirror"):
        shutil.rmtree(bare.root / "tmp" / name, ignore_errors=True)
    bare.done(*apt, "install", "-y", "--no-install-recommends", "/tmp/suxin.deb", **quiet)
    _expect("dpkg --verify", bare.done("dpkg", "--verify", "suxin"), "")
    script = f"find /usr/lib/suxin -name '*.so*' -type f ! -name {GTK} -exec ldd {{}} + 2>&1 || true"
    linked = bare.done("sh", "-c", script, LD_LIBRARY_PATH="/usr/lib/suxin/_internal").splitlines()
    wrong = [line.strip() for line in linked if "not found" in line or "error while" in line]
    _expect("libraries that the loader does not find or take", wrong, [])
    script = r"find /usr/lib/suxin -xtype l"
    _expect("links that lead nowhere", bare.done("sh", "-c", script), "")
    kilobytes = int(bare.done("dpkg-query", "-f", "${Installed-Size}", "-W", "suxin"))
    return [_row("installed", kilobytes * 1024 / 1e6, "MB")]


def answers(bare: Bare) -> None:
    """See that the terminal answers what the checkout answers on a copy of the same ledger."""
    bare.done("suxin", "--json", "demo", "--out", "/tmp/story", "--at", AT)
    story, mirror = bare.root / "tmp/story", bare.root / "tmp/mirror"
    (story / "claims.txt").write_text(CLAIMS, encoding="utf-8")
    (story / "label.mp4").write_bytes(b"")
    shutil.copytree(story, mirror)
    for words in ANSWERS:
        line = ("--json", "--home", "home", "--at", AT, "--locale", "zh_CN", *words)
        ours = bare.run("suxin", *line, cwd="/tmp/story")
        if words in OTHERWISE:
            _expect(" ".join(words), (ours.returncode, "no-benchmarks" in ours.stdout), (2, True))
            continue
        command = [sys.executable, str(CHECKOUT / "main.py"), *line]
        theirs = subprocess.run(command, cwd=mirror, capture_output=True, text=True, check=False)
        if ours.returncode not in (0, 1, 2, 3) or not ours.stdout:
            raise Failed(f"suxin {' '.join(words)}: {ours.returncode}\n{ours.stdout}{ours.stderr}")
        _expect(
            " ".join(words), (ours.returncode, _said(ours.stdout)), (theirs.returncode, _said(theirs.stdout))
        )


def registered(bare: Bare) -> None:
    """See that the desktop knows the launcher, the icon, both file types and the man page."""
    bare.done("desktop-file-validate", "/usr/share/applications/suxin.desktop")
    story = bare.root / "tmp/story"
    shutil.copyfile(story / "all.bundle", story / "bundle-without-a-name")
    shutil.copyfile(story / "proof.json", story / "rice.proof.json")
    shutil.copyfile(story / "proof.json", story / "proof-without-a-name")
    for name, kind in (
        ("rice.proof.json", "application/vnd.suxin.proof+json"),
        ("proof-without-a-name", "application/vnd.suxin.proof+json"),
        ("all.bundle", "application/vnd.suxin.bundle"),
        ("bundle-without-a-name", "application/vnd.suxin.bundle"),
    ):
        told = bare.done("gio", "info", "-a", "standard::content-type", f"/tmp/story/{name}")
        _expect(f"the type of {name}", kind in told.split(), True)
        opens = bare.done("gio", "mime", kind)
        _expect(f"what opens {kind}", "suxin.desktop" in opens, True)
    bare.done(
        "sh", "-c", "ls /usr/share/icons/hicolor/*/apps/suxin.png /usr/share/icons/hicolor/*/apps/suxin.svg"
    )
    page = bare.done("man", "-P", "cat", "suxin", MANWIDTH="100")
    _expect(
        "the man page tells verbs", all(word in page for word in ("EXIT STATUS", "verify", "recall")), True
    )


def windows(bare: Bare, screen: Screen) -> list[dict[str, Any]]:
    """See that the window starts, opens what it is given, takes over a second start, and finds cameras."""
    rows = []
    proof = ("证明文件", "/tmp/story/proof.json")
    _forget()
    for run in ("first", "second", "third"):
        with timed(screen, _command(proof[1]), proof[0]) as started:
            rows += [
                _row(f"window shown, {run} start", started.shown_ms, "ms"),
                _row(f"proof given as argument open, {run} start", started.ready_ms, "ms"),
            ]
    with timed(screen, _command("/tmp/story/all.bundle"), "交换包") as started:
        second = bare.run("suxin", "--home", HOME, "/tmp/story/rice.proof.json", **screen.environ)
        _expect("the second start", (second.returncode, second.stdout), (0, ""))
        screen.wait(started.process, "rice.proof.json")
    with timed(screen, _command("/tmp/story/label.png"), "DM261004-2|可信|正品") as started:
        _cameras(screen, started)
    crashes = bare.root / HOME.lstrip("/") / "crashes"
    _expect("crash reports", sorted(crashes.iterdir()) if crashes.exists() else [], [])
    return rows


def remove(bare: Bare) -> None:
    """Take the package away and see that nothing of it is left."""
    files = bare.done("dpkg", "-L", "suxin").splitlines()
    bare.done("apt-get", "-qq", "purge", "-y", "suxin", DEBIAN_FRONTEND="noninteractive")
    ours = [name for name in files if "suxin" in name]
    _expect("files left", [name for name in ours if os.path.lexists(f"{bare.root}{name}")], [])
    caches = "/usr/share/mime/globs2 /usr/share/mime/magic /usr/share/applications/mimeinfo.cache"
    _expect("caches that name it", bare.run("grep", "-l", "suxin", *caches.split()).stdout, "")


def _command(file: str) -> tuple[str, ...]:
    return ("suxin", "--locale", "zh_CN", "--home", HOME, file)


def _cameras(screen: Screen, started: Started) -> None:
    """Open the camera and see that Qt's media plugin comes, with what it stands on."""
    wanted = {"libffmpegmediaplugin.so", "libavcodec.so"}
    maps = Path(f"/proc/{started.process.pid}/maps")
    end = time.monotonic() + PATIENCE_S
    loaded: set[str] = set()
    while not loaded and time.monotonic() < end:
        # What greets a newcomer stands before the page.
        screen.press("Escape") if len(screen.shown(started.process)) > 1 else screen.click(*CAMERA)
        text = maps.read_text(encoding="utf-8")
        loaded = {name for name in wanted if name in text}
    _expect("loaded with the camera", loaded, wanted)


def _forget() -> None:
    """Let the first start be a cold one, where this system lets us."""
    try:
        os.sync()
        Path("/proc/sys/vm/drop_caches").write_text("3\n", encoding="ascii")
    except OSError:
        sys.stderr.write("the first start is not cold: the system's cache cannot be dropped here\n")


def _said(text: str) -> Any:
    """Return a JSON answer without what no two runs share: places, and times that were taken."""
    try:
        document = json.loads(text)
    except ValueError:
        return text
    return json.loads(json.dumps(document), object_hook=_lasting)


def _lasting(found: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in found.items() if key not in ("seconds", "where")}


def _row(what: str, value: float, unit: str) -> dict[str, Any]:
    return {"what": what, "value": round(value, 1), "unit": unit}


def _expect(what: str, found: object, expected: object) -> None:
    if found != expected:
        raise Failed(f"{what}:\n  found    {str(found)[:3000]}\n  expected {str(expected)[:3000]}")


def _settings(environ: dict[str, str]) -> Sequence[str]:
    path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    return [f"{k}={v}" for k, v in ({"PATH": path, "HOME": "/root", "LANG": "C.UTF-8"} | environ).items()]


@contextmanager
def _mounted(root: Path) -> Iterator[None]:
    """Lend the bare system this one's processes while it is used."""
    proc = root / "proc"
    subprocess.run(["mount", "--bind", "/proc", str(proc)], check=True)
    try:
        yield
    finally:
        # Lazily: whoever clears the folder away next must not find this system's processes in it.
        subprocess.run(["umount", "--lazy", str(proc)], check=True)
