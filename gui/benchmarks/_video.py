"""How fast a 720p recording is watched, beside rapidocr's own settings on the same frames.

The recordings are drawn here: a caption every two seconds over a still background, and over one that moves.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from gui.labels.typeface import typeface
from models.claims.lexicon import Lexicon
from models.claims.media.installed import RECORDINGS, missing
from models.claims.screen import screen

SECONDS, FPS = 20, 10
_PEER_FRAMES = 3
_SAID = (
    "欢迎来到直播间",
    "今年的新米又香又糯",
    "吃了能治疗高血压",
    "十六点前下单当天发货",
    "全网销量第一",
)


def video_rows(say: Callable[[str], None], lexicon: Lexicon, seconds: int = SECONDS) -> list[dict[str, Any]]:
    """Return times real time for a calm and a moving recording; nothing without the extra `media`."""
    lacking = missing(RECORDINGS)
    if lacking:
        say(f"no recording is watched: the extra media is not installed ({', '.join(lacking)})")
        return []
    from models.claims.media.watch import make_readers

    readers = make_readers()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for name, moving in (("calm", False), ("moving", True)):
            path = _written(Path(folder) / f"{name}.mp4", seconds, moving)
            ours = _watched(path, lexicon, readers)
            peer = _by_default(path)
            rows.append(
                {
                    "what": f"720p {name}, one frame a second, x real time (peer: rapidocr as it comes)",
                    "ours": round(seconds / ours, 1),
                    "peer": round(1 / peer, 2),
                    "ratio": seconds / ours * peer,
                }
            )
    return rows


def _watched(path: Path, lexicon: Lexicon, readers: list[Any]) -> float:
    from models.claims.media.frames import Recording
    from models.claims.media.watch import Watcher, watch_recording

    recording = Recording(str(path), path.name).open()
    start = time.perf_counter()
    try:
        watcher = Watcher(lambda text: screen(text, lexicon, "food"), path.name)
        watch_recording(recording, watcher, readers)
    finally:
        recording.close()
    return time.perf_counter() - start


def _by_default(path: Path) -> float:
    """Return the seconds that rapidocr with its own settings takes for one frame."""
    from rapidocr import RapidOCR

    from models.claims.media.frames import frame_at

    engine = RapidOCR(params={"Global.log_level": "critical"})
    frames = [frame_at(str(path), 1.0 + 2 * number) for number in range(_PEER_FRAMES + 1)]
    shown = [frame for frame in frames if frame is not None]
    engine(shown[0])
    start = time.perf_counter()
    for frame in shown[1:]:
        engine(frame)
    return (time.perf_counter() - start) / max(1, len(shown) - 1)


def _written(path: Path, seconds: int, moving: bool) -> Path:
    import cv2

    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), FPS, (1280, 720))
    small = np.random.default_rng(1).integers(60, 190, (7, 12, 3), dtype=np.uint8)
    paper = np.asarray(Image.fromarray(small).resize((1280, 720), Image.Resampling.BICUBIC))
    for number in range(seconds * FPS):
        image = Image.fromarray(np.roll(paper, 9 * number, axis=1) if moving else paper)
        pen = ImageDraw.Draw(image)
        text = _SAID[number // FPS // 2 % len(_SAID)]
        for place, words, size in (((60, 40), "演示直播间", 32), ((300, 600), text, 52)):
            pen.text(place, words, "white", typeface().at(size), stroke_width=3, stroke_fill="black")
        writer.write(np.ascontiguousarray(np.asarray(image)[:, :, ::-1]))
    writer.release()
    return path
