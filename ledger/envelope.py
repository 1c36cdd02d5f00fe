"""The signed envelope: who says this, as which of their sayings, after what, and when they say it was.

A body is canonical JSON (RFC 8785): v, type, party, key, seq, prev, record_time, anchor, event. An author
is a key: `seq` counts that key's bodies from 0 and `prev` is the entry hash of the one before, so a chain
can be signed in a field with no network. A leaf is what the log hashes and keeps:

    0x01 || signature (64) || body                                       one signature, one body
    0x02 || signature (64) || size (4) || index (4) || path || body      one signature, a Merkle batch

The rule kept here: a leaf is opened only if writing it again gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import orjson

from ledger.canonical import parse_canonical
from ledger.errors import EventInvalid, LedgerError
from ledger.events.values import KeyId, PartyId
from ledger.keys import KeyPair, PublicKey
from ledger.tlog.proof import Rows, inclusion_length, inclusion_root, joined_inclusion_proofs
from ledger.tlog.tree import HASH_SIZE, leaf_hash

SINGLE, BATCH = 1, 2
VERSION = 1
# What the static layout (C2SP tlog-tiles) can hold, so that every ledger can be handed on as tiles.
LARGEST_LEAF = 65_535
LARGEST_BATCH = 256
LARGEST_BODY = LARGEST_LEAF - 73 - 8 * 32
"""A body fits whichever way it is signed: alone, or with a path of up to 8 hashes."""
ENTRY_DOMAIN = b"suxin/entry/v1"
BATCH_DOMAIN = b"suxin/batch/v1"
HASH_DOMAIN = b"suxin/entry-hash/v1\x00"
SIGNATURE_END = 65
BATCH_HEAD = 73
FIELDS = ("anchor", "event", "key", "party", "prev", "record_time", "seq", "type", "v")


@dataclass(frozen=True, slots=True)
class Anchor:
    """The newest witnessed tree head the author knew: proof that the entry is not older than it."""

    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class Author:
    """Whose chain a body continues: the key, its party, the next number and the hash before it."""

    party: PartyId
    key_id: KeyId
    seq: int
    prev: bytes | None


@dataclass(frozen=True, slots=True)
class Envelope:
    """An opened leaf; `event` is still JSON, because an auditor checks bytes and never vocabulary."""

    leaf: bytes
    body: bytes
    entry_hash: bytes
    type: str
    author: Author
    record_time: datetime
    anchor: Anchor | None
    event: Mapping[str, Any]
    signature: bytes
    domain: bytes
    message: bytes

    def is_signed_by(self, key: PublicKey) -> bool:
        """Say whether `key` signed this body, alone or in its batch."""
        return key.verify(self.domain, self.message, self.signature)


def write_body(
    kind: str, event: bytes, author: Author, record_time: datetime | str, anchor: Anchor | None = None
) -> bytes:
    """Return the canonical bytes that the author signs.

    Args:
        kind: the event's type name.
        event: the event's canonical bytes.
        author: whose chain this continues.
        record_time: the author's clock, or what `instant_text` makes of it.
        anchor: the newest witnessed tree head the author knows.
    """
    when = record_time if isinstance(record_time, str) else instant_text(record_time)
    chain = Chain(author.party, author.key_id, when, anchor)
    return chain.body(kind, event, author.seq, author.prev)


class Chain:
    """Writes the bodies that one key signs at one time; what they share is written once.

    Args:
        party, key_id: whose chain.
        record_time: what `instant_text` makes of the author's clock.
        anchor: the newest witnessed tree head the author knows.
    """

    __slots__ = ("_event", "_key", "_kinds", "_time")

    def __init__(self, party: PartyId, key_id: KeyId, record_time: str, anchor: Anchor | None = None) -> None:
        root = None if anchor is None else {"root": anchor.root.hex(), "size": anchor.size}
        self._event = b'{"anchor":%b,"event":' % orjson.dumps(root)
        self._key = b',"key":%b,"party":%b,"prev":' % (orjson.dumps(key_id), orjson.dumps(party))
        self._time = b',"record_time":%b,"seq":' % orjson.dumps(record_time)
        self._kinds: dict[str, bytes] = {}

    def body(self, kind: str, event: bytes, seq: int, prev: bytes | None) -> bytes:
        """Return the canonical bytes of one body: the fields of `FIELDS` in that order."""
        end = self._kinds.get(kind)
        if end is None:
            end = self._kinds[kind] = b',"type":%b,"v":%d}' % (orjson.dumps(kind), VERSION)
        before = b"null" if prev is None else b'"%b"' % prev.hex().encode()
        return b"%b%b%b%b%b%d%b" % (self._event, event, self._key, before, self._time, seq, end)


def entry_hash(body: bytes) -> bytes:
    """Return the hash by which the author's next body, receipts and rulings name this one."""
    return sha256(HASH_DOMAIN + body).digest()


