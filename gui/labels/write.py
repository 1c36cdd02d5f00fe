"""Make label files: every symbol is read back before anything is written, and nothing is half written."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gui.labels.label import QUIET_MODULES, SMALLEST_MODULE_MM, Label, Layout, Stock, layout, stock
from gui.labels.pdf import Pdf
from gui.labels.picture import png, png_bytes, runs, svg
from gui.labels.symbol import Symbol, symbol
from gui.labels.text import left_out, set_words
from gui.labels.typeface import Typeface, typeface
from gui.reading import reads_back
from ledger.errors import EventInvalid, LedgerError
from ledger.progress import Progress, quiet

FORMATS = (".png", ".svg", ".pdf")


@dataclass(frozen=True, slots=True)
class Warning:
    """What a person should know before printing: "module-small", "words-left-out"."""

    code: str
    params: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class LabelReport:
    """What was made: the files, how many labels they hold, and what to watch."""

    files: tuple[Path, ...]
    printed: int
    warnings: tuple[Warning, ...] = ()
    version: int = 0
    module_mm: float = 0.0


def write_labels(
    labels: Sequence[Label],
    out: Path,
    sheet: str | None = None,
    *,
    first: int = 0,
    face: Typeface | None = None,
    progress: Progress = quiet,
    ready: Callable[[], object] = lambda: None,
) -> LabelReport:
    """Write the labels to `out`: one PDF, or one PNG or SVG file each ("name.png", then "name-2.png", ...).

    Args:
        sheet: the label stock; the 50 x 30 mm roll by default.
        first: how many places of the first sheet are already used.
        progress: told before every label how many of how many are drawn; where it raises, nothing is written.
        ready: called once all are drawn, before the first file is written: from here on it goes through.

    Raises:
        EventInvalid: another kind of file, no labels, an unknown stock, or a code too large for it.
        LedgerError: the target cannot be written.
    """
    kind = out.suffix.lower()
    paper = stock(sheet)
    _refuse_unfit(labels, out, first, paper)
    face = face or typeface()
    arranged = layout(paper.label, words=True)

    def step(done: int) -> None:
        progress(done, len(labels))

    symbols = _symbols(labels, arranged.symbol.width, paper, step)
    files: tuple[tuple[Path, bytes], ...]
    if kind == ".pdf":
        files = ((out, _pdf(labels, symbols, paper, arranged, first, face, step)),)
    else:
        files = tuple(_pictures(labels, symbols, paper, arranged, face, out, step))
    step(len(labels))
    ready()
    for path, content in files:
        _put(path, content)
    largest = max(symbols.values(), key=lambda one: one.side)
    return LabelReport(
        tuple(path for path, _ in files),
        len(labels),
        _warnings(labels, largest.module_mm(arranged.symbol.width), face),
        largest.version,
        round(largest.module_mm(arranged.symbol.width), 3),
    )


def warnings(labels: Sequence[Label], paper: Stock, face: Typeface | None = None) -> tuple[Warning, ...]:
    """Return what to watch when these labels go on this paper; the designer shows it while one types."""
    side_mm = layout(paper.label).symbol.width
    texts = {(one.payload, one.level) for one in labels}
    finest = min((symbol(*text).module_mm(side_mm) for text in texts), default=1.0)
    return _warnings(labels, finest, face or typeface())


def _warnings(labels: Sequence[Label], finest: float, face: Typeface) -> tuple[Warning, ...]:
    found = []
    if finest < SMALLEST_MODULE_MM:
        params = (("module", f"{finest:.2f}"), ("least", f"{SMALLEST_MODULE_MM}"))
        found.append(Warning("module-small", params))
    missing = "".join(sorted({c for one in labels for c in left_out(one, face)}))
    if missing:
        found.append(Warning("words-left-out", (("characters", missing[:40]),)))
    return tuple(found)


def _symbols(
    labels: Sequence[Label], side_mm: float, paper: Stock, step: Callable[[int], None]
) -> dict[Label, Symbol]:
    """Return each label's symbol, every one read back at the printed size."""
    drawn: dict[tuple[str, str], Symbol] = {}
    made: dict[Label, Symbol] = {}
    for label in labels:
        if label in made:
            continue
        step(len(made))
        key = label.payload, label.level
        if key not in drawn:
            drawn[key] = symbol(*key)
            if not drawn[key].holds(side_mm):
                raise _unreadable(drawn[key], side_mm, paper)
        made[label] = drawn[key]
    return made


