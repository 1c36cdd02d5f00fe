"""Who and what takes part in tests: parties, places, goods, and the moment everything happens.

GTINs and GLNs carry GS1's demonstration prefix 952; `AT` is that moment unless told otherwise.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from ledger.events.supply import Quantity

AT = datetime(2026, 3, 1, 2, 30, tzinfo=UTC)
RICE = "09521000000018"
LOT = f"https://id.gs1.org/01/{RICE}/10/L20260301"
LOT_2 = f"https://id.gs1.org/01/{RICE}/10/L20260302"
ITEM = f"https://id.gs1.org/01/{RICE}/21/1001"
CASE = "https://id.gs1.org/00/095210000000000018"
COOPERATIVE = "https://id.gs1.org/417/9521000000100"
MERCHANT = "https://id.gs1.org/417/9521000000209"
CARRIER = "https://id.gs1.org/417/9521000000308"
FIELD = "https://id.gs1.org/414/9521000000407"
SHOP = "https://id.gs1.org/414/9521000000506"
PUBLIC_KEY = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
DIGEST = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def later(**delta: float) -> datetime:
    """Return `AT` plus days, hours, minutes ..."""
    return AT + timedelta(**delta)


def quantity(epc_class: str = LOT, amount: str | None = "1000", uom: str | None = "KGM") -> Quantity:
    return Quantity(epc_class, None if amount is None else Decimal(amount), uom)
