"""Each kind of fault is found on its chain and nothing anywhere else; honest dirt stays silent."""

from __future__ import annotations

import pytest

from models.provenance.checks import OF
from models.provenance.faults import FAULTS
from models.provenance.injecting import Outcome, inject


@pytest.fixture(scope="module")
def outcomes() -> dict[str, Outcome]:
    return {outcome.fault: outcome for outcome in inject()}


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_is_found_and_only_there(outcomes: dict[str, Outcome], kind: str) -> None:
    outcome = outcomes[kind]
    assert outcome.found == outcome.expected
    assert outcome.elsewhere == 0


def test_every_kind_the_issue_names_is_in_the_table() -> None:
    listed = {code for _, codes in FAULTS.values() for code in codes}
    assert listed <= {code for codes in OF.values() for code in codes}
    assert {"moved-before-harvest", "received-before-shipped", "impossible-travel", "two-custodians",
            "handover-one-signer", "certificate-expired", "certificate-out-of-scope"} <= listed  # fmt: skip
    assert sum(not codes for _, codes in FAULTS.values()) > 5
