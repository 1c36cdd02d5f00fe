"""The figures of `bench trace` compare one question: every peer finds our lots, or there is no figure."""

from __future__ import annotations

from models.provenance.measuring import chains, measure


def test_the_invented_ledger_is_the_same_every_time_and_deep() -> None:
    events, lots = chains(400)
    assert (events, lots) == chains(400)
    assert len(events) == 400
    assert lots


def test_every_row_says_what_was_measured_and_peers_agree() -> None:
    said: list[str] = []
    rows = measure(400, said.append, asked=8)
    assert said
    assert all(row["ours"] > 0 for row in rows)
    peers = [str(row["peer"]) for row in rows if row["peer"]]
    assert any(peer.startswith("plain recursive SQL") for peer in peers)
    assert all(row["ratio"] is not None for row in rows if row["peer"])


def test_peers_are_asked_about_the_same_lots_and_the_row_says_what_the_ratio_means() -> None:
    rows = [row for row in measure(400, lambda _: None, asked=8) if row["peer"]]
    assert any("over our index" in row["peer"] for row in rows)
    assert {row["compared"].partition(",")[0] for row in rows} == {"median of the same 8 lots"}
    assert all(row["ratio_is"].startswith("our time / the peer's") for row in rows)
    assert all("loading_s" in row for row in rows if row["peer"].startswith("networkx"))
