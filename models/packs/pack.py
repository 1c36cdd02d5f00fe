"""One export with its proof: the sheet, the proof files beside it, and the check that makes the sheet again.

Rule: every form is a pure function of entries. Checking believes nothing in the sheet: the proof files lead
to the signed root, the sheet is made again from the entries they prove, and each cell must be the same. So a
changed amount, a row too many and a row too few are all found; only a row that is missing together with its
proof cannot be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from types import ModuleType

from ledger.errors import EventInvalid
from ledger.events.values import PartyId
from ledger.exchange import ProofResult, check_proof, write_proof
from ledger.progress import Progress, quiet
from ledger.reader import Reader
from ledger.tlog.note_keys import VerifierKey
from models import exporting
from models.exporting import SUPPLY
from models.packs import fsma204, hegezheng
from models.packs.records import Chain, Record
from models.packs.sheet import KINDS, read_sheet, write_sheet

FORMS = ("hegezheng", "fsma204", "epcis-json", "csv")
PER_PROOF = 2000
"""A proof file stays a few megabytes, so that any machine opens it."""
_TOLD_EVERY = 200
_TYPES = (*SUPPLY, "MasterData", "PartyEnrolled", "Ruling", "ConformityPromise")
_SHEETS: Mapping[str, ModuleType] = {"hegezheng": hegezheng, "fsma204": fsma204}
_SUMMED = ("Quantity", "数量（重量）")
_OPEN = ("entry", "leaf_hash", "proof")


@dataclass(frozen=True, slots=True)
class Pack:
    """An export: `data` is the file, `proofs` the files beside it by name."""

    form: str
    rows: int
    data: bytes
    proofs: tuple[tuple[str, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class CellProblem:
    """One difference between a sheet and what its proof says; rows count from 1, headings not counted."""

    row: int
    column: str
    found: str
    expected: str


@dataclass(frozen=True, slots=True)
class PackCheck:
    """What checking a sheet comes to; `proof` is the first proof file that fails, else the last one."""

    holds: bool
    form: str
    rows: int
    entries: int
    problems: tuple[CellProblem, ...]
    proof: ProofResult


def make_pack(
    reader: Reader,
    form: str,
    name: str,
    now: datetime,
    *,
    proven: bool = True,
    progress: Progress = quiet,
) -> Pack:
    """Return an export and, if wanted, its proof.

    Args:
        form: one of `FORMS`.
        name: the file's name; its ending says CSV or XLSX for a sheet, and proof files are named after it.
        progress: told how many entries of how many were read, twice where they are proven; what it raises
            ends it.

    Raises:
        EventInvalid: code `pack-format`: a sheet cannot be this kind of file.
    """
    if form in _SHEETS:
        kind = PurePath(name).suffix.lower()
        if kind not in KINDS:
            raise _format(kind or name)
    chain = chain_of(reader, progress)
    cells, indexes = _lines(chain, form), _needed(chain, form)
    parts = [indexes[start : start + PER_PROOF] for start in range(0, len(indexes), PER_PROOF)]
    names = {index: _proof_name(name, number) for number, part in enumerate(parts) for index in part}
    if form == "epcis-json":
        rows, data = exporting.epcis_document(chain.records.values(), now)
    else:
        headings = [words for _, words in _columns(form)]
        keys = [key for key, _ in _columns(form)]
        for line in cells:
            line["proof"] = names[int(line["entry"])] if proven else ""
        lines = [[line[key] for key in keys] for line in cells]
        kind = PurePath(name).suffix.lower() if form in _SHEETS else ".csv"
        rows = len(lines)
        data = write_sheet(headings, lines, kind, title=form, made=now, numbers=_SUMMED)
    proofs: list[tuple[str, bytes]] = []
    for number, part in enumerate(parts if proven else ()):
        progress(number * PER_PROOF, len(indexes))
        proofs.append((_proof_name(name, number), write_proof(reader, part)))
    return Pack(form, rows, data, tuple(proofs))


def chain_of(reader: Reader, progress: Progress = quiet) -> Chain:
    """Return everything the ledger says about goods, names and promises.

    Args:
        progress: told now and then how many entries of how many were read; what it raises ends it.
    """
    return Chain(_of_entries(reader, progress))


def check_pack(
    data: bytes,
    name: str,
    read: Callable[[str], bytes],
    *,
    log_keys: Sequence[VerifierKey] = (),
    witnesses: Iterable[VerifierKey] = (),
) -> PackCheck:
    """Make a sheet again from the proof files beside it and compare.

    Args:
        data: the sheet; name: its file name.
        read: gives the bytes of the file beside it with this name; raises when there is none.

    Raises:
        EventInvalid: code `pack-unknown`: not a sheet this program writes.
        LedgerError: a proof file is none.
    """
    form = form_of(data, name)
    keys = tuple(witnesses)
    records: dict[int, Record] = {}
    where: dict[int, str] = {}
    result: ProofResult | None = None
    for part, content in _proof_files(name, read):
        found = check_proof(content, log_keys=log_keys, witnesses=keys)
        if result is None or not found.holds:
            result = found
        if not found.holds:
            break
        where |= {entry.index: part for entry in found.entries}
        records |= {record.index: record for record in _of_proof(found)}
    assert result is not None
    if not result.holds:
        return PackCheck(False, form, 0, 0, (), result)
    problems, rows = _compare(data, name, form, Chain(records.values()), where)
    return PackCheck(not problems, form, rows, len(records), tuple(problems), result)


def form_of(data: bytes, name: str) -> str:
    """Return which form a file has, by its headings.

    Raises:
        EventInvalid: code `pack-unknown`.
    """
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        return "epcis-json"
    headings, _ = read_sheet(data, name)
    for form in (*_SHEETS, "csv"):
        if headings == [words for _, words in _columns(form)]:
            return form
    raise EventInvalid(
        "this is not a sheet with a proof",
        field="FILE",
        code="pack-unknown",
        found=", ".join(headings)[:200],
        expected="a proof file, or a sheet written by export",
        where=name,
        remedy="export --format fsma204 --out FILE.csv writes one",
    )


def _compare(
    data: bytes, name: str, form: str, chain: Chain, where: Mapping[int, str]
) -> tuple[list[CellProblem], int]:
    if form == "epcis-json":
        rows, differences = exporting.compare_epcis(chain.records.values(), data, name)
        return [CellProblem(*each) for each in differences], rows
    columns = _columns(form)
    expected = [
        [where.get(int(line["entry"]), "") if key == "proof" else line[key] for key, _ in columns]
        for line in _lines(chain, form)
    ]
    _, found = read_sheet(data, name)
    found = [(row + [""] * len(columns))[: max(len(columns), len(row))] for row in found]
    problems = [
        CellProblem(number, words, found_cell, expected_cell)
        for number, (row, line) in enumerate(zip(found, expected, strict=False), start=1)
        for (_, words), found_cell, expected_cell in zip(columns, row, line, strict=False)
        if found_cell.strip() != expected_cell.strip()
    ]
    if len(found) != len(expected):
        problems.append(CellProblem(len(expected) + 1, "rows", str(len(found)), str(len(expected))))
    return problems[:200], len(found)


def _columns(form: str) -> tuple[tuple[str, str], ...]:
    if form in _SHEETS:
        found: tuple[tuple[str, str], ...] = _SHEETS[form].columns()
        return found
    return tuple((name, name) for name in (*exporting.COLUMNS, *_OPEN[1:]))


def _lines(chain: Chain, form: str) -> list[dict[str, str]]:
    if form in _SHEETS:
        return [dict(row) for row in _SHEETS[form].rows(chain)]
    if form == "csv":
        return [
            dict(zip(exporting.COLUMNS, row, strict=True)) | {"leaf_hash": record.leaf_hash.hex()}
            for record in chain.records.values()
            for row in exporting.rows_of(record)
        ]
    return []


def _needed(chain: Chain, form: str) -> list[int]:
    """Return the entries a form is made of; `_lines` was called before, so `consulted` is known."""
    if form == "epcis-json":
        return [i for i, record in sorted(chain.records.items()) if exporting.is_exported(record.event)]
    if form == "csv":
        return [i for i, record in sorted(chain.records.items()) if exporting.is_goods(record.event)]
    promises = [i for i, r in chain.records.items() if type(r.event).__name__ == "ConformityPromise"]
    return sorted({*chain.supply(), *chain.consulted, *(promises if form == "hegezheng" else ())})


def _of_entries(reader: Reader, progress: Progress) -> Iterator[Record]:
    size = reader.size()
    for number, entry in enumerate(reader.of_types(_TYPES, chunk=2000)):
        if number % _TOLD_EVERY == 0:
            progress(entry.index, size)
        yield Record(entry.index, entry.party, entry.record_time, entry.leaf_hash, entry.event)


def _of_proof(result: ProofResult) -> Iterator[Record]:
    for entry in result.entries:
        yield Record(entry.index, PartyId(entry.party), entry.record_time, entry.leaf_hash, entry.event)


def _proof_name(name: str, number: int) -> str:
    return f"{name}.proof.json" if number == 0 else f"{name}.proof-{number + 1}.json"


def _proof_files(name: str, read: Callable[[str], bytes]) -> Iterator[tuple[str, bytes]]:
    """Give the first proof file, which must be there, and the others as far as they go."""
    number = 0
    while True:
        part = _proof_name(name, number)
        try:
            content = read(part)
        except EventInvalid:
            if number == 0:
                raise
            return
        yield part, content
        number += 1


def _format(found: str) -> EventInvalid:
    return EventInvalid(
        "this sheet cannot be written to this kind of file",
        field="out",
        code="pack-format",
        found=found,
        expected="a name ending in .csv or .xlsx",
        remedy="export --format fsma204 --out FILE.xlsx",
    )
