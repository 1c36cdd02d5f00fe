"""What others found or said about a party: inspections, certificates, complaints, reviews, recalls, claims.

Rule: no personal word is ever in a hashed byte. Words of people are `Commitment`s: the SHA-256 of a
256-bit random salt and the text; the text itself lies in the vault and can be erased (HOUSE ruling 6).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from ledger.events import checks
from ledger.events.checks import put, refusal
from ledger.events.values import PartyId

INSPECTION_KINDS = ("routine", "complaint", "followup", "sampling")
CERTIFICATE_STATUSES = ("issued", "revoked")
COMPLAINT_STATUSES = ("filed", "accepted", "upheld", "rejected", "resolved", "withdrawn")
COMPLAINT_KINDS = ("safety", "quality", "fraud", "delivery", "service")
RECALL_LEVELS = ("I", "II", "III")
RECALL_STATUSES = ("opened", "closed")


@dataclass(frozen=True, slots=True)
class Commitment:
    """Words kept in the vault: `digest` = hex SHA-256(salt || text), `vault_id` names their place."""

    digest: str
    vault_id: str

    def __post_init__(self) -> None:
        checks.hexadecimal(self.digest, "digest", 32)
        checks.text(self.vault_id, "vault_id", 100)


@dataclass(frozen=True, slots=True)
class Inspection:
    """An inspector's visit: counts of violations by severity, and a short neutral summary in code words."""

    event_time: datetime
    subject: PartyId
    kind: str
    critical: int
    serious: int
    minor: int
    category: str
    lot: str | None = None
    summary: str | None = None
    place: str | None = None

    def __post_init__(self) -> None:
        _about_party(self)
        checks.one_of(self.kind, INSPECTION_KINDS, "kind", "inspection-kind")
        for name in ("critical", "serious", "minor"):
            checks.whole(getattr(self, name), name, 0, 10_000)
        checks.code_word(self.category, "category")
        _optional_ids(self, "lot", "place")
        _optional_text(self, "summary", 200)


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate as its issuer states it: scheme, number, first and last day, and what it covers."""

    event_time: datetime
    subject: PartyId
    scheme: str
    number: str
    valid_from: date
    valid_until: date
    scope: tuple[str, ...] = ()
    status: str = "issued"
    issuer_name: str | None = None

    def __post_init__(self) -> None:
        _about_party(self)
        checks.code_word(self.scheme, "scheme")
        checks.text(self.number, "number", 100)
        first = checks.day(self.valid_from, "valid_from")
        if checks.day(self.valid_until, "valid_until") < first:
            raise refusal(
                "ends before it begins",
                "valid_until",
                "certificate-days",
                str(self.valid_until),
                f"{first} or later",
            )
        put(self, "scope", tuple(checks.text(item, "scope") for item in checks.sequence(self.scope, "scope")))
        checks.one_of(self.status, CERTIFICATE_STATUSES, "status", "certificate-status")
        _optional_text(self, "issuer_name", 200)


@dataclass(frozen=True, slots=True)
class Complaint:
    """One step of a complaint's life; the steps share `complaint_id`, the words lie in the vault.

    So does who complains and how to reach them (`complainant`). Signed by a sold item's key it is proven.
    """

    event_time: datetime
    subject: PartyId
    complaint_id: str
    status: str
    kind: str
    lot: str | None = None
    severity: int = 1
    words: Commitment | None = None
    complainant: Commitment | None = None
    item_key: str | None = None
    item_signature: str | None = None
    item_index: int | None = None
    item_path: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _about_party(self)
        checks.text(self.complaint_id, "complaint_id", 100)
        checks.one_of(self.status, COMPLAINT_STATUSES, "status", "complaint-status")
        checks.one_of(self.kind, COMPLAINT_KINDS, "kind", "complaint-kind")
        checks.whole(self.severity, "severity", 1, 3)
        _optional_ids(self, "lot")
        _optional_words(self)
        _optional_words(self, "complainant")
        _item_proof(self)


@dataclass(frozen=True, slots=True)
class Review:
    """Stars for a seller; signed by a sold item's key it counts fully, without one hardly (CREDIT 5, 6).

    `item_index` and `item_path` prove that the key is under the root its lot was registered with.
    """

    event_time: datetime
    subject: PartyId
    stars: int
    lot: str | None = None
    item: str | None = None
    words: Commitment | None = None
    channel: str = "app"
    rater: str | None = None
    item_key: str | None = None
    item_signature: str | None = None
    item_index: int | None = None
    item_path: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _about_party(self)
        checks.whole(self.stars, "stars", 1, 5)
        _optional_ids(self, "lot", "item")
        _optional_words(self)
        checks.code_word(self.channel, "channel")
        _optional_text(self, "rater", 100)
        _item_proof(self)


@dataclass(frozen=True, slots=True)
class Recall:
    """Lots called back, at one of three levels (I most severe), or that recall closed."""

    event_time: datetime
    lots: tuple[str, ...]
    level: str
    reason: str
    status: str = "opened"

    def __post_init__(self) -> None:
        put(self, "event_time", checks.instant(self.event_time, "event_time"))
        put(self, "lots", checks.identifiers(self.lots, "lots"))
        if not self.lots:
            raise refusal("no lot named", "lots", "recall-empty", "nothing", "at least one lot")
        checks.one_of(self.level, RECALL_LEVELS, "level", "recall-level")
        checks.text(self.reason, "reason", 200)
        checks.one_of(self.status, RECALL_STATUSES, "status", "recall-status")


@dataclass(frozen=True, slots=True)
class ClaimFinding:
    """What a reviewed advertisement claims against a rule; `clip` is the SHA-256 of the kept material."""

    event_time: datetime
    subject: PartyId
    lot: str | None
    rule: str
    statute: str
    verdict: str
    clip: str | None = None
    confirmed: bool = False

    def __post_init__(self) -> None:
        _about_party(self)
        _optional_ids(self, "lot")
        checks.text(self.rule, "rule", 200)
        checks.text(self.statute, "statute", 200)
        checks.code_word(self.verdict, "verdict")
        if self.clip is not None:
            checks.hexadecimal(self.clip, "clip", 32)
        if not isinstance(self.confirmed, bool):
            raise refusal("not yes or no", "confirmed", "not-a-flag", self.confirmed, "true or false")


EvidenceEvent = Inspection | Certificate | Complaint | Review | Recall | ClaimFinding


def _about_party(event: Inspection | Certificate | Complaint | Review | ClaimFinding) -> None:
    put(event, "event_time", checks.instant(event.event_time, "event_time"))
    checks.identifier(event.subject, "subject")


def _optional_ids(event: object, *names: str) -> None:
    for name in names:
        if getattr(event, name) is not None:
            checks.identifier(getattr(event, name), name)


def _optional_text(event: object, name: str, longest: int) -> None:
    if getattr(event, name) is not None:
        checks.text(getattr(event, name), name, longest)


def _item_proof(event: Complaint | Review) -> None:
    if (event.item_key is None) != (event.item_signature is None):
        raise refusal(
            "an item key and its signature come together",
            "item_signature",
            "item-key-alone",
            str(event.item_signature),
            "both, or neither",
        )
    if event.item_key is not None:
        checks.hexadecimal(event.item_key, "item_key", 32)
        checks.hexadecimal(event.item_signature, "item_signature", 64)
    if event.item_index is not None:
        checks.whole(event.item_index, "item_index", 0, 2**40)
    path = checks.sequence(event.item_path, "item_path")
    put(event, "item_path", tuple(checks.hexadecimal(step, "item_path", 32) for step in path))


def _optional_words(event: Complaint | Review, name: str = "words") -> None:
    said = getattr(event, name)
    if said is not None and not isinstance(said, Commitment):
        raise refusal(
            "words must lie in the vault",
            name,
            "words-not-committed",
            type(said).__name__,
            "a Commitment from the vault, never the text itself",
        )
