"""Be a witness over HTTP, and ask one (C2SP tlog-witness): a checkpoint and its proof for a cosignature.

Rule: what is answered is what `add_checkpoint` says, status and body; the network adds nothing to it. The
server takes no more than a request can hold, and one that is slow keeps nobody else waiting.
"""

from __future__ import annotations

import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from ledger.errors import LedgerError
from ledger.home import Home
from ledger.reader import Reader
from ledger.tlog.note_keys import SignerKey, VerifierKey, parse_verifier_key
from ledger.tlog.witness import TEXT_TYPE, Answer, Fork, Quorum, Request, add_checkpoint, with_cosignatures
from ledger.witness_state import WitnessFolder
from models import proving

PATH = "/add-checkpoint"
LARGEST = 2 << 20
SECONDS = 20


class Witnessing:
    """This installation as a witness for other ledgers.

    Args:
        home: holds the witness's key and what it cosigned.
        clock: the present instant, aware UTC.
    """

    def __init__(self, home: Home, clock: Callable[[], datetime]) -> None:
        self._home = home
        self._folder = WitnessFolder(home.root / "witness")
        self._signer: SignerKey | None = None  # looking at what was witnessed makes no key
        self._clock = clock

    @property
    def key(self) -> str:
        """Return the verifier key with which others check our cosignatures."""
        return self._key().verifier.text

    def trust(self, log_key: str) -> None:
        """Begin to witness the log with this verifier key."""
        self._folder.trust(parse_verifier_key(log_key))

    def trust_witness(self, key: str) -> None:
        """Count the cosignatures of the witness with this verifier key.

        Raises:
            LedgerError: code `quorum-wrong-key` or `note-key-malformed`.
        """
        Quorum(0, (parse_verifier_key(key),))
        self._home.trust(key)

    def trusted(self) -> tuple[str, ...]:
        """Return the verifier keys of the witnesses whose cosignatures count."""
        return self._home.witnesses()

    def quorum(self) -> int:
        """Return how many of them must have cosigned."""
        return self._home.quorum()

    def set_quorum(self, number: int) -> None:
        """Ask for cosignatures by so many of them."""
        self._home.set_quorum(number)

    def logs(self) -> tuple[tuple[str, int], ...]:
        """Return every log that is witnessed here, with the size cosigned last (0 for never)."""
        kept = ((origin, self._folder.latest(origin)) for origin in self._folder.logs())
        return tuple((origin, proving.tree_head(note).size if note else 0) for origin, note in kept)

    def evidence(self) -> tuple[tuple[str, Fork], ...]:
        """Return the pairs of checkpoints that do not fit together, the proven forks first."""
        return self._folder.evidence()

    def answer(self, body: bytes) -> Answer:
        """Answer one add-checkpoint request."""
        now = int(self._clock().timestamp())
        return add_checkpoint(body, self._folder.logs(), self._folder, self._key(), now)

    def _key(self) -> SignerKey:
        if self._signer is None:
            self._signer = proving.witness_signer(self._home)
        return self._signer

    def server(self, host: str, port: int) -> ThreadingHTTPServer:
        """Return a server that answers requests once `serve_forever` is called.

        Raises:
            LedgerError: code `port-taken`.
        """
        witness = self

        class Handler(_Handler):
            answer = staticmethod(witness.answer)

        try:
            return ThreadingHTTPServer((host, port), Handler)
        except (OSError, OverflowError) as error:
            raise LedgerError(
                "the witness cannot listen at this address",
                code="port-taken",
                found=str(error),
                where=f"{host}:{port}",
                remedy="choose another port, for example --port 8765",
            ) from error


@dataclass(frozen=True, slots=True)
class Standing:
    """Who vouches for this ledger, and for whose ledgers this installation vouches.

    Args:
        size: how many entries the ledger has.
        witnessed_to: how many of them enough witnesses have seen.
        by: who cosigned the newest witnessed checkpoint.
        trusted: the verifier keys of the witnesses that count; `quorum` of them are needed.
        logs: the ledgers that are witnessed here, with the size cosigned last.
        forks: the evidence kept here: origin, and whether it proves a fork by itself.
    """

    size: int
    witnessed_to: int
    by: tuple[str, ...]
    trusted: tuple[str, ...]
    quorum: int
    logs: tuple[tuple[str, int], ...]
    forks: tuple[tuple[str, bool], ...]


