"""Each row of the house's import table is a contract, and each contract fails when somebody breaks it."""

from __future__ import annotations

import ast
import configparser
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent
FOLDERS = ("gui", "models", "ledger", "resources")

# contract, the module that breaks it, the line that does
VIOLATIONS = [
    ("house", "models/__init__.py", "import gui"),
    ("house", "ledger/errors.py", "import models"),
    ("house", "resources/__init__.py", "import ledger.errors"),
    ("main-alone", "gui/__init__.py", "import main"),
    ("gui-storage", "gui/widgets/deliberate.py", "import sqlalchemy"),
    ("gui-ledger", "gui/widgets/deliberate.py", "import ledger.reader"),
    ("gui-ledger", "gui/consumer/deliberate.py", "from ledger.tlog import tree"),
    ("storage-hidden", "models/provenance/deliberate.py", "import ledger.store"),
    ("storage-hidden", "models/recorder.py", "from ledger import rows"),
    ("one-desk", "models/supervision.py", "import ledger.desk"),
    ("one-desk", "gui/widgets/deliberate.py", "from ledger import desk"),
    ("terminal-no-qt", "gui/verbs/trace.py", "from PySide6 import QtCore"),
    ("terminal-no-qt", "gui/wording.py", "import gui.widgets.text"),
    ("gui-roles", "gui/consumer/deliberate.py", "import gui.regulator"),
    ("gui-roles", "gui/cooperative/deliberate.py", "import gui.consumer"),
    ("models-no-qt", "models/provenance/deliberate.py", "from PySide6 import QtCore"),
    ("models-no-qt", "ledger/events/deliberate.py", "import PySide6"),
    ("models-layers", "models/tables/columns.py", "import models.credit"),
    ("models-layers", "models/invented.py", ""),
    ("credit-pure", "models/credit/deliberate.py", "import ledger.errors"),
    ("credit-pure", "models/credit/deliberate.py", "import models.tables"),
    ("credit-pure", "models/credit/deliberate.py", "import sqlalchemy"),
    ("ledger-layers", "ledger/tlog/deliberate.py", "import ledger.events"),
    ("ledger-layers", "ledger/invented.py", ""),
    ("ledger-alone", "ledger/events/deliberate.py", "import numpy"),
    ("tlog-alone", "ledger/tlog/deliberate.py", "import sqlalchemy"),
]


def _contracts() -> set[str]:
    settings = configparser.ConfigParser()
    settings.read(CHECKOUT / ".importlinter")
    return {name.removeprefix("importlinter:contract:") for name in settings.sections() if ":" in name}


def _lint(tree: Path, contract: str) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / "lint-imports"
    words = [str(program), "--no-logo", "--no-cache", "--contract", contract]
    return subprocess.run(words, cwd=tree, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the tree that may be spoiled: the modules only, nothing is run from it."""
    copy = tmp_path_factory.mktemp("house")
    shutil.copy(CHECKOUT / ".importlinter", copy)
    shutil.copy(CHECKOUT / "main.py", copy)
    for folder in FOLDERS:
        for module in (CHECKOUT / folder).rglob("*.py"):
            target = copy / module.relative_to(CHECKOUT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(module, target)
    return copy


@pytest.fixture
def spoiled(tree: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """The copy with one line added to (or one module made at) the named place, put back afterwards."""
    place, line = request.param
    module = tree / place
    before = module.read_text() if module.exists() else None
    module.write_text(f"{before or ''}\n{line}\n")
    yield tree
    if before is None:
        module.unlink()
    else:
        module.write_text(before)


def test_a_face_is_kept_off_every_module_of_the_ledger_but_four() -> None:
    settings = configparser.ConfigParser()
    settings.read(CHECKOUT / ".importlinter")
    listed = settings["importlinter:contract:gui-ledger"]["forbidden_modules"].split()
    there = {f"ledger.{path.stem}" for path in (CHECKOUT / "ledger").iterdir() if path.stem[0] not in "_."}
    assert set(listed) == there - {"ledger.events", "ledger.errors", "ledger.keys", "ledger.progress"}


def test_every_contract_has_a_deliberate_violation() -> None:
    assert {contract for contract, _, _ in VIOLATIONS} == _contracts()


@pytest.mark.parametrize(
    ("contract", "spoiled"),
    [(contract, (place, line)) for contract, place, line in VIOLATIONS],
    indirect=["spoiled"],
    ids=[f"{contract}: {place} {line}".strip() for contract, place, line in VIOLATIONS],
)
def test_a_deliberate_violation_is_seen(contract: str, spoiled: Path) -> None:
    result = _lint(spoiled, contract)
    assert result.returncode != 0, result.stdout
    assert "BROKEN" in result.stdout, result.stdout + result.stderr


def test_folders_below_the_faces_do_not_load_qt(tmp_path: Path) -> None:
    """What the import graph promises holds at run time too: the command line's modules load no Qt."""
    modules = sorted(
        ".".join(path.relative_to(CHECKOUT).with_suffix("").parts).removesuffix(".__init__")
        for folder in ("models", "ledger", "resources")
        for path in (CHECKOUT / folder).rglob("*.py")
    )
    if (CHECKOUT / "gui" / "terminal.py").exists():
        modules.append("gui.terminal")
    program = (
        f"import importlib, sys\nfor name in {modules!r}: importlib.import_module(name)\n"
        "print([name for name in sys.modules if name.startswith(('PySide6', 'shiboken6'))])"
    )
    words = [sys.executable, "-c", program]
    result = subprocess.run(words, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert (result.stdout.strip(), result.returncode) == ("[]", 0), result.stderr


def test_every_package_we_import_is_declared_and_locked() -> None:
    """A package that only happens to be installed here is missing on a fresh machine."""
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    optional = project["optional-dependencies"]
    declared = {_distribution(text) for text in project["dependencies"]}
    for_tests = declared | {_distribution(text) for text in optional["test"]}
    extras = {_distribution(text) for name in ("media", "lab", "peers") for text in optional.get(name, ())}
    assert _imported(*FOLDERS, "main.py") - declared - extras == set()
    assert _imported("tests") - for_tests - extras == set()
    locked = (CHECKOUT / "requirements" / "test.lock").read_text(encoding="utf-8")
    assert {name for name in for_tests if f"\n{name}==" not in f"\n{locked}"} == set()


def _distribution(requirement: str) -> str:
    return re.split(r"[\[<>=!~; ]", requirement)[0].lower().replace("_", "-")


def _imported(*places: str) -> set[str]:
    """Return the distributions behind every import that is neither the standard library's nor ours."""
    ours = {path.stem for path in (CHECKOUT / "tests").rglob("*.py")} | {*FOLDERS, "main"}
    ours |= {path.stem for path in (CHECKOUT / "scripts").iterdir()}
    renamed = {"pil": "pillow", "nacl": "pynacl", "zxingcpp": "zxing-cpp", "shiboken6": "pyside6"}
    renamed |= {"pytestqt": "pytest-qt", "cv2": "opencv-python-headless", "sklearn": "scikit-learn"}
    names = set()
    for place in places:
        path = CHECKOUT / place
        for module in [path] if path.suffix else path.rglob("*.py"):
            names |= {name for name in _roots(module) if name not in ours | sys.stdlib_module_names}
    return {renamed.get(name.lower(), name.lower().replace("_", "-")) for name in names}


def _roots(module: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]
