"""Dossier, ranking, measures and the portable report on the demonstration, as a script sees them."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from verbs import Run

import main
from gui import creditcode
from gui.scanner import decode_file
from ledger import credential
from ledger.keys import KeyPair
from models.credit.ladder import repair_state
from models.credit.scorecard import Contribution
from models.creditreport import MOST_FACTORS, checked, factors_of
from models.dossier import MerchantRow
from models.measures import catalogue
from models.ranking import ranking

AT = "2026-11-22T02:00:00Z"
BAD, GOOD = "金旺水产批发", "禾田生鲜"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("told")
    now = datetime.fromisoformat(AT)
    workspace, _ = main.make_demonstration(folder / "home", lambda: now)
    workspace.close()
    return folder / "home"


@pytest.fixture
def verb_time() -> str | None:
    return AT


@pytest.fixture
def run(run: Run, told: Path, tmp_path: Path) -> Run:
    shutil.copytree(told, tmp_path / "home")
    return run


def test_every_line_of_a_dossier_cites_its_entries(run: Run) -> None:
    code, dossier = run("dossier", BAD)
    assert code == 0
    score = dossier["score"]
    assert score["base"] + sum(part["points"] for part in score["contributions"]) == score["score"]
    lines = [*dossier["records"], *dossier["inspections"], *dossier["complaints"], *dossier["reviews"]]
    assert len(lines) > 50
    assert all(isinstance(line["entry"], int) for line in lines)
    assert all(case["entries"] for case in dossier["cases"])
    assert dossier["held"]["grade"] == "D"
    assert not {"vault_id", "complainant_id"} & {name for line in lines for name in line}


def test_no_severe_measure_is_in_force_without_a_regulators_signature(run: Run) -> None:
    _, before = run("measures", BAD)
    severe = {line["code"]: line for line in before["measures"] if line["kind"] == "severe"}
    assert severe
    assert not any(line["holds"] for line in severe.values())
    code, refused = run("measure", "impose", BAD, "listing-hold", "--reason", "x", "--as", GOOD)
    assert (code, refused["error"]["code"]) == (2, "not-authorised")
    assert "regulators-impose-measures" in refused["error"]["remedy"]
    assert run("measures", BAD)[1] == before
    code, done = run("measure", "impose", BAD, "listing-hold", "--reason", "屡查屡犯")
    assert code == 0
    _, after = run("measures", BAD)
    (line,) = [line for line in after["measures"] if line["code"] == "listing-hold"]
    assert (line["state"], line["holds"], line["entry"]) == ("imposed", True, done["entry"])
    run("measure", "lift", BAD, "listing-hold", "--reason", "整改合格")
    (line,) = [x for x in run("measures", BAD)[1]["measures"] if x["code"] == "listing-hold"]
    assert (line["state"], line["holds"]) == ("lifted", False)
    code, unknown = run("measure", "impose", BAD, "badge", "--reason", "x")
    assert (code, unknown["error"]["code"]) == (2, "measure-unknown")


@given(st.sampled_from(["A", "B", "C", "D", "NR"]), st.dates(date(2026, 1, 1), date(2036, 1, 1)))
def test_no_grade_on_any_day_puts_a_severe_measure_in_force_by_itself(grade: str, day: date) -> None:
    for rule in catalogue().measures_for(grade, day):
        assert rule.needs_signature == (rule.kind == "severe")


def test_a_repair_before_the_shortest_time_is_refused_and_after_it_the_record_is_not_used(run: Run) -> None:
    records = run("measures", BAD)[1]["records"]
    early = next(record for record in records if record["state"] == "published")
    code, refused = run("rule", "repair", early["entry"], "--reason", "x")
    assert (code, refused["error"]["code"]) == (2, "repair-too-early")
    assert early["repair_from"] in refused["error"]["expected"]
    ripe = next(record for record in records if record["state"] == "repairable")
    assert run("rule", "repair", ripe["entry"], "--reason", "整改验收合格")[0] == 0
    _, after = run("dossier", BAD)
    (record,) = [record for record in after["records"] if record["entry"] == ripe["entry"]]
    assert (record["state"], record["published"]) == ("repaired", False)
    assert ripe["entry"] not in {n for part in after["score"]["contributions"] for n in part["entries"]}


# Worked by hand from the decided day and the windows of the rule in force since 2026-04-01.
@pytest.mark.parametrize(
    ("severity", "decided", "repair_from", "ends"),
    [
        ("minor", "2026-05-31", "2026-05-31", "2026-08-31"),
        ("general", "2026-05-31", "2026-08-31", "2027-05-31"),
        ("general", "2026-11-30", "2027-02-28", "2027-11-30"),
        ("serious", "2028-02-29", "2029-02-28", "2031-02-28"),
        ("serious", "2026-06-15", "2027-06-15", "2029-06-15"),
    ],
)
def test_windows_open_and_close_on_their_day(
    severity: str, decided: str, repair_from: str, ends: str
) -> None:
    window = catalogue().window(severity, date(2026, 4, 1))
    assert window is not None
    assert catalogue().window(severity, date(2026, 3, 31)) is None
    begun, opens, closes = map(date.fromisoformat, (decided, repair_from, ends))
    one = timedelta(days=1)
    around = [repair_state(begun, closes + one * n, window) for n in (-1, 0, 1)]
    assert around == ["repairable", "ended", "ended"]
    before, on, after = (repair_state(begun, opens + one * n, window) for n in (-1, 0, 1))
    assert (before, on, after) == ("published", "repairable", "repairable")
    granted = [repair_state(begun, opens + one * n, window, granted=opens) for n in (-1, 0, 1)]
    assert granted == ["published", "repaired", "repaired"]


def row(party: str, lower: int, score: int | None = 600) -> MerchantRow:
    return MerchantRow(party, party, None, "grocery", "B", score, (lower, 700), 0, 0, None)


@given(st.permutations([row("a", 610), row("b", 640, 650), row("c", 640), row("d", 0, None)]))
def test_merchants_rank_by_their_lower_bound_and_equals_share_a_rank(rows: list[MerchantRow]) -> None:
    found = [(each.rank, each.row.party) for each in ranking(rows)]
    assert found == [(1, "b"), (1, "c"), (3, "a"), (None, "d")]


def test_the_report_holds_as_file_and_as_picture_and_an_altered_one_does_not(
    run: Run, tmp_path: Path
) -> None:
    file, picture = tmp_path / "report.json", tmp_path / "report.png"
    assert run("credential", "out", BAD, "--out", file)[0] == 0
    _, made = run("credential", "out", BAD, "--out", picture)
    assert made["qr_version"] <= 22
    for path in (file, picture):
        code, found = run("credential", "check", path)
        assert (code, found["holds"]) == (0, True)
        assert found["credential"]["credentialSubject"]["grade"] == "D"
    issuer = found["issuer"]
    assert run("credential", "check", file, "--issuer", issuer)[0] == 0
    other = KeyPair(bytes(32)).public.did
    code, wrong = run("credential", "check", file, "--issuer", other)
    assert (code, wrong["problem"]) == (1, "credential-signed-by-another")
    code, late = run("credential", "check", file, at="2027-01-22T02:00:00Z")
    assert (code, late["problem"]) == (1, "credential-expired")
    better = json.loads(file.read_text())
    better["credentialSubject"]["score"] = 700
    file.write_text(json.dumps(better))
    code, altered = run("credential", "check", file)
    assert (code, altered["problem"]) == (1, "credential-signature-wrong")


def test_a_report_whose_numbers_do_not_add_up_is_refused_though_it_is_signed() -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    subject = {"base": 600, "factors": [["inspection-clean", 20]], "score": 700}
    made = credential.report(
        subject, "MerchantCreditReport", KeyPair(bytes(32)), now, now + timedelta(days=1)
    )
    assert checked(json.dumps(made).encode(), now).problem == "credential-sum-wrong"


def test_ten_factors_fit_a_code_of_version_22_that_reads_back(tmp_path: Path) -> None:
    codes = [
        "complaint-upheld",
        "inspection-critical",
        "inspection-serious",
        "review-praise",
        "review-criticism",
        "inspection-clean",
        "category",
        "serious-unrepaired",
        "certificate-issued",
        "claim-violation",
    ]
    parts = tuple(Contribution(code, n - 5) for n, code in enumerate((*codes, "delivered"), 1))
    factors = factors_of(parts)
    assert len(factors) == MOST_FACTORS
    assert sum(points for _, points in factors) == sum(part.points for part in parts)
    now = datetime(2026, 11, 22, tzinfo=UTC)
    subject = {
        "id": "https://id.gs1.org/417/9521000000039",
        "name": "禾田鲜选社区生鲜连锁",
        "score": 600,
        "grade": "B",
        "held": "B",
        "interval": [560, 640],
        "base": 589,
        "factors": [list(factor) for factor in factors],
        "policy": "5e" * 32,
        "ledger": "suxin/555b900f8ccfcdb3",
        "size": 123456,
        "asOf": "2026-11-22T02:00:00Z",
    }
    made = credential.report(
        subject, "MerchantCreditReport", KeyPair(bytes(32)), now, now + timedelta(days=30)
    )
    content, version = creditcode.picture(made, ".png")
    assert version <= 22
    path = tmp_path / "code.png"
    path.write_bytes(content)
    assert credential.check(decode_file(path)[0].text.encode(), now).document["credentialSubject"] == subject
