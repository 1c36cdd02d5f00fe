"""`import --preview`: what importing files would come to, row by row; nothing is recorded.

Rule: it says in the same keys and with the same exit code what the import would say.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gui.verbs.files import write_bytes
from gui.verbs.outcome import DONE, PARTLY_REFUSED, REFUSED, Outcome, Session
from ledger.errors import EventInvalid

if TYPE_CHECKING:
    from models.previewing import Preview
    from models.workspace import Workspace


def preview_files(
    session: Session, workspace: Workspace, options: argparse.Namespace, columns: Mapping[str, str]
) -> Outcome:
    """Say what importing these files would come to."""
    files: list[dict[str, Any]] = []
    refused: list[dict[str, str]] = []
    rejected = b""
    for path in options.file:
        try:
            preview = workspace.files.preview(path, as_party=options.actor, columns=columns)
            if preview.looked.problem is not None:
                raise preview.looked.problem
        except EventInvalid as problem:
            if len(options.file) == 1:
                raise
            refused.append({"file": str(path), **problem.as_document()})
            continue
        files.append({"file": str(path), **_said(preview)})
        refused += [
            {"file": str(path), **row.problem.as_document()} for row in preview.refused() if row.problem
        ]
        rejected += preview.rejected()
        preview.close()
    if options.rejected and rejected:
        write_bytes(options.rejected, rejected)
    return _outcome(session, files, refused)


def import_code(kept: int, refused: int) -> int:
    """Return the exit code of an import that kept and refused so many rows."""
    if not refused:
        return DONE
    return PARTLY_REFUSED if kept else REFUSED


def _outcome(session: Session, files: list[dict[str, Any]], refused: list[dict[str, str]]) -> Outcome:
    sums = {name: sum(file[name] for file in files) for name in ("accepted", "described", "duplicates")}
    said = {"n": str(sums["accepted"]), "known": str(sums["duplicates"]), "refused": str(len(refused))}
    lines = [session.words("terminal.import_preview", **said)]
    lines += [f"  {row['where']}: {row['what']} ({row['found']} / {row['expected']})" for row in refused]
    document = {"preview": True, **sums, "refused": refused, "entries": [], "shared_ids": [], "files": files}
    return Outcome(document, tuple(lines), import_code(sums["accepted"] + sums["duplicates"], len(refused)))


def _said(preview: Preview) -> dict[str, Any]:
    """Return what a file is, how it was read and how many of its rows are good."""
    counts, layout = preview.counts(), preview.looked.layout
    found: dict[str, Any] = {
        "kind": preview.looked.kind,
        "rows": counts["all"],
        "accepted": counts["good"] - counts["described"],
        "described": counts["described"],
        "duplicates": counts["known"] - counts["described-known"],
        "refused": counts["refused"],
        "findings": [
            {"code": one.code, "severity": one.severity, "subject": one.subject, **one.values}
            for one in preview.findings()
        ],
    }
    if layout is None:
        return found
    source = layout.source
    written = {"sheet": source.sheet, "encoding": source.encoding, "separator": source.separator}
    headings = {"columns": dict(layout.known), "unknown_headings": list(layout.unknown)}
    return {**found, "heading_row": layout.line, **headings, **{k: v for k, v in written.items() if v}}
