"""The independent script in docs/ accepts a true proof file and refuses every altered one."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from builders_tlog import WITNESS
from ledger_world import CARRIER, COOPERATIVE, World, batch, found_world, log_key
from shared import CHECKOUT

from ledger.exchange import write_proof
from ledger.store import create_ledger_engine
from ledger.tlog.note import parse_note
from ledger.tlog.tree import leaf_hash

SCRIPT = CHECKOUT / "docs" / "check_proof.py"
LOG = log_key().verifier.text
Document = dict[str, Any]


def proof_of(world: World, entries: list[int], enrolments: list[int], *, cosigned: bool = True) -> Document:
    """Return a proof file's document, as docs/proof-file.md describes it."""

    def written(index: int) -> Document:
        entry, proof = world.reader.entry(index), world.reader.inclusion_proof(index)
        return {
            "index": index,
            "leaf": b64encode(entry.leaf).decode(),
            "proof": [each.hex() for each in proof],
        }

    note = parse_note(world.reader.checkpoint())
    if cosigned:
        note = note.with_signatures([WITNESS.cosign(note.text, 1_800_000_000)])
    return {
        "format": "suxin-proof/v1",
        "log_key": LOG,
        "checkpoint": note.format(),
        "entries": [written(index) for index in entries],
        "enrolments": [written(index) for index in enrolments],
    }


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[sa.Engine]:
    """One engine is enough: the proof file is the same whatever database it came from."""
    engine = create_ledger_engine(f"sqlite:///{tmp_path / 'ledger.db'}")
    yield engine
    engine.dispose()


@pytest.fixture
def document(engine: sa.Engine, clock: Callable[[], Any]) -> Document:
    """A proof of one entry signed alone and one of a batch, with the enrolments behind them."""
    world = found_world(engine, clock)
    world.say(batch(1))
    world.say(*(batch(number) for number in range(2, 7)))
    return proof_of(world, [7, 10], [0, enrolment_of(world, COOPERATIVE)])


def enrolment_of(world: World, party: str) -> int:
    return next(each.index for each in world.reader.entries() if getattr(each.event, "party", None) == party)


def run(folder: Path, document: Document, *more: str) -> subprocess.CompletedProcess[str]:
    path = folder / "a.proof"
    path.write_text(json.dumps(document), "utf-8")
    command = [sys.executable, "-O", str(SCRIPT), str(path), "--log", LOG, "--witness", WITNESS.verifier.text]
    return subprocess.run([*command, *more], capture_output=True, text=True, check=False, encoding="utf-8")


def test_the_script_has_at_most_a_hundred_lines_and_no_code_of_ours() -> None:
    text = SCRIPT.read_text("utf-8")
    assert len(text.splitlines()) <= 100
    assert "import ledger" not in text
    assert "from ledger" not in text


def test_a_true_proof_holds_and_says_who_has_seen_it(tmp_path: Path, document: Document) -> None:
    done = run(tmp_path, document, "--needed", "1")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"entry 7 of 13 holds: ObjectEvent, signed by {COOPERATIVE}" in done.stdout
    assert "entry 10 of 13 holds" in done.stdout
    assert f"seen by {WITNESS.name}" in done.stdout


def test_what_the_ledger_hands_out_holds(tmp_path: Path, engine: sa.Engine, clock: Callable[[], Any]) -> None:
    world = found_world(engine, clock)
    world.say(batch(1))
    world.say(*(batch(number) for number in range(2, 7)))
    note = parse_note(world.reader.checkpoint())
    cosigned = note.with_signatures([WITNESS.cosign(note.text, 1_800_000_000)])
    world.desk.add_cosigned(cosigned.format(), [WITNESS.verifier])
    document = json.loads(write_proof(world.reader, [7, 10, 12]))
    done = run(tmp_path, document, "--needed", "1")
    assert (done.returncode, done.stderr) == (0, "")
    assert document.keys() == proof_of(world, [7], [0]).keys()
    for index in (7, 10, 12):
        assert f"entry {index} of 13 holds" in done.stdout


