"""Who is who, and whose key may sign what: a fold over governance entries, which an auditor replays.

Parties, keys and roles are what the entries before an index say, so authority is judged by log order and
never by a claimed time. What a role may say is a table in `ledger.authority`; here it is applied.
Entry 0 is the administrator enrolling itself; every later party is enrolled by an administrator.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from hashlib import sha256

import orjson

from ledger import possession
from ledger.authority import GOVERNANCE, Document, Rule, rule_for
from ledger.errors import LedgerError
from ledger.events.values import KeyId, PartyId
from ledger.keys import PublicKey


@dataclass(frozen=True, slots=True)
class Party:
    """An enrolled organisation as the entries so far describe it."""

    party: PartyId
    name: str
    name_en: str | None
    roles: tuple[str, ...]
    category: str | None
    place: str | None
    enrolled: int


@dataclass(frozen=True, slots=True)
class Key:
    """A key and the entries between which it may speak: from `added` on, before `revoked`."""

    key_id: KeyId
    public: PublicKey
    party: PartyId
    added: int
    revoked: int | None = None

    def is_valid_at(self, index: int) -> bool:
        """Say whether an entry at `index` may be signed by this key."""
        return self.added < index and (self.revoked is None or index <= self.revoked)


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy that enough administrators adopted: the entry that completed them, and who they were."""

    version: str
    digest: str
    index: int
    signers: tuple[PartyId, ...]


