"""The real program on a real screen, by keys alone: from the first start to what stands in the ledger.

One walk for each role, each from a first start's welcome to entries that the terminal finds and verifies.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from walking import MISSING, Program, entries, program, screen, terminal

from gui.consumer.verdict import Answer
from gui.words import Words
from main import machine_clock, open_workspace

pytestmark = [
    pytest.mark.screen,
    pytest.mark.skipif(bool(MISSING), reason=f"needs {' and '.join(MISSING)} (apt-get)"),
]
WATCHED = Path(__file__).resolve().parent.parent / "watched.py"
CLIPBOARD = """
from PySide6.QtWidgets import QApplication
app = QApplication([])
print(app.clipboard().text())
"""
ROLES = ("consumer", "cooperative", "regulator")


@dataclass(frozen=True)
class Known:
    """What the walks need to know beforehand of the demonstration."""

    gtin: str
    sold: str
    seller: str
    verdict: str
    worst: str
    worst_name: dict[str, str]


@pytest.fixture
def around() -> Iterator[dict[str, str]]:
    with screen() as made:
        yield made


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home after its first start and proper end: the demonstration is made here, once."""
    with screen() as around, program(around, tmp_path_factory.mktemp("first") / "home") as desk:
        # The welcome stands before the window, once the demonstration is made; Escape closes it for good.
        desk.stand(desk.words("welcome.title"))
        assert (desk.home / "demonstration" / "complete").exists()
        desk.press("Escape")
        desk.wait(lambda: desk.choices().get("welcomed"), "the choice kept")
        desk.stand(f"{desk.words('page.scan.title')} · ")
        desk.end()
        return desk.home


@pytest.fixture(scope="module")
def known(started: Path) -> Known:
    workspace = open_workspace(started / "demonstration", None, machine_clock, None)
    sold = next(row for row in workspace.lots(status="sold") if workspace.story(row.lot).seller)
    worst = next(party for party in workspace.parties() if party.id == workspace.merchants.rows()[0].party)
    gates = {gate.product for gate in workspace.quality.gates()}
    free = next(one for one in workspace.products() if one.gtin and not {one.id, one.category} & gates)
    found = Known(
        gtin=str(free.gtin),
        sold=sold.lot,
        seller=str(workspace.story(sold.lot).seller),
        verdict=Answer.of(workspace, sold.lot).verdict,
        worst=worst.id,
        worst_name={"zh_CN": worst.name, "en": worst.name_en or worst.name},
    )
    workspace.close()
    return found


@pytest.fixture
def home(started: Path, known: Known, tmp_path: Path) -> Path:
    """A home where the demonstration is made but nobody was welcomed yet."""
    shutil.copytree(started / "demonstration", tmp_path / "home" / "demonstration")
    return tmp_path / "home"


def enter(desk: Program, role: str, page: str) -> None:
    """Take a role's door in the welcome, by Tab and Space, and stand on its first page."""
    desk.stand(desk.words("welcome.title"))
    desk.press(*["Tab"] * ROLES.index(role), "space")
    desk.wait(lambda: desk.choices().get("welcomed"), "the choice kept")
    desk.stand(at(desk, page))


def at(desk: Program, page: str) -> str:
    """How the window's title begins on a page that has its data."""
    return f"{desk.words(f'page.{page}.title')} · "


def seen_in(desk: Program) -> str:
    """What a watched program shows in words."""
    shown = desk.home / "shown.txt"
    return shown.read_text(encoding="utf-8") if shown.exists() else ""


def test_a_mistake_of_the_program_is_told_kept_copied_and_survived(
    around: dict[str, str], home: Path
) -> None:
    with program(around, home, "en", begin=WATCHED) as desk:
        enter(desk, "regulator", "merchants")
        (desk.home / "fault").touch()
        desk.press("ctrl+2")
        desk.stand(desk.words("crash.title"))
        desk.wait(lambda: "ZeroDivisionError" in seen_in(desk), "the report")
        desk.press("Tab", "space")
        copied = subprocess.run(
            [sys.executable, "-c", CLIPBOARD], env=around, capture_output=True, text=True, check=True
        )
        assert "ZeroDivisionError: no clock" in copied.stdout
        assert str(Path.home()) not in copied.stdout
        desk.press("Tab", "space")
        desk.wait(lambda: desk.gone(desk.words("crash.title")), "the dialog closed")
        [kept] = (desk.home / "crashes").glob("*.txt")
        assert kept.read_text(encoding="utf-8").strip() == copied.stdout.strip()
        # The window goes on: the same page opens now.
        desk.stand(at(desk, "merchants"))
        desk.press("ctrl+1", "ctrl+2")
        desk.stand(at(desk, "inspection"))
        desk.press("ctrl+q")
        desk.wait(lambda: desk.process.poll() is not None, "the end")
        assert desk.process.returncode == 0, desk.said()
        assert desk.choices()["running"] is False


def one_more(desk: Program, before: int) -> None:
    ledger = desk.home / "demonstration"
    desk.wait(lambda: entries(ledger) > before, "the entry")
    assert entries(ledger) == before + 1


def test_from_first_start_to_proper_end(started: Path) -> None:
    assert sorted(path.name for path in started.iterdir() if path.is_dir()) == ["demonstration"]


