"""A replay judges every visit on earlier days alone, and the shipped policy holds up in two cities."""

from __future__ import annotations

import csv
import gzip
import random
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from math import exp
from pathlib import Path
from typing import Any

import pytest
from credit_cases import POLICY
from shared import shared

from models.credit.backtest import Judged, Visit, replay
from models.credit.evidence import Evidence
from models.credit.metrics import auc
from models.evidence.trials import kind_of, try_inspections

SF = {"high": "critical", "moderate": "serious", "low": "minor", "business_id": "subject", "cat": "category"}
CHICAGO = {
    "criticalCount": "critical",
    "seriousCount": "serious",
    "minorCount": "minor",
    "License": "subject",
    "Facility_Type": "category",
    "inspector_cluster": "inspector",
}
COLUMNS = ("subject", "date", "kind", "critical", "serious", "minor", "category", "inspector")


def generic(source: Path, names: Mapping[str, str], target: Path) -> Path:
    """Write a city's file in the generic columns of the terminal."""
    with gzip.open(source, "rt", encoding="utf-8") as read, target.open("w", newline="") as write:
        writer = csv.DictWriter(write, COLUMNS, restval="", extrasaction="ignore")
        writer.writeheader()
        for row in csv.DictReader(read):
            writer.writerow({names.get(name, name): value for name, value in row.items()})
    return target


def some_visits(seed: int, count: int = 400) -> list[Visit]:
    dice = random.Random(seed)
    return [
        Visit(
            n,
            Evidence(
                stream="inspection",
                subject=f"shop-{dice.randrange(30)}",
                kind=dice.choice(("routine", "routine", "routine", "followup", "complaint")),
                day=16_000 + dice.randrange(700),
                record_day=16_000,
                index=n,
                critical=int(dice.random() < 0.3),
                serious=dice.randrange(3),
                minor=dice.randrange(4),
                category=dice.choice(("bakery", "bar|H24", "")),
                inspector=dice.choice(("x", "y", "")),
            ),
        )
        for n in range(1, count + 1)
    ]


def known_of(judged: Iterable[Judged]) -> dict[int, tuple[object, ...]]:
    return {j.row: (j.p_adverse, j.score, j.grade, j.priority) for j in judged}


def test_nothing_of_the_same_or_a_later_day_changes_a_judgement() -> None:
    visits = some_visits(1)
    cut = 16_400
    changed = [
        replace(v, evidence=replace(v.evidence, critical=3, minor=0, serious=0))
        if v.evidence.day >= cut
        else v
        for v in visits
    ]
    before, after = known_of(replay(visits, POLICY)), known_of(replay(changed, POLICY))
    early = [v.row for v in visits if v.evidence.day <= cut and v.evidence.kind == "routine"]
    assert early
    assert all(before[row] == after[row] for row in early)


def test_the_order_of_the_file_changes_no_score_and_no_grade() -> None:
    visits = some_visits(2)
    shuffled = visits[:]
    random.Random(3).shuffle(shuffled)
    assert known_of(replay(visits, POLICY)) == known_of(replay(shuffled, POLICY))


def test_who_comes_changes_the_forecast_but_neither_score_grade_nor_priority() -> None:
    visits = some_visits(4, 2000)
    last = max(v.evidence.day for v in visits)
    other = [
        replace(v, evidence=replace(v.evidence, inspector="y")) if v.evidence.day == last else v
        for v in visits
    ]
    for a, b in zip(replay(visits, POLICY), replay(other, POLICY), strict=True):
        assert (a.score, a.grade, a.priority) == (b.score, b.grade, b.priority)


def test_a_row_that_cannot_be_read_is_named_and_the_rest_is_judged(tmp_path: Path) -> None:
    file = tmp_path / "city.csv"
    file.write_text(
        "subject,date,kind,critical,serious,minor,category,inspector\n"
        "7,2016-01-04,,1.0,,,,\n7,yesterday,routine,0,0,0,,\n,2016-02-01,routine,0,0,0,,\n7,2016-03-01,routine,-1,0,0,,\n"
        "7,2016-05-01,routine,0,0,0,,\n"
    )
    trial = try_inspections(file, tmp_path / "out.csv", POLICY)
    assert [(r.row, r.field) for r in trial.refused] == [(2, "date"), (3, "subject"), (4, "critical")]
    assert trial.rows == 2
    assert (tmp_path / "out.csv").read_text().splitlines()[
        0
    ] == "row,subject,date,p_adverse,score,grade,priority"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Canvass", "routine"),
        ("Reinspection/Followup", "followup"),
        ("Suspected Food Poisoning", "complaint"),
        ("New Ownership", "other"),
        ("Non-inspection site visit", "other"),
        ("Cycle Inspection / Initial Inspection", "routine"),
        ("Cycle Inspection / Re-inspection", "followup"),
        ("双随机日常检查", "routine"),
        ("监督抽检", "sampling"),
    ],
)
def test_the_names_cities_give_their_visits_are_understood(text: str, kind: str) -> None:
    assert kind_of(text) == kind