def seal(body: bytes, key: KeyPair) -> bytes:
    """Return the leaf of one body under one signature."""
    _must_fit(body)
    return bytes((SINGLE,)) + key.sign(ENTRY_DOMAIN, body) + body


def seal_batch(bodies: Sequence[bytes], key: KeyPair) -> tuple[bytes, ...]:
    """Return the leaves of up to 256 bodies under one signature, each still provable on its own."""
    _must_fit(max(bodies, key=len, default=b""))
    size = len(bodies)
    paths, root = joined_inclusion_proofs(size, Rows.of(map(leaf_hash, bodies)))
    signature = key.sign(BATCH_DOMAIN, _batch_message(size, root))
    head = bytes((BATCH,)) + signature + size.to_bytes(4)
    return tuple(
        b"%b%b%b%b" % (head, index.to_bytes(4), path, body)
        for index, (path, body) in enumerate(zip(paths, bodies, strict=True))
    )


def open_leaf(leaf: bytes) -> Envelope:
    """Return what a leaf says, refusing every byte sequence that `seal` would not have written.

    Raises:
        LedgerError: code `leaf-malformed`, saying what was found.
    """
    if not BATCH_HEAD <= len(leaf) <= LARGEST_LEAF:
        raise malformed("its length", len(leaf), f"{BATCH_HEAD} to {LARGEST_LEAF} bytes")
    domain, message, body = split(leaf)
    document = parse_body(body)
    anchor, prev = document["anchor"], document["prev"]
    return Envelope(
        leaf=leaf,
        body=body,
        entry_hash=entry_hash(body),
        type=document["type"],
        author=Author(
            PartyId(document["party"]),
            KeyId(document["key"]),
            document["seq"],
            None if prev is None else _hash(prev, "prev"),
        ),
        record_time=read_instant(document["record_time"]),
        anchor=None if anchor is None else _read_anchor(anchor),
        event=document["event"],
        signature=leaf[1:SIGNATURE_END],
        domain=domain,
        message=message,
    )


def split(leaf: bytes) -> tuple[bytes, bytes, bytes]:
    """Return (domain, signed message, body) of a leaf without looking into the body."""
    kind = leaf[0]
    if kind == SINGLE:
        body = leaf[SIGNATURE_END:]
        return ENTRY_DOMAIN, body, body
    if kind != BATCH:
        raise malformed("its first byte", kind, f"{SINGLE} or {BATCH}")
    size = int.from_bytes(leaf[SIGNATURE_END : SIGNATURE_END + 4])
    index = int.from_bytes(leaf[SIGNATURE_END + 4 : BATCH_HEAD])
    if not 0 <= index < size <= LARGEST_BATCH:
        raise malformed("its place in the batch", f"{index} of {size}", f"a batch of 1 to {LARGEST_BATCH}")
    body_start = BATCH_HEAD + HASH_SIZE * inclusion_length(index, size)
    path = [leaf[at : at + HASH_SIZE] for at in range(BATCH_HEAD, body_start, HASH_SIZE)]
    body = leaf[body_start:]
    root = inclusion_root(index, size, leaf_hash(body), path)
    if root is None:
        raise malformed("its path", len(path), f"{inclusion_length(index, size)} hashes")
    return BATCH_DOMAIN, _batch_message(size, root), body


