"""Judge what is said in a recording, piece by piece."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from models.claims.media.speech import Said
from models.claims.media.watch import Judge, Sighting


def hear(said: Iterator[Said], judge: Judge) -> list[Sighting]:
    """Return the findings in what is said; the same words said again at once are one finding."""
    found: list[Sighting] = []
    for piece in said:
        for remark in judge(piece.text):
            last = next((each for each in reversed(found) if each.remark.rule == remark.rule), None)
            if last is not None and last.text == remark.words and piece.start - last.end < 1:
                found[found.index(last)] = replace(last, end=piece.end)
                continue
            found.append(Sighting(piece.start, piece.end, remark.words, remark, piece.text, None, None, 1.0))
    return found
