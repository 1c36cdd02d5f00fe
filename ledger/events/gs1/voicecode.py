"""The voice pick code of the Produce Traceability Initiative: four digits a person can say.

Rule: CRC-16/ARC over GTIN, lot and date (YYMMDD) as ASCII, modulo 10,000. It helps to find a case and
proves nothing. Source: PTI Voice Pick Code specification; 4 of 4 published rows.
"""

from __future__ import annotations

from datetime import date

_POLYNOMIAL = 0xA001


def voice_code(gtin: str, lot: str, packed: date | None = None) -> str:
    """Return the four digits printed large on a produce label.

    >>> voice_code("10333830000016", "186", date(2023, 7, 11))
    '7557'
    """
    text = gtin + lot + (packed.strftime("%y%m%d") if packed else "")
    return f"{_crc16(text.encode('ascii')) % 10_000:04}"


def _crc16(octets: bytes) -> int:
    remainder = 0
    for octet in octets:
        remainder ^= octet
        for _ in range(8):
            remainder = remainder >> 1 ^ (_POLYNOMIAL if remainder & 1 else 0)
    return remainder
