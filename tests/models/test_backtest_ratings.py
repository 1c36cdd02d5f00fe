"""A rating is forecast from earlier ones alone, fakes hardly move it, and fraud is found with reasons."""

from __future__ import annotations

import csv
import gzip
import random
from collections import Counter
from pathlib import Path

from shared import shared

from models.credit.metrics import auc
from models.credit.ratings import Rating, replay_ratings
from models.credit.suspicion import suspicions
from models.evidence.rating_trials import try_ratings

OTC = "credit/otc_ratings.csv.gz"


def otc(most: int | None = None) -> list[Rating]:
    with gzip.open(shared(OTC), "rt") as source:
        rows = list(csv.DictReader(source))[:most]
    return [
        Rating(n, row["rater"], row["ratee"], float(row["rating"]), float(row["unixtime"]))
        for n, row in enumerate(rows, 1)
    ]


def with_fakes(ratings: list[Rating], target: Rating, count: int, value: float) -> list[Rating]:
    """Add `count` new accounts that rate the target shortly before, and two popular people for camouflage."""
    dice = random.Random(count)
    popular = [name for name, _ in Counter(r.ratee for r in ratings).most_common(30)]
    fakes: list[Rating] = []
    for n in range(count):
        at = target.time - 1 - dice.random() * 864_000
        for ratee, said in ((target.ratee, value), *((name, 2.0) for name in dice.sample(popular, 2))):
            fakes.append(Rating(len(ratings) + len(fakes) + 1, f"fake-{n}", ratee, said, at))
    return ratings + fakes


def forecast_of(ratings: list[Rating], row: int) -> float:
    return next(f.p_negative for f in replay_ratings(ratings) if f.row == row)


def test_two_hundred_fakes_shift_a_forecast_by_little_and_hardly_more_than_twenty() -> None:
    ratings = otc(6000)
    counted = Counter(r.ratee for r in ratings)
    target = next(r for r in reversed(ratings) if 8 <= counted[r.ratee] <= 20)
    plain = forecast_of(ratings, target.row)
    for value in (10.0, -10.0):
        few, many = (forecast_of(with_fakes(ratings, target, n, value), target.row) for n in (20, 200))
        assert abs(2 * (many - plain)) <= 0.30
        assert abs(2 * (many - few)) <= 0.05


def test_later_ratings_change_no_earlier_forecast() -> None:
    ratings = otc(2500)
    cut = ratings[1800].time
    changed = [r if r.time < cut else Rating(r.row, r.rater, r.ratee, -r.value, r.time) for r in ratings]
    before = {f.row: f.p_negative for f in replay_ratings(ratings)}
    after = {f.row: f.p_negative for f in replay_ratings(changed)}
    assert all(before[r.row] == after[r.row] for r in ratings if r.time <= cut)


def test_otc_is_forecast_and_its_fraudsters_found_better_than_published(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    trial = try_ratings(shared(OTC), out)
    assert float(str(trial.metrics["auc_after_30_percent"])) >= 0.91
    with out.open() as written:
        points = {row["rater"]: int(row["suspicion"]) for row in csv.DictReader(written)}
    with shared("credit/otc_labels_half.csv").open() as source:
        labels = list(csv.DictReader(source))
    found = auc([float(points[row["rater"]]) for row in labels], [row["label"] == "-1" for row in labels])
    assert found is not None
    assert found >= 0.93


def test_the_points_of_a_suspicion_are_the_sum_of_its_reasons() -> None:
    rows = [("a", "b", 1.0), ("c", "b", -1.0), ("b", "a", 1.0), ("b", "c", -1.0), ("a", "c", -0.5)]
    for suspicion in suspicions(rows):
        assert suspicion.points == sum(points for _, points in suspicion.reasons)
    by_name = {s.rater: s for s in suspicions(rows)}
    assert by_name["c"].points > by_name["a"].points


def test_rows_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    file = tmp_path / "r.csv"
    file.write_text("rater,ratee,rating,unixtime\na,b,5,10\n,b,5,11\na,b,x,12\nb,a,-1,13\n")
    trial = try_ratings(file, tmp_path / "out.csv")
    assert [(r.row, r.field) for r in trial.refused] == [(2, "rater"), (3, "rating")]
    assert trial.rows == 2
