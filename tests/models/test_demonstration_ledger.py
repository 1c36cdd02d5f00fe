"""The demonstration becomes a real ledger: it verifies, everybody is rated, and nobody's key is missing."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ledger.home import Home
from ledger.store import create_ledger_engine
from models.demonstration.load import load_demonstration
from models.demonstration.tale import Tale
from models.views import create_views_engine
from models.workspace import Workspace

NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workspace, Tale]]:
    root = tmp_path_factory.mktemp("demonstration")
    drawn = itertools.count(1)
    home = Home(root, lambda count: next(drawn).to_bytes(8, "big").rjust(count, b"\x2a")[:count])
    engines = (
        create_ledger_engine(f"sqlite:///{root}/ledger.db"),
        create_views_engine(f"sqlite:///{root}/views.db"),
    )
    workspace, told = load_demonstration(*engines, home, lambda: NOW)
    yield workspace, told
    workspace.close()


def test_the_demonstration_verifies(loaded: tuple[Workspace, Tale]) -> None:
    report = loaded[0].log.audit()
    assert report.problems == ()
    assert report.entries == len(loaded[1].tellings)


def test_every_grade_occurs_among_its_merchants(loaded: tuple[Workspace, Tale]) -> None:
    assert {row.grade for row in loaded[0].merchants.rows()} == {"A", "B", "C", "D", "NR"}


def test_every_score_is_its_base_and_contributions(loaded: tuple[Workspace, Tale]) -> None:
    for row in loaded[0].merchants.rows():
        score = loaded[0].merchants.rating(row.party)
        assert score.score is None or score.score == score.base + sum(
            part.points for part in score.contributions
        )


def test_every_party_can_sign_on_the_demonstration_machine(loaded: tuple[Workspace, Tale]) -> None:
    assert set(loaded[0].mine()) == set(loaded[0].parties())


def test_what_people_wrote_is_read_from_the_vault_and_not_in_the_ledger(
    loaded: tuple[Workspace, Tale], tmp_path: Path
) -> None:
    workspace, told = loaded
    said = next(telling.words for telling in told.tellings if telling.words)
    kept = [
        row
        for party in workspace.merchants.rows()
        for row in workspace.merchants.dossier(party.party).reviews
    ]
    texts = {workspace.words_of(str(row["vault_id"])) for row in kept if row["vault_id"]}
    assert said in texts
    assert not any(said.encode() in entry.leaf for entry in workspace.entries(0, workspace.size()))


def test_a_dossier_cites_entries_that_exist(loaded: tuple[Workspace, Tale]) -> None:
    workspace = loaded[0]
    dossier = workspace.merchants.dossier(workspace.merchants.rows()[0].party)
    cited = {index for part in dossier.score.contributions for index in part.entries}
    assert cited
    for index in cited:
        details = workspace.entry_details(index)
        assert details.signed
        # What others found, or the merchant's own act where the ledger itself shows the fault.
        found = details.type in ("Inspection", "Complaint", "Review", "Certificate", "ClaimFinding", "Recall")
        assert found or (details.type == "ObjectEvent" and details.party == dossier.party.id)
