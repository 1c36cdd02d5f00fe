"""Make the evidence of a finding: a PNG of the words as shown, which names its frame, instant and recording.

Rule: the clip is one self-contained file whose SHA-256 is what a ledger event cites; a text chunk inside says
from which recording, which frame (SHA-256 of its pixels) and which instant it was cut, so that anyone who has
the recording can cut it again.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import asdict, dataclass
from hashlib import sha256
from io import BytesIO
from typing import Any

from PIL import Image, PngImagePlugin

from models.claims.media.pictures import Pixels
from models.claims.media.reading import Box

CHUNK = "suxin-clip"
_ROOM = 0.6
_WIDEST = 960


@dataclass(frozen=True, slots=True)
class ClipNote:
    """What a clip says of itself: the recording, the second, the frame's SHA-256, and where in it."""

    source: str
    time: float
    frame: str
    box: Box
    text: str


@dataclass(frozen=True, slots=True)
class Clip:
    """The PNG, its SHA-256, and what it says of itself."""

    png: bytes
    digest: str
    note: ClipNote


def make_clip(pixels: Pixels, box: Box, text: str, source: str, time: float) -> Clip:
    """Cut the words with some room around them out of a frame."""
    left, top, right, bottom = with_room(box, pixels.shape[1], pixels.shape[0])
    image = Image.fromarray(pixels[top:bottom, left:right, ::-1])
    if image.width > _WIDEST:
        image.thumbnail((_WIDEST, _WIDEST))
    note = ClipNote(source, round(time, 3), frame_digest(pixels), box, text)
    info = PngImagePlugin.PngInfo()
    info.add_itxt(CHUNK, json.dumps(asdict(note), ensure_ascii=False, sort_keys=True))
    out = BytesIO()
    image.save(out, "PNG", pnginfo=info)
    png = out.getvalue()
    return Clip(png, sha256(png).hexdigest(), note)


def frame_digest(pixels: Pixels) -> str:
    """Return the SHA-256 of a frame: its height and width, then its pixels."""
    height, width = pixels.shape[:2]
    return sha256(f"{height}x{width}:".encode() + pixels.tobytes()).hexdigest()


def read_note(png: bytes) -> ClipNote | None:
    """Return what a clip says of itself; None for a picture that is no clip."""
    try:
        with Image.open(BytesIO(png)) as image:
            image.load()
            written: dict[str, Any] = json.loads(image.info[CHUNK])
        return ClipNote(**{**written, "box": tuple(written["box"])})
    except (KeyError, TypeError, ValueError, OSError, SyntaxError, zlib.error):
        return None


def with_room(box: Box, width: int, height: int) -> Box:
    """Return the box with room around it, inside the frame and never empty."""
    room = max(8, int(_ROOM * (box[3] - box[1])))
    # More at the sides: the words before and after are part of what was said.
    beside = 3 * room
    left, top = min(max(0, box[0] - beside), width - 1), min(max(0, box[1] - room), height - 1)
    return left, top, max(left + 1, min(width, box[2] + beside)), max(top + 1, min(height, box[3] + room))