def _pdf(
    labels: Sequence[Label],
    symbols: dict[Label, Symbol],
    paper: Stock,
    arranged: Layout,
    first: int,
    face: Typeface,
    step: Callable[[int], None],
) -> bytes:
    document, places = Pdf(face), list(paper.places())
    box = arranged.symbol
    filled = {id(one): _rectangles(one) for one in symbols.values()}
    words = {label: set_words(label, arranged.words, arranged, face) for label in symbols if arranged.words}
    slots = [None] * first + list(labels)
    for start in range(0, len(slots), paper.per_page):
        step(max(start - first, 0))
        drawing: list[str] = []
        for label, (x, y) in zip(slots[start : start + paper.per_page], places, strict=False):
            if label is None:
                continue
            one = symbols[label]
            unit = one.module_mm(box.width)
            left, top = x + box.x + QUIET_MODULES * unit, y + box.y + QUIET_MODULES * unit
            drawing += [f"q {unit:.5f} 0 0 {unit:.5f} {left:.4f} {top:.4f} cm", filled[id(one)], "Q"]
            for line in words.get(label, ()):
                drawing.append(document.text(line.text, x + line.x, y + line.y, line.em))
        document.page(*paper.page, drawing)
    return document.finish(labels[0].title or labels[0].code)


def _rectangles(one: Symbol) -> str:
    # One path filled once: neighbouring rectangles then show no hairline between them on any screen.
    return " ".join(f"{x} {y} {length} 1 re" for x, y, length in runs(one.modules)) + " f"


def _pictures(
    labels: Sequence[Label],
    symbols: dict[Label, Symbol],
    paper: Stock,
    arranged: Layout,
    face: Typeface,
    out: Path,
    step: Callable[[int], None],
) -> Iterator[tuple[Path, bytes]]:
    for number, label in enumerate(labels, 1):
        step(number - 1)
        path = out if number == 1 else out.with_name(f"{out.stem}-{number}{out.suffix}")
        one = symbols[label]
        lines = set_words(label, arranged.words, arranged, face) if arranged.words else ()
        if out.suffix.lower() == ".svg":
            yield path, svg(label, one, lines, arranged, paper.label).encode()
            continue
        picture = png(one, lines, arranged, paper.label, face)
        if not reads_back(np.asarray(picture), one.text):
            raise _unreadable(one, arranged.symbol.width, paper)
        yield path, png_bytes(picture)


def _put(path: Path, content: bytes) -> None:
    """Write beside the target and move over it: a full disk leaves the old file as it was."""
    beside = None
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".label-", delete=False) as file:
            beside = file.name
            file.write(content)
        # A temporary file is private; labels are for everybody who may open the folder.
        os.chmod(beside, 0o644)
        os.replace(beside, path)
    except OSError as error:
        if beside and os.path.exists(beside):
            os.unlink(beside)
        raise LedgerError(
            "The labels cannot be written.",
            code="label-target",
            found=error.strerror or str(error),
            expected="a folder that exists and may be written to, with space left",
            where=path,
            remedy="Choose another folder with --out, or free some space.",
        ) from error


def _unreadable(one: Symbol, side_mm: float, paper: Stock) -> EventInvalid:
    return _unfit(
        "This code does not read back at this label's size.",
        "label-unreadable",
        "sheet",
        f"{len(one.text)} characters on {paper.name}: modules of {one.module_mm(side_mm):.2f} mm",
        f"modules of at least {SMALLEST_MODULE_MM} mm",
        "Choose a larger label, a shorter code, or a lower error correction level.",
    )


def _refuse_unfit(labels: Sequence[Label], out: Path, first: int, paper: Stock) -> None:
    kind = out.suffix.lower()
    if kind not in FORMATS:
        raise _unfit(
            "Labels cannot be written to this kind of file.",
            "label-format",
            "out",
            kind or out.name,
            "a name ending in .png, .svg or .pdf",
        )
    if not labels:
        raise _unfit("There are no labels to write.", "label-none", "codes", "0", "at least one code")
    if not 0 <= first < paper.per_page:
        raise _unfit(
            "The sheet has no such place.", "label-place", "first", str(first), f"0 to {paper.per_page - 1}"
        )


def _unfit(what: str, code: str, field: str, found: str, expected: str, remedy: str = "") -> EventInvalid:
    return EventInvalid(what, field=field, code=code, found=found, expected=expected, remedy=remedy)
