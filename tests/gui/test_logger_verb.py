"""A logger's file, whatever its maker, becomes one event; what nobody measured is unknown, never good."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import builders
import pytest
from builders import AT, LOT
from verbs import Run

from ledger.events.foreign import write_epcis

PRODUCT = f"https://id.gs1.org/01/{builders.RICE}"
START = datetime(2026, 3, 13, 8, tzinfo=UTC)  # the digits of a local clock


@pytest.fixture
def verb_time() -> str | None:
    return "2026-03-20T00:00:00Z"


@pytest.fixture
def ledger(run: Run, tmp_path: Path) -> Run:
    run("init", "--name", "碧湾岛", "--role", "cooperative")
    fish = builders.master_data(id=PRODUCT, attributes={"name": "大黄鱼", "category": "seafood"})
    (tmp_path / "events.jsonld").write_bytes(write_epcis([fish, builders.object_event()], AT))
    run("import", tmp_path / "events.jsonld")
    return run


def lines(form: str, *degrees: float, every: int = 10) -> str:
    rows = [(START + timedelta(minutes=every * n), value) for n, value in enumerate(degrees)]
    return "\n".join(form.format(t=moment, c=value, f=value * 9 / 5 + 32, n=1) for moment, value in rows)


MAKERS = {
    "testo": ('"Date/Time";"C1 [°C]"\n', '"{t:%d.%m.%Y %H:%M:%S}";"{c:.1f}"', "utf-8-sig"),
    "elitech": ("No.,Time,Temperature°C\n", "{n},{t:%Y-%m-%d %H:%M:%S},{c:.1f}", "utf-8"),
    "temptale": ("Serial: 77\n\nDate Time, Temp (°F)\n", "{t:%Y-%m-%d %H:%M},{f:.2f}", "utf-8"),
    "logtag": ("Date,Time,Reading °C\n", "{t:%d/%m/%Y},{t:%I:%M:%S %p},{c:.1f}", "utf-8"),
    "hobo": ('#,"Date Time, GMT+08:00","Temp, °C (1)"\n', "{n},{t:%m/%d/%Y %I:%M:%S %p},{c:.2f}", "utf-8"),
    "chinese": ("采集时间\t温度(℃)\t湿度\n", "{t:%Y/%m/%d %H:%M}\t{c:.1f}\t80", "gb18030"),
    "wide": ("时间,温度\n", "{t:%Y年%m月%d日 %H:%M},{c:.1f}", "utf-16"),
}  # fmt: skip


@pytest.mark.parametrize("maker", MAKERS)
def test_every_makers_layout_says_the_same(ledger: Run, tmp_path: Path, maker: str) -> None:
    head, form, encoding = MAKERS[maker]
    path = tmp_path / "log.csv"
    path.write_bytes((head + lines(form, 2.0, 3.0, 2.0)).encode(encoding))
    code, told = ledger("logger", path, "--lot", LOT)
    assert (code, told["status"], told["samples"], told["refused"]) == (0, "pass", 3, [])
    assert (told["since"], told["least"], told["most"]) == ("2026-03-13T08:00:00+08:00", 2.0, 3.0)


def test_an_excursion_is_measured_and_fails(ledger: Run, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("time,temp c\n" + lines("{t:%Y-%m-%d %H:%M},{c}", 2, 6, 6, 2), encoding="utf-8")
    code, told = ledger("logger", path, "--lot", LOT)
    # 4 degrees is the limit: half of 10 minutes x 2 degrees / 2 twice, and 10 minutes x 2 degrees between.
    assert (code, told["status"], told["degree_minutes"]) == (1, "fail", 30.0)
    findings = [each["code"] for each in ledger("trace", LOT)[1]["findings"]]
    assert "temperature-excursion" in findings


def test_a_gap_is_unknown_and_a_second_reading_of_the_file_adds_nothing(ledger: Run, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("time,temp c\n" + lines("{t:%Y-%m-%d %H:%M},{c}", 2, 2, 2, every=90), encoding="utf-8")
    code, told = ledger("logger", path, "--lot", LOT)
    assert (code, told["status"], len(told["gaps"])) == (0, "unknown", 2)
    assert ledger("logger", path, "--lot", LOT)[1]["entry"] == told["entry"]


def test_an_order_of_day_and_month_nobody_can_know_is_refused(ledger: Run, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text("time,temp c\n01/02/2026 08:00,2\n02/02/2026 08:00,2\n", encoding="utf-8")
    code, told = ledger("logger", path, "--lot", LOT)
    assert (code, told["error"]["code"]) == (2, "logger-empty")
