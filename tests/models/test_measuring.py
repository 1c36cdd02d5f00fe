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
