"""Show that whoever wants a further key enrolled holds its private half.

Rule: the new key signs its party's name and itself, so that nobody can enrol a key that others use, and a
proof made for one party is worth nothing for another.
"""

from __future__ import annotations

from ledger.canonical import canonical
from ledger.keys import KeyPair
from ledger.public_key import PublicKey

DOMAIN = b"suxin/key-possession/v1"


def prove(pair: KeyPair, party: str) -> str:
    """Return the new key's signature over its party and itself, as `KeyAdded` carries it."""
    return pair.sign(DOMAIN, _message(party, pair.public)).hex()


def holds(public: PublicKey, party: str, proof: object) -> bool:
    """Say whether this proof was made by that key for that party."""
    if not isinstance(proof, str) or len(proof) != 128:
        return False
    try:
        signature = bytes.fromhex(proof)
    except ValueError:
        return False
    return signature.hex() == proof and public.verify(DOMAIN, _message(party, public), signature)


def _message(party: str, public: PublicKey) -> bytes:
    return canonical({"party": party, "publicKey": public.hex})
