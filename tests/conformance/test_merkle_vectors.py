"""Published RFC 6962 trees and proofs (transparency-dev/merkle) are accepted and refused as they say."""

from __future__ import annotations

import json
import os
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from shared import CHECKOUT, shared

from ledger.tlog.proof import Rows, consistency_holds, inclusion_holds, tree_at
from ledger.tlog.tree import Tree, leaf_hash, node_hash


def cases(kind: str) -> list[Path]:
    """Return every case file of a kind; none when the data is elsewhere (then the count test says so)."""
    root = Path(os.environ.get("SUXIN_SHARED", CHECKOUT.parent / "shared")) / "data/ledger/merkle"
    return sorted((root / kind).rglob("*.json"))


def hashes(encoded: list[str] | None) -> list[bytes]:
    return [b64decode(each) for each in encoded or []]


def test_the_vectors_are_all_here() -> None:
    root = shared("ledger/merkle")
    assert len(cases("inclusion")) == len(list((root / "inclusion").rglob("*.json"))) > 0
    assert len(cases("consistency")) == len(list((root / "consistency").rglob("*.json"))) > 0


@pytest.mark.parametrize("path", cases("inclusion"), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_an_inclusion_proof_is_judged_as_published(path: Path) -> None:
    case: dict[str, Any] = json.loads(path.read_text("utf-8"))
    holds = inclusion_holds(
        case["leafIdx"],
        case["treeSize"],
        b64decode(case["leafHash"] or ""),
        hashes(case["proof"]),
        b64decode(case["root"] or ""),
    )
    assert holds is not case["wantErr"], case["desc"]


@pytest.mark.parametrize("path", cases("consistency"), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_consistency_proof_is_judged_as_published(path: Path) -> None:
    case: dict[str, Any] = json.loads(path.read_text("utf-8"))
    holds = consistency_holds(
        case["size1"],
        case["size2"],
        b64decode(case["root1"] or ""),
        b64decode(case["root2"] or ""),
        hashes(case["proof"]),
    )
    assert holds is not case["wantErr"], case["desc"]


def test_the_published_constants_are_the_hashes_of_our_tree() -> None:
    constants = json.loads(shared("ledger/merkle/rfc6962-constants.json").read_text("utf-8"))
    leaves = [bytes.fromhex(each) for each in constants["leaf_inputs_hex"]]
    rows = Rows.of(leaf_hash(each) for each in leaves)
    for level, row in enumerate(constants["node_hashes_by_level"]):
        assert [each.hex() for each in rows.rows[level]] == row
    for size, root in enumerate(constants["root_hash_by_size"]):
        assert Tree().append_all(leaves[:size]).root.hex() == root
        assert tree_at(size, rows).root.hex() == root


def test_the_published_hasher_cases_hold() -> None:
    constants = json.loads(shared("ledger/merkle/rfc6962-constants.json").read_text("utf-8"))
    for case in constants["hasher"]:
        if "data" in case:
            assert leaf_hash(case["data"].encode()).hex() == case["want"]
        elif "left" in case:
            assert node_hash(case["left"].encode(), case["right"].encode()).hex() == case["want"]
        else:
            assert Tree().root.hex() == case["want"]