def test_a_window_closed_while_the_demonstration_is_made_ends_at_once_and_leaves_none(
    around: dict[str, str], tmp_path: Path
) -> None:
    folder = tmp_path / "home" / "demonstration"
    with program(around, tmp_path / "home") as desk:
        desk.wait((folder / "ledger.db").exists, "the demonstration begun")
        desk.stand(desk.words("app.name"))
        assert not (folder / "complete").exists()
        desk.end()
    # The next start is a first start again.
    assert not folder.exists()


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_a_clerk_registers_a_batch_prints_its_labels_and_ships_it(
    around: dict[str, str], home: Path, known: Known, locale: str
) -> None:
    before, labels = entries(home / "demonstration"), home.parent / "labels.pdf"
    with program(around, home, locale) as desk:
        words = desk.words
        enter(desk, "cooperative", "today")
        desk.go(words("page.register.title"), at(desk, "register"))
        # To the product by its name; from there Tab leads to the number and the amount.
        desk.go(words("register.gtin"), at(desk, "register"))
        desk.press("ctrl+a")
        desk.type(f"{known.gtin}\tWALK-1\t120")
        desk.go(words("common.record"), at(desk, "register"))
        one_more(desk, before)
        desk.go(words("register.print"), at(desk, "labels"))
        desk.go(words("labels.save"), words("labels.save"))
        desk.press("ctrl+a")
        desk.type(str(labels))
        desk.answer(words("labels.save"))
        desk.wait(labels.exists, "the labels")
        desk.wait(lambda: entries(home / "demonstration") == before + 2, "the print's entry")
        desk.stand(at(desk, "labels"))
        desk.go(words("page.movement.title"), at(desk, "movement"))
        desk.go(words("common.record"), at(desk, "movement"))
        desk.wait(lambda: entries(home / "demonstration") == before + 3, "the shipment's entry")
        desk.end()
    assert labels.read_bytes().startswith(b"%PDF")
    code, traced = terminal(home / "demonstration", "trace", f"(01){known.gtin}(10)WALK-1")
    assert code == 0
    assert [event["biz_step"] for event in traced["events"]] == ["commissioning", "shipping"]
    assert terminal(home / "demonstration", "verify")[0] == 0


def test_a_shopper_reads_a_code_sees_its_story_and_complains(
    around: dict[str, str], home: Path, known: Known
) -> None:
    ledger = home / "demonstration"
    before = entries(ledger)
    with program(around, home, "en") as desk:
        words = desk.words
        enter(desk, "consumer", "scan")
        # As a scanner gun does: all at once, with Enter behind it.
        desk.type(f"{known.sold}\n")
        desk.stand(f"{words(f'verdict.{known.verdict}')} · ")
        desk.go(words("complaint.write"), words("complaint.write"))
        # What it is about is chosen first; backwards: send, give up, discard, undo, the key, the words.
        desk.press("space", *["shift+Tab"] * 6)
        desk.type("Smelt of diesel.")
        desk.press(*["Tab"] * 5, "space")
        one_more(desk, before)
        desk.stand(f"{words(f'verdict.{known.verdict}')} · ")
        desk.end()
    (filed,) = (one for one in terminal(ledger, "cases")[1]["cases"] if before in one["entries"])
    assert (filed["kind"], filed["severity"], filed["party"]) == ("safety", 2, known.seller)
    assert filed["lot"] == known.sold
    assert terminal(ledger, "verify")[0] == 0


def test_an_inspector_opens_a_dossier_records_a_visit_and_checks_the_ledger(
    around: dict[str, str], home: Path, known: Known
) -> None:
    ledger = home / "demonstration"
    before, score = entries(ledger), terminal(ledger, "score", known.worst)[1]["score"]
    with program(around, home, "zh_CN") as desk:
        words = desk.words
        enter(desk, "regulator", "merchants")
        # The table's first row is who most needs a visit; Enter opens its dossier.
        desk.go(words("page.merchants.title"), at(desk, "merchants"))
        desk.press("Home", "Return")
        desk.stand(f"{known.worst_name['zh_CN']} · {words('page.dossier.title')} · ")
        desk.go(words("dossier.inspect"), at(desk, "inspection"))
        desk.go(words("inspection.critical"), at(desk, "inspection"))
        desk.type("2")
        desk.go(words("common.record"), at(desk, "inspection"))
        one_more(desk, before)
        desk.go(words("page.integrity.title"), at(desk, "integrity"))
        desk.go(words("audit.start"), words("audit.holds", n=before + 1))
        desk.end()
    after = terminal(ledger, "score", known.worst)[1]
    assert after["score"] < score
    assert any(before in reason["entries"] for reason in after["contributions"])
    code, report = terminal(ledger, "entry", str(before))
    assert (code, report["event"]["critical"], report["event"]["subject"]) == (0, 2, known.worst)
    assert terminal(ledger, "verify")[0] == 0


def test_a_second_start_hands_its_file_over_and_one_that_was_killed_starts_again(
    around: dict[str, str], home: Path, tmp_path: Path
) -> None:
    proof = tmp_path / "tea.proof.json"
    assert terminal(home / "demonstration", "proof", "5", "--out", str(proof))[0] == 0
    ours = Words("zh_CN")("proof_file.title", name=proof.name)
    with program(around, home) as desk:
        desk.stand(desk.words("welcome.title"))
        desk.press("Escape")
        desk.stand(at(desk, "scan"))
        desk.process.kill()
        desk.process.wait()
        assert desk.choices()["running"] is True
    # What the killed one left (its lock, its socket, its mark) keeps nobody out, and it is told.
    with program(around, home, begin=WATCHED) as desk:
        desk.wait(lambda: desk.words("shell.interrupted") in seen_in(desk), "the notice")
        desk.stand(at(desk, "scan"))
        with program(around, home, words=(str(proof),)) as second:
            second.wait(lambda: second.process.poll() is not None, "the second start's end")
            assert second.process.returncode == 0, second.said()
        desk.stand(ours)
        desk.press("Escape")
        desk.wait(lambda: desk.gone(ours), "the proof closed by Escape")
        desk.stand(at(desk, "scan"))
        desk.end()
    assert desk.choices()["window"]
