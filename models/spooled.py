"""Keep the rows of a file that is being looked at: on the disk, with a few bytes of each in memory.

Rule: what is kept here is gone when it is no longer looked at; it is a nameless file that nobody else opens.
"""

from __future__ import annotations

import json
import tempfile
import weakref
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from threading import Lock

from ledger.errors import EventInvalid

GOOD, KNOWN, REFUSED, LEFT_OUT = range(4)
STATES = ("good", "known", "refused", "left-out")
"""What would become of a row: recorded, nothing new, refused; or emptied by the person who corrects it."""


@dataclass(frozen=True, slots=True)
class SpooledRow:
    """One row as it stood in the file, and what became of it.

    Args:
        number: which row of the table or event of the document; 0 for a description in a document's header.
    """

    number: int
    where: str
    cells: tuple[str, ...]
    state: int
    problem: EventInvalid | None = None


class Spool:
    """The rows of one file, to be read by their place in any order and from any thread."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  lives as long as this object
        # Nobody need remember to close what was only looked at.
        weakref.finalize(self, self._file.close)
        self._lock = Lock()
        self._places = array("Q", [0])
        self._numbers = array("Q")
        self.states = bytearray()

    def __len__(self) -> int:
        return len(self.states)

    def close(self) -> None:
        """Give the disk its room back."""
        self._file.close()

    def add(self, rows: Iterable[SpooledRow]) -> None:
        """Keep rows behind those that are here."""
        with self._lock:
            self._file.seek(self._places[-1])
            for row in rows:
                line = _written(row)
                self._file.write(line)
                self._places.append(self._places[-1] + len(line))
                self._numbers.append(row.number)
                self.states.append(row.state)

    def rows(self, places: Sequence[int]) -> list[SpooledRow]:
        """Return the rows at these places."""
        with self._lock:
            lines = [self._line(place) for place in places]
        return [_read(line, self.states[place]) for line, place in zip(lines, places, strict=True)]

    def place_of(self, number: int) -> int:
        """Return the place of a table's row by its number.

        Raises:
            KeyError: no such row was read.
        """
        place = bisect_left(self._numbers, number)
        if place == len(self._numbers) or self._numbers[place] != number:
            raise KeyError(number)
        return place

    def described(self, state: int) -> int:
        """Return how many descriptions of a document's header are in one state."""
        # They come first, and their number is 0.
        return self.states.count(state, 0, bisect_left(self._numbers, 1))

    def _line(self, place: int) -> bytes:
        self._file.seek(self._places[place])
        return self._file.read(self._places[place + 1] - self._places[place])


def _written(row: SpooledRow) -> bytes:
    problem = None if row.problem is None else dict(row.problem.as_document())
    return json.dumps([row.number, row.where, row.cells, problem], ensure_ascii=False).encode(
        "utf-8", "surrogatepass"
    )


def _read(line: bytes, state: int) -> SpooledRow:
    number, where, cells, problem = json.loads(line.decode("utf-8", "surrogatepass"))
    return SpooledRow(
        number,
        where,
        tuple(cells),
        state,
        None if problem is None else EventInvalid(problem.pop("what"), **problem),
    )
