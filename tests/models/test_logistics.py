"""In = out + stock at each node, roll-ups equal their leaves, together is never worse than apart."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from histories import Oracle, entries, shuffled
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.events.governance import MasterData
from ledger.events.values import freeze
from models.projections.entries import EntryList
from models.projector import Projector
from models.provenance.logistics import Trip, alarms_of, bounds, links_of, logistics, plan
from models.provenance.parcels import Parcel
from models.provenance.samplechain import START, Chain, later
from models.provenance.stations import roll_up
from models.views import reading


@settings(max_examples=25)
@given(told=shuffled(16))
def test_stock_is_what_an_oracle_says_each_party_holds(
    quick_views: sa.Engine, told: tuple[Oracle, EntryList]
) -> None:
    oracle, source = told
    Projector(source, quick_views).rebuild()
    with reading(quick_views) as connection:
        found = logistics(connection, oracle.now())
    held: dict[str, int] = {}
    for party, lots in oracle.loose.items():
        held[party] = held.get(party, 0) + sum(lots.values())
    for party, inside in oracle.boxes.values():
        held[party] = held.get(party, 0) + sum(inside.values())
    for node in found.nodes:
        assert node.stock.get("KGM", Decimal(0)) == held.get(node.party, 0)
        assert node.came["KGM"] == node.went["KGM"] + node.stock.get("KGM", Decimal(0))


places = st.integers(0, 30)
trees = st.lists(st.integers(0, 100), min_size=1, max_size=40)


@given(trees, st.lists(st.integers(0, 1000), min_size=40, max_size=40))
def test_every_station_is_the_sum_of_its_leaves(above: list[int], amounts: list[int]) -> None:
    parents = {str(n): None if n == 0 else str(up % n) for n, up in enumerate(above)}
    own = {str(n): {"KGM": Decimal(amounts[n])} for n in range(len(above))}
    total = roll_up(own, parents)
    assert total["0"]["KGM"] == sum(amounts[: len(above)])
    for place, amount in own.items():
        below = [child for child, parent in parents.items() if parent == place]
        assert total[place]["KGM"] == amount["KGM"] + sum(total[child]["KGM"] for child in below)


def parcel(sender: int, day: int, mass: Decimal | None, hours: float | None = 10) -> Parcel:
    left = START + timedelta(days=day)
    there = None if hours is None else left + timedelta(hours=hours)
    unit = None if mass is None else "KGM"
    return Parcel(f"lot{sender}{day}", f"p{sender}", "shop", left, there, mass, unit, (day,))


masses = st.one_of(st.none(), st.decimals(0, 30_000, places=2))


@given(st.lists(st.builds(parcel, st.integers(0, 2), st.integers(0, 3), masses), max_size=25))
def test_together_is_never_worse_than_apart(parcels: list[Parcel]) -> None:
    trips: tuple[Trip, ...] = plan(parcels)
    assert all(trip.vehicles <= trip.apart for trip in trips)
    assert sum(trip.parcels for trip in trips) == len(parcels)
    assert all(trip.vehicles * Decimal(8000) >= trip.mass_kg for trip in trips)


def test_late_overdue_and_lost_parcels_are_told_and_punctual_ones_are_not() -> None:
    usual = [parcel(0, day, Decimal(10), 10) for day in range(6)]
    late, overdue, lost = parcel(0, 7, Decimal(10), 40), parcel(0, 8, None, None), parcel(0, 1, None, None)
    links = links_of([*usual, late, overdue, lost])
    assert (links[0].usual_hours, links[0].limit_hours) == (10, 22)
    found = alarms_of([*usual, late, overdue, lost], links, START + timedelta(days=9))
    assert {(alarm.kind, alarm.parcel.lot) for alarm in found} == {
        ("late", late.lot),
        ("overdue", overdue.lot),
        ("lost", lost.lot),
    }
    assert alarms_of(usual, links, START + timedelta(days=9)) == ()


def test_a_chain_has_nodes_links_stations_and_what_never_arrived(views_engine: sa.Engine) -> None:
    chain = Chain(7)
    county, village = "https://id.gs1.org/414/9529999900007", chain.place(1)

    def station(place: str, **more: Any) -> tuple[str, MasterData]:
        where = freeze({"name": place[-4:], "latitude": "44.9", "longitude": "127.2", **more})
        return chain.party(1), MasterData(START, "location", place, where)

    said = chain.said()
    said += [station(county, level="county"), station(village, level="village", parent=county)]
    del said[7:9]  # the shop never received it
    Projector(entries(said), views_engine).rebuild()
    with reading(views_engine) as connection:
        found = logistics(connection, later(24 + 10 * bounds()["usual_hours"]))
    assert [(alarm.kind, alarm.parcel.lot) for alarm in found.alarms] == [("lost", chain.milled)]
    farm = next(node for node in found.nodes if node.party == chain.party(1))
    assert [int(part["KGM"]) for part in (farm.came, farm.went, farm.stock)] == [1650, 1650, 0]
    assert [(each.level, dict(each.total)) for each in found.stations] == [
        ("county", {"KGM": Decimal(1650)}),
        ("village", {"KGM": Decimal(1650)}),
    ]
