"""Who may say what: one table of rules over the kinds of event, the roles and the author.

Rule: the first rule that matches decides, and a refusal names it; a kind of event that no rule is about is
refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ledger.events.cases import ACCUSED_STEPS, OFFICE_STEPS
from ledger.events.codec import TYPES

GOVERNANCE = frozenset({"PartyEnrolled", "KeyAdded", "KeyRevoked", "PolicyAdopted", "MasterData"})
REGULATORS = ("administrator", "inspector")
CHAIN = ("administrator", "cooperative", "processor", "carrier", "merchant", "inspector")
_SUPPLY = ("ObjectEvent", "AggregationEvent", "AssociationEvent", "TransactionEvent", "TransformationEvent")
Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may say one kind of event.

    Args:
        name: what a refusal quotes.
        types: the kinds of event.
        roles: one of these is needed; none means every enrolled party.
        when: the rule is only about events with one of these values in this field.
        own: a party named in this field may speak too, whatever its roles.
        not_about_itself: refused when the `subject` is the author.
    """

    name: str
    types: tuple[str, ...]
    roles: tuple[str, ...] = ()
    when: tuple[str, tuple[object, ...]] | None = None
    own: str = ""
    not_about_itself: bool = False


# The first rule that matches decides.
RULES: tuple[Rule, ...] = (
    Rule("administrators-enrol-parties", ("PartyEnrolled",), ("administrator",)),
    Rule(
        "keys-by-their-party-or-an-administrator", ("KeyAdded", "KeyRevoked"), ("administrator",), own="party"
    ),
    Rule("administrators-adopt-policies", ("PolicyAdopted",), ("administrator",)),
    Rule("regulators-publish-and-rule", ("ScorePublished", "Ruling"), REGULATORS),
    Rule("inspectors-inspect", ("Inspection",), ("inspector",), not_about_itself=True),
    Rule("certifiers-certify", ("Certificate",), ("certifier",), not_about_itself=True),
    Rule(
        "regulators-decide-complaints",
        ("Complaint",),
        REGULATORS,
        when=("status", ("accepted", "upheld", "rejected", "resolved")),
        not_about_itself=True,
    ),
    Rule("anyone-complains-of-another", ("Complaint",), not_about_itself=True),
    Rule("anyone-reviews-another", ("Review",), not_about_itself=True),
    Rule("chain-and-regulators-recall", ("Recall",), (*CHAIN,)),
    Rule("regulators-confirm-findings", ("ClaimFinding",), REGULATORS, when=("confirmed", (True,))),
    Rule("anyone-reports-a-claim", ("ClaimFinding",)),
    Rule("chain-parties-move-goods", _SUPPLY, CHAIN),
    Rule("chain-parties-describe", ("MasterData",), (*CHAIN, "certifier"), own="id"),
    Rule("anyone-removes-words", ("Erased",)),
    Rule("chain-parties-promise-and-label", ("ConformityPromise", "LabelsPrinted"), CHAIN),
    Rule("laboratories-and-chain-report", ("LabReport",), ("certifier", *CHAIN)),
    Rule("chain-and-regulators-gate", ("QualityGate",), CHAIN),
    Rule(
        "regulators-work-cases",
        ("CaseStep",),
        REGULATORS,
        when=("step", OFFICE_STEPS),
        not_about_itself=True,
    ),
    Rule("the-accused-replies", ("CaseStep",), ("nobody",), when=("step", ACCUSED_STEPS), own="subject"),
    Rule("anyone-speaks-in-a-case", ("CaseStep",)),
    Rule("regulators-impose-measures", ("Measure",), REGULATORS, not_about_itself=True),
    Rule("anyone-reports-a-scan", ("ScanReceipt",)),
    Rule("chain-parties-tell-origins", ("OriginStory",), CHAIN),
)

_RULES_OF = {kind: tuple(rule for rule in RULES if kind in rule.types) for kind in TYPES}


def rule_names() -> tuple[str, ...]:
    """Return the names that a refusal may quote."""
    return (*(rule.name for rule in RULES), "certificates-within-scope", "genesis-enrols-itself")


def is_plain(kind: str) -> bool:
    """Say whether its author alone decides if this kind of event may be said, and nothing is learnt."""
    rules = _RULES_OF.get(kind, ())
    conditional = any(rule.when or rule.own or rule.not_about_itself for rule in rules)
    return len(rules) == 1 and not conditional and kind not in GOVERNANCE | {"Certificate", "Erased"}


def uncovered(types: Iterable[str] = TYPES) -> tuple[str, ...]:
    """Return the kinds of event that no rule is about; there must be none."""
    covered = {kind for rule in RULES for kind in rule.types}
    return tuple(kind for kind in types if kind not in covered)


def rule_for(kind: str, event: Document) -> Rule:
    """Return the rule that decides about an event."""
    for rule in _RULES_OF.get(kind, ()):
        if rule.when is None or event.get(rule.when[0]) in rule.when[1]:
            return rule
    return Rule("unknown-kinds-are-refused", (kind,), ("nobody",))
