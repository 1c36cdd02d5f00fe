"""Every kind of event has a rule, the rule is kept, and a refusal names it."""

from __future__ import annotations

from typing import Any

import pytest
from ledger_world import (
    ADMINISTRATOR,
    CARRIER,
    CERTIFIER,
    CONSUMER,
    COOPERATIVE,
    INSPECTOR,
    MERCHANT,
    ROLES,
    enrolled,
    pair_of,
)

from ledger.authority import RULES, rule_names, uncovered
from ledger.errors import LedgerError
from ledger.events import codec
from ledger.events.codec import TYPES
from ledger.keyring import Keyring, Policy
from ledger.keys import KeyPair
from ledger.possession import prove

LOW_ORDER_KEY = "01" + "00" * 31


@pytest.fixture
def keyring() -> Keyring:
    keyring = Keyring()
    parties = {ADMINISTRATOR: "administrator", **ROLES}
    for index, (party, role) in enumerate(parties.items()):
        document = codec.document(enrolled(party, role))
        keyring.admit("PartyEnrolled", document, ADMINISTRATOR, index)
    return keyring


def refused(keyring: Keyring, type_name: str, by: str, /, **event: object) -> LedgerError:
    with pytest.raises(LedgerError) as problem:
        keyring.admit(type_name, event, by, keyring.size)
    return problem.value


def test_every_kind_of_event_has_a_rule() -> None:
    assert uncovered() == ()
    assert len(set(rule_names())) == len(RULES) + 2
    assert {kind for rule in RULES for kind in rule.types} <= set(TYPES)


ALLOWED: list[tuple[str, str, dict[str, Any]]] = [
    ("CaseStep", INSPECTOR, {"subject": MERCHANT, "step": "notified"}),
    ("CaseStep", MERCHANT, {"subject": MERCHANT, "step": "replied"}),
    ("CaseStep", MERCHANT, {"subject": MERCHANT, "step": "appealed"}),
    ("CaseStep", CONSUMER, {"subject": MERCHANT, "step": "evidence"}),
    ("Measure", INSPECTOR, {"subject": MERCHANT}),
    ("ObjectEvent", COOPERATIVE, {}),
    ("AggregationEvent", CARRIER, {}),
    ("Inspection", INSPECTOR, {"subject": MERCHANT}),
    ("Certificate", CERTIFIER, {"subject": COOPERATIVE, "scheme": "organic"}),
    ("Complaint", CONSUMER, {"subject": MERCHANT, "status": "filed"}),
    ("Complaint", INSPECTOR, {"subject": MERCHANT, "status": "upheld"}),
    ("Review", CONSUMER, {"subject": MERCHANT}),
    ("Recall", INSPECTOR, {}),
    ("ClaimFinding", CONSUMER, {"confirmed": False}),
    ("ClaimFinding", INSPECTOR, {"confirmed": True}),
    ("ScorePublished", ADMINISTRATOR, {}),
    ("Ruling", INSPECTOR, {}),
    ("MasterData", COOPERATIVE, {"kind": "product", "id": "x", "attributes": {}}),
    ("MasterData", CONSUMER, {"kind": "party", "id": CONSUMER, "attributes": {}}),
    ("Erased", CONSUMER, {}),
    ("PolicyAdopted", ADMINISTRATOR, {"version": "1"}),
    ("ConformityPromise", COOPERATIVE, {}),
    ("LabelsPrinted", MERCHANT, {}),
    ("LabReport", CERTIFIER, {"subject": COOPERATIVE}),
    ("LabReport", COOPERATIVE, {"subject": COOPERATIVE}),
    ("QualityGate", INSPECTOR, {}),
]


@pytest.mark.parametrize(("kind", "by", "event"), ALLOWED)
def test_what_a_role_may_say_is_admitted(keyring: Keyring, kind: str, by: str, event: dict[str, Any]) -> None:
    keyring.admit(kind, event, by, keyring.size)


