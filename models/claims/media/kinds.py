"""Tell pictures, recordings and sound from text, by the name's ending or else by the first bytes."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from models.claims.texts import decode

Kind = Literal["picture", "recording", "sound", "text"]
PICTURES = (".png", ".jpg", ".jpeg", ".jfif", ".bmp", ".gif", ".webp", ".tif", ".tiff")
RECORDINGS = (
    *(".mp4", ".mkv", ".mov", ".avi", ".flv", ".ts", ".webm"),
    *(".m4v", ".mpg", ".mpeg", ".wmv", ".3gp", ".mts", ".m2ts"),
)
SOUNDS = (".wav", ".mp3", ".m4a", ".aac", ".ogg", ".flac", ".opus", ".amr", ".wma")
HEAD = 4096
_PICTURE_MARKS = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")
_RECORDING_MARKS = (b"\x1aE\xdf\xa3", b"FLV\x01", b"\x00\x00\x01\xba", b"\x00\x00\x01\xb3", b"0&\xb2u")
_SOUND_MARKS = (b"ID3", b"fLaC", b"OggS", b"#!AMR")
_BOXES = (b"ftyp", b"moov", b"mdat", b"styp", b"moof")
_PACKET = 188


def kind_of(name: str, head: bytes = b"") -> Kind:
    """Return what a file is: its ending says so, else its first bytes.

    >>> kind_of("live.MP4"), kind_of("-", b"FLV\\x01"), kind_of("notes.txt"), kind_of("voice.wav")
    ('recording', 'recording', 'text', 'sound')
    """
    suffix = Path(name).suffix.lower()
    if suffix in PICTURES:
        return "picture"
    if suffix in RECORDINGS:
        return "recording"
    if suffix in SOUNDS:
        return "sound"
    return "text" if suffix in (".txt", ".srt", ".ass", ".ssa", ".vtt") else _by_bytes(head)


def _by_bytes(head: bytes) -> Kind:
    riff = head[8:12] if head.startswith(b"RIFF") else b""
    if head.startswith(b"BM") and decode(head) is not None:
        return "text"
    if head.startswith(_PICTURE_MARKS) or riff == b"WEBP":
        return "picture"
    if head.startswith(_SOUND_MARKS) or riff == b"WAVE":
        return "sound"
    packets = len(head) > 2 * _PACKET and head[0] == head[_PACKET] == head[2 * _PACKET] == 0x47
    framed = packets or riff == b"AVI " or head[4:8] in _BOXES
    return "recording" if framed or head.startswith(_RECORDING_MARKS) else "text"