def test_a_proof_that_no_witness_vouches_for_says_so(tmp_path: Path, document: Document) -> None:
    lines = document["checkpoint"].split("\n")
    document["checkpoint"] = "\n".join([*lines[:-2], ""])
    done = run(tmp_path, document)
    assert done.returncode == 0
    assert "NO OUTSIDER" in done.stdout
    assert "only 0 of 1 needed witnesses" in run(tmp_path, document, "--needed", "1").stderr


def flip(text: str, at: int) -> str:
    data = bytearray(b64decode(text))
    data[at] ^= 1
    return b64encode(bytes(data)).decode()


def mutations(document: Document) -> list[tuple[str, Document]]:
    """Return altered copies of a proof; none of them may hold."""

    def changed(change: Callable[[Document], object]) -> Document:
        altered = copy.deepcopy(document)
        change(altered)
        return altered

    def entry(place: int, **values: object) -> Callable[[Document], object]:
        return lambda altered: altered["entries"][place].update(values)

    first, second = document["entries"]
    path = first["proof"]
    note = document["checkpoint"]
    found = [
        ("another index", entry(0, index=8)),
        ("a negative index", entry(0, index=-1)),
        ("an index beyond the tree", entry(0, index=13)),
        ("no proof", entry(0, proof=[])),
        ("a shorter proof", entry(0, proof=path[:-1])),
        ("a longer proof", entry(0, proof=[*path, path[0]])),
        ("a flipped proof", entry(0, proof=[path[0][:-1] + ("0" if path[0][-1] != "0" else "1"), *path[1:]])),
        ("a short hash", entry(0, proof=[path[0][:-2], *path[1:]])),
        ("another form", entry(0, leaf=flip(first["leaf"], 0))),
        ("a flipped signature", entry(0, leaf=flip(first["leaf"], 3))),
        ("a flipped body", entry(0, leaf=flip(first["leaf"], -3))),
        ("a flipped batch", entry(1, leaf=flip(second["leaf"], 75))),
        ("the other leaf", entry(0, leaf=second["leaf"])),
        ("an empty leaf", entry(0, leaf="")),
        ("no entries", lambda altered: altered.update(entries=[])),
        ("no enrolments", lambda altered: altered.update(enrolments=[])),
        ("no first entry", lambda altered: altered["enrolments"].pop(0)),
        ("no author", lambda altered: altered["enrolments"].pop(1)),
        ("another form of file", lambda altered: altered.update(format="suxin-proof/v2")),
        ("another size", lambda altered: altered.update(checkpoint=note.replace("\n13\n", "\n14\n"))),
        ("another origin", lambda altered: altered.update(checkpoint=note.replace("suxin.", "suxim.", 1))),
        ("no signatures", lambda altered: altered.update(checkpoint=note.split("\n\n")[0] + "\n\n")),
        ("a checkpoint cut short", lambda altered: altered.update(checkpoint=note[:-1])),
        ("no checkpoint", lambda altered: altered.pop("checkpoint")),
    ]
    return [(name, changed(change)) for name, change in found]


def test_every_altered_proof_is_refused(tmp_path: Path, document: Document) -> None:
    for name, altered in mutations(document):
        done = run(tmp_path, altered)
        assert done.returncode == 1, name
        assert "DOES NOT HOLD" in done.stderr, name
        assert "Traceback" not in done.stderr, name
        assert not done.stdout, name


@pytest.mark.parametrize("key", [log_key("other.example/log").verifier.text, WITNESS.verifier.text, LOG[:-1]])
def test_another_log_s_key_is_refused(tmp_path: Path, document: Document, key: str) -> None:
    done = run(tmp_path, document, "--log", key)
    assert done.returncode == 1
    assert "DOES NOT HOLD" in done.stderr


def test_an_enrolment_by_somebody_without_authority_is_refused(
    tmp_path: Path, engine: sa.Engine, clock: Callable[[], Any]
) -> None:
    """The carrier's own enrolment is left out: its entries then rest on nobody."""
    world = found_world(engine, clock)
    world.say(batch(1), by=CARRIER)
    whole = proof_of(world, [7], [0, enrolment_of(world, CARRIER)])
    assert run(tmp_path, whole).returncode == 0
    assert run(tmp_path, proof_of(world, [7], [0, enrolment_of(world, COOPERATIVE)])).returncode == 1
    assert leaf_hash(b64decode(whole["entries"][0]["leaf"])) == world.reader.entry(7).leaf_hash