FORBIDDEN: list[tuple[str, str, dict[str, Any], str]] = [
    ("CaseStep", MERCHANT, {"subject": MERCHANT, "step": "mediation-agreed"}, "regulators-work-cases"),
    ("CaseStep", INSPECTOR, {"subject": INSPECTOR, "step": "appeal-upheld"}, "regulators-work-cases"),
    ("CaseStep", CONSUMER, {"subject": MERCHANT, "step": "replied"}, "the-accused-replies"),
    ("Measure", MERCHANT, {"subject": COOPERATIVE}, "regulators-impose-measures"),
    ("Measure", COOPERATIVE, {"subject": MERCHANT}, "regulators-impose-measures"),
    ("Measure", INSPECTOR, {"subject": INSPECTOR}, "regulators-impose-measures"),
    ("ObjectEvent", CONSUMER, {}, "chain-parties-move-goods"),
    ("Inspection", COOPERATIVE, {"subject": MERCHANT}, "inspectors-inspect"),
    ("Inspection", ADMINISTRATOR, {"subject": MERCHANT}, "inspectors-inspect"),
    ("Inspection", INSPECTOR, {"subject": INSPECTOR}, "inspectors-inspect"),
    ("Certificate", COOPERATIVE, {"subject": COOPERATIVE}, "certifiers-certify"),
    ("Complaint", MERCHANT, {"subject": MERCHANT, "status": "filed"}, "anyone-complains-of-another"),
    ("Complaint", MERCHANT, {"subject": MERCHANT, "status": "rejected"}, "regulators-decide-complaints"),
    ("Review", MERCHANT, {"subject": MERCHANT}, "anyone-reviews-another"),
    ("ClaimFinding", MERCHANT, {"confirmed": True}, "regulators-confirm-findings"),
    ("ScorePublished", MERCHANT, {}, "regulators-publish-and-rule"),
    ("Ruling", MERCHANT, {}, "regulators-publish-and-rule"),
    ("Recall", CONSUMER, {}, "chain-and-regulators-recall"),
    ("PartyEnrolled", INSPECTOR, {}, "administrators-enrol-parties"),
    ("PolicyAdopted", INSPECTOR, {"version": "1"}, "administrators-adopt-policies"),
    ("KeyAdded", CARRIER, {"party": MERCHANT}, "keys-by-their-party-or-an-administrator"),
    ("MasterData", CONSUMER, {"kind": "party", "id": MERCHANT}, "chain-parties-describe"),
    ("Erased", "https://example.org/stranger", {}, "anyone-removes-words"),
    ("ConformityPromise", CONSUMER, {}, "chain-parties-promise-and-label"),
    ("LabelsPrinted", CONSUMER, {}, "chain-parties-promise-and-label"),
    ("LabReport", CONSUMER, {"subject": COOPERATIVE}, "laboratories-and-chain-report"),
    ("QualityGate", CERTIFIER, {}, "chain-and-regulators-gate"),
    ("ScanReceipt", "https://example.org/stranger", {}, "anyone-reports-a-scan"),
    ("OriginStory", CONSUMER, {}, "chain-parties-tell-origins"),
    ("SomethingNew", ADMINISTRATOR, {}, "unknown-kinds-are-refused"),
]


@pytest.mark.parametrize(("kind", "by", "event", "rule"), FORBIDDEN)
def test_what_a_role_may_not_say_is_refused_by_name(
    keyring: Keyring, kind: str, by: str, event: dict[str, Any], rule: str
) -> None:
    problem = refused(keyring, kind, by, **event)
    assert problem.code == "not-authorised"
    assert rule in problem.remedy
    assert problem.where == f"entry {keyring.size}"


def test_a_certificate_outside_its_issuers_scope_is_refused(keyring: Keyring) -> None:
    scope = {"kind": "party", "id": CERTIFIER, "attributes": {"certificate_schemes": ["organic"]}}
    keyring.admit("MasterData", scope, CERTIFIER, keyring.size)
    keyring.admit("Certificate", {"subject": COOPERATIVE, "scheme": "haccp"}, CERTIFIER, keyring.size)
    keyring.admit("MasterData", scope, ADMINISTRATOR, keyring.size)
    problem = refused(keyring, "Certificate", CERTIFIER, subject=COOPERATIVE, scheme="haccp")
    assert "certificates-within-scope" in problem.remedy
    keyring.admit("Certificate", {"subject": COOPERATIVE, "scheme": "organic"}, CERTIFIER, keyring.size)


def test_a_low_order_key_is_never_enrolled(keyring: Keyring) -> None:
    added = {"party": MERCHANT, "publicKey": LOW_ORDER_KEY}
    assert refused(keyring, "KeyAdded", MERCHANT, **added).code == "key-unusable"


