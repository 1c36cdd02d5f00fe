"""A photo that was changed after it was signed is said to be changed; the newest story holds."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import builders
import sqlalchemy as sa
from builders import COOPERATIVE, LOT, LOT_2, later
from histories import entries

from ledger.events.codec import Event
from ledger.events.origin import Photo
from models.projector import Projector
from models.provenance.origins import check_photos, origins_of
from models.views import reading


def test_photos_are_compared_and_only_the_newest_story_of_an_author_is_told(
    views_engine: sa.Engine, tmp_path: Path
) -> None:
    names = ("same.jpg", "changed.jpg", "missing.jpg")
    photos = tuple(Photo(name, sha256(name.encode()).hexdigest()) for name in names)
    said: list[tuple[str, Event]] = [
        (COOPERATIVE, builders.object_event()),
        (COOPERATIVE, builders.transformation_event(event_time=later(hours=5))),
        (COOPERATIVE, builders.origin_story(about=LOT, title="old")),
        (COOPERATIVE, builders.origin_story(about=LOT, title="new", photos=photos)),
        (COOPERATIVE, builders.origin_story(about=COOPERATIVE, title="void")),
        (COOPERATIVE, builders.ruling(about=4)),
    ]
    Projector(entries(said), views_engine).rebuild()
    with reading(views_engine) as connection:
        (told,) = origins_of(connection, LOT_2)
    assert (told.title, told.index) == ("new", 3)
    (tmp_path / "same.jpg").write_bytes(b"same.jpg")
    (tmp_path / "changed.jpg").write_bytes(b"changed.jpg, a little")
    found = check_photos(told, tmp_path)
    assert [photo.status for photo in found] == ["same", "changed", "missing"]
