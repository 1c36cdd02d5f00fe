"""Excursions are measured in degree-minutes, the mean is kinetic, and what nobody measured is unknown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import builders
import pytest
import sqlalchemy as sa
from builders import COOPERATIVE, LOT, later
from histories import entries
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import EventInvalid
from ledger.events.governance import MasterData
from ledger.events.values import freeze
from models.projector import Projector
from models.provenance.coldchain import (
    Limits,
    Sample,
    assess,
    limits_for,
    mean_kinetic_temperature,
)
from models.provenance.loggers import read_logger
from models.provenance.story import Story, story
from models.views import reading

CHILLED = Limits(Decimal(4), Decimal(0), "test")


def series(*celsius: float, every: int = 10) -> list[Sample]:
    return [Sample(builders.AT + timedelta(minutes=every * n), degrees) for n, degrees in enumerate(celsius)]


@pytest.mark.parametrize(
    ("celsius", "weights", "expected"),
    [
        ([5.0, 15.0, 25.0], None, 18.3872),
        ([2.0, 8.0, 30.0], None, 21.1343),
        ([4.0, 20.0], [20, 4], 9.5381),
        ([7.0, 7.0], None, 7.0),
    ],
)
def test_the_mean_kinetic_temperature_is_the_published_one(
    celsius: list[float], weights: list[float] | None, expected: float
) -> None:
    assert mean_kinetic_temperature(celsius, weights) == pytest.approx(expected, abs=5e-5)


@given(st.lists(st.floats(-30, 60), min_size=1, max_size=50))
def test_the_kinetic_mean_lies_between_the_plain_mean_and_the_highest(
    celsius: list[float],
) -> None:
    mean = mean_kinetic_temperature(celsius)
    assert sum(celsius) / len(celsius) - 1e-6 <= mean <= max(celsius) + 1e-6


def test_an_excursion_is_the_area_beyond_the_limit_with_its_slopes() -> None:
    # 3 -> 5 crosses 4 after five minutes: a triangle of 5 x 1 / 2; then ten minutes at 5; then down again.
    found = assess(series(3, 5, 5, 3), CHILLED)
    assert found.status == "fail"
    (excursion,) = found.excursions
    assert excursion.degree_minutes == pytest.approx(2.5 + 10 + 2.5)
    assert excursion.since == builders.AT + timedelta(minutes=5)
    assert excursion.until == builders.AT + timedelta(minutes=25)
    assert found.degree_minutes == excursion.degree_minutes


def test_too_cold_is_an_excursion_too_and_two_are_told_apart() -> None:
    found = assess(series(2, -1, 2, 2, 6, 2), CHILLED)
    assert [excursion.worst for excursion in found.excursions] == [-1, 6]


def test_a_whole_series_within_limits_passes() -> None:
    found = assess(series(1, 2, 3, 2), CHILLED)
    assert (found.status, found.excursions, found.gaps, found.least, found.most) == ("pass", (), (), 1, 3)


@pytest.mark.parametrize("samples", [[], series(2), series(2, 2, every=120)])
def test_a_gap_is_unknown_never_good(samples: list[Sample]) -> None:
    assert assess(samples, CHILLED).status == "unknown"


def test_nothing_is_invented_across_a_gap() -> None:
    (excursion,) = assess(series(2, 9, every=120), CHILLED).excursions
    assert excursion.degree_minutes == 0
    assert excursion.since == excursion.until


def test_a_products_own_limits_come_before_the_table() -> None:
    assert limits_for("seafood", {"maxTemperature": "2"}) == Limits(Decimal(2), None, "master data")
    assert limits_for("seafood", {"storage": "frozen"}) is not None
    assert limits_for("rice") is None


def sensed(most: str, uom: str = "CEL") -> Any:
    report = {"type": "Temperature", "minValue": "1", "maxValue": most, "uom": uom}
    return freeze({"sensorReport": [report], "sensorMetadata": {"deviceID": "urn:x:logger"}})


def told(engine: sa.Engine, *elements: Any) -> Story:
    product = f"https://id.gs1.org/01/{builders.RICE}"
    fish = MasterData(builders.AT, "product", product, freeze({"category": "seafood", "name": "鱼"}))
    event = builders.object_event(event_time=later(hours=1), action="OBSERVE", biz_step="storing",
                                  sensor_element_list=elements)  # fmt: skip
    source = entries([(COOPERATIVE, said) for said in (fish, builders.object_event(), event)])
    Projector(source, engine).rebuild()
    with reading(engine) as connection:
        return story(connection, source, LOT, 3)


def storage(found: Story) -> str:
    return next(check.status for check in found.checks if check.code == "storage")


def test_a_summary_beyond_the_limit_fails_the_storage_check(views_engine: sa.Engine) -> None:
    assert storage(told(views_engine)) == "unknown"
    assert storage(told(views_engine, sensed("3.9"))) == "pass"
    warm = told(views_engine, sensed("9.5"))
    assert storage(warm) == "fail"
    assert [(f.code, f.values["worst"], f.entries) for f in warm.findings] == [
        ("temperature-excursion", "9.5", (2,))
    ]
    assert storage(told(views_engine, sensed("38", "FAH"))) == "fail", "1 F is far below freezing"


LOGGERS = {
    "english, comma": "Date/Time,Temperature (°C),Humidity\n"
    "2026-03-01 08:00:00,3.5,80\n"
    "2026-03-01 08:10:00,4.0,80\n",
    "chinese, tab": "设备编号\tA1\n\n"
    "序号\t记录时间\t温度(℃)\n"
    "1\t2026/03/01 08:00\t3.5\n"
    "2\t2026/03/01 08:10\t4\n",
    "decimal comma": "\ufeffTime;Temp\n01.03.2026 08:00:00;3,5\n01.03.2026 08:10:00;4,0\n",
    "fahrenheit": "timestamp,temp °F\n2026-03-01T08:00:00+08:00,38.3\n2026-03-01T08:10:00+08:00,39.2\n",
    "no heading": "2026-03-01 08:00:00,3.5\n2026-03-01 08:10:00,4.0\n",
}


@pytest.mark.parametrize("layout", LOGGERS)
def test_common_loggers_are_read(layout: str) -> None:
    found = read_logger(LOGGERS[layout], "logger.csv", timezone(timedelta(hours=8)))
    assert found.refused == ()
    assert [round(sample.celsius, 3) for sample in found.samples] == [3.5, 4.0]
    assert found.samples[0].time == datetime(2026, 3, 1, tzinfo=UTC)


def test_a_row_that_cannot_be_read_is_refused_and_the_others_are_kept() -> None:
    text = LOGGERS["english, comma"] + "01/03/2026 08:20,5,80\n2026-03-01 08:30:00,error,80\n"
    found = read_logger(text, "logger.csv", UTC)
    assert len(found.samples) == 2
    assert [refusal.where for refusal in found.refused] == ["logger.csv, row 4", "logger.csv, row 5"]


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "时间\n2026-03-01 08:00:00\n"])
def test_a_file_without_times_and_temperatures_is_refused(text: str) -> None:
    with pytest.raises(EventInvalid, match="no column"):
        read_logger(text, "x.csv", UTC)
