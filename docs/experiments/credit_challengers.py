"""Rerun every figure of `credit.md`: our replay beside LightGBM, the official last score and a city's model.

    pip install -e '.[lab]' && python docs/experiments/credit_challengers.py FOLDER > table.md

FOLDER holds the three public files (see credit.md for their sources). Nothing of the program imports this.
Seeds are fixed; challengers are trained on earlier years or days only, exactly like ours.
"""

from __future__ import annotations

import csv
import gzip
import random
import sys
import tempfile
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import resources
from models.credit.backtest import replay
from models.credit.evidence import day_of
from models.credit.metrics import auc, calibration_error, precision_at
from models.credit.policy import Policy
from models.credit.ratings import Rating, replay_ratings
from models.credit.suspicion import suspicions
from models.evidence.rating_trials import try_ratings
from models.evidence.trials import read_visit

POLICY = Policy.from_document(resources.document("policy/default.json"))
HALF_LIFE = 365.0


def rows_of(file: Path, names: dict[str, str]) -> list[dict[str, str]]:
    """Return a city's rows in the generic columns, with the rest kept beside."""
    with gzip.open(file, "rt", encoding="utf-8") as source:
        return [{names.get(k, k): v for k, v in row.items()} for row in csv.DictReader(source)]


def histories(rows: list[dict[str, str]]):
    """Return the generic facts of each routine row from earlier days of the same subject, for challengers."""
    visits = [read_visit(n, row) for n, row in enumerate(rows, 1)]
    past = defaultdict(list)
    facts, order = [], sorted(visits, key=lambda v: (v.evidence.day, v.row))
    categories = {c: n for n, c in enumerate(sorted({v.evidence.category for v in visits}))}
    inspectors = {c: n for n, c in enumerate(sorted({v.evidence.inspector for v in visits}))}
    for visit in order:
        e = visit.evidence
        if e.kind == "routine":
            earlier = [p for p in past[e.subject] if p.day < e.day]
            before = [p for p in earlier if p.kind == "routine"]
            weight = np.array([0.5 ** ((e.day - p.day) / HALF_LIFE) for p in before] or [0.0])
            table = np.array(
                [
                    [p.critical, p.serious, p.minor, p.critical > 0, p.critical + p.serious + p.minor == 0, 1]
                    for p in before
                ]
                or [[0] * 6],
                dtype=float,
            )
            sums = weight @ table
            last = before[-1] if before else None
            facts.append(
                (
                    visit,
                    [
                        *(sums[:5] / (sums[5] + 1e-9)),
                        sums[5],
                        e.day - last.day if last else np.nan,
                        last.critical if last else np.nan,
                        last.serious if last else np.nan,
                        categories[e.category],
                        e.day % 365,
                        inspectors[e.inspector],
                        len(earlier) - len(before),
                    ],
                )
            )
        past[e.subject].append(e)
    return facts


def lightgbm_by_year(facts, year: int) -> dict[int, float]:
    """Return the forecasts of LightGBM for one year, trained on all earlier years."""
    import lightgbm

    first, last = day_of(date(year, 1, 1)), day_of(date(year, 12, 31))
    train = [(f, v.evidence.critical > 0) for v, f in facts if v.evidence.day < first]
    test = [(v.row, f) for v, f in facts if first <= v.evidence.day <= last]
    model = lightgbm.LGBMClassifier(
        n_estimators=150,
        learning_rate=0.03,
        num_leaves=15,
        min_child_samples=60,
        random_state=1,
        verbose=-1,
        n_jobs=1,
    )
    model.fit(np.array([f for f, _ in train]), np.array([y for _, y in train]))
    p = model.predict_proba(np.array([f for _, f in test]))[:, 1]
    return {row: float(x) for (row, _), x in zip(test, p, strict=True)}


