"""Who may say what, under which policy, and what was decided: the ledger governs itself by events.

Rule: policy and roles are in force because an event says so, never because a file does (HOUSE ruling 4).
Keys are raw 32-byte Ed25519 public keys in hexadecimal; whether a key is acceptable is `ledger.keys`' affair.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ledger.events import checks
from ledger.events.checks import put, refusal
from ledger.events.values import FrozenMap, Json, KeyId, PartyId, freeze

ROLES = (
    "administrator",
    "cooperative",
    "processor",
    "carrier",
    "merchant",
    "inspector",
    "certifier",
    "consumer",
    "witness",
)
GRADES = ("A", "B", "C", "D", "NR")
DECISIONS = ("void", "uphold", "suspend", "repair")
MASTER_DATA_KINDS = ("product", "location", "party")


@dataclass(frozen=True, slots=True)
class PartyEnrolled:
    """A registered organisation, its roles and its first key."""

    event_time: datetime
    party: PartyId
    name: str
    name_en: str | None
    roles: tuple[str, ...]
    public_key: str
    category: str | None = None
    place: str | None = None

    def __post_init__(self) -> None:
        _at(self)
        checks.identifier(self.party, "party")
        checks.text(self.name, "name", 200)
        if self.name_en is not None:
            checks.text(self.name_en, "name_en", 200)
        put(
            self,
            "roles",
            tuple(
                checks.one_of(role, ROLES, "roles", "role-unknown")
                for role in checks.sequence(self.roles, "roles")
            ),
        )
        if not self.roles or len(set(self.roles)) != len(self.roles):
            raise refusal(
                "roles are missing or named twice", "roles", "roles-unfit", self.roles, "one role or more"
            )
        checks.hexadecimal(self.public_key, "public_key", 32)
        if self.category is not None:
            checks.code_word(self.category, "category")
        if self.place is not None:
            checks.identifier(self.place, "place")


@dataclass(frozen=True, slots=True)
class KeyAdded:
    """Another key that may speak for a party; `possession` is its own signature (ledger.possession)."""

    event_time: datetime
    party: PartyId
    public_key: str
    possession: str | None = None

    def __post_init__(self) -> None:
        _at(self)
        checks.identifier(self.party, "party")
        checks.hexadecimal(self.public_key, "public_key", 32)
        if self.possession is not None:
            checks.hexadecimal(self.possession, "possession", 64)


@dataclass(frozen=True, slots=True)
class KeyRevoked:
    """A key that may not speak any more, from this entry on."""

    event_time: datetime
    party: PartyId
    key_id: KeyId
    reason: str

    def __post_init__(self) -> None:
        _at(self)
        checks.identifier(self.party, "party")
        checks.hexadecimal(self.key_id, "key_id", 8)
        checks.text(self.reason, "reason", 200)


@dataclass(frozen=True, slots=True)
class PolicyAdopted:
    """A scoring policy, whole, the instant from which it holds, and the shadow run made before it."""

    event_time: datetime
    version: str
    document: Json
    effective: datetime
    shadow: Json | None = None

    def __post_init__(self) -> None:
        _at(self)
        checks.text(self.version, "version", 100)
        put(self, "document", _object(self.document, "document"))
        put(self, "effective", checks.instant(self.effective, "effective"))
        if self.shadow is not None:
            put(self, "shadow", _object(self.shadow, "shadow"))


@dataclass(frozen=True, slots=True)
class ScorePublished:
    """A score with everything needed to compute it again."""

    event_time: datetime
    subject: PartyId
    score: int | None
    grade: str
    tree_size: int
    policy_digest: str
    as_of: datetime
    contributions: Json

    def __post_init__(self) -> None:
        _at(self)
        checks.identifier(self.subject, "subject")
        if self.score is not None:
            checks.whole(self.score, "score", -100_000, 100_000)
        checks.one_of(self.grade, GRADES, "grade", "grade-unknown")
        checks.whole(self.tree_size, "tree_size", 0, 2**53 - 1)
        checks.hexadecimal(self.policy_digest, "policy_digest", 32)
        put(self, "as_of", checks.instant(self.as_of, "as_of"))
        put(self, "contributions", freeze(self.contributions, field="contributions"))


@dataclass(frozen=True, slots=True)
class Ruling:
    """A decision about an earlier entry; a void entry counts as never said."""

    event_time: datetime
    about: int
    decision: str
    reason: str

    def __post_init__(self) -> None:
        _at(self)
        checks.whole(self.about, "about", 0, 2**53 - 1)
        checks.one_of(self.decision, DECISIONS, "decision", "decision-unknown")
        checks.text(self.reason, "reason", 200)


@dataclass(frozen=True, slots=True)
class Erased:
    """Words removed from the vault on request; the commitment stays and proves nothing about them."""

    event_time: datetime
    vault_id: str

    def __post_init__(self) -> None:
        _at(self)
        checks.text(self.vault_id, "vault_id", 100)


@dataclass(frozen=True, slots=True)
class MasterData:
    """What is known of a product, a place or an organisation under its id."""

    event_time: datetime
    kind: str
    id: str
    attributes: Json

    def __post_init__(self) -> None:
        _at(self)
        checks.one_of(self.kind, MASTER_DATA_KINDS, "kind", "master-data-kind")
        checks.identifier(self.id, "id")
        put(self, "attributes", _object(self.attributes, "attributes"))


GovernanceEvent = (
    PartyEnrolled | KeyAdded | KeyRevoked | PolicyAdopted | ScorePublished | Ruling | Erased | MasterData
)


def _at(event: GovernanceEvent) -> None:
    put(event, "event_time", checks.instant(event.event_time, "event_time"))


def _object(value: object, field: str) -> FrozenMap:
    frozen = freeze(value, field=field)
    if isinstance(frozen, FrozenMap):
        return frozen
    raise refusal("not a JSON object", field, "not-an-object", value, "an object of names and values")
