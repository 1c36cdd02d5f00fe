"""Read text as people save it: UTF-8, UTF-16 with its mark, or GB 18030 (older Chinese editors).

Rule: a guess must hold: GB 18030 reads almost any bytes, so what it gives counts only if it is Chinese
writing, without control characters or private signs.
"""

from __future__ import annotations

import codecs
import unicodedata

_MARKS = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"), (codecs.BOM_UTF8, "utf-8-sig"))
_ODD = frozenset(("Cc", "Co", "Cn", "Cs"))
_LAYOUT = "\t\n\r\f\v\x1b"
_MOST_ODD = 0.002


def decode(data: bytes) -> str | None:
    """Return the bytes as text; None where they are no text.

    >>> decode("全网第一".encode("gb18030")), decode(b"\\x89PNG\\r\\n\\x1a\\n\\x00\\x00")
    ('全网第一', None)
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _tried(data, name)
    text = _tried(data, "utf-8")
    if text is not None:
        return text if _written(text) else None
    text = _tried(data, "gb18030")
    return text if text is not None and _written(text) else None


def _tried(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except UnicodeDecodeError:
        return None


def _written(text: str) -> bool:
    odd = sum(letter not in _LAYOUT and unicodedata.category(letter) in _ODD for letter in text[:20_000])
    return odd <= _MOST_ODD * min(len(text), 20_000) and "\x00" not in text[:20_000]