def event_bytes(body: bytes) -> bytes:
    """Return the canonical bytes of the event in a canonical body, without parsing it.

    The first `event` stands before the event and the last `key` after it: the anchor has no such field,
    and in the texts after the event every quotation mark is escaped.

    Raises:
        ValueError: this is not a body.
    """
    return body[body.index(b',"event":') + 9 : body.rindex(b',"key":"')]


def parse_body(body: bytes) -> dict[str, Any]:
    """Return the body's JSON if it is exactly what `write_body` writes: fields, types, canonical bytes."""
    try:
        document = parse_canonical(body)
    except EventInvalid as error:
        raise malformed("its body", error.found, "RFC 8785 canonical JSON of the signed profile") from error
    if not isinstance(document, dict) or tuple(document) != FIELDS:
        found = ", ".join(document) if isinstance(document, dict) else type(document).__name__
        raise malformed("the fields of its body", found, ", ".join(FIELDS))
    # True equals 1 in Python, and is another body in every other language.
    if (
        type(document["v"]) is not int
        or document["v"] != VERSION
        or type(document["seq"]) is not int
        or document["seq"] < 0
    ):
        raise malformed("v or seq", (document["v"], document["seq"]), f"{VERSION} and a number from 0")
    texts = ("key", "party", "record_time", "type")
    if any(not isinstance(document[name], str) for name in texts) or not isinstance(document["event"], dict):
        raise malformed("the types of its fields", "another type", "texts, and an object as event")
    if document["event"].get("type") != document["type"]:
        raise malformed("its type", document["event"].get("type"), document["type"])
    return document


def instant_text(instant: datetime) -> str:
    """Return the one text of an aware instant, in UTC.

    >>> instant_text(datetime(2026, 3, 1, 12, tzinfo=UTC))
    '2026-03-01T12:00:00Z'
    """
    return instant.astimezone(UTC).isoformat().removesuffix("+00:00") + "Z"


def read_instant(text: str) -> datetime:
    """Return the instant that `instant_text` wrote."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise malformed("record_time", text, "2026-03-01T12:00:00Z") from error
    if instant.tzinfo is None or instant_text(instant) != text:
        raise malformed("record_time", text, "2026-03-01T12:00:00Z")
    return instant


def malformed(part: str, found: object, expected: str) -> LedgerError:
    """Say which part of a leaf is not what a leaf has there."""
    return LedgerError(
        f"this is not an entry: {part} is wrong",
        code="leaf-malformed",
        found=str(found)[:200],
        expected=expected,
        remedy="ask its author for the entry again; it was altered or cut short on the way",
    )


def _read_anchor(anchor: object) -> Anchor:
    if isinstance(anchor, dict) and tuple(anchor) == ("root", "size") and type(anchor["size"]) is int:
        return Anchor(anchor["size"], _hash(anchor["root"], "anchor"))
    raise malformed("anchor", anchor, "null, or the root and size of a witnessed tree head")


def _hash(text: object, field: str) -> bytes:
    if isinstance(text, str) and len(text) == 2 * HASH_SIZE and text == text.lower():
        try:
            return bytes.fromhex(text)
        except ValueError:
            pass
    raise malformed(field, text, "64 of 0-9a-f")


def _must_fit(body: bytes) -> None:
    if len(body) > LARGEST_BODY:
        raise EventInvalid(
            "this event is too large for one entry",
            field="event",
            code="event-too-large",
            found=f"{len(body)} bytes",
            expected=f"at most {LARGEST_BODY} bytes",
            remedy="split it into several events; put long words and sensor series into the vault",
        )


def _batch_message(size: int, root: bytes) -> bytes:
    return size.to_bytes(4) + root
