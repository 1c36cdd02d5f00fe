"""A leg's curve says in words what it draws: limits, excursions, gaps, and why there may be no curve."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from conftest_types import OpenShell
from PySide6.QtWidgets import QLabel

from gui.coldchain import facts_of, picture_of
from gui.screens import flaws_of, settle
from gui.theme import Theme
from gui.widgets import ColdCurve
from gui.words import Words
from models.workspace import Workspace

ENGLISH = Words("en")
EIGHT_AHEAD = timezone(timedelta(hours=8))


def rows(*degrees: float | None, every: int = 10) -> bytes:
    """A logger's file on a local clock without a zone; None is a time without a reading."""
    start = datetime(2026, 11, 20, 8, tzinfo=UTC)  # the digits of a local clock
    told = [(start + timedelta(minutes=every * n), c) for n, c in enumerate(degrees) if c is not None]
    return ("time,temp c\n" + "".join(f"{t:%Y-%m-%d %H:%M},{c}\n" for t, c in told)).encode()


def take(workspace: Workspace, data: bytes) -> tuple[str, str]:
    """Record a logger's file for a fish lot of the tale; return the lot and the digest of the series."""
    lot = next(row.lot for row in workspace.lots() if row.category == "seafood")
    leg = workspace.files.take_logger(data, "log.csv", lot, zone=EIGHT_AHEAD)[1]
    return lot, leg.digest


def test_a_series_is_read_back_in_the_zone_it_was_taken_in_with(workspace: Workspace) -> None:
    lot, digest = take(workspace, rows(2, 6, 6, 2))
    leg = next(each for each in workspace.cold_legs.of(lot) if each.digest == digest)
    assert (leg.kept, leg.status) == ("here", "fail")
    assert leg.samples[0].time.astimezone(UTC) == datetime(2026, 11, 20, tzinfo=UTC) == leg.since
    assert leg.assessment is not None
    assert leg.assessment.degree_minutes == 30.0


def test_a_gap_ends_one_line_and_begins_another_and_is_called_unknown(workspace: Workspace) -> None:
    lot, digest = take(workspace, rows(2, 3, *[None] * 11, 3, 2))
    leg = next(each for each in workspace.cold_legs.of(lot) if each.digest == digest)
    picture = picture_of(ENGLISH, leg)
    assert [len(run) for run in picture.runs] == [2, 2]
    assert [last - first for first, last in picture.gaps] == [120 * 60]
    assert leg.status == "unknown"
    assert dict(facts_of(ENGLISH, leg, "me"))["Not measured"] == "1 (120 min): unknown"


def test_what_was_removed_shows_its_summary_and_says_so(workspace: Workspace) -> None:
    lot, digest = take(workspace, rows(2, 6, 6, 2))
    workspace.opinions.erase(digest)
    leg = next(each for each in workspace.cold_legs.of(lot) if each.digest == digest)
    picture = picture_of(ENGLISH, leg)
    assert (leg.kept, leg.samples, leg.status) == ("removed", (), "fail")
    assert (picture.runs, picture.gaps, picture.excursions) == ((), (), ())
    assert [said for _, said in picture.levels] == ["lowest 2.0 °C", "mean 4.0 °C", "highest 6.0 °C"]
    assert "removed on request" in picture.note
    told = dict(facts_of(ENGLISH, leg, "me"))
    assert told["Mean kinetic temperature"] == told["Beyond the limits"] == "unknown"


@pytest.mark.parametrize(("role", "page"), [("consumer", "scan"), ("cooperative", "lot")])
@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_the_broken_journey_of_the_tale_is_shown_to_both_roles(
    open_shell: OpenShell, workspace: Workspace, role: str, page: str, locale: str
) -> None:
    lot = next(
        row.lot
        for row in workspace.lots()
        if row.category == "seafood" and any(leg.kept == "here" for leg in workspace.cold_legs.of(row.lot))
    )
    shell = open_shell(locale)
    shell.set_role(role)
    shell.open(page, {"code": lot})
    settle(shell)
    (curve,) = shell.pages[page].findChildren(ColdCurve)
    assert curve.accessibleName() == shell.words("cold.title")
    assert "11.4 °C" in curve.accessibleDescription()
    assert shell.words("cold.unknown") in curve.accessibleDescription()
    said = {label.text() for label in shell.pages[page].findChildren(QLabel)}
    assert {shell.words("cold.mean_kinetic"), shell.words("cold.degree_minutes")} <= said
    assert flaws_of(shell, page, locale == "zh_CN") == []


def test_the_picture_holds_every_limit_and_reading(theme: Theme, workspace: Workspace) -> None:
    lot, digest = take(workspace, rows(2, 6, 6, 2))
    leg = next(each for each in workspace.cold_legs.of(lot) if each.digest == digest)
    curve = ColdCurve(theme)
    curve.show_picture(picture_of(ENGLISH, leg), "name", "words")
    curve.resize(520, 220)
    curve.grab()
    low, high = curve.scale()
    assert low < -2
    assert high > 6
    assert curve.accessibleDescription() == "words"