def san_francisco(folder: Path) -> None:
    """Print the table by year."""
    names = {"business_id": "subject", "high": "critical", "moderate": "serious", "low": "minor"}
    rows = rows_of(folder / "sf_inspections_2012_2016.csv.gz", names)
    print(
        "| San Francisco | n | ours | with permit | last score | LightGBM | ECE | top 10 % | A | B | C | D |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|---|")
    plain = [row | {"category": row["cat"]} for row in rows]
    permit = [row | {"category": f"{row['cat']}|{row['tax']}"} for row in rows]
    judged = {j.row: j for j in replay([read_visit(n, r) for n, r in enumerate(plain, 1)], POLICY)}
    nested = {j.row: j for j in replay([read_visit(n, r) for n, r in enumerate(permit, 1)], POLICY)}
    official, facts = last_scores(rows), histories(plain)
    for year in (2014, 2015, 2016):
        mine = [j for j in judged.values() if j.date.year == year]
        failed = [j.failed for j in mine]
        p = [j.p_adverse for j in mine]
        boosted = lightgbm_by_year(facts, year)
        rates = []
        for grade in "ABCD":
            part = [j.failed for j in mine if j.grade == grade]
            rates.append(f"{sum(part) / len(part):.2f}" if part else "")
        figures = (
            auc(p, failed),
            auc([nested[j.row].p_adverse for j in mine], failed),
            auc([-official[j.row] for j in mine], failed),
            auc([boosted[j.row] for j in mine], failed),
            calibration_error(p, failed),
            precision_at(p, failed),
        )
        print(
            f"| {year} | {len(mine)} | "
            + " | ".join(f"{x:.3f}" for x in figures)
            + f" | {' | '.join(rates)} |"
        )
    print()


def last_scores(rows: list[dict[str, str]]) -> dict[int, float]:
    """Return by row the last score the city had published for the subject, or else the mean."""
    known: dict[str, float] = {}
    mean = float(np.mean([float(r["score"]) for r in rows if r["score"]]))
    found = {}
    for number, row in sorted(enumerate(rows, 1), key=lambda item: item[1]["date"]):
        found[number] = known.get(row["subject"], mean)
        if row["score"] and row["kind"].startswith("Routine"):
            known[row["subject"]] = float(row["score"])
    return found


def chicago(folder: Path) -> None:
    """Print the table by windows of 60 days, beside the city's kind of model refitted before each window."""
    from sklearn.linear_model import LogisticRegression

    names = {
        "License": "subject",
        "criticalCount": "critical",
        "seriousCount": "serious",
        "minorCount": "minor",
        "inspector_cluster": "inspector",
    }
    rows = [
        row | {"kind": "routine", "category": f"{row['Facility_Type']}|{row['Risk']}"}
        for row in rows_of(folder / "chicago_canvass_2011_2014-08.csv.gz", names)
    ]
    judged = {j.row: j for j in replay([read_visit(n, r) for n, r in enumerate(rows, 1)], POLICY)}
    facts = histories(rows)
    print("| Chicago, 60 days from | n | ours | city's kind | ours within inspector | city's within |")
    print("|---|---|---|---|---|---|")
    start = day_of(date(2013, 1, 4))
    for window in range(8):
        first = start + 60 * window
        test = [(v, f) for v, f in facts if first <= v.evidence.day < first + 60 and v.evidence.inspector]
        train = [(v, f) for v, f in facts if v.evidence.day < first]

        def columns(part):
            x = np.nan_to_num(np.array([f for _, f in part]), nan=0.0)
            who = np.eye(16)[x[:, 11].astype(int)]
            since = np.minimum(x[:, [6]], 730) / 365
            return np.hstack([who, since, x[:, [7]] > 0, x[:, [8]] > 0, x[:, [5]] == 0])

        model = LogisticRegression(max_iter=1000).fit(
            columns(train), [v.evidence.critical > 0 for v, _ in train]
        )
        theirs = model.predict_proba(columns(test))[:, 1]
        ours = [judged[v.row].p_adverse for v, _ in test]
        failed = [v.evidence.critical > 0 for v, _ in test]
        who = [v.evidence.inspector for v, _ in test]
        figures = (
            auc(ours, failed),
            auc(list(theirs), failed),
            within(ours, failed, who),
            within(list(theirs), failed, who),
        )
        day = date.fromordinal(first + date(1970, 1, 1).toordinal())
        print(f"| {day} | {len(test)} | " + " | ".join(f"{x:.3f}" for x in figures) + " |")
    print()


