"""Check an export: the proof files beside it hold, and the export is what their entries say, cell by cell."""

from __future__ import annotations

from pathlib import Path

from gui.verbs.files import read_bytes
from gui.verbs.outcome import CHECK_FAILED, DONE, Outcome, Session

_PROOF = b'"suxin-proof/'


def is_export(data: bytes) -> bool:
    """Say whether a file is an export rather than a proof file: a sheet, or an EPCIS document."""
    text = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    return not text.startswith(b"{") or (_PROOF not in data and b'"EPCISDocument"' in data)


def check_export(session: Session, path: Path, data: bytes) -> Outcome:
    """Make the export again from its proof and say where it differs."""
    from models.packs.pack import check_pack

    result = check_pack(data, path.name, lambda name: read_bytes(path.with_name(name)))
    proof = result.proof
    problems = [
        {"row": each.row, "column": each.column, "found": each.found, "expected": each.expected}
        for each in result.problems
    ]
    document = {
        "holds": result.holds,
        "format": result.form,
        "rows": result.rows,
        "entries": result.entries,
        "problems": problems,
        "origin": proof.origin,
        "log_key": proof.log_key,
        "size": proof.size,
        "root": proof.root.hex(),
        "witnesses": list(proof.witnesses),
        "problem": None if proof.problem is None else proof.problem.as_document(),
    }
    state = "holds" if result.holds else "fails"
    words = session.words
    lines = [words(f"terminal.check_export.{state}", rows=str(result.rows), n=str(len(problems)))]
    lines += [f"  {each.row} {each.column}: {each.found} ≠ {each.expected}" for each in result.problems[:20]]
    if proof.problem is not None:
        lines.append(f"  {words.problem(proof.problem)[0]}")
    return Outcome(document, tuple(lines), DONE if result.holds else CHECK_FAILED)
