"""What a face may ask about goods beyond one lot's trace: carbon, flow, origin stories.

Rule: it opens one reading transaction, calls the module that knows, and passes the answer on.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, select

from ledger.errors import EventInvalid
from models.provenance import footprint as carbon
from models.provenance import logistics as flows
from models.provenance import lots, origins
from models.provenance.footprint import Factors, Footprint
from models.provenance.logistics import Logistics
from models.provenance.lots import LotRow
from models.provenance.origins import PhotoCheck, Told
from models.tables import steps
from models.views import reading

LOCAL = Path("factors") / "carbon.json"
PHOTOS = "photos"


class Goods:
    """Goods as a whole.

    Args:
        views: the views; their owner closes them.
        clock: the present instant.
        folder: the program's home, for local factors and photos.
    """

    def __init__(self, views: Engine, clock: Callable[[], datetime], folder: Path) -> None:
        self._views, self._clock, self._folder = views, clock, folder

    def in_hand(self, party: str, limit: int = 200, *, recalled: bool = False) -> tuple[LotRow, ...]:
        """Return the lots a party has some of, with what it has left; or those of them that are recalled."""
        with reading(self._views) as connection:
            return lots.in_hand(connection, party, limit, recalled=recalled)

    @property
    def photos(self) -> Path:
        """Return where the photos of origin stories lie, outside the ledger."""
        return self._folder / PHOTOS

    def factors(self) -> Factors:
        """Return the carbon factors in force, with this installation's own rows.

        Raises:
            EventInvalid: code `factors-unreadable`.
        """
        path = self._folder / LOCAL
        if not path.is_file():
            return carbon.factors()
        try:
            return carbon.factors(json.loads(path.read_text(encoding="utf-8")))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise EventInvalid(
                "the local table of carbon factors cannot be read",
                field="factors",
                code="factors-unreadable",
                found=str(error),
                expected='JSON such as {"source": "...", "freight": {"road": {"usual": "0.09"}}}',
                remedy=f"correct or remove {path}",
            ) from error

    def done(self, start: int, stop: int) -> dict[int, tuple[str | None, bool]]:
        """Return the business step of the entries from `start` to before `stop` that tell of goods.

        With each, whether it only declares an earlier one wrong.
        """
        query = select(steps.c.index, steps.c.biz_step, steps.c.in_error)
        with reading(self._views) as connection:
            rows = connection.execute(query.where(steps.c.index >= start, steps.c.index < stop))
            return {index: (biz_step, in_error) for index, biz_step, in_error in rows}

    def footprint(self, code: str) -> Footprint | None:
        """Return what the way of a lot cost in carbon, or None for an unknown lot."""
        table = self.factors()
        with reading(self._views) as connection:
            return carbon.footprint(connection, code, table)

    def logistics(self) -> Logistics:
        """Return nodes, links, stations, alarms and joint trips."""
        with reading(self._views) as connection:
            return flows.logistics(connection, self._clock())

    def origins(self, code: str) -> tuple[Told, ...]:
        """Return the origin stories about a lot and what it came from."""
        with reading(self._views) as connection:
            return origins.origins_of(connection, code)

    def photo_checks(self, told: Told, folder: Path | None = None) -> tuple[PhotoCheck, ...]:
        """Compare the photos at hand with the signed digests."""
        return origins.check_photos(told, folder or self.photos)
