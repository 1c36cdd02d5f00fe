"""The story of where something comes from: signed words, and the digests of the photos shown with them.

Rule: the photos lie outside the ledger; here are only their SHA-256 digests, so that a changed photo is seen
by anybody who has it. The words are public for good: they name places and crafts, never a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ledger.events import checks
from ledger.events.checks import put, refusal

LONGEST_STORY = 2000


@dataclass(frozen=True, slots=True)
class Photo:
    """One photo, film or sound outside the ledger: its file name and hex SHA-256 digest."""

    name: str
    digest: str
    caption: str | None = None

    def __post_init__(self) -> None:
        checks.text(self.name, "name", 200)
        checks.hexadecimal(self.digest, "digest", 32)
        if self.caption is not None:
            checks.text(self.caption, "caption", 200)


@dataclass(frozen=True, slots=True)
class OriginStory:
    """What its author tells about a product, a lot, a place or itself (`about`); the newest one holds."""

    event_time: datetime
    about: str
    title: str
    text: str
    photos: tuple[Photo, ...] = ()

    def __post_init__(self) -> None:
        put(self, "event_time", checks.instant(self.event_time, "event_time"))
        checks.identifier(self.about, "about")
        checks.text(self.title, "title", 200)
        checks.text(self.text, "text", LONGEST_STORY)
        photos = checks.sequence(self.photos, "photos")
        if not all(isinstance(photo, Photo) for photo in photos):
            raise refusal("not a photo", "photos", "photo-unfit", photos, "a name and a digest each")
        names = [photo.name for photo in photos if isinstance(photo, Photo)]
        if len(set(names)) != len(names):
            raise refusal("two photos of one name", "photos", "photo-twice", names, "each name once")
        put(self, "photos", photos)
