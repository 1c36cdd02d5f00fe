"""Every attack on a stored ledger, judged by the terminal's own `verify`; `python tests/test_security.py`
writes the outcome into SECURITY.md anew.

What the table says is what happened: nothing in it is written by hand.
"""

from __future__ import annotations

import contextlib
import io
import json
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from attacks import BY_DATABASE, BY_OWNER, Victim
from ledger_world import found_world

import main
from ledger import store
from ledger.guard import SignedGuard

SECURITY = Path(__file__).resolve().parent.parent / "SECURITY.md"
BEGIN, END = "<!-- attacks: begin -->\n", "<!-- attacks: end -->\n"
HEAD = """\
| Attack | The attacker holds | `verify` of a copy, nothing else known | `verify` where it was recorded \
| `verify --against` one checkpoint kept elsewhere |
|---|---|---|---|---|
"""
GROUPS = (("the database", BY_DATABASE), ("the database and every key", BY_OWNER))
CASES = [(who, name) for who, group in GROUPS for name in group]


class Bench:
    """One ledger that is attacked again and again, and three readers of it with homes of their own."""

    def __init__(self, engine: sa.Engine, url: str, folder: Path) -> None:
        self.url, self.folder = url, folder
        moments = iter(range(1, 10_000))
        world = found_world(engine, lambda: datetime.fromtimestamp(1_772_366_400 + next(moments), UTC))
        self.victim = Victim.of(world)
        head = world.reader.head()
        self.signed = (head.origin, head.size, world.reader.tree().root)
        self.outside = folder / "outside.txt"
        self.outside.write_text(self.victim.checkpoint, encoding="utf-8", newline="")

    def outcomes(self, who: str, name: str) -> list[dict[str, Any]]:
        """Carry one attack out and return what the three readers are told."""
        self.victim.put_back(self.victim.now)
        dict(GROUPS)[who][name](self.victim)
        self._home("machine", remembers=True)
        self._home("stranger", remembers=False)
        told = [self.verify("stranger"), self.verify("machine")]
        return [*told, self.verify("stranger", "--against", str(self.outside))]

    def verify(self, home: str, *words: str) -> dict[str, Any]:
        """Run the verb and return its document with its exit code."""
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
            code = main.main(
                ["verify", "--json", "--ledger", self.url, "--home", str(self.folder / home), *words]
            )
        return {"code": code, **json.loads(out.getvalue())}

    def _home(self, name: str, *, remembers: bool) -> None:
        shutil.rmtree(self.folder / name, ignore_errors=True)
        if remembers:
            SignedGuard(self.folder / name / "signed").remember(*self.signed)


def cell(told: dict[str, Any]) -> str:
    """Return one outcome as the table shows it: what is said first of an entry, or silence."""
    if told["code"] == 0:
        return "**not seen**"
    named = [problem for problem in told["problems"] if problem["index"] is not None]
    if not named:
        return f"seen: `{told['problems'][0]['code']}`"
    return f"seen: entry {named[0]['index']}, `{named[0]['code']}`"


@pytest.fixture
def bench(ledger_engine: sa.Engine, ledger_url: str, tmp_path: Path) -> Bench:
    return Bench(ledger_engine, ledger_url, tmp_path)


def test_one_checkpoint_elsewhere_shows_every_attack_to_the_terminal(bench: Bench) -> None:
    """Exit 1 and an entry index for every attack; before the attacks everything holds."""
    bench._home("stranger", remembers=False)
    assert bench.verify("stranger", "--against", str(bench.outside))["code"] == 0
    text = SECURITY.read_text(encoding="utf-8")
    # A server's round trips make each case four times as slow there; every fourth shows that nothing differs.
    for who, name in CASES if bench.url.startswith("sqlite") else CASES[::4]:
        told = bench.outcomes(who, name)
        assert told[2]["code"] == 1, (who, name)
        assert any(problem["index"] is not None for problem in told[2]["problems"]), (who, name)
        assert row(who, name, told) in text, f"{row(who, name, told)}: run python tests/test_security.py"


def row(who: str, name: str, told: list[dict[str, Any]]) -> str:
    """Return one line of the table."""
    return "| " + " | ".join((name.capitalize(), who, *map(cell, told))) + " |\n"


def table(bench: Bench) -> str:
    """Return the whole table as it comes out now."""
    return HEAD + "".join(row(who, name, bench.outcomes(who, name)) for who, name in CASES)


def _write_anew() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'ledger.db'}"
        engine = store.create_ledger_engine(url)
        found = table(Bench(engine, url, folder))
        engine.dispose()
    text = SECURITY.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    SECURITY.write_text(f"{before}{BEGIN}{found}{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    _write_anew()
