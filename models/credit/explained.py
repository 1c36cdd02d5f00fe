"""Why a grade is what it is where points alone do not say: too little seen, or patience of the ladder.

Rule: each reason is a code with its numbers, worded by the faces. No reason: the points alone decide.
"""

from __future__ import annotations

from datetime import date, timedelta

from models.credit.ladder import Standing
from models.credit.policy import Policy
from models.credit.scorecard import NOT_RATED, Params, Score

Why = tuple[str, Params]


def why_grade(score: Score, held: Standing, policy: Policy, day: date) -> tuple[Why, ...]:
    """Return why the grade is not the one its points would have, and why the held one differs from it.

    Args:
        held: the ladder's step on `day` under the same policy.
    """
    found: list[Why] = []
    if score.grade == NOT_RATED:
        found.append(("grade-needs-evidence", (("visits", _visits(policy.rated_from_milli)),)))
    elif score.points >= policy.grade_from[0] and score.grade != "A":
        found.append(("grade-needs-visits", (("visits", _visits(policy.top_from_milli)),)))
    if NOT_RATED not in (held.grade, score.grade) and held.grade != score.grade:
        until = held.since + timedelta(days=policy.days_per_grade)
        if day < until:
            found.append(("grade-held-until", (("grade", held.grade), ("until", until.isoformat()))))
        else:
            found.append(
                ("grade-held-line", (("grade", held.grade), ("points", str(policy.hysteresis_points))))
            )
    return tuple(found)


def _visits(milli: int) -> str:
    """Return thousandths of a visit as a person writes them: 1, 0.35."""
    return f"{milli / 1000:g}"
