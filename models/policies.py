"""Which scoring policy held when: the adopted ones by their entries, and the shipped default before any.

Rule: a policy is in force by an event, never by a file (HOUSE ruling 4). It holds from its effective day on,
and only for questions asked after the entry that completed its quorum was written down; so an old score is
always computed again under its own policy. A document out of its bounds never comes into force, and every
fault of it is named at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import RLock
from typing import Protocol

import resources
from ledger.errors import EventInvalid, LedgerError
from ledger.events import codec
from ledger.events.governance import PolicyAdopted
from ledger.events.values import thaw
from ledger.keyring import Keyring, said_digest
from ledger.reader import Entry
from models.credit.policy import Policy, PolicyInvalid

SHIPPED = "policy/default.json"


class PolicySource(Protocol):
    """What is needed of a ledger: its entries of a kind, and who its administrators are."""

    def size(self) -> int:
        """Return the number of entries."""

    def of_types(self, types: Iterable[str], start: int = 0) -> Iterable[Entry]:
        """Give the entries of these kinds from `start` to the end."""

    def keyring(self) -> Keyring:
        """Return the parties, their keys and the adopted policies."""


@dataclass(frozen=True, slots=True)
class Adopted:
    """A policy that held or will hold.

    Args:
        index, recorded: the entry that completed the quorum and when it was written down; -1 and None for
            the shipped default, which holds while nothing has been adopted.
        signers: the administrators who said it, in their order.
    """

    policy: Policy
    effective: datetime | None
    index: int
    recorded: datetime | None
    signers: tuple[str, ...]

    @property
    def source(self) -> str:
        """Say where it comes from: `adopted` or `shipped`."""
        return "shipped" if self.index < 0 else "adopted"

    def held_at(self, as_of: datetime, size: int) -> bool:
        """Say whether a score as of then over that many entries may use it."""
        if self.effective is None or self.recorded is None:
            return True
        return self.index < size and self.recorded <= as_of and self.effective <= as_of


@dataclass(frozen=True, slots=True)
class Proposal:
    """A policy that some administrators said and not yet enough; `problems` are its document's faults."""

    index: int
    event: PolicyAdopted
    signers: tuple[str, ...]
    needed: int
    problems: tuple[str, ...]


@dataclass(slots=True)
class Policies:
    """All policies of one ledger, read once and added to."""

    source: PolicySource
    shipped: Policy = field(default_factory=lambda: checked(resources.document(SHIPPED)))
    _adopted: tuple[Adopted, ...] = ()
    _open: tuple[Proposal, ...] = ()
    _said: list[Entry] = field(default_factory=list)
    _read_to: int = 0
    _lock: RLock = field(default_factory=RLock)

    def in_force(self, as_of: datetime, size: int | None = None) -> Adopted:
        """Return the policy in force for a score as of an instant over the first `size` entries."""
        self._catch_up()
        within = self._read_to if size is None else size
        held = (each for each in self._adopted if each.held_at(as_of, within))
        # The one whose day came last; among equals the one adopted last.
        return max(held, key=lambda each: (each.effective, each.index), default=self._default())

    def all(self) -> tuple[Adopted, ...]:
        """Return every adopted policy in the order of adoption, those not yet effective too."""
        self._catch_up()
        return self._adopted

    def proposals(self) -> tuple[Proposal, ...]:
        """Return what was proposed and waits for signatures, oldest first."""
        self._catch_up()
        return self._open

    def proposal(self, index: int) -> Proposal:
        """Return the open proposal made by the entry at `index`.

        Raises:
            LedgerError: code `policy-not-proposed`.
        """
        for each in self.proposals():
            if each.index == index:
                return each
        raise LedgerError(
            "no policy proposed by this entry waits for signatures",
            code="policy-not-proposed",
            found=f"entry {index}",
            expected=", ".join(str(each.index) for each in self._open) or "no proposal is open",
            remedy="list them: policy show",
        )

    def computed_under(self, digest: str, as_of: datetime, size: int) -> Policy | None:
        """Return the policy a published score names, if it may name it: it held then.

        Where nothing had been adopted yet any known policy will do, since the shipped default of that day
        may have been another one; adopting it later makes it known here.
        """
        held = self.in_force(as_of, size)
        if held.policy.digest() == digest:
            return held.policy
        known = (each.policy for each in self.all() if held.index < 0)
        return next((policy for policy in known if policy.digest() == digest), None)

    def _default(self) -> Adopted:
        return Adopted(self.shipped, None, -1, None, ())

    def _catch_up(self) -> None:
        with self._lock:
            size = self.source.size()
            if size <= self._read_to:
                return
            fresh = list(self.source.of_types(("PolicyAdopted",), self._read_to))
            self._read_to = size
            if fresh:
                self._said += fresh
                self._fold(self.source.keyring())

    def _fold(self, keyring: Keyring) -> None:
        """Match what was said with what the keyring, which an auditor replays too, found adopted."""
        completed = {policy.index: policy for policy in keyring.policies}
        adopted, first = [], dict[str, tuple[int, PolicyAdopted]]()
        for entry in self._said:
            if not isinstance(entry.event, PolicyAdopted):
                continue
            digest = said_digest(codec.document(entry.event))
            first.setdefault(digest, (entry.index, entry.event))
            if entry.index in completed and not faults(entry.event.document):
                adopted.append(
                    Adopted(
                        checked(entry.event.document),
                        entry.event.effective,
                        entry.index,
                        entry.record_time,
                        completed[entry.index].signers,
                    )
                )
        self._adopted = tuple(adopted)
        self._open = tuple(
            Proposal(*first[digest], signers, keyring.quorum(), faults(first[digest][1].document))
            for digest, signers in keyring.adopting.items()
            if digest in first
        )


