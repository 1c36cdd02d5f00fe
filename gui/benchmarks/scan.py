"""`bench scan`: how many codes are read and how fast, beside the plain decoder, zbar and OpenCV.

Two sets. Photos are pictures with the exact text in a `.txt` of the same name (zxing-cpp's black-box set is
laid out like this), below `shared/data/qr` beside the checkout or in `SUXIN_SHARED`; each is shown in four
turns and the folder it lies in is its kind. Spoilt labels are our own, made worse on purpose (`spoilt`).
The macro average gives every kind the same weight, however many pictures it has.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

from gui.benchmarks._rows import Row, row, seconds_of
from gui.benchmarks._spoilt import KINDS, spoilt
from gui.reading import grey_of, read
from gui.retries import PLAIN, Grey
from gui.scanner import LiveScanner, decode, open_picture

Texts = set[str]
TURNS = (0, 90, 180, 270)
FRAMES = 60
# Pictures of each kind of spoilt label, and how many of the weakest kinds are named.
PER_KIND = 6
WEAKEST = 6
LINK = "https://id.gs1.org/01/09521234543213/10/QL-260412/21/{:06d}"


class Case(NamedTuple):
    """A picture, every text that is in it, and what kind of picture it is."""

    grey: Grey
    texts: tuple[str, ...]
    kind: str


class Outcome(NamedTuple):
    """What one reader made of a set: symbols read and there by kind, texts that are not there, times."""

    read: dict[str, tuple[int, int]]
    wrong: int
    times: list[float]

    @property
    def share(self) -> float:
        """Return the share of all symbols that was read, in percent."""
        right, there = (sum(pair[i] for pair in self.read.values()) for i in (0, 1))
        return 100 * right / there

    @property
    def macro(self) -> float:
        """Return the mean of the kinds' shares, in percent."""
        return 100 * sum(right / there for right, there in self.read.values()) / len(self.read)

    def time(self, part: float) -> float:
        """Return the milliseconds that this part of the pictures did not exceed."""
        return 1000 * sorted(self.times)[max(0, round(part * len(self.times)) - 1)]


def rows(
    say: Callable[[str], object] = lambda _: None, photos: Path | None = None, each: int = PER_KIND
) -> list[Row]:
    """Return the table: what, ours, peer (named), ratio; a peer that is not installed has no row."""
    made = [frame_row()]
    folder = photos or _shared_photos()
    if folder.is_dir():
        made += set_rows("photos in four turns", list(pictures(folder)), 93.0, say)
    else:
        say(f"no photos in {folder}")
    if each:
        cases = [Case(*one, kind) for kind in KINDS for one in spoilt(kind, each)]
        made += set_rows("spoilt labels", cases, None, say)
    return made


def _shared_photos() -> Path:
    beside = Path(__file__).resolve().parents[3] / "shared"
    return Path(os.environ.get("SUXIN_SHARED", beside)) / "data" / "qr"


def frame_row() -> Row:
    """Measure one 720p frame with a label in it, from luma plane to text."""
    from gui.labels.symbol import symbol

    frame = np.full((720, 1280), 150, np.uint8)
    drawn = np.asarray(symbol(LINK.format(1)).picture(7))
    frame[200 : 200 + len(drawn), 500 : 500 + len(drawn)] = drawn
    live = LiveScanner()
    assert live.look(frame).decoded
    ms = seconds_of(lambda: [live.look(frame) for _ in range(FRAMES)]) / FRAMES * 1000
    plain = seconds_of(lambda: [_plain(frame) for _ in range(FRAMES)]) / FRAMES * 1000
    return row("one 720p frame to text (ms)", ms, "plain zxing-cpp", plain, 2)


