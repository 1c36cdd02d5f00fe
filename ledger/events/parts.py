"""The parts events are made of: amounts, documents, handovers, conditions, corrections (EPCIS 2.0, 7.3).

Rule: each checks itself, so an event only asks whether its parts are parts.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from ledger.events import checks, vocabulary
from ledger.events.checks import put, refusal
from ledger.events.values import FrozenMap, Json, freeze, tidy_decimal


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount of a class of things (a lot or a product); no unit means pieces, no amount means unknown."""

    epc_class: str
    quantity: Decimal | None = None
    uom: str | None = None

    def __post_init__(self) -> None:
        checks.identifier(self.epc_class, "epc_class")
        if self.quantity is not None:
            put(self, "quantity", tidy_decimal(self.quantity, field="quantity"))
            if self.quantity < 0:
                raise refusal(
                    "a quantity below zero", "quantity", "quantity-negative", str(self.quantity), "0 or more"
                )
        if self.uom is not None:
            vocabulary.unit_of(self.uom)


@dataclass(frozen=True, slots=True)
class BizTransaction:
    """A document the event belongs to: an order, an invoice, a certificate."""

    id: str
    type: str | None = None

    def __post_init__(self) -> None:
        checks.identifier(self.id, "id")
        if self.type is not None:
            word(self.type, vocabulary.BIZ_TRANSACTION_TYPES, "type", "biz-transaction-type")


@dataclass(frozen=True, slots=True)
class Source:
    """Who owned or held the things, or where they were, before."""

    id: str
    type: str

    def __post_init__(self) -> None:
        checks.identifier(self.id, "id")
        word(self.type, vocabulary.SOURCE_DESTINATION_TYPES, "type", "source-type")


@dataclass(frozen=True, slots=True)
class Destination:
    """Who owns or holds the things, or where they are, afterwards."""

    id: str
    type: str

    def __post_init__(self) -> None:
        checks.identifier(self.id, "id")
        word(self.type, vocabulary.SOURCE_DESTINATION_TYPES, "type", "destination-type")


@dataclass(frozen=True, slots=True)
class PersistentDisposition:
    """Conditions that hold from now on (`set`) or no longer (`unset`)."""

    set: tuple[str, ...] = ()
    unset: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("set", "unset"):
            for condition in checks.sequence(getattr(self, name), name):
                word(condition, vocabulary.DISPOSITIONS, name, "disposition-unknown")
            put(self, name, tuple(getattr(self, name)))
        if not self.set and not self.unset:
            raise refusal(
                "neither set nor unset",
                "set",
                "persistent-disposition-empty",
                "nothing",
                "set, unset or both",
            )


@dataclass(frozen=True, slots=True)
class ErrorDeclaration:
    """Says that an earlier event with this id is wrong, why, and which events correct it."""

    declaration_time: datetime
    reason: str | None = None
    corrective_event_ids: tuple[str, ...] = ()
    extensions: Json = None

    def __post_init__(self) -> None:
        put(self, "declaration_time", checks.instant(self.declaration_time, "declaration_time"))
        if self.reason is not None:
            word(self.reason, vocabulary.ERROR_REASONS, "reason", "error-reason")
        put(
            self,
            "corrective_event_ids",
            checks.identifiers(self.corrective_event_ids, "corrective_event_ids"),
        )
        put(self, "extensions", json_object(self.extensions, "extensions"))


def word(value: object, words: Collection[str], field: str, code: str) -> str:
    """Return a word of the vocabulary, or a URI of somebody else's."""
    if isinstance(value, str) and value in words:
        return value
    if isinstance(value, str) and ":" in value:
        return checks.identifier(value, field)
    raise refusal(
        "not a word of the standard and not a URI",
        field,
        code,
        value,
        f"one of {', '.join(sorted(words))}; or your own URI",
    )


def json_object(value: object, field: str) -> Json:
    """Return a frozen JSON object; an empty one is none."""
    if value is None:
        return None
    frozen = freeze(value, field=field)
    if not isinstance(frozen, FrozenMap):
        raise refusal("not a JSON object", field, "not-an-object", value, "an object of names and values")
    return frozen if len(frozen) else None
