"""The performance table: what we take, what a peer takes in the same run, and the ratio of the two.

Rule: only ratios measured side by side count; absolute rates belong to the machine that ran them.
Each group of rows lives in `gui/benchmarks` and is imported only when asked for.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from gui.verbs.outcome import Outcome, Session
from ledger.errors import EventInvalid, LedgerError

FOLDER = Path(__file__).resolve().parent.parent / "benchmarks"
NAMES = tuple(sorted(file.stem for file in FOLDER.glob("[a-z]*.py")))


def add_verbs(verbs: Any, common: argparse.ArgumentParser) -> None:
    """Add this group's verb to the command line."""
    bench = verbs.add_parser("bench", parents=[common], help="measure, side by side with peers")
    bench.add_argument("name", nargs="*", choices=[*NAMES, []] if NAMES else None, default=[], metavar="NAME")
    bench.add_argument("--part", action="append", help="only this part of a group that has parts (gui)")
    bench.set_defaults(run=bench_verb)


def bench_verb(session: Session, options: argparse.Namespace) -> Outcome:
    """Run the groups asked for, or all of them.

    Raises:
        LedgerError: code `no-benchmarks`, in a packaged program.
    """
    if not NAMES:
        raise LedgerError(
            "this program carries no benchmarks",
            code="no-benchmarks",
            found="a packaged program",
            expected="a checkout, where the peers can be installed beside it",
            remedy="in a checkout: make bench",
        )
    rows: list[dict[str, Any]] = []
    for name in options.name or NAMES:
        session.say(f"bench {name}")
        module = import_module(f"gui.benchmarks.{name}")
        parts = {"parts": _parts(options.part, getattr(module, "PARTS", ()))} if options.part else {}
        rows += [{"group": name, **row} for row in module.rows(session.say, **parts)]
    lines = [f"{row['group']:8} {row['what']:60} {_shown(row)}" for row in rows]
    return Outcome({"rows": rows}, tuple(lines))


def _parts(wanted: Sequence[str], there: Sequence[str]) -> Sequence[str]:
    for name in wanted:
        if name not in there:
            raise EventInvalid(
                "this group has no such part",
                field="part",
                code="usage",
                found=name,
                expected=", ".join(there) or "none: it is measured whole",
            )
    return wanted


def _shown(row: dict[str, Any]) -> str:
    ratio = row.get("ratio")
    return f"{row['ours']}  {row.get('peer') or ''}  {'' if ratio is None else f'x{ratio:.2f}'}"
