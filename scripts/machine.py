"""What the desktop needs from the machine itself: shared libraries, a font with Chinese glyphs, a display.

Rule: ask the machine, not its name. A library is there when the dynamic loader opens it, a glyph when
fontconfig names a font for Chinese, a display when its server answers. Only the standard library is used,
because this runs before anything is installed.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

QT_LIBRARIES: Mapping[str, str] = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}
"""Without these no window opens: shared library name -> Debian package."""

EXTRA_LIBRARIES: Mapping[str, str] = {
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libbrotlidec.so.1": "libbrotli1",
    "libpulse.so.0": "libpulse0",
    "libXrandr.so.2": "libxrandr2",
    "libXext.so.6": "libxext6",
    "libdrm.so.2": "libdrm2",
    "libcups.so.2": "libcups2",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}
"""Without these a part is missing (camera, printing, Wayland, resolver), the rest works."""

FONT_PACKAGE = "fonts-noto-cjk"
SCREEN_PROGRAMS: Mapping[str, str] = {"Xvfb": "xvfb", "xauth": "xauth", "xdotool": "xdotool"}
"""What the tests with a real window need besides: program -> Debian package."""

DISPLAY_HELP = """\
No display was found: {reason}.
To see the desktop, any one of these gives it a display:
  - run it in a graphical session (then DISPLAY or WAYLAND_DISPLAY is set)
  - over ssh: ssh -X HOST, then make run
  - on a server, a virtual screen: apt-get install xvfb, then xvfb-run make run
"""


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing the machine lacks, the Debian package that brings it, and whether a window needs it."""

    name: str
    package: str
    needed: bool


def loads(library: str) -> bool:
    """Say whether the dynamic loader finds and opens `library`."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def shows_chinese() -> bool:
    """Say whether fontconfig knows any font that covers simplified Chinese."""
    try:
        font_config = ctypes.CDLL("libfontconfig.so.1")
    except OSError:
        return False
    font_config.FcNameParse.restype = ctypes.c_void_p
    font_config.FcFontList.restype = ctypes.POINTER(ctypes.c_int)
    font_config.FcFontList.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p]
    font_config.FcObjectSetCreate.restype = ctypes.c_void_p
    # A fresh configuration each time: the default one would not see fonts installed a moment ago.
    font_config.FcInitLoadConfigAndFonts.restype = ctypes.c_void_p
    found = font_config.FcFontList(
        font_config.FcInitLoadConfigAndFonts(),
        font_config.FcNameParse(b":lang=zh-cn"),
        font_config.FcObjectSetCreate(),
    )
    return bool(found) and found[0] > 0


def missing(
    *,
    platform: str = sys.platform,
    screen: bool = False,
    loads: Callable[[str], bool] = loads,
    shows_chinese: Callable[[], bool] = shows_chinese,
    which: Callable[[str], str | None] = shutil.which,
) -> tuple[Missing, ...]:
    """List what this machine lacks; only Linux leaves these to the machine (elsewhere the wheels carry them).

    Args:
        screen: also ask for the programs that tests with a real window drive.
    """
    if not platform.startswith("linux"):
        return ()
    lacking = [Missing(name, package, True) for name, package in QT_LIBRARIES.items() if not loads(name)]
    lacking += [Missing(name, package, False) for name, package in EXTRA_LIBRARIES.items() if not loads(name)]
    if not shows_chinese():
        lacking.append(Missing("a font with Chinese characters", FONT_PACKAGE, False))
    if screen:
        lacking += [
            Missing(name, package, False) for name, package in SCREEN_PROGRAMS.items() if not which(name)
        ]
    return tuple(lacking)


def apt_command(packages: Iterable[str]) -> str:
    """Return the one line a person can paste on Debian or Ubuntu.

    >>> apt_command(["libegl1"])
    'sudo apt-get update && sudo apt-get install -y --no-install-recommends libegl1'
    """
    words = " ".join(dict.fromkeys(packages))
    return f"sudo apt-get update && sudo apt-get install -y --no-install-recommends {words}"


def apt_install(packages: Iterable[str], log: Callable[[str], None]) -> bool:
    """Install `packages` with apt-get when this is root on a Debian-like machine; say whether it worked."""
    names = list(dict.fromkeys(packages))
    if not can_install():
        return False
    log(f"installing with apt-get: {' '.join(names)}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *names]):
        done = subprocess.run(
            ["apt-get", *words],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        if done.returncode:
            # Its chatter matters only now; what a person must do is said by the caller.
            log(done.stdout.decode(errors="replace").strip())
            return False
    return True


def can_install() -> bool:
    """Say whether apt-get is here and this process may use it."""
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def advice(lacking: Iterable[Missing], *, debian: bool | None = None) -> str:
    """Word what is missing and the command that brings it; library names where there is no apt-get."""
    listed = list(lacking)
    lines = ["this machine lacks:", *(f"  - {each.name}" for each in listed)]
    if shutil.which("apt-get") is not None if debian is None else debian:
        lines += ["install them with:", f"  {apt_command(each.package for each in listed)}"]
    else:
        lines += ["install them with this system's package manager (they are named as the loader names them)"]
    return "\n".join(lines)


def no_display(environ: Mapping[str, str], platform: str = sys.platform) -> str | None:
    """Return why no window can be shown, or None when one can.

    >>> no_display({}, "linux")
    'neither DISPLAY nor WAYLAND_DISPLAY is set'
    >>> no_display({}, "darwin") is None
    True
    """
    if not platform.startswith("linux"):
        return None
    chosen = environ.get("QT_QPA_PLATFORM", "").split(":")[0]
    if chosen in ("offscreen", "minimal"):
        return f"QT_QPA_PLATFORM={chosen} shows nothing"
    if chosen in ("vnc", "linuxfb", "eglfs") or environ.get("WAYLAND_DISPLAY"):
        return None
    if not environ.get("DISPLAY"):
        return "neither DISPLAY nor WAYLAND_DISPLAY is set"
    return None if _x_server_answers() else f"no X server answers at DISPLAY={environ['DISPLAY']}"


def _x_server_answers() -> bool:
    try:
        x11 = ctypes.CDLL("libX11.so.6")
    except OSError:
        return True  # Cannot ask; the missing library is reported on its own.
    x11.XOpenDisplay.restype = ctypes.c_void_p
    display = x11.XOpenDisplay(None)
    if display:
        x11.XCloseDisplay(ctypes.c_void_p(display))
    return bool(display)
