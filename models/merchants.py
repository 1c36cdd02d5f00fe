"""The merchants of a ledger as an office or a shopper sees them: rated, ranked, and planned for a visit.

Rule: every figure is folded when it is asked for, through the views of this one instant. Nothing is kept but
`board`, a copy of the list for filtering and sorting it; `refresh_board` brings it to the present.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from functools import cached_property

from sqlalchemy import Engine

from ledger.progress import Progress, quiet
from models import dossier as dossiers
from models.board import Board
from models.credit import ladder
from models.credit.explained import Why
from models.credit.policy import GRADES, Policy
from models.credit.priority import PlannedVisit
from models.credit.scorecard import Score
from models.dossier import Dossier, MerchantRow, Party
from models.finding import Finding
from models.ranking import Ranked, ranking
from models.ratings import Ratings
from models.shadow import Shadow, recalibrated, shadow
from models.trade import trade_findings
from models.views import reading


class Merchants:
    """Every merchant of one ledger.

    Args:
        ratings: folds a score; views: where the folded rows are.
        party: finds who is meant by a name; words_of: reads what a person wrote, if it is kept here.
    """

    def __init__(
        self,
        ratings: Ratings,
        views: Engine,
        clock: Callable[[], datetime],
        party: Callable[[str], Party],
        words_of: Callable[[str], str | None],
    ) -> None:
        self._ratings = ratings
        self._views = views
        self._clock = clock
        self._party = party
        self._words_of = words_of
        self.board = Board(views)

    @cached_property
    def refresh_board(self) -> Callable[..., bool]:
        """Return what brings the list to the present (`Boardkeeper.refresh`)."""
        from models.boardkeeping import Boardkeeper

        return Boardkeeper(self._ratings, self._views, self._clock).refresh

    def rows(
        self, text: str = "", grade: str | None = None, as_of: datetime | None = None
    ) -> tuple[MerchantRow, ...]:
        """Return every rated party, worst grade first."""
        with reading(self._views) as connection:
            return dossiers.merchants(connection, self._ratings, as_of or self._clock(), text, grade)

    def rating(self, party: str, as_of: datetime | None = None) -> Score:
        """Return a party's score as of an instant (default: now)."""
        return self._ratings.rating(party, as_of or self._clock())

    def history(self, party: str, points: int = 18) -> tuple[tuple[datetime, Score], ...]:
        """Return the score at the end of each of the last `points` months of 30 days, oldest first."""
        return self._ratings.history(party, self._clock(), points)

    def held_grade(self, party: str) -> ladder.Standing:
        """Return the grade a party holds, since when, and the grade its score would give."""
        return self._ratings.standing(party, self._clock())

    def why(self, party: str) -> tuple[Why, ...]:
        """Return why a party's grade is not what its points say, or not the one it holds."""
        return self._ratings.why(party, self._clock())

    @property
    def grade_bands(self) -> tuple[tuple[str, int], ...]:
        """Return each grade with the least points it takes under the policy in force, best first."""
        return tuple(zip(GRADES, self._ratings.policy(self._clock()).grade_from, strict=False))

    def dossier(self, party: str) -> Dossier:
        """Return everything a regulator may see of one party."""
        whole, now = self._party(party), self._clock()
        with reading(self._views) as connection:
            return dossiers.dossier(connection, self._ratings, whole, now, read_words=self._words_of)

    def signs(self, party: str) -> tuple[Finding, ...]:
        """Return the signs of brushing and abnormal trade around a party."""
        with reading(self._views) as connection:
            return trade_findings(connection, party, self._ratings.reviews(self._clock()), self._words_of)

    def ranking(self, category: str | None = None) -> tuple[Ranked, ...]:
        """Return merchants for shoppers: by the lower bound of their quality, never by their sales."""
        return ranking(self.rows(), category)

    def visits(self, budget: int, seed: bytes) -> tuple[PlannedVisit, ...]:
        """Return whom to visit next and why; at least a fifth is drawn by lot from `seed`."""
        return self._ratings.plan(self._rated(), budget, self._clock(), seed)

    def lines(self, parties: Collection[str]) -> tuple[MerchantRow, ...]:
        """Return the lines of these rated parties, without folding everybody's."""
        wanted, now = frozenset(parties), self._clock()
        with reading(self._views) as connection:
            said = dossiers.facts(connection, now)
            known = [party for party in dossiers.rated_parties(connection) if party.id in wanted]
            return tuple(dossiers.merchant_row(party, self._ratings, now, said) for party in known)

    def shadow(
        self,
        policy: Policy,
        as_of: datetime | None = None,
        progress: Progress = quiet,
    ) -> Shadow:
        """Return what every merchant's grade would be under another policy, changing nothing."""
        return shadow(self._ratings, self._rated(), policy, as_of or self._clock(), progress)

    def recalibrated(self, progress: Progress = quiet) -> Policy:
        """Return the policy in force with this month's calibration, fitted to the visits recorded so far."""
        return recalibrated(self._ratings, self._clock(), progress)

    def _rated(self) -> tuple[str, ...]:
        """Return whom there is to rate; their lines are not folded for it."""
        with reading(self._views) as connection:
            return tuple(party.id for party in dossiers.rated_parties(connection))
