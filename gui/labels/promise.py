"""The 承诺达标合格证 on paper: one page for each promise, its title large, beside the batch's code.

Rule: what stands on the page is the row of the sheet, word for word; a field nobody filled in is a line to
write on by hand. Where a code is printed, the title stands beside it. Source: the order named in
resources/packs/hegezheng.json.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import resources
from gui.labels.pdf import Pdf
from gui.labels.picture import runs
from gui.labels.symbol import symbol
from gui.labels.typeface import Typeface, typeface
from ledger.errors import EventInvalid, file_unwritable
from ledger.progress import Progress, quiet

PAGE = (148.0, 105.0)
_MARGIN, _SYMBOL = 9.0, 34.0
_TITLE, _LINE, _SMALL = 8.0, 3.6, 2.5
_LEFT = ("product", "batch", "quantity", "origin", "promiser", "contact", "issued", "basis", "based_on")
_BLANK = "＿＿＿＿＿＿＿＿"


def write_promises(
    rows: Sequence[Mapping[str, str]],
    out: Path,
    face: Typeface | None = None,
    progress: Progress = quiet,
) -> int:
    """Write one page for each row and return how many.

    Args:
        progress: told before each page how many of how many are drawn; what it raises ends it.

    Raises:
        EventInvalid: code `promise-none`: there is no promise to print.
        LedgerError: the target cannot be written.
    """
    if not rows:
        raise EventInvalid(
            "no promise of conformity was issued yet",
            field="codes",
            code="promise-none",
            found="0",
            expected="one promise at least",
            remedy="issue them first: promise",
        )
    document = resources.document("packs/hegezheng.json")
    page = Pdf(face or typeface())
    for number, row in enumerate(rows):
        progress(number, len(rows))
        page.page(*PAGE, _drawing(page, row, document, face or typeface()))
    try:
        out.write_bytes(page.finish(document["title"]))
    except OSError as error:
        raise file_unwritable(out, error, "choose another place with --out") from error
    return len(rows)


def _drawing(
    page: Pdf, row: Mapping[str, str], document: Mapping[str, object], face: Typeface
) -> Iterator[str]:
    title = str(document["title"])
    width = face.width(title) * _TITLE
    yield page.text(title, (PAGE[0] - width) / 2, _MARGIN + _TITLE, _TITLE)
    left = PAGE[0] - _MARGIN - _SYMBOL
    yield from _code(row["lot"], left, _MARGIN + _TITLE + 8)
    y = _MARGIN + _TITLE + 8.0
    for heading, text in _fields(row, document):
        room = (left if y < _MARGIN + _TITLE + 8 + _SYMBOL else PAGE[0]) - 2 * _MARGIN
        for line in _wrapped(f"{heading}：{text}", room / _LINE, face):
            yield page.text(face.drawable(line), _MARGIN, y + _LINE, _LINE)
            y += _LINE * 1.5
    for line in _wrapped(f"承诺：{row['promise']}", (PAGE[0] - 2 * _MARGIN) / _LINE, face):
        yield page.text(face.drawable(line), _MARGIN, y + _LINE, _LINE)
        y += _LINE * 1.5
    foot = f"{row['number']}　账本记录 {row['entry']}　{row['leaf_hash'][:16]}…"
    yield page.text(face.drawable(foot), _MARGIN, PAGE[1] - _MARGIN + 2, _SMALL)


def _fields(row: Mapping[str, str], document: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    columns, units = document["columns"], resources.document("i18n/zh_CN/steps.json")
    assert isinstance(columns, list)
    headings: dict[str, str] = dict(columns)
    for key in _LEFT:
        unit = units.get(f"unit.{row['unit']}", row["unit"])
        text = f"{row[key]} {unit}".strip() if key == "quantity" else row[key]
        if text or key != "based_on":
            yield headings[key].partition("（")[0], text or _BLANK


def _code(text: str, x: float, y: float) -> Iterator[str]:
    one = symbol(text)
    unit = _SYMBOL / len(one.modules)
    yield f"q {unit:.5f} 0 0 {unit:.5f} {x:.4f} {y:.4f} cm"
    yield " ".join(f"{a} {b} {length} 1 re" for a, b, length in runs(one.modules)) + " f"
    yield "Q"


def _wrapped(text: str, ems: float, face: Typeface) -> Iterator[str]:
    line, used = "", 0.0
    for character in text:
        wide = face.advance(character)
        if used + wide > ems and line:
            yield line
            line, used = "", 0.0
        line, used = line + character, used + wide
    if line:
        yield line
