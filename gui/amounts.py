"""Read an amount that a person typed."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from ledger.errors import EventInvalid


def amount(text: str, *, field: str = "quantity") -> Decimal:
    """Return an amount that a person typed; a comma groups thousands, as in 1,250.5.

    Raises:
        EventInvalid: not a number, or not more than nothing.
    """
    try:
        value = Decimal(text.replace(",", "").replace("，", "").strip())
    except InvalidOperation:
        value = Decimal(0)
    if not value.is_finite() or value <= 0:
        raise EventInvalid(
            "this is not an amount",
            field=field,
            code="amount-unfit",
            found=text,
            expected="a number above 0, such as 412 or 98.6",
            remedy="type the amount in digits",
        )
    return value
