"""One sold item, at most one review: secrets under a scratch layer, and one root that fixes how many.

Rule: the registering event carries the root over all item keys of a lot and their number, so nobody can
make more of them later; a review is signed by one item key and proves that the key is under the root. The
secret never leaves the buyer. Labels are printed in order of the batch, secrets come from an unordered
roll, so a key tells no one which item was sold to whom. Source: CREDIT 6; RFC 5869, RFC 8032, RFC 9162.

    item key = Ed25519(HKDF-SHA256(secret, info = domain || lot))
    leaf     = SHA-256(domain || 0x00 || lot || 0x00 || public key), leaves sorted, root as RFC 9162 2.1.1
"""

from __future__ import annotations

import base64
from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TypeVar

import orjson
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ledger.errors import EventInvalid
from ledger.events import checks
from ledger.events.checks import refusal
from ledger.events.evidence import Complaint, Review
from ledger.events.identifiers import canonical
from ledger.events.instants import instant_text
from ledger.events.supply import ObjectEvent, SupplyEvent, TransformationEvent
from ledger.events.values import FrozenMap, Json
from ledger.tlog import ed25519
from ledger.tlog.proof import Rows, inclusion_holds, inclusion_proof, range_root
from ledger.tlog.tree import leaf_hash

SECRET_SIZE = 16
TOKEN_LENGTH = 26
FIELD = "suxin:itemKeys"
_KEY_DOMAIN = b"suxin item key v1"
_LEAF_DOMAIN = b"suxin item leaf v1"
_REVIEW_DOMAIN = b"suxin item review v1"
Said = TypeVar("Said", Review, Complaint)
_COMPLAINT_DOMAIN = b"suxin item complaint v1"
# People read O for 0 and I for 1; the alphabet of RFC 4648 has neither digit, so nothing is lost.
_MISREAD = str.maketrans("018", "OIB", " -\t\r\n\u3000")


@dataclass(frozen=True, slots=True)
class ItemRoot:
    """What the ledger knows of a lot's items: the lot, how many there are, and the root over their keys."""

    lot: str
    count: int
    root: str

    def __post_init__(self) -> None:
        checks.identifier(self.lot, "lot")
        checks.whole(self.count, "count", 1, 2**40)
        checks.hexadecimal(self.root, "root", 32)

    def as_ilmd(self) -> FrozenMap:
        """Return the field to put into the `ilmd` of the event that registers the lot."""
        return FrozenMap({FIELD: FrozenMap({"count": self.count, "root": self.root})})


@dataclass(frozen=True, slots=True)
class ItemRegister:
    """All leaves of a lot, sorted: what proofs are made from. It holds no secret and may be published."""

    lot: str
    leaves: tuple[bytes, ...]

    def root(self) -> ItemRoot:
        """Return what goes on the ledger."""
        rows = _rows(self.leaves)
        return ItemRoot(self.lot, len(self.leaves), range_root(0, rows.size, rows).hex())

    def proof(self, public_key: bytes) -> tuple[int, tuple[str, ...]]:
        """Return where an item key stands, and the hashes that lead from it to the root.

        Raises:
            EventInvalid: the key belongs to no item of this lot.
        """
        wanted = item_leaf(self.lot, public_key)
        index = bisect_left(self.leaves, wanted)
        if index == len(self.leaves) or self.leaves[index] != wanted:
            raise refusal(
                "this code belongs to no item of the lot",
                "token",
                "item-unregistered",
                public_key.hex(),
                f"one of the {len(self.leaves)} items of {self.lot}",
                "type the code again, and check the lot number beside it",
            )
        path = inclusion_proof(index, len(self.leaves), _rows(self.leaves))
        return index, tuple(step.hex() for step in path)


def make_secrets(count: int, random: Callable[[int], bytes]) -> tuple[bytes, ...]:
    """Return fresh secrets, one for each item; `random(n)` gives n unpredictable bytes."""
    octets = random(count * SECRET_SIZE)
    return tuple(octets[start : start + SECRET_SIZE] for start in range(0, len(octets), SECRET_SIZE))


def register_items(lot: str, secrets: Iterable[bytes]) -> ItemRegister:
    """Return the register of a lot's items."""
    key = canonical(lot)
    return ItemRegister(key, tuple(sorted(item_leaf(key, public_key(secret, key)) for secret in secrets)))


def item_leaf(lot: str, key: bytes) -> bytes:
    """Return the leaf of one item key."""
    return sha256(_LEAF_DOMAIN + b"\x00" + canonical(lot).encode() + b"\x00" + key).digest()


def public_key(secret: bytes, lot: str) -> bytes:
    """Return the public item key of a secret for a lot."""
    return _signing_key(secret, lot)[-32:]


def token_of(secret: bytes) -> str:
    """Return the 26 letters and digits that stand under the scratch layer.

    >>> token_of(bytes(16))
    'AAAAAAAAAAAAAAAAAAAAAAAAAA'
    """
    return base64.b32encode(secret).decode().rstrip("=")


