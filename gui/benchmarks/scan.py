"""`bench scan`: how many photos are read and how fast, beside the plain decoder, zbar and OpenCV.

Photos are pictures with the exact text in a `.txt` of the same name (zxing-cpp's black-box set is laid out
like this), below `shared/data/qr` beside the checkout or in `SUXIN_SHARED`; each is shown in four turns.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from gui.reading import grey_of, read
from gui.retries import PLAIN, Grey
from gui.scanner import LiveScanner, decode, open_picture

Row = dict[str, Any]
Texts = set[str]
TURNS = (0, 90, 180, 270)
FRAMES = 60
LINK = "https://id.gs1.org/01/09521234543213/10/QL-260412/21/{:06d}"


def rows(say: Callable[[str], object] = lambda _: None, photos: Path | None = None) -> list[Row]:
    """Return the table: what, ours, peer (named), ratio; a peer that is not installed has no row."""
    made = [frame_row()]
    folder = photos or _shared_photos()
    if folder.is_dir():
        made += photo_rows(list(pictures(folder)), say)
    else:
        say(f"no photos in {folder}")
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
    ms = _seconds(lambda: [live.look(frame) for _ in range(FRAMES)]) / FRAMES * 1000
    plain = _seconds(lambda: [_plain(frame) for _ in range(FRAMES)]) / FRAMES * 1000
    return _row("one 720p frame to text (ms)", ms, "plain zxing-cpp", plain, 2)


def photo_rows(cases: list[tuple[Grey, str]], say: Callable[[str], object] = lambda _: None) -> list[Row]:
    """Measure the share of photos read to the letter, ours and each peer's."""
    shares: dict[str, tuple[float, int, float]] = {}
    for name, reader in (("ours", _ours), *peers()):
        say(f"{len(cases)} photos: {name}")
        right = wrong = 0
        begun = time.perf_counter()
        for grey, text in cases:
            found = reader(grey)
            right += text in found
            wrong += bool(found) and text not in found
        seconds = time.perf_counter() - begun
        shares[name] = (100 * right / len(cases), wrong, 1000 * seconds / len(cases))
    ours = shares.pop("ours")
    made = [
        _row("wrong reads", ours[1], "bar", 0, 0),
        _row("photos read, four turns (%)", ours[0], "bar", 93.0, 2),
    ]
    for name, (share, wrong, ms) in shares.items():
        made.append(_row(f"photos read, four turns (%; {name} wrong: {wrong})", ours[0], name, share, 2))
        made.append(_row("a photo, mean (ms)", ours[2], name, ms, 2))
    return made


def pictures(folder: Path) -> Iterable[tuple[Grey, str]]:
    """Give every photo that has its text beside it, in four turns."""
    for photo in sorted(folder.rglob("*")):
        beside = photo.with_suffix(".txt")
        if photo.suffix.lower() in (".png", ".jpg", ".jpeg", ".webp") and beside.is_file():
            text = beside.read_bytes().decode("utf-8")
            picture = open_picture(photo).convert("L")
            for turn in TURNS:
                yield np.asarray(picture.rotate(turn, expand=True)), text


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
    return {one.text for one in decode(grey)}


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


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _row(what: str, ours: float, peer: str, theirs: float, places: int) -> Row:
    return {
        "what": what,
        "ours": round(ours, places),
        "peer": f"{peer}: {round(theirs, places)}",
        "ratio": round(ours / theirs, 3) if theirs else None,
    }
