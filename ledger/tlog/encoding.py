"""Read the two encodings that transparency logs use, in their one canonical spelling only."""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error as Base64Error


def decode_base64(text: str) -> bytes:
    """Return the bytes of standard base64, refusing every spelling but the one that encoding writes.

    Raises:
        ValueError: the text is not canonical base64.
    """
    try:
        data = b64decode(text, validate=True)
    except (Base64Error, ValueError) as error:
        raise ValueError("not base64") from error
    if b64encode(data).decode() != text:
        raise ValueError("base64 with slack bits")
    return data


def parse_decimal(text: str, below: int = 1 << 63) -> int:
    """Return a non-negative integer written in ASCII digits without leading zeros.

    Raises:
        ValueError: anything else, or a number that is not `below` the limit.
    """
    if not text.isascii() or not text.isdigit() or len(text) > 20 or str(int(text)) != text:
        raise ValueError("not a plain decimal number")
    if int(text) >= below:
        raise ValueError("number too large")
    return int(text)