def standing(reader: Reader, home: Home, clock: Callable[[], datetime]) -> Standing:
    """Return who vouches for whom; nothing is written, so that it can be shown on a read-only disk too."""
    seen = reader.newest_cosigned()
    by = () if seen is None else proving.tree_head(seen.note).cosignatures
    here = Witnessing(home, clock) if (home.root / "witness").exists() else None
    return Standing(
        size=reader.size(),
        witnessed_to=reader.witnessed_to(),
        by=by,
        trusted=home.witnesses(),
        quorum=home.quorum(),
        logs=here.logs() if here else (),
        forks=tuple((origin, fork.proven) for origin, fork in here.evidence()) if here else (),
    )


class _Handler(BaseHTTPRequestHandler):
    timeout = SECONDS
    server_version, sys_version = "suxin-witness", ""
    answer: Callable[[bytes], Answer]

    def do_POST(self) -> None:
        """Answer `add-checkpoint`; whatever prefix a proxy left before it is the proxy's affair."""
        if not self.path.partition("?")[0].endswith(PATH):
            self._say(Answer(404, "only add-checkpoint is answered here\n"))
            return
        length = self.headers.get("Content-Length", "")
        if not length.isascii() or not length.isdecimal():
            self._say(Answer(411, "say the length of the request\n"))
        elif int(length) > LARGEST:
            self._say(Answer(400, f"a request has at most {LARGEST} bytes\n"))
        else:
            self._say(self.answer(self.rfile.read(int(length))))

    def _say(self, answer: Answer) -> None:
        body = answer.body.encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet: who asks a witness is nobody's business."""


def ask(reader: Reader, url: str, witnesses: Iterable[VerifierKey]) -> str:
    """Ask the witness at `url` to vouch for our newest checkpoint and return it cosigned.

    The first try says what we think it saw last; where it saw another size, that size's proof is sent.

    Raises:
        LedgerError: `witness-unreachable`, or what the witness refused, by its status.
    """
    checkpoint, size = reader.checkpoint(), reader.size()
    old = 0
    for _ in range(3):  # somebody else may bring it forward in between
        proof = reader.consistency_proof(old, size) if old else ()
        answer = _post(url, Request(old, proof, checkpoint).format())
        if answer.status == 200:
            return with_cosignatures(checkpoint, answer.body, witnesses)
        said = answer.body.strip()
        if answer.status != 409 or not (said.isascii() and said.isdecimal()) or not 0 <= int(said) <= size:
            break
        if int(said) == old:
            break
        old = int(said)
    raise _refused(answer, url)


def _post(url: str, body: bytes) -> Answer:
    parts = urllib.parse.urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise _unreachable(url, "an address that does not begin with http:// or https://")
    target = url if parts.path.endswith(PATH) else url.rstrip("/") + PATH
    request = urllib.request.Request(target, body, {"Content-Type": TEXT_TYPE}, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as reply:
            return _answer(reply.status, reply.read(LARGEST))
    except urllib.error.HTTPError as error:
        with error:
            return _answer(error.code, error.read(LARGEST))
    except (OSError, ValueError) as error:
        raise _unreachable(url, error) from error


def _answer(status: int, body: bytes) -> Answer:
    return Answer(status, body.decode("utf-8", "replace"))


def _unreachable(url: str, found: object) -> LedgerError:
    return LedgerError(
        "the witness cannot be reached",
        code="witness-unreachable",
        found=found,
        where=url,
        remedy="check the address and the network, or carry the request as a file: checkpoint --since SIZE",
    )


def _refused(answer: Answer, url: str) -> LedgerError:
    if answer.status == 409:
        return LedgerError(
            "the witness saw another history of this ledger: what it cosigned is not in this one",
            code="witness-saw-another",
            found=f"size {answer.body.strip()}",
            expected="a size of this ledger",
            where=url,
            remedy="run verify; if an older backup was put back, find the newer database",
        )
    return proving.refusal(answer.status, answer.body.strip(), where=url)
