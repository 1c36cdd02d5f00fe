"""Legs x mass x factor, plus packaging: worked by hand, shared by mass, unknown where nobody said."""

from __future__ import annotations

import sys
from typing import Any

import pytest
import sqlalchemy as sa
from histories import entries

from ledger.events.governance import MasterData
from ledger.events.values import freeze
from models.projector import Projector
from models.provenance.distance import kilometres
from models.provenance.footprint import Factors, Footprint, factors, footprint
from models.provenance.samplechain import START, Chain, Said, kilograms
from models.views import reading

KM = kilometres((44.9, 127.2), (45.8, 126.5))


def told(engine: sa.Engine, said: Said, code: str, table: Factors | None = None) -> Footprint:
    Projector(entries(said), engine).rebuild()
    with reading(engine) as connection:
        found = footprint(connection, code, table or factors())
    assert found is not None
    return found


def test_one_leg_and_its_packaging_are_what_one_works_out_by_hand(views_engine: sa.Engine) -> None:
    chain = Chain(1)
    attributes = {
        "name": "米",
        "category": "rice",
        "packaging": {"board": "0.02", "gold": "1", "glass": "much"},
    }
    said = chain.said()
    said[3] = (chain.party(1), MasterData(START, "product", chain.product, freeze(attributes)))
    found = told(views_engine, said, chain.milled)
    # 114.05 km straight, 650 kg: 0.65 t x 114.05 km x (1.218, 1.26, 1.435) x (0.07431, 0.10163, 0.12226)
    assert round(KM, 2) == 114.05
    legs = [0.65 * KM * way * cost for way, cost in ((1.218, 0.07431), (1.26, 0.10163), (1.435, 0.12226))]
    board = [13 * cost for cost in (1.19972542, 1.19972542, 1.28850358)]
    assert found.total == pytest.approx([leg + pack for leg, pack in zip(legs, board, strict=True)])
    assert found.per_kg == pytest.approx([cost / 650 for cost in found.total])
    assert found.legs[0].km == pytest.approx(KM * 1.26)
    assert [name for name, _, _ in found.packaging] == ["board"]
    assert (found.factors.region, found.factors.as_of.year, "UK values" in found.factors.source) == (
        "GB",
        2025,
        True,
    )


def test_carbon_of_an_origin_is_shared_by_mass(views_engine: sa.Engine) -> None:
    chain = Chain(2)
    said = chain.said()
    other = f"{chain.product}/10/OTHER"
    outputs = (kilograms(chain.milled, 650), kilograms(other, 325))
    said[5] = (chain.party(1), chain.milling(output_quantity_list=outputs))
    ship = chain.act(2, "shipping", chain.grown, 1000, 2, **chain.ends(2, 1))
    took = chain.act(4, "receiving", chain.grown, 1000, 1, **chain.ends(2, 1))
    made = chain.act(0, "commissioning", chain.grown, 1000, 2, action="ADD")
    said[4:5] = [(chain.party(2), made), (chain.party(2), ship), (chain.party(1), took)]
    found = told(views_engine, said, other)
    whole = KM * 1.26 * 0.10163
    assert found.share[chain.grown] == pytest.approx(1 / 3)
    assert found.total[1] == pytest.approx(whole / 3)
    assert told(views_engine, said, chain.milled).total[1] == pytest.approx(whole * 2 / 3 + 0.65 * whole)


def test_a_place_nobody_located_is_unknown_and_said_so(views_engine: sa.Engine) -> None:
    chain = Chain(3)
    said = [pair for number, pair in enumerate(chain.said()) if number != 2]
    found = told(views_engine, said, chain.milled)
    assert (found.unknown_legs, found.total) == (1, (0.0, 0.0, 0.0))
    assert found.legs[0].kg_co2e is None


def test_a_local_table_replaces_single_rows_and_says_so(views_engine: sa.Engine) -> None:
    chain = Chain(4)
    local = factors({"source": "省级因子", "region": "CN-23", "freight": {"road": {"usual": "0.2"}}})
    assert local.source.startswith("省级因子; UK Government")
    assert local.freight["rail"] == factors().freight["rail"]
    found = told(views_engine, chain.said(), chain.milled, local)
    assert found.total[1] == pytest.approx(0.65 * KM * 1.26 * 0.2)
    assert found.factors.region == "CN-23"


def test_a_loop_of_lots_ends(views_engine: sa.Engine) -> None:
    chain = Chain(5)
    back: Any = chain.milling(
        input_quantity_list=(kilograms(chain.milled, 650),),
        output_quantity_list=(kilograms(chain.grown, 1000),),
    )
    found = told(views_engine, [*chain.said(), (chain.party(1), back)], chain.milled)
    assert 0 < found.total[1] < sys.maxsize
