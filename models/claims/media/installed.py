"""Say which parts of the optional extra `media` are missing, before anything is opened.

Rule: nothing of the extra is imported at the top of a module: text and subtitles work without it.
"""

from __future__ import annotations

from importlib.util import find_spec

from ledger.errors import EventInvalid

PICTURES = ("cv2", "rapidocr", "onnxruntime")
RECORDINGS = (*PICTURES, "av")
SPEECH = ("av", "sherpa_onnx")
INSTALL = 'pip install "suxin[media]"; in a checkout: pip install -e ".[media]"'


def missing(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of the named modules that are not installed."""
    return tuple(name for name in names if find_spec(name) is None)


def require(names: tuple[str, ...], found: str) -> None:
    """Refuse, saying what to install, unless all of the named modules are there.

    Raises:
        EventInvalid: code `media-missing`.
    """
    lacking = missing(names)
    if lacking:
        raise EventInvalid(
            "pictures and recordings cannot be read by this installation",
            field="FILE",
            code="media-missing",
            found=f"{found}; missing: {', '.join(lacking)}",
            expected="the optional extra media; without it: text, .srt, .ass or .vtt",
            remedy=f"install the extra media: {INSTALL}",
        )