@dataclass(slots=True)
class Keyring:
    """The state of the fold after `size` entries."""

    size: int = 0
    parties: dict[PartyId, Party] = field(default_factory=dict)
    keys: dict[KeyId, Key] = field(default_factory=dict)
    schemes: dict[PartyId, tuple[str, ...]] = field(default_factory=dict)
    policies: list[Policy] = field(default_factory=list)
    adopting: dict[str, tuple[PartyId, ...]] = field(default_factory=dict)

    @property
    def policy(self) -> Policy | None:
        """Return the policy adopted last."""
        return self.policies[-1] if self.policies else None

    def quorum(self) -> int:
        """Return how many administrators must say the same for it to hold: more than half of them."""
        return len(self.with_role("administrator")) // 2 + 1

    def signer(self, kind: str, event: Document, key_id: str, party: str, index: int) -> PublicKey:
        """Return the public key that must have signed this entry: the keyring's, or at genesis its own.

        Raises:
            LedgerError: `key-unknown`, `key-of-another-party` or `key-revoked`.
        """
        if index or kind != "PartyEnrolled":
            return self.key_for(key_id, party, index)
        public = PublicKey.from_hex(event["publicKey"])
        if public.key_id != key_id:
            raise _refused(
                "key-unknown", "the first entry is signed by another key", key_id, public.key_id, 0
            )
        return public

    def key_for(self, key_id: str, party: str, index: int) -> PublicKey:
        """Return the public key with which this party may sign an entry at `index`.

        Raises:
            LedgerError: `key-unknown`, `key-of-another-party` or `key-revoked`.
        """
        key = self.keys.get(KeyId(key_id))
        if key is None:
            raise _refused("key-unknown", "this key is not enrolled", key_id, "an enrolled key", index)
        if key.party != party:
            raise _refused(
                "key-of-another-party", "this key belongs to another party", party, key.party, index
            )
        if not key.is_valid_at(index):
            expected = f"an entry before {key.revoked}"
            raise _refused("key-revoked", "this key was revoked", f"entry {index}", expected, index)
        return key.public

    def authorise(self, kind: str, event: Document, party: str, index: int) -> None:
        """Refuse what this party's roles do not let it say.

        Raises:
            LedgerError: code `not-authorised`; `found` and `remedy` name the rule.
        """
        rule = rule_for(kind, event)
        known = self.parties.get(PartyId(party))
        if known is None:
            raise _not_authorised(rule, "an unknown party", "an enrolled party", index)
        if rule.own and event.get(rule.own) == party:
            return
        if rule.roles and not any(role in rule.roles for role in known.roles):
            raise _not_authorised(rule, ", ".join(known.roles), " or ".join(rule.roles), index)
        if rule.not_about_itself and event.get("subject") == party:
            raise _not_authorised(
                rule, "an event about its own author", "an event about another party", index
            )
        schemes = self.schemes.get(PartyId(party)) if kind == "Certificate" else None
        if schemes is not None and event.get("scheme") not in schemes:
            found = str(event.get("scheme"))
            raise _not_authorised(
                replace(rule, name="certificates-within-scope"), found, ", ".join(schemes), index
            )

    def admit(self, kind: str, event: Document, party: str, index: int) -> None:
        """Refuse what may not be said here, then learn what it says about parties and keys.

        Raises:
            LedgerError: `not-authorised`, or a `key-` or `party-` code.
        """
        if index == 0:
            _check_genesis(kind, event, party)
        else:
            self.authorise(kind, event, party, index)
        if kind in GOVERNANCE:
            self._learn(kind, event, party, index)
        self.size = index + 1

    def with_role(self, role: str) -> tuple[Party, ...]:
        """Return the parties that have a role, in the order they were enrolled."""
        return tuple(each for each in self.parties.values() if role in each.roles)

    def keys_of(self, party: str) -> tuple[Key, ...]:
        """Return every key the party ever had, in order."""
        return tuple(each for each in self.keys.values() if each.party == party)

    def _learn(self, kind: str, event: Document, party: str, index: int) -> None:
        if kind == "PartyEnrolled":
            self._learn_party(event, index)
        elif kind == "KeyAdded":
            self._learn_added_key(event, index)
        elif kind == "KeyRevoked":
            self._learn_revocation(event, index)
        elif kind == "PolicyAdopted":
            self._learn_policy(event, PartyId(party), index)
        elif "administrator" in self.parties[PartyId(party)].roles:
            self._learn_scope(event)

    def _learn_party(self, event: Document, index: int) -> None:
        party = PartyId(event["party"])
        if party in self.parties:
            found = f"enrolled at entry {self.parties[party].enrolled}"
            raise _refused("party-known", "this party is enrolled already", found, "a new party", index)
        self._learn_key(event["publicKey"], party, index)
        self.parties[party] = Party(
            party,
            event["name"],
            event.get("nameEn"),
            tuple(event["roles"]),
            event.get("category"),
            event.get("place"),
            index,
        )

    def _learn_key(self, public_key: str, party: PartyId, index: int) -> None:
        public = PublicKey.from_hex(public_key)
        key_id = KeyId(public.key_id)
        if key_id in self.keys:
            found = f"key of {self.keys[key_id].party}"
            raise _refused("key-known", "this key is enrolled already", found, "a new key", index)
        self.keys[key_id] = Key(key_id, public, party, index if index else -1)

    def _learn_added_key(self, event: Document, index: int) -> None:
        if event["party"] not in self.parties:
            raise _refused("party-unknown", "this party is not enrolled", event["party"], "a party", index)
        proof, public = event.get("possession"), PublicKey.from_hex(event["publicKey"])
        if not possession.holds(public, event["party"], proof):
            found, expected = "another signature" if proof else "none", "the new key's own signature"
            what = "the new key did not sign its enrolment"
            raise _refused("possession-unproven", what, found, expected, index)
        self._learn_key(event["publicKey"], PartyId(event["party"]), index)

    def _learn_revocation(self, event: Document, index: int) -> None:
        key = self.keys.get(KeyId(event["keyID"]))
        if key is None or key.party != event["party"]:
            found = event["keyID"] if key is None else f"a key of {key.party}"
            raise _refused("key-unknown", "this party has no such key", found, "one of its keys", index)
        if key.revoked is None:
            self.keys[key.key_id] = replace(key, revoked=index)

    def _learn_policy(self, event: Document, party: PartyId, index: int) -> None:
        """A policy holds once more than half of the administrators have said the same, to the byte."""
        digest = said_digest(event)
        said = self.adopting.get(digest, ())
        if party in said:
            return
        self.adopting[digest] = said = (*said, party)
        if len(said) >= self.quorum():
            self.policies.append(Policy(event["version"], digest, index, said))
            self.adopting.pop(digest)

    def _learn_scope(self, event: Document) -> None:
        schemes = event["attributes"].get("certificate_schemes")
        if event["kind"] == "party" and isinstance(schemes, list):
            self.schemes[PartyId(event["id"])] = tuple(str(each) for each in schemes)


def said_digest(event: Document) -> str:
    """Return the name of what a PolicyAdopted says, whenever it is said."""
    return sha256(orjson.dumps({**event, "eventTime": None}, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _check_genesis(kind: str, event: Document, party: str) -> None:
    rule = Rule("genesis-enrols-itself", ("PartyEnrolled",), ("administrator",))
    if kind != "PartyEnrolled" or event["party"] != party or "administrator" not in event["roles"]:
        raise _not_authorised(rule, f"{kind} by {party}", "an administrator enrolling itself", 0)


def _not_authorised(rule: Rule, found: str, expected: str, index: int) -> LedgerError:
    return LedgerError(
        f"this party may not say this (rule {rule.name})",
        code="not-authorised",
        found=found or "no roles",
        expected=expected,
        where=f"entry {index}",
        remedy=f"let a party with the right role record it; rule {rule.name}",
    )


def _refused(code: str, what: str, found: object, expected: object, index: int) -> LedgerError:
    return LedgerError(
        what,
        code=code,
        found=found,
        expected=expected,
        where=f"entry {index}",
        remedy="use an enrolled, valid key; an administrator enrols parties and adds keys",
    )
