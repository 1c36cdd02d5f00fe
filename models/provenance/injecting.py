"""Put one fault of each kind into chains that are otherwise clean, and see what is found, and where.

Rule: every fault has a chain of its own in one ledger beside clean ones, with its own parties and places. A
kind counts only when exactly its findings are found, on its chain, and nothing is found on any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from ledger.events.codec import Event
from ledger.events.values import PartyId
from models.projections.entries import EntryList
from models.projector import Projector
from models.provenance.faults import FAULTS
from models.provenance.samplechain import Chain, Said
from models.provenance.story import story
from models.views import create_views_engine, reading


@dataclass(frozen=True, slots=True)
class Told:
    """An entry without a ledger."""

    index: int
    party: PartyId
    record_time: datetime
    event: Event


@dataclass(frozen=True, slots=True)
class Outcome:
    """One kind of fault: what was expected on its chain, what was found there, and how much elsewhere."""

    fault: str
    expected: tuple[str, ...]
    found: tuple[str, ...]
    elsewhere: int

    @property
    def holds(self) -> bool:
        """Say whether the fault was found, and nothing else."""
        return self.found == self.expected and not self.elsewhere


def inject(kinds: Sequence[str] = ()) -> tuple[Outcome, ...]:
    """Fold every fault (or only these kinds) with clean chains between, and return what was found."""
    chosen = {name: FAULTS[name] for name in kinds} if kinds else FAULTS
    said: Said = []
    asked: list[tuple[str, tuple[str, ...], str]] = []
    for number, (name, (fault, expected)) in enumerate(chosen.items()):
        chain, clean = Chain(2 * number), Chain(2 * number + 1)
        said += [*fault(chain), *clean.said()]
        code = chain.item if name.startswith("copy:") else chain.milled
        asked += [(name, expected, code), ("", (), clean.milled)]
    found = _ask(said, [code for _, _, code in asked])
    elsewhere = sum(len(found[code]) for name, _, code in asked if not name)
    return tuple(
        Outcome(name, tuple(sorted(expected)), found[code], elsewhere)
        for name, expected, code in asked
        if name
    )


def _ask(said: Said, codes: Sequence[str]) -> dict[str, tuple[str, ...]]:
    source = EntryList(
        [Told(index, PartyId(party), event.event_time, event) for index, (party, event) in enumerate(said)]
    )
    with TemporaryDirectory() as folder:
        engine = create_views_engine(f"sqlite:///{Path(folder) / 'views.db'}")
        Projector(source, engine).rebuild()
        with reading(engine) as connection:
            told = {code: story(connection, source, code, 0).findings for code in codes}
        engine.dispose()
    return {code: tuple(sorted({each.code for each in findings})) for code, findings in told.items()}
