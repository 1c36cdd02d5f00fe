"""Compute every published score again, the audit's last step: a leaf must say what the ledger then gave.

Rule: a published score names the tree size, the instant and the policy it was computed under. Whoever has the
ledger computes it again from those alone; what differs is a problem at the entry that published it.
"""

from __future__ import annotations

from dataclasses import replace

from ledger.audit_report import AuditProblem, Report, Step
from ledger.events.governance import ScorePublished
from ledger.reader import Reader
from models.ratings import Ratings

NUMBER = 6
CODE = "scores"


def with_published_scores(report: Report, reader: Reader, ratings: Ratings) -> Report:
    """Return the audit's report with one more step: published scores, computed again."""
    if report.cancelled or any(problem.index is not None for problem in report.problems):
        # Entries that do not hold are no ground to compute anything on.
        return replace(report, steps=(*report.steps, Step(NUMBER, CODE, "skipped", 0)))
    checked, problems = 0, list(report.problems)
    for entry in reader.of_types(("ScorePublished",)):
        if isinstance(entry.event, ScorePublished):
            checked += 1
            problem = _differs(entry.index, entry.event, ratings)
            if problem is not None:
                problems.append(problem)
    status = "pass" if len(problems) == len(report.problems) else "fail"
    return replace(
        report, steps=(*report.steps, Step(NUMBER, CODE, status, checked)), problems=tuple(problems)
    )


def _differs(index: int, said: ScorePublished, ratings: Ratings) -> AuditProblem | None:
    policy = ratings.policies.computed_under(said.policy_digest, said.as_of, said.tree_size)
    if policy is None:
        held = ratings.policies.in_force(said.as_of, said.tree_size).policy
        return AuditProblem(
            step=NUMBER,
            index=index,
            code="score-policy-wrong",
            found=said.policy_digest,
            expected=f"{held.digest()} (version {held.version}), in force as of {said.as_of:%Y-%m-%d}",
            remedy="publish it again under the policy in force; whoever published this one answers for it",
        )
    now = ratings.rating_under(policy, said.subject, said.as_of, said.tree_size)
    if (now.score, now.grade) == (said.score, said.grade):
        return None
    return AuditProblem(
        step=NUMBER,
        index=index,
        code="score-wrong",
        found=f"{said.score} ({said.grade})",
        expected=f"{now.score} ({now.grade}) from {said.tree_size} entries as of {said.as_of:%Y-%m-%d}",
        remedy="publish the score again; whoever published this one answers for it",
    )