def within(p: list[float], failed: list[bool], who: list[str]) -> float:
    """Return the AUC inside each inspector's visits, weighted by their number."""
    parts = []
    for name in sorted(set(who)):
        at = [n for n, w in enumerate(who) if w == name]
        value = auc([p[n] for n in at], [failed[n] for n in at])
        if value is not None:
            parts.append((len(at), value))
    return sum(n * v for n, v in parts) / sum(n for n, _ in parts)


def otc(folder: Path) -> None:
    """Print the figures of the Bitcoin OTC ratings, and the largest shifts that fakes can make."""
    file = folder / "otc_ratings.csv.gz"
    with tempfile.TemporaryDirectory() as place:
        figures = try_ratings(file, Path(place) / "out.csv").metrics
    with gzip.open(file, "rt") as source:
        rows = [
            Rating(n, r["rater"], r["ratee"], float(r["rating"]), float(r["unixtime"]))
            for n, r in enumerate(csv.DictReader(source), 1)
        ]
    points = {s.rater: s.points for s in suspicions((r.rater, r.ratee, r.value / 10) for r in rows)}
    with (folder / "otc_labels_half.csv").open() as source:
        labels = list(csv.DictReader(source))
    fraud = auc([float(points[r["rater"]]) for r in labels], [r["label"] == "-1" for r in labels])
    print("| Bitcoin OTC | |\n|---|---|")
    print(f"| next rating negative, AUC on all rows | {figures['auc']} |")
    print(f"| the same after the first 30 % | {figures['auc_after_30_percent']} |")
    print(f"| rater fraud, AUC on the given half of the labels | {fraud:.3f} |")
    shifts = injected(rows)
    for (value, count), found in sorted(shifts.items()):
        kind = "praise" if value > 0 else "smear"
        largest = max(map(abs, found))
        print(
            f"| {count} fakes, {kind}: mean, largest shift (-1 to 1) | {np.mean(found):+.3f}, {largest:.3f} |"
        )


def injected(rows: list[Rating], targets: int = 10) -> dict[tuple[float, int], list[float]]:
    """Return how far fakes with camouflage move the next forecast about people with some history."""
    dice = random.Random(7)
    about = defaultdict(list)
    for r in rows:
        about[r.ratee].append(r)
    popular = [name for name, n in Counter(r.ratee for r in rows).items() if n > 100]
    plain = {f.row: f.p_negative for f in replay_ratings(rows)}
    shifts = defaultdict(list)
    for name in dice.sample(sorted(n for n, said in about.items() if len(said) >= 8), targets):
        target = about[name][len(about[name]) * 2 // 3]
        for value in (10.0, -10.0):
            for count in (20, 200):
                fakes = []
                for n in range(count):
                    at = target.time - 1 - dice.random() * 864_000
                    said = [(name, value), *((other, 2.0) for other in dice.sample(popular, 2))]
                    for ratee, mark in said:
                        fakes.append(Rating(len(rows) + len(fakes) + 1, f"fake-{n}", ratee, mark, at))
                after = {f.row: f.p_negative for f in replay_ratings(rows + fakes)}
                shifts[value, count].append(2 * (after[target.row] - plain[target.row]))
    return shifts


SLICE_ROWS = 4000


def a_slice(folder: Path) -> None:
    """Print what the first rows of San Francisco come to: a test compares it with credit.md."""
    names = {"business_id": "subject", "high": "critical", "moderate": "serious", "low": "minor"}
    rows = rows_of(folder / "sf_inspections_2012_2016.csv.gz", names)[:SLICE_ROWS]
    visits = [read_visit(n, row | {"category": row["cat"]}) for n, row in enumerate(rows, 1)]
    judged = list(replay(visits, POLICY))
    p, failed = [j.p_adverse for j in judged], [j.failed for j in judged]
    print("| first rows | judged | AUC | ECE |")
    print("|---|---|---|---|")
    print(f"| {len(rows)} | {len(judged)} | {auc(p, failed):.3f} | {calibration_error(p, failed):.3f} |\n")


if __name__ == "__main__":
    for table in (a_slice, san_francisco, chicago, otc):
        table(Path(sys.argv[1]))
