"""A credit report as a QR code: the whole signed document, so that a photo of it is checked offline.

Rule: the code is read back before it is handed out, and never larger than a phone reads from paper.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.errors import EventInvalid

LARGEST_VERSION = 22


def picture(document: Mapping[str, Any], suffix: str) -> tuple[bytes, int]:
    """Return the picture's bytes and the version of the symbol.

    Raises:
        EventInvalid: code `credential-too-large`.
    """
    from gui.labels.picture import png_bytes
    from gui.labels.symbol import symbol
    from models.creditreport import as_code

    text = as_code(document)
    made = next(
        (s for s in (symbol(text, level) for level in ("M", "L")) if s.version <= LARGEST_VERSION), None
    )
    if made is None:
        raise EventInvalid(
            "the report does not fit a code that phones read",
            field="--out",
            code="credential-too-large",
            found=f"{len(text)} letters",
            expected=f"a QR code of version {LARGEST_VERSION} at most",
            remedy="write a file instead: --out report.json",
        )
    if suffix == ".png":
        return png_bytes(made.picture(6)), made.version
    return _svg(made), made.version


def _svg(made: Any) -> bytes:
    from gui.labels.picture import runs

    side = made.side
    path = "".join(f"M{x + 4} {y + 4}h{length}v1h-{length}z" for x, y, length in runs(made.modules))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" width="60mm" height="60mm">'
        f'<rect width="{side}" height="{side}" fill="#fff"/><path fill="#000" d="{path}"/></svg>\n'
    ).encode()
