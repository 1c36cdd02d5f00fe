"""Read the codes in a picture, without Qt: one untouched look, then the retries, then the bent ones.

Everything that scans (camera, file, drop, clipboard, screen, the terminal's `scan`) comes through here. The
one rule: what is returned is what error correction accepted, letter by letter; where nothing was read but a
symbol was seen, that is said too ("hold steady") and nothing is guessed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from gui import retries
from gui.appended import Part
from gui.locate import locate
from gui.reading import Decoded, Seen, Sight, centre, grey_of, joined_messages, read, same_place
from gui.retries import Grey
from gui.rubber import Quad
from gui.unbend import unbend
from ledger.errors import EventInvalid

BUDGET_S = 3.0
# What one frame of a stream may cost when a label is bent.
UNBENDING_S = 0.12
# After a first success these many cheap looks still search for neighbours, when all are wanted.
SURVEY = 4
# After this many retries the finder patterns are looked for by ourselves.
CHEAP = 11
# A picture beyond this is a mistake or an attack (Pillow's own guard is twice that).
MOST_PIXELS = 80_000_000


__all__ = ["Decoded", "LiveScanner", "Seen", "Sight", "decode", "decode_file", "joined_messages", "look"]


def decode(
    picture: Image.Image | Grey,
    *,
    every: bool = False,
    budget_s: float = BUDGET_S,
    clock: Callable[[], float] = time.monotonic,
) -> tuple[Decoded, ...]:
    """Return the symbols of a still picture, the most central first; empty where none can be read.

    Args:
        picture: a Pillow image, or grey or RGB pixels (height x width [x 3], 8 bits).
        every: go on after the first success while neighbours may remain.
        budget_s: when to stop trying, in seconds.
    """
    return look(picture, every=every, budget_s=budget_s, clock=clock).decoded


def look(
    picture: Image.Image | Grey,
    *,
    every: bool = False,
    budget_s: float = BUDGET_S,
    clock: Callable[[], float] = time.monotonic,
) -> Sight:
    """Return what a still picture holds: the symbols read, and those only seen."""
    grey = grey_of(picture)
    until = clock() + budget_s
    decoded: dict[tuple[str, int, int], Decoded] = {}
    seen: list[Seen] = []
    for number, sight in enumerate(_looks(grey, seen, decoded, lambda: clock() >= until)):
        for one in sight.decoded:
            decoded.setdefault(_identity(one), one)
        seen += [s for s in sight.seen if not any(same_place(s.position, o.position) for o in seen)]
        seen[:] = [s for s in seen if not any(same_place(s.position, d.position) for d in decoded.values())]
        enough = decoded and (not every or (number >= SURVEY and not seen))
        if enough or clock() >= until:
            break
    found = _by_centre(_without_echoes(decoded.values()), grey)
    return Sight((*joined_messages(found), *found), tuple(seen))


def decode_file(path: Path | str, *, every: bool = True, budget_s: float = BUDGET_S) -> tuple[Decoded, ...]:
    """Return the symbols of a picture file.

    Raises:
        EventInvalid: the file is absent, unreadable, too large or no picture.
    """
    return decode(open_picture(path), every=every, budget_s=budget_s)


def open_picture(path: Path | str) -> Image.Image:
    """Return the picture in a file, turned as its camera held it, or say why there is none."""
    try:
        with Image.open(path) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise _bad_picture(path, "picture-too-large", f"{opened.width} x {opened.height} pixels")
            opened.load()
            return ImageOps.exif_transpose(opened)
    except UnidentifiedImageError as error:
        raise _bad_picture(path, "not-a-picture", "no known picture format") from error
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise _bad_picture(
            path, "picture-unreadable", getattr(error, "strerror", None) or str(error)
        ) from error


class LiveScanner:
    """The same eyes for moving pictures: a plain look each frame, and one retry step while that fails.

    Keeps what a single frame cannot know: which retry comes next, and the parts of a spread message.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._turn = 0
        self._parts: dict[Part, Decoded] = {}

    def look(self, grey: Grey) -> Sight:
        """Return what this frame gave; a frame costs at most two looks or one short unbending."""
        plain = self.glance(grey)
        return plain if plain.decoded else self.again(grey, plain)

    def glance(self, grey: Grey) -> Sight:
        """Look once, plainly."""
        return self._sized(self._remember(read(grey)), grey)

    def again(self, grey: Grey, plain: Sight) -> Sight:
        """Look once more, another way each time, at a frame whose plain look gave nothing."""
        return self._sized(self._again(grey, plain), grey)

    def _again(self, grey: Grey, plain: Sight) -> Sight:
        small, scale = retries.reduced(grey, 1280)
        self._turn += 1
        if plain.seen and self._turn % 2:
            # Bent labels are what a steady hand cannot cure: every other frame goes to them.
            until = self._clock() + UNBENDING_S
            bent = [(plain.seen[0].position, plain.seen[0].version)]
            late = tuple(_unbent(grey, bent, lambda: self._clock() >= until, (0,)))
            return Sight(late, plain.seen)
        steps = (retries.HISTOGRAM, retries.OTHER, *retries.RETRIES[:9])
        again = read(small, steps[(self._turn // 2) % len(steps)], scale)
        return self._remember(Sight(again.decoded, (*plain.seen, *again.seen)))

    def _remember(self, sight: Sight) -> Sight:
        for found in sight.decoded:
            if found.part is not None:
                self._parts[found.part] = found
        # A copy in one step: the other look may be adding a part from its own thread.
        whole = joined_messages(tuple(self._parts.values())) if any(d.part for d in sight.decoded) else ()
        return replace(sight, decoded=(*whole, *sight.decoded))

    def _sized(self, sight: Sight, grey: Grey) -> Sight:
        return replace(sight, size=(grey.shape[1], grey.shape[0]))


def _looks(
    grey: Grey, seen: list[Seen], decoded: Mapping[tuple[str, int, int], Decoded], stop: Callable[[], bool]
) -> Iterator[Sight]:
    """Yield look after look, cheap before dear; `seen` and `decoded` hold what the looks so far gave."""
    yield read(grey)
    yield read(grey, retries.HISTOGRAM)
    small, scale = retries.reduced(grey)
    tried: list[Seen] = []

    def bent(neighbours: tuple[int, ...]) -> Iterator[Sight]:
        for one in [s for s in seen if not any(same_place(s.position, t.position) for t in tried)]:
            tried.append(one)
            yield Sight(tuple(_unbent(grey, [(one.position, one.version)], stop, neighbours)))

    yield from bent((0,))
    yield read(small, retries.OTHER, scale)
    for step in retries.RETRIES[:CHEAP]:
        yield read(small, step, scale)
        yield from bent((0,))
    yield Sight(tuple(_unbent(grey, _places(grey, decoded.values()), stop)))
    tried.clear()
    yield from bent((-1, 1))
    for step in retries.RETRIES[CHEAP:]:
        yield read(small, step, scale)


def _places(grey: Grey, decoded: Iterable[Decoded]) -> list[tuple[Quad, int | None]]:
    """Return where finder patterns stand like a code's, except where one was read already."""
    known = [one.position for one in decoded]
    found = locate(grey)
    return [(p.position, p.version) for p in found if not any(same_place(p.position, k) for k in known)]


def _unbent(
    grey: Grey,
    places: Iterable[tuple[Quad, int | None]],
    stop: Callable[[], bool],
    neighbours: tuple[int, ...] = (0, -1, 1),
) -> Iterator[Decoded]:
    """Give the first code that one of these places holds, if any."""
    for quad, flat in unbend(grey, places, stop, neighbours):
        found = read(flat).decoded
        if found:
            yield replace(found[0], position=quad, attempt="unbent")
            return


def _identity(found: Decoded) -> tuple[str, int, int]:
    x, y = centre(found.position)
    return found.text, int(x // 64), int(y // 64)


def _without_echoes(found: Iterable[Decoded]) -> list[Decoded]:
    kept: list[Decoded] = []
    for one in found:
        if not any(one.text == k.text and same_place(k.position, one.position) for k in kept):
            kept.append(one)
    return kept


def _by_centre(found: list[Decoded], grey: Grey) -> list[Decoded]:
    """Order by distance from the middle: what a person points at lies there."""
    height, width = grey.shape

    def away(one: Decoded) -> float:
        x, y = centre(one.position)
        return float(abs(x - width / 2) / width + abs(y - height / 2) / height)

    return sorted(found, key=away)


def _bad_picture(path: Path | str, code: str, found: str) -> EventInvalid:
    return EventInvalid(
        "The file cannot be read as a picture.",
        field="image",
        code=code,
        found=found,
        expected="a PNG, JPEG, WebP, BMP, GIF or TIFF picture of at most 80 million pixels",
        where=path,
        remedy="Take the photo again, or save it as PNG or JPEG and try that file.",
    )
