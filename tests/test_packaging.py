"""What is installed agrees with the program: modules, tables, man page, launcher, icons and file types."""

from __future__ import annotations

import configparser
import importlib
import importlib.util
import os
import re
import runpy
import shutil
import struct
import subprocess
import sys
import tomllib
import xml.etree.ElementTree as ElementTree
from datetime import UTC, datetime
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import package
import pytest
import trying
from debian import packing
from freezing import BENCHMARKS, CHECKOUT, DATA_OF, LEFT_OUT, Entry, linked, own_modules, pruned
from ledger_world import found_world
from machine import EXTRA_LIBRARIES, QT_LIBRARIES

from gui.files import kind_of
from gui.pages import PAGES
from gui.start import PARTS
from gui.terminal import GROUPS, command_line, parse
from gui.warming import modules_for
from gui.words import Words
from ledger.exchange import write_proof
from ledger.store import create_ledger_engine
from models.claims.sounds import load_sounds, traditional

VERSION = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
NOW = datetime(2026, 11, 22, tzinfo=UTC)
LAUNCHER = packing.HERE / "suxin.desktop"
KINDS = {"mime": "http://www.freedesktop.org/standards/shared-mime-info"}


def _types() -> dict[str, ElementTree.Element]:
    root = ElementTree.parse(packing.HERE / "suxin.xml").getroot()
    return {each.get("type", ""): each for each in root.findall("mime:mime-type", KINDS)}


def _globs(kind: ElementTree.Element) -> list[str]:
    return [each.get("pattern", "") for each in kind.findall("mime:glob", KINDS)]


def _matches(head: bytes, rule: ElementTree.Element) -> bool:
    """Say whether the first bytes fit a `match` element, as shared-mime-info reads it."""
    first, _, last = rule.get("offset", "0").partition(":")
    value = rule.get("value", "").encode()
    found = head.find(value, int(first), int(last or first) + len(value))
    inner = rule.findall("mime:match", KINDS)
    return found >= 0 and (not inner or any(_matches(head, each) for each in inner))


def test_every_module_that_is_imported_by_name_is_in_the_folder() -> None:
    by_name = {spec.target.partition(":")[0] for spec in PAGES}
    by_name |= {name for name in PARTS if name.startswith("gui.")}
    by_name |= {name for spec in PAGES for role in spec.roles for name in modules_for(role)}
    by_name |= {group.__name__ for group in GROUPS} | {"gui.screens", "gui.crash", "ledger.static"}
    known = {name for name in by_name if importlib.util.find_spec(name) is not None}
    assert known - set(own_modules()) == set()


def test_nothing_of_ours_is_left_behind_but_the_benchmarks() -> None:
    words = ["git", "ls-files", "gui/*.py", "ledger/*.py", "models/*.py", "resources/*.py"]
    listed = subprocess.run(words, cwd=CHECKOUT, capture_output=True, text=True, check=False).stdout.split()
    if not listed:
        pytest.skip("not a git checkout: no list of the program's files to compare with")
    names = {name.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for name in listed}
    assert {name for name in names - set(own_modules()) if not name.startswith(BENCHMARKS)} == set()


