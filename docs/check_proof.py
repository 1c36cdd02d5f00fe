"""Check a Suxin proof file without Suxin: python check_proof.py FILE --log VKEY [--witness VKEY]... [--needed N]
Needs Python 3.9 and the package `cryptography`; docs/proof-file.md explains each step. You give the keys, the
file does not. Exit code 0: everything in the file holds; 1: something does not."""
import argparse, base64, hashlib, json, sys
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
P, Y8 = 2**255 - 19, int("7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd83d3d706a17c7", 16)
LOW_ORDER = (0, 1, P - 1, Y8, P - Y8)  # the y coordinates of the eight points under which forgeries verify
def must(holds, otherwise):
    if not holds: raise ValueError(otherwise)
def sha(*parts): return hashlib.sha256(b"".join(parts)).digest()
def unbase64(text):
    data = base64.b64decode(text, validate=True)
    must(base64.b64encode(data).decode() == text, "base64 that is not canonical")
    return data
def verify(key, message, signature):
    for point in (key, signature[:32]):
        y = int.from_bytes(point, "little") & (2**255 - 1)
        must(y < P and y not in LOW_ORDER, "a key or signature with a point of low order")
    Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
def verifier(text, kind):
    name, key_id, data = text.split("+", 2)
    tagged = sha(name.encode(), b"\n", unbase64(data))[:4]
    must(unbase64(data)[0] == kind and tagged.hex() == key_id, "not a verifier key of this kind: " + text)
    return name, tagged, kind, unbase64(data)[1:]

def root_of(index, size, node, path):
    """Return the root that an inclusion proof leads to (RFC 9162 2.1.3.2)."""
    must(0 <= index < size, "no such entry in a tree of this size")
    last = size - 1
    for sibling in path:
        must(last > 0 and len(sibling) == 32, "a proof that is too long")
        if index & 1 or index == last:
            node = sha(b"\1", sibling, node)
            while index and not index & 1: index, last = index >> 1, last >> 1
        else: node = sha(b"\1", node, sibling)
        index, last = index >> 1, last >> 1
    must(last == 0, "a proof that is too short")
    return node

def open_checkpoint(note, log, witnesses):
    """Return size, root and who vouches, after verifying the log's signature (C2SP tlog-checkpoint)."""
    text, signed, vouching = note[: note.rindex("\n\n") + 1], False, {}
    for line in note[len(text) + 1 : -1].split("\n"):
        dash, name, data = line.split(" ")
        must(dash == "\u2014" and note.endswith("\n"), "a signature line cut short")
        for key_name, key_id, kind, key in (log, *witnesses):
            if (name, unbase64(data)[:4]) == (key_name, key_id) and kind == 1:
                verify(key, text.encode(), unbase64(data)[4:])
                signed = True
            elif (name, unbase64(data)[:4]) == (key_name, key_id):
                time = b"cosignature/v1\ntime %d\n" % int.from_bytes(unbase64(data)[4:12], "big")
                verify(key, time + text.encode(), unbase64(data)[12:])
                vouching[key] = name
    origin, size, root = text.split("\n")[:3]
    must(signed and origin == log[0] and str(int(size)) == size, "a checkpoint that is not of this log")
    return int(size), unbase64(root), sorted(vouching.values())

def open_leaf(leaf):
    """Return the signature, the message under it and the body of an entry, signed alone or in a batch."""
    if leaf[0] == 1:
        return leaf[1:65], b"suxin/entry/v1\0" + leaf[65:], json.loads(leaf[65:])
    must(leaf[0] == 2, "an entry of an unknown form")
    size, index = int.from_bytes(leaf[65:69], "big"), int.from_bytes(leaf[69:73], "big")
    inner = (index ^ (size - 1)).bit_length()
    end = 73 + 32 * (inner + bin(index >> inner).count("1"))
    root = root_of(index, size, sha(b"\0", leaf[end:]), [leaf[at : at + 32] for at in range(73, end, 32)])
    return leaf[1:65], b"suxin/batch/v1\0" + leaf[65:69] + root, json.loads(leaf[end:])

def check(document, log, witnesses, needed):
    must(document["format"] == "suxin-proof/v1" and document["entries"], "not a Suxin proof file")
    size, root, vouching = open_checkpoint(document["checkpoint"], log, witnesses)
    must(len(vouching) >= needed, "only %d of %d needed witnesses" % (len(vouching), needed))
    keys, administrators, said = {}, set(), []
    for each in sorted(document["entries"] + document["enrolments"], key=lambda each: each["index"]):
        index, leaf, path = each["index"], unbase64(each["leaf"]), map(bytes.fromhex, each["proof"])
        must(root_of(index, size, sha(b"\0", leaf), path) == root, "entry %d is not in the ledger" % index)
        signature, message, body = open_leaf(leaf)
        signer, event = keys.get(body["key"], (None, b""))[0], body["event"]
        if body["type"] in ("PartyEnrolled", "KeyAdded"):  # entry 0 is signed with the key that it enrols
            own = body["type"] == "KeyAdded" and event["party"] == signer
            must(index == 0 or own or signer in administrators, "entry %d enrols without authority" % index)
            public = bytes.fromhex(event["publicKey"])
            keys[sha(public).hex()[:16]] = event["party"], public
            if "administrator" in event.get("roles", ()): administrators.add(event["party"])
        party, public = keys.get(body["key"], (None, b""))
        must(party == body["party"], "the key that signed entry %d is not proven by this file" % index)
        verify(public, message, signature)
        said.append("entry %d of %d holds: %s, signed by %s" % (index, size, body["type"], party))
    return said + ["seen by " + ", ".join(vouching) if vouching else "NO OUTSIDER THAT YOU NAMED HAS SEEN THESE"]
parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("file"), parser.add_argument("--log", required=True)
parser.add_argument("--witness", action="append", default=[]), parser.add_argument("--needed", type=int, default=0)
given = parser.parse_args()
try:
    with open(given.file, encoding="utf-8") as file: proof = json.load(file)
    log, witnesses = verifier(given.log, 1), [verifier(key, 4) for key in given.witness]
    print("\n".join(check(proof, log, witnesses, given.needed)))
except (InvalidSignature, ValueError, KeyError, TypeError, IndexError, AttributeError, OSError) as error:
    sys.exit("DOES NOT HOLD: %s" % (error or type(error).__name__))