def test_san_francisco_is_judged_as_well_as_promised(tmp_path: Path) -> None:
    source = shared("credit/sf_inspections_2012_2016.csv.gz")
    trial = try_inspections(generic(source, SF, tmp_path / "sf.csv"), tmp_path / "out.csv", POLICY)
    years: Any = trial.metrics["by_year"]
    last_score = official_last_score(source)
    for year in ("2014", "2015", "2016"):
        assert years[year]["auc"] >= last_score[year] + 0.020
        assert years[year]["ece"] <= 0.03
        rates = [years[year]["by_grade"][grade]["failed"] for grade in "ABCD"]
        assert rates == sorted(rates)
        assert rates[0] <= 0.13
    assert years["2016"]["by_grade"]["D"]["failed"] >= 0.65


def official_last_score(source: Path) -> dict[str, float]:
    """Return the AUC of the city's own last published score by year, unknown ones at the mean."""
    last: dict[str, float] = {}
    judged: dict[str, list[tuple[float, bool]]] = {}
    with gzip.open(source, "rt", encoding="utf-8") as read:
        for row in sorted(csv.DictReader(read), key=lambda r: r["date"]):
            if not row["kind"].startswith("Routine"):
                continue
            known = last.get(row["business_id"], 91.3)
            judged.setdefault(row["date"][:4], []).append((-known, float(row["high"]) > 0))
            if row["score"]:
                last[row["business_id"]] = float(row["score"])
    return {year: auc([x for x, _ in rows], [y for _, y in rows]) or 0.0 for year, rows in judged.items()}


def test_chicago_is_judged_by_the_same_policy(tmp_path: Path) -> None:
    source = shared("credit/chicago_canvass_2011_2014-08.csv.gz")
    trial = try_inspections(generic(source, CHICAGO, tmp_path / "chicago.csv"), tmp_path / "out.csv", POLICY)
    years: Any = trial.metrics["by_year"]
    assert years["2013"]["auc"] >= 0.70
    assert years["2014"]["ece"] <= 0.03


def unseen_city(kind: str, seed: int = 1) -> list[dict[str, str]]:
    """Draw a city with its own categories, inspectors, severity, a high base rate that rises every year."""
    dice = random.Random(seed)
    severity = {f"i{n}": dice.gauss(0, 0.5) for n in range(6)}
    usual = {c: dice.gauss(0, 0.4) for c in ("T1: hot", "T1: cold", "T2")}
    rows: list[dict[str, str]] = []
    for shop in range(500):
        quality, category, day = dice.gauss(0, 0.9), dice.choice(list(usual)), dice.randrange(300)
        while day < 4 * 365:
            who = dice.choice(list(severity))
            odds = exp(-0.9 + 0.15 * day / 365 + usual[category] + severity[who] + quality)
            chance = odds / (1 + odds)
            counts = (int(dice.random() < chance), sum(dice.random() < chance for _ in range(2)), 0)
            row = dict(zip(("critical", "serious", "minor"), map(str, counts), strict=True))
            row |= {"subject": f"s{shop}", "date": str(date(2019, 1, 1) + timedelta(day)), "kind": kind}
            rows.append(row | {"category": category, "inspector": who})
            day += 90 + dice.randrange(120)
            quality = 0.9 * quality + dice.gauss(0, 0.4)
    return rows


@pytest.mark.parametrize("kind", ["visite ordinaire", ""])
def test_a_city_never_seen_is_judged_without_any_change(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "city.csv"
    with file.open("w", newline="") as write:
        writer = csv.DictWriter(write, COLUMNS)
        writer.writeheader()
        writer.writerows(unseen_city(kind))
    last: Any = try_inspections(file, tmp_path / "out.csv", POLICY).metrics
    last = last["by_year"]["2022"]
    assert last["auc"] >= 0.68
    assert last["ece"] <= 0.05  # 1,200 rows in ten bins: chance alone makes .03
    rates = [part["failed"] for part in last["by_grade"].values() if part["rows"] >= 30]
    assert len(rates) >= 3
    assert rates == sorted(rates)


@pytest.mark.parametrize("absent", ["category", "inspector", "kind", "serious", "minor"])
def test_a_column_that_a_city_does_not_have_is_done_without(tmp_path: Path, absent: str) -> None:
    columns = [name for name in COLUMNS if name != absent]
    file = tmp_path / "city.csv"
    with file.open("w", newline="") as write:
        writer = csv.DictWriter(write, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(unseen_city("routine")[:1500])
    trial = try_inspections(file, tmp_path / "out.csv", POLICY)
    assert trial.rows == 1500
    assert not trial.refused
