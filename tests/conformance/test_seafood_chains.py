"""Two public seafood chains, traced to their origins; every finding on them was looked at by eye.

The data are the Wholechain and GDST examples published with opentraceability (MIT); they are never copied.
The golden file holds what we say about them: lots, depths and findings. A new finding on honest data is a
failure until a person has agreed with it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from histories import entries
from shared import shared

from ledger.events.foreign import read_epcis
from models.projector import Projector
from models.provenance.lots import lots
from models.provenance.story import story
from models.provenance.trace import trace
from models.views import reading

GOLDEN = Path(__file__).parent / "golden" / "seafood_chains.json"
IMPORTER = "https://id.gs1.org/417/9521000000999"
CHAINS = {
    "all_wholechain_events.jsonld": (
        "urn:gdst:example.org:product:lot:class:processor.2.v1-0122-2022",
        "urn:epc:id:sscc:08600031303.0003",
    ),
    "gdst_data_withmasterdata.jsonld": (
        "urn:gdst:example.org:product:lot:class:processor.2u.v1-0122-2022",
        "urn:epc:id:sscc:08600031303.0004",
    ),
}


def told(engine: sa.Engine, file: str) -> dict[str, Any]:
    """Say what we make of a chain, in the shape of the golden file."""
    found = read_epcis(shared(f"epcis/gdst/{file}").read_bytes(), file)
    assert found.refused == ()
    source = entries([(IMPORTER, event) for _, event in found.events])
    Projector(source, engine).rebuild()
    last, container = CHAINS[file]
    with reading(engine) as connection:
        traced, boxed = trace(connection, last), trace(connection, container)
        assert boxed.lots_upstream == traced.lots_upstream
        assert [event.index for event in boxed.events] == [event.index for event in traced.events]
        everything: dict[str, None] = {}
        for row in lots(connection, kind=None):
            for each in story(connection, source, row.lot, 0).findings:
                words = ", ".join(f"{name} {value}" for name, value in each.params)
                everything[f"{each.severity} {each.code} {each.subject} {list(each.entries)} ({words})"] = (
                    None
                )
        return {
            "upstream": {node.lot: node.depth for node in traced.lots_upstream},
            "steps": [event.biz_step for event in traced.events],
            "verdict": story(connection, source, last, 0).verdict,
            "findings": sorted(everything),
        }


@pytest.mark.parametrize("file", CHAINS)
def test_the_last_product_is_traced_to_hatchery_and_fishing_boat_and_no_finding_is_new(
    views_engine: sa.Engine, file: str
) -> None:
    found = told(views_engine, file)
    assert {"urn:gdst:bizStep:hatching", "urn:gdst:bizStep:fishingEvent"} <= set(found["steps"])
    assert found == json.loads(GOLDEN.read_text("utf-8"))[file]