def set_rows(
    name: str, cases: list[Case], bar: float | None, say: Callable[[str], object] = lambda _: None
) -> list[Row]:
    """Measure the symbols of a set read to the letter, ours and each peer's; the weakest kinds by name."""
    outcomes: dict[str, Outcome] = {}
    for reader_name, reader in (("ours", _ours), *peers()):
        say(f"{len(cases)} {name}: {reader_name}")
        outcomes[reader_name] = outcome(cases, reader, all_told=bar is None)
    ours = outcomes.pop("ours")
    made = [row(f"{name}: wrong reads", ours.wrong, "bar", 0, 0)]
    if bar is not None:
        made.append(row(f"{name}: read (%)", ours.share, "bar", bar, 2))
    made.append(row(f"{name}: macro average of {len(ours.read)} kinds (%)", ours.macro, "bar", 82.0, 2))
    made.append(row(f"{name}: a picture, p95 (ms)", ours.time(0.95), "bar", 3000.0, 2))
    for peer, theirs in outcomes.items():
        noted = f"{peer} wrong: {theirs.wrong}"
        made.append(row(f"{name}: read (%; {noted})", ours.share, peer, theirs.share, 2))
        made.append(row(f"{name}: macro average (%)", ours.macro, peer, theirs.macro, 2))
        made.append(row(f"{name}: a picture, median (ms)", ours.time(0.5), peer, theirs.time(0.5), 2))
    plain = outcomes["plain zxing-cpp"]
    shares = {kind: 100 * right / there for kind, (right, there) in ours.read.items()}
    for kind in sorted(shares, key=lambda one: (shares[one], one))[:WEAKEST]:
        right, there = plain.read[kind]
        made.append(
            row(f"{name}: {kind} (%)", shares[kind], "plain zxing-cpp", 100 * right / there, 1),
        )
    return made


def outcome(cases: list[Case], reader: Callable[[Grey], Texts], all_told: bool = True) -> Outcome:
    """Let one reader look at every picture.

    Args:
        all_told: whether the texts are all there is; a photo may hold a second code beside the one told.
    """
    read: dict[str, tuple[int, int]] = {}
    wrong, times = 0, []
    for grey, texts, kind in cases:
        begun = time.perf_counter()
        found = reader(grey)
        times.append(time.perf_counter() - begun)
        right, there = read.get(kind, (0, 0))
        read[kind] = right + len(found & set(texts)), there + len(texts)
        strange = found - set(texts)
        wrong += len(strange) if all_told else bool(strange) and strange == found
    return Outcome(read, wrong, times)


def pictures(folder: Path) -> Iterable[Case]:
    """Give every photo that has its text beside it, in four turns."""
    for photo in sorted(folder.rglob("*")):
        beside = photo.with_suffix(".txt")
        if photo.suffix.lower() in (".png", ".jpg", ".jpeg", ".webp") and beside.is_file():
            text = beside.read_bytes().decode("utf-8")
            picture = open_picture(photo).convert("L")
            for turn in TURNS:
                yield Case(np.asarray(picture.rotate(turn, expand=True)), (text,), photo.parent.name)


def peers() -> list[tuple[str, Callable[[Grey], Texts]]]:
    """Return the readers installed here, by name."""
    found: list[tuple[str, Callable[[Grey], Texts]]] = [("plain zxing-cpp", _plain)]
    if importlib.util.find_spec("cv2"):
        found.append(("OpenCV", _opencv()))
    if importlib.util.find_spec("pyzbar"):
        # The Python half may be installed where the library is not.
        with suppress(ImportError, OSError):
            found.append(("zbar", _zbar()))
    return found


def _ours(grey: Grey) -> Texts:
    return {one.text for one in decode(grey, every=True)}


def _plain(grey: Grey) -> Texts:
    return {one.text for one in read(grey_of(grey), PLAIN).decoded}


def _opencv() -> Callable[[Grey], Texts]:
    import cv2

    detector = cv2.QRCodeDetector()

    def reader(grey: Grey) -> Texts:
        try:
            ok, texts, _, _ = detector.detectAndDecodeMulti(grey)
        except (cv2.error, UnicodeDecodeError):
            return set()
        return {text for text in texts if text} if ok else set()

    return reader


def _zbar() -> Callable[[Grey], Texts]:
    # Named at run time only: a peer to be measured, never a package this program depends on.
    pyzbar = importlib.import_module("pyzbar.pyzbar")

    def reader(grey: Grey) -> Texts:
        found = pyzbar.decode(Image.fromarray(grey), symbols=[pyzbar.ZBarSymbol.QRCODE])
        return {one.data.decode("utf-8", "replace") for one in found}

    return reader