def secret_of(token: str) -> bytes:
    """Return the secret a person typed: case, spaces and hyphens do not matter, nor 0 for O and 1 for I.

    Raises:
        EventInvalid: not 26 letters and digits, or not a token at all.
    """
    text = token.upper().translate(_MISREAD)
    try:
        secret = base64.b32decode(text + "=" * (-len(text) % 8)) if len(text) == TOKEN_LENGTH else b""
    except ValueError:
        secret = b""
    if len(secret) != SECRET_SIZE or token_of(secret) != text:
        raise refusal(
            "not a review code",
            "token",
            "item-token-unfit",
            token,
            "26 letters and digits",
            "type what stands under the scratch layer, such as ABCDE FGHIJ KLMNO PQRST UVWXY Z",
        )
    return secret


def sign_review(review: Said, secret: bytes, register: ItemRegister) -> Said:
    """Return the review or complaint signed by the item's key, with the proof that the key is registered.

    Raises:
        EventInvalid: the review names no lot, or the secret belongs to no item of it.
    """
    lot = _lot_of(review)
    key = public_key(secret, lot)
    index, path = register.proof(key)
    named = replace(review, item_key=key.hex(), item_signature="00" * 64, item_index=index, item_path=path)
    signature = ed25519.sign(_signing_key(secret, lot), _message(named))
    return replace(named, item_signature=signature.hex())


def check_review(review: Review | Complaint, registered: ItemRoot) -> None:
    """Refuse a review or complaint whose key is not under the lot's root, or whose signature does not fit.

    That a key reviews only once is for whoever reads the log in order.

    Raises:
        EventInvalid: naming the part that is wrong.
    """
    lot = _lot_of(review)
    if review.item_key is None or review.item_signature is None or review.item_index is None:
        raise refusal(
            "the review is not signed by an item", "item_key", "item-key-alone", "nothing", "an item key"
        )
    if canonical(registered.lot) != canonical(lot):
        raise refusal("the root is of another lot", "lot", "item-unregistered", lot, registered.lot)
    hexadecimal = review.item_key
    key = bytes.fromhex(hexadecimal)
    path = tuple(bytes.fromhex(step) for step in review.item_path)
    leaf = leaf_hash(item_leaf(lot, key))
    if not inclusion_holds(review.item_index, registered.count, leaf, path, bytes.fromhex(registered.root)):
        raise refusal(
            "this code belongs to no item of the lot",
            "item_path",
            "item-unregistered",
            review.item_key,
            f"one of the {registered.count} registered items",
        )
    if not ed25519.verify(key, _message(review), bytes.fromhex(review.item_signature)):
        raise refusal(
            "the signature does not fit the review",
            "item_signature",
            "item-signature-wrong",
            review.item_signature[:16],
            "a signature over these stars, words and lot",
        )


def registered_items(event: SupplyEvent) -> ItemRoot | None:
    """Return the root of the items an event registers with its lot, or None.

    It stands in the `ilmd` of the event that makes the lot, or in the `encoding` of the roll made afterwards.
    """
    if isinstance(event, ObjectEvent):
        encoded = event.action == "OBSERVE" and event.biz_step == "encoding"
        classes, said = event.quantity_list, event.extensions if encoded else event.ilmd
    elif isinstance(event, TransformationEvent):
        classes, said = event.output_quantity_list, event.ilmd
    else:
        return None
    field = said.get(FIELD) if isinstance(said, FrozenMap) else None
    if not isinstance(field, FrozenMap) or len(classes) != 1:
        return None
    try:
        lot = canonical(classes[0].epc_class)
        return ItemRoot(lot, _whole(field.get("count")), str(field.get("root")))
    except EventInvalid:
        return None


def _message(said: Review | Complaint) -> bytes:
    """Return the bytes an item signs: everything that is said, and nothing about the proof."""
    body: dict[str, object] = {
        "event_time": instant_text(said.event_time),
        "item_key": said.item_key,
        "lot": _lot_of(said),
        "subject": said.subject,
        "words": said.words.digest if said.words else None,
    }
    if isinstance(said, Review):
        domain, body["stars"] = _REVIEW_DOMAIN, said.stars
    else:
        domain = _COMPLAINT_DOMAIN
        body |= {"complaint": said.complaint_id, "kind": said.kind, "severity": said.severity}
    return domain + b"\x00" + orjson.dumps(body, option=orjson.OPT_SORT_KEYS)


def _signing_key(secret: bytes, lot: str) -> bytes:
    if len(secret) != SECRET_SIZE:
        raise refusal("not an item's secret", "token", "item-token-unfit", f"{len(secret)} bytes", "16 bytes")
    info = _KEY_DOMAIN + b"\x00" + canonical(lot).encode()
    return ed25519.expand(HKDF(SHA256(), 32, None, info).derive(secret))


def _rows(leaves: tuple[bytes, ...]) -> Rows:
    return Rows.of(leaf_hash(leaf) for leaf in leaves)


def _lot_of(review: Review | Complaint) -> str:
    if review.lot is None:
        raise refusal("the review names no lot", "lot", "field-missing", "nothing", "the lot on the label")
    return canonical(review.lot)


def _whole(value: Json) -> int:
    return value if isinstance(value, int) else 0