def checked(document: object) -> Policy:
    """Return the policy a document says.

    Raises:
        EventInvalid: code `policy-invalid`; `found` names every fault at once.
    """
    try:
        return Policy.from_document(thaw(document))  # type: ignore[arg-type]  # whatever it is, the policy judges it
    except PolicyInvalid as error:
        raise EventInvalid(
            "this policy may not come into force",
            field="document",
            code="policy-invalid",
            found="; ".join(error.problems),
            expected="every number within its bounds; docs/policy.md names them",
            remedy="correct all of them, then: policy check FILE",
        ) from error


def faults(document: object) -> tuple[str, ...]:
    """Return every fault of a policy document; none if it may come into force."""
    try:
        Policy.from_document(thaw(document))  # type: ignore[arg-type]  # whatever it is, the policy judges it
    except PolicyInvalid as error:
        return error.problems
    return ()


def proposed(
    document: Mapping[str, object], effective: datetime, now: datetime, migration: object
) -> PolicyAdopted:
    """Return the event that proposes a policy, with the shadow run everybody signs.

    Raises:
        EventInvalid: code `policy-invalid`, or `policy-effective-past`.
    """
    policy = checked(document)
    if effective < now:
        raise EventInvalid(
            "a policy may not hold before it was adopted",
            field="effective",
            code="policy-effective-past",
            found=f"{effective:%Y-%m-%dT%H:%MZ}",
            expected=f"{now:%Y-%m-%dT%H:%MZ} or later",
            remedy="name a later day, such as the first of next month",
        )
    return PolicyAdopted(now, policy.version, policy.document(), effective, migration)  # type: ignore[arg-type]  # frozen there


def seconded(proposal: Proposal, party: str, now: datetime) -> PolicyAdopted:
    """Return the event with which another administrator says the same, to the byte.

    Raises:
        LedgerError: code `policy-signed-already`; EventInvalid: code `policy-invalid`.
    """
    checked(proposal.event.document)
    if party in proposal.signers:
        raise LedgerError(
            "this administrator has signed this policy already",
            code="policy-signed-already",
            found=party,
            expected=f"{proposal.needed} different administrators; signed: {len(proposal.signers)}",
            remedy="let another administrator sign: policy sign ENTRY --as PARTY",
        )
    return replace(proposal.event, event_time=now)