def test_nothing_the_program_imports_is_left_out() -> None:
    program = (
        f"import importlib, sys\nfor name in {own_modules()!r}: importlib.import_module(name)\n"
        f"print([name for name in {LEFT_OUT!r} if name in sys.modules and not name.startswith('_')])"
    )
    words = [sys.executable, "-c", program]
    result = subprocess.run(words, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert (result.stdout.strip(), result.returncode) == ("[]", 0), result.stderr


def test_the_tables_that_are_read_as_files_are_in_the_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: set[tuple[str, str]] = set()
    module = importlib.import_module("models.claims.sounds")
    read = module._lines

    def watched(package: str, name: str) -> list[str]:
        opened.add((package, name))
        lines: list[str] = read(package, name)
        assert lines
        return lines

    monkeypatch.setattr(module, "_lines", watched)
    folding: dict[str, Any] = {"sounds": {}, "real_words": [], "chance_pairs": []}
    assert traditional({})["癒"] == "愈"
    assert load_sounds(folding, ["治愈"]).ordinary
    assert opened == {(package, name) for package, names in DATA_OF.items() for name in names}


def test_a_library_stays_only_while_something_that_stays_needs_it() -> None:
    linkage = {
        "/v/QtGui.abi3.so": ["libQt6Gui.so.6", "libX11.so.6"],
        "/v/libQt6Gui.so.6": ["libglib-2.0.so.0"],
        "/v/libQt6Pdf.so.6": [],
        "/v/libqpdf.so": ["libQt6Pdf.so.6"],
        "/py/lib-dynload/_sqlite3.so": ["libsqlite3.so.0"],
        "/usr/lib/libsqlite3.so.0": ["libz.so.1"],
    }
    binaries: list[Entry] = [
        ("PySide6/QtGui.abi3.so", "/v/QtGui.abi3.so", "EXTENSION"),
        ("PySide6/Qt/plugins/imageformats/libqpdf.so", "/v/libqpdf.so", "BINARY"),
        ("PySide6/Qt/lib/libQt6Gui.so.6", "/v/libQt6Gui.so.6", "BINARY"),
        ("PySide6/Qt/lib/libQt6Pdf.so.6", "/v/libQt6Pdf.so.6", "BINARY"),
        ("python3.11/lib-dynload/_sqlite3.so", "/py/lib-dynload/_sqlite3.so", "EXTENSION"),
        *((name, f"/usr/lib/{name}", "BINARY") for name in ("libX11.so.6", "libglib-2.0.so.0")),
        *((name, f"/usr/lib/{name}", "BINARY") for name in ("libsqlite3.so.0", "libz.so.1")),
    ]
    kept = pruned(binaries, lambda source: linkage.get(source, []), "/py", ("/usr/lib",))
    assert [Path(name).name for name, _, _ in kept] == [
        *("QtGui.abi3.so", "libQt6Gui.so.6", "_sqlite3.so", "libsqlite3.so.0", "libz.so.1")
    ]
    links: list[Entry] = [
        (f"libQt6{name}.so.6", f"PySide6/Qt/lib/libQt6{name}.so.6", "SYMLINK") for name in ("Gui", "Pdf")
    ]
    assert [name for name, _, _ in linked(links, kept)] == ["libQt6Gui.so.6"]


def test_the_package_asks_for_every_library_that_the_window_needs() -> None:
    asked = {name for word in packing.DEPENDS.split() for name in word.split("|")}
    # Nothing here prints through CUPS: paper is a PDF.
    assert {*QT_LIBRARIES.values(), *EXTRA_LIBRARIES.values()} - asked == {"libcups2"}


def test_the_man_page_tells_this_version_and_every_verb_and_option() -> None:
    page = packing.manual(VERSION).replace("\\-", "-")
    assert f'"Suxin {VERSION}"' in page
    assert "@" not in page
    told = page.partition(".SH VERBS")[2].partition(".SH EXIT")[0]
    verbs = [
        name for action in command_line()._actions for name in (action.choices or {}) if action.dest == "verb"
    ]
    assert verbs
    assert re.findall(r"^\.B (\S+)$", told, re.MULTILINE) == verbs
    options = {name for action in command_line()._actions for name in action.option_strings}
    assert {name for name in options if name.startswith("--") and name not in page} == set()


def test_the_launcher_opens_the_types_that_are_registered_and_no_other() -> None:
    launcher = configparser.ConfigParser(interpolation=None)
    launcher.optionxform = str  # type: ignore[assignment, method-assign]  # keys differ by case
    launcher.read(LAUNCHER, encoding="utf-8")
    entry = launcher["Desktop Entry"]
    assert entry["Exec"] == "suxin %F"
    assert entry["MimeType"].strip(";").split(";") == list(_types())
    assert entry["StartupWMClass"] == entry["Icon"] == "suxin"


def test_a_file_the_program_saves_has_a_type_by_its_name() -> None:
    proof, bundle = _types().values()
    for name in ("suxin.proof.json", "suxin-12.proof.json", "table.proof-2.json", "rice.proof"):
        assert [kind for kind in (proof, bundle) if any(fnmatch(name, glob) for glob in _globs(kind))] == [
            proof
        ]
    assert any(fnmatch("suxin.bundle", glob) for glob in _globs(bundle))


def test_a_file_without_a_name_has_its_type_by_its_first_bytes(tmp_path: Path) -> None:
    proof, bundle = (each.findall("mime:magic/mime:match", KINDS)[0] for each in _types().values())
    engine = create_ledger_engine(f"sqlite:///{tmp_path / 'ledger.db'}")
    page = write_proof(found_world(engine, lambda: NOW).reader, [3])
    engine.dispose()
    assert kind_of("anything", page) == "proof"
    assert _matches(page, proof)
    assert not _matches(page, bundle)
    exchange = b"suxin-bundle/v1 suxin.example/wuchang+0b1c+AQ 0 3\n"
    assert kind_of("anything", exchange) == "bundle"
    assert _matches(exchange, bundle)
    assert not _matches(exchange, proof)
    assert not _matches(b'{\n "@context": "https://ref.gs1.org/"', proof)


@pytest.mark.parametrize("size", packing.ICON_SIZES)
def test_the_icon_is_drawn_in_every_size(size: int) -> None:
    data = packing.drawn(size)
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", data[16:24]) == (size, size)
    assert len(set(data)) > 40


def test_a_packaged_program_says_where_its_benchmarks_are(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    from gui.verbs import bench
    from main import main

    monkeypatch.setattr(bench, "NAMES", ())
    assert main(["bench", "gui", "--json", "--home", str(tmp_path)]) == 2
    assert '"no-benchmarks"' in capsys.readouterr().out
    assert Words("zh_CN")("problem.no-benchmarks.remedy").endswith("make bench")


def test_a_library_that_a_wheel_has_rewritten_is_not_stripped(tmp_path: Path) -> None:
    """Strip breaks some of them, and then the loader refuses Qt's FFmpeg: there was no camera."""
    if shutil.which("strip") is None or not sys.platform.startswith("linux"):
        pytest.skip("no strip here")
    module = importlib.util.find_spec("sqlalchemy.util._collections_cy")
    assert module is not None
    assert module.origin is not None
    whole = Path(module.origin).read_bytes()
    folders = ("sqlalchemy", "PySide6/Qt/lib", "numpy", "pillow.libs")
    places = [tmp_path / name / "some.so" for name in folders]
    for place in places:
        place.parent.mkdir(parents=True)
        place.write_bytes(whole)
    package.strip(tmp_path)
    assert [place.read_bytes() == whole for place in places] == [False, True, True, True]


@pytest.mark.parametrize("before", [None, "/opt/mine"])
def test_other_programs_get_their_own_libraries(monkeypatch: pytest.MonkeyPatch, before: str | None) -> None:
    monkeypatch.setenv("LD_LIBRARY_PATH", "/usr/lib/suxin/_internal")
    if before is None:
        monkeypatch.delenv("LD_LIBRARY_PATH_ORIG", raising=False)
    else:
        monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", before)
    runpy.run_path(str(CHECKOUT / "scripts" / "children.py"))
    assert os.environ.get("LD_LIBRARY_PATH") == before
    assert "children.py" in (CHECKOUT / "scripts" / "suxin.spec").read_text(encoding="utf-8")


def test_what_the_bare_system_is_asked_is_there_to_be_asked() -> None:
    for words in trying.ANSWERS:
        if words not in trying.OTHERWISE:
            assert parse(words).verb
    assert {words[0] for words in trying.ANSWERS} >= {"verify", "claims", "import", "label", "scan"}
    chinese = Words("zh_CN")
    assert chinese("proof_file.title", name="x").startswith("证明文件")
    assert "交换包" in chinese("page.bundles.title")
    assert Words("en")("page.scan.title") == "Scan and verify"
