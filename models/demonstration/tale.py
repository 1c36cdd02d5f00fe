"""The whole demonstration as one list in the order it was written down, and where to look in it.

Rule: pure. The same instant and the same public keys give the same tale to the byte; nothing in it lies
after that instant, so some goods are always still on the road.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import resources
from ledger.events.governance import MasterData, PartyEnrolled, PolicyAdopted
from ledger.events.values import freeze
from models.demonstration import apple, rice, seafood
from models.demonstration.cases import cases
from models.demonstration.cast import Actor, Cast, read_cast
from models.demonstration.conduct import conduct
from models.demonstration.quality import quality
from models.demonstration.telling import Telling, at, harvest_days, tell, today

FOUNDER = "registry"
DESK = "desk"
POLICY = "policy/default.json"
PublicKey = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Tale:
    """Everything that is told, oldest first; the first telling founds the ledger.

    Args:
        highlights: lots worth a look, by name: `rice` (a clean walk), `recalled`, `cold-chain` (it broke),
            `oversold`, `apple`, and `merchant-...` for parties.
    """

    cast: Cast
    tellings: tuple[Telling, ...]
    highlights: Mapping[str, str]

    @property
    def begins(self) -> datetime:
        """Return when the ledger is founded."""
        return self.tellings[0].record_time


def tale(now: datetime, public_key: PublicKey) -> Tale:
    """Tell the story as of `now`.

    Args:
        public_key: the hexadecimal public key of the party with this key in the cast.
    """
    cast = read_cast()
    goods = [*rice.rice(cast, now), *apple.apple(cast, now), *seafood.seafood(cast, now)]
    said = [*conduct(cast, now, goods)]
    told = [*_joined(cast, now, public_key), *goods, *said, *cases(cast, said), *quality(cast, now)]
    past = [telling for telling in told if telling.record_time <= now]
    # Stable: what was written down in the same minute keeps the order it is told in.
    return Tale(cast, tuple(sorted(past, key=lambda telling: telling.record_time)), _highlights(cast, now))


def _joined(cast: Cast, now: datetime, public_key: PublicKey) -> Iterator[Telling]:
    founder = cast.actors[FOUNDER]
    for number, actor in enumerate(cast.actors.values()):
        moment = at(today(now) - timedelta(days=actor.since_days), "09:00") + timedelta(hours=number // 6)
        yield tell(founder.id, _enrolled(actor, moment, public_key(actor.key)))
        if actor.key == FOUNDER:
            yield tell(founder.id, _policy(moment + timedelta(hours=1)))
        yield from _described(cast, actor, moment + timedelta(hours=2))


def _enrolled(actor: Actor, moment: datetime, public_key: str) -> PartyEnrolled:
    return PartyEnrolled(
        moment,
        actor.id,
        actor.name,
        actor.name_en,
        actor.roles,
        public_key,
        actor.category,
        actor.place,
    )


def _policy(moment: datetime) -> PolicyAdopted:
    document = resources.document(POLICY)
    return PolicyAdopted(moment, str(document["version"]), document, moment)


def _described(cast: Cast, actor: Actor, moment: datetime) -> Iterator[Telling]:
    """A party of the chain describes its own places and products; a consumers' desk owns neither."""
    if actor.key == DESK:
        return
    for place in actor.places:
        attributes = {
            "name": place.name,
            "name_en": place.name_en,
            "latitude": place.latitude,
            "longitude": place.longitude,
            "party": actor.id,
        }
        yield tell(actor.id, MasterData(moment, "location", place.id, freeze(attributes)))
    for product in cast.products.values():
        if product.maker == actor.key:
            attributes = {
                "name": product.name,
                "name_en": product.name_en,
                "gtin": product.gtin,
                "category": product.category,
            }
            yield tell(actor.id, MasterData(moment, "product", product.id, freeze(attributes)))


def _highlights(cast: Cast, now: datetime) -> dict[str, str]:
    clean, recalled = rice.millings(now)[-2], rice.recalled_milling(now)
    broken = seafood.broken_day(now)
    shop = "hetian" if "hetian" in clean.shops else "lvlan"
    packed = harvest_days(now, 10, 6)[1] + timedelta(days=16)
    return {
        "rice": rice.pack_lot(cast, clean, shop),
        "recalled": rice.pack_lot(cast, recalled, "bianmin"),
        "recalled-bulk": cast.products["rice-bulk"].lot(recalled.mark),
        "cold-chain": seafood.shop_lot(cast, broken, 1),
        "oversold": seafood.shop_lot(cast, broken, 3),
        "apple": apple.box_lot(cast, packed, 1),
        "merchant-good": cast.id("hetian"),
        "merchant-bad": cast.id("jinwang"),
        "merchant-new": cast.id("xinya"),
    }
