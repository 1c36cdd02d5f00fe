"""What the machine lacks is found by asking it, and what to do about it is said as a command that works."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import machine
import pytest


def _missing(absent: set[str], *, chinese: bool = True, screen: bool = False) -> tuple[machine.Missing, ...]:
    return machine.missing(
        platform="linux",
        screen=screen,
        loads=lambda name: name not in absent,
        shows_chinese=lambda: chinese,
        which=lambda name: None if name in absent else f"/usr/bin/{name}",
    )


def test_a_complete_machine_lacks_nothing() -> None:
    assert _missing(set()) == ()


def test_a_library_is_missing_by_its_loader_name_and_brought_by_its_package() -> None:
    (found,) = _missing({"libxcb-cursor.so.0"})
    assert (found.name, found.package, found.needed) == ("libxcb-cursor.so.0", "libxcb-cursor0", True)


def test_a_machine_without_chinese_glyphs_is_told_the_font() -> None:
    assert [each.package for each in _missing(set(), chinese=False)] == ["fonts-noto-cjk"]


def test_programs_for_screen_tests_are_only_asked_for_by_the_tests() -> None:
    assert _missing({"Xvfb"}) == ()
    assert [each.package for each in _missing({"Xvfb"}, screen=True)] == ["xvfb"]


def test_only_linux_leaves_libraries_to_the_machine() -> None:
    assert machine.missing(platform="darwin", loads=lambda name: False) == ()


def test_the_advice_is_one_command_on_debian_and_names_elsewhere() -> None:
    lacking = _missing({"libEGL.so.1", "libcups.so.2"})
    on_debian = machine.advice(lacking, debian=True)
    assert on_debian.endswith(
        "sudo apt-get update && sudo apt-get install -y --no-install-recommends libegl1 libcups2"
    )
    elsewhere = machine.advice(lacking, debian=False)
    assert "libEGL.so.1" in elsewhere
    assert "apt-get" not in elsewhere


@pytest.mark.parametrize(
    ("environ", "shown"),
    [
        ({}, False),
        ({"QT_QPA_PLATFORM": "offscreen", "DISPLAY": ":0"}, False),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
        ({"QT_QPA_PLATFORM": "vnc"}, True),
    ],
)
def test_a_display_is_one_that_a_person_can_look_at(environ: dict[str, str], shown: bool) -> None:
    assert (machine.no_display(environ, "linux") is None) is shown


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux leaves libraries to the machine")
def test_every_library_that_qt_links_to_and_does_not_carry_is_on_the_list() -> None:
    """What the loader needs for the parts of Qt we use, less the C and C++ runtimes, is what we ask for."""
    pyside = pytest.importorskip("PySide6")
    folder = Path(pyside.__file__).parent / "Qt"
    parts = (
        "Core",
        "Gui",
        "Widgets",
        "Svg",
        "Network",
        "Multimedia",
        "PrintSupport",
        "DBus",
        "XcbQpa",
        "WaylandClient",
    )
    files = [folder / "lib" / f"libQt6{part}.so.6" for part in parts]
    files += [folder / "plugins/platforms" / f"libq{name}.so" for name in ("xcb", "offscreen", "wayland")]
    needed: set[str] = set()
    for file in files:
        if file.exists():
            needed |= _direct_needs(file)
    carried = {path.name for path in (folder / "lib").iterdir()}
    runtime = re.compile(r"lib(c|m|dl|pthread|rt|stdc\+\+|gcc_s|z|zstd|resolv)\.so\.|ld-linux")
    listed = {*machine.QT_LIBRARIES, *machine.EXTRA_LIBRARIES}
    comes_along = {
        "libbrotlicommon.so.1": "libbrotlidec.so.1",
        "libgthread-2.0.so.0": "libglib-2.0.so.0",
        "libxcb.so.1": "libX11.so.6",
        "libGLX.so.0": "libGL.so.1",
        "libOpenGL.so.0": "libGL.so.1",
    }
    unlisted = {
        name for name in needed - carried - listed if not runtime.search(name) and name not in comes_along
    }
    assert unlisted == set()


def _direct_needs(file: Path) -> set[str]:
    """Return the DT_NEEDED names of an ELF file: `objdump`-free, from the loader's own listing."""
    listing = subprocess.run(["ldd", str(file)], capture_output=True, text=True, check=True).stdout
    listed = set(re.findall(r"^\s+(\S+\.so[.\d]*) =>", listing, re.MULTILINE))
    raw = file.read_bytes()
    return {name for name in listed if b"\0" + name.encode() + b"\0" in raw}