def test_a_key_belongs_to_one_party_and_a_party_is_enrolled_once(keyring: Keyring) -> None:
    taken = added(pair_of(CARRIER))
    assert refused(keyring, "KeyAdded", MERCHANT, **taken).code == "key-known"
    again = codec.document(enrolled(MERCHANT, "merchant", key=pair_of("new")))
    assert refused(keyring, "PartyEnrolled", ADMINISTRATOR, **again).code == "party-known"
    unknown = {"party": "https://example.org/x", "publicKey": pair_of("new").public.hex}
    assert refused(keyring, "KeyAdded", ADMINISTRATOR, **unknown).code == "party-unknown"


def added(pair: KeyPair, party: str = MERCHANT) -> dict[str, Any]:
    """A further key, enrolled with the new key's own signature."""
    return {"party": party, "publicKey": pair.public.hex, "possession": prove(pair, party)}


def test_a_new_key_signs_its_own_enrolment_for_that_party_alone(keyring: Keyring) -> None:
    pair = KeyPair(bytes(32))
    good = added(pair)
    for wrong in (None, "", "00" * 64, good["possession"].upper(), added(pair, CARRIER)["possession"]):
        for by in (MERCHANT, ADMINISTRATOR):
            event = {**good, "possession": wrong}
            assert refused(keyring, "KeyAdded", by, **event).code == "possession-unproven"
    stolen = {**good, "possession": prove(pair_of("thief"), MERCHANT)}
    assert refused(keyring, "KeyAdded", MERCHANT, **stolen).code == "possession-unproven"
    keyring.admit("KeyAdded", good, MERCHANT, keyring.size)


def test_a_key_speaks_between_its_enrolment_and_its_revocation(keyring: Keyring) -> None:
    pair, start = KeyPair(bytes(32)), keyring.size
    keyring.admit("KeyAdded", added(pair), MERCHANT, start)
    keyring.admit("KeyRevoked", {"party": MERCHANT, "keyID": pair.key_id}, MERCHANT, start + 5)
    valid = {index for index in range(start + 9) if keyring.keys[pair.key_id].is_valid_at(index)}  # type: ignore[index]
    assert valid == set(range(start + 1, start + 6))
    with pytest.raises(LedgerError) as late:
        keyring.key_for(pair.key_id, MERCHANT, start + 6)
    assert late.value.code == "key-revoked"
    with pytest.raises(LedgerError) as foreign:
        keyring.key_for(pair.key_id, CARRIER, start + 1)
    assert foreign.value.code == "key-of-another-party"


def test_only_its_own_party_loses_a_key(keyring: Keyring) -> None:
    foreign = {"party": MERCHANT, "keyID": pair_of(CARRIER).key_id}
    assert refused(keyring, "KeyRevoked", MERCHANT, **foreign).code == "key-unknown"


def test_parties_are_found_by_role_and_keys_by_party(keyring: Keyring) -> None:
    assert [party.party for party in keyring.with_role("merchant")] == [MERCHANT]
    assert [key.key_id for key in keyring.keys_of(CARRIER)] == [pair_of(CARRIER).key_id]


def test_a_policy_is_in_force_when_most_administrators_have_said_the_same(keyring: Keyring) -> None:
    second, third = "https://example.org/second", "https://example.org/third"
    for name in (second, third):
        document = codec.document(enrolled(name, "administrator"))  # type: ignore[arg-type]
        keyring.admit("PartyEnrolled", document, ADMINISTRATOR, keyring.size)
    said = {"version": "2026-1", "document": {"a": 1}, "effective": "2026-04-01T00:00:00Z"}
    keyring.admit("PolicyAdopted", said, ADMINISTRATOR, keyring.size)
    keyring.admit("PolicyAdopted", said, ADMINISTRATOR, keyring.size)
    keyring.admit("PolicyAdopted", {**said, "document": {"a": 2}}, second, keyring.size)
    assert not adopted(keyring), "one administrator twice, and another saying something else"
    keyring.admit("PolicyAdopted", said, third, keyring.size)
    (policy,) = adopted(keyring)
    assert (policy.version, policy.index) == ("2026-1", keyring.size - 1)
    assert policy.signers == (ADMINISTRATOR, third)


def adopted(keyring: Keyring) -> tuple[Policy, ...]:
    return () if keyring.policy is None else (keyring.policy,)
