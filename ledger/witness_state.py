"""Remember, in a folder, which checkpoint this installation cosigned last for each log it witnesses.

The one rule: compare and replace happen under one lock and the new file is on the disk before the answer
leaves; a state that cannot be read stops the witness, for one that forgot could vouch for two histories.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from ledger.durable import write_file
from ledger.errors import LedgerError
from ledger.tlog.checkpoint import parse_checkpoint
from ledger.tlog.note import parse_note
from ledger.tlog.note_keys import ED25519, VerifierKey, parse_verifier_key
from ledger.tlog.witness import Fork

_LOGS = "logs.txt"
_LOCK = "lock"
_EVIDENCE = "evidence"
_MOST_EVIDENCE = 1000


class WitnessFolder:
    """A `WitnessState` on disk, with the list of logs that this witness knows.

    Args:
        folder: its own folder; made if absent, readable by the owner only.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        (folder / _EVIDENCE).mkdir(mode=0o700, parents=True, exist_ok=True)

    def latest(self, origin: str) -> str | None:
        """Return the signed checkpoint cosigned last, or None."""
        path = self._path(origin)
        try:
            signed = path.read_bytes().decode()
        except FileNotFoundError:
            return None
        except (OSError, UnicodeError) as error:
            raise _unreadable(path, error) from error
        try:
            parse_checkpoint(parse_note(signed).text, origin=origin)
        except LedgerError as error:
            raise _unreadable(path, error) from error
        return signed

    def advance(self, origin: str, before: str | None, after: str) -> bool:
        """Replace the latest by `after` if it still is `before`; on the disk before this returns."""
        with self._lock():
            if self.latest(origin) != before:
                return False
            if after != before:
                write_file(self._path(origin), after.encode())
            return True

    def keep_evidence(self, origin: str, fork: Fork) -> None:
        """Keep both signed checkpoints; the same pair once, doubts only up to a bound."""
        document = {"origin": origin, "kept": fork.kept, "offered": fork.offered, "proven": fork.proven}
        data = json.dumps(document, indent=1, ensure_ascii=False).encode() + b"\n"
        folder = self._folder / _EVIDENCE
        kind = "fork" if fork.proven else "doubt"
        # A log can make any number of doubtful checkpoints; it must not fill the witness's disk with them.
        if fork.proven or sum(1 for _ in folder.glob("doubt-*.json")) < _MOST_EVIDENCE:
            write_file(folder / f"{kind}-{sha256(data).hexdigest()[:32]}.json", data)

    def evidence(self) -> tuple[tuple[str, Fork], ...]:
        """Return every (origin, fork) kept, the proven ones first."""
        found = []
        for path in sorted((self._folder / _EVIDENCE).glob("*.json"), reverse=True):
            try:
                document = json.loads(path.read_bytes())
                fork = Fork(str(document["kept"]), str(document["offered"]), bool(document["proven"]))
                found.append((str(document["origin"]), fork))
            except (OSError, ValueError, KeyError, TypeError) as error:
                raise _unreadable(path, error) from error
        return tuple(found)

    def trust(self, key: VerifierKey, origin: str | None = None) -> None:
        """Begin to witness a log under this key (beside any older key of the same origin)."""
        if key.kind != ED25519:
            raise LedgerError(
                "this is a witness's key, not a log's",
                code="witness-wrong-key",
                found=key.text,
                expected="a verifier key of signature type 1",
                remedy="ask the ledger's administrator for the ledger's own verifier key",
            )
        with self._lock():
            known = {name: list(keys) for name, keys in self.logs().items()}
            keys = known.setdefault(origin or key.name, [])
            if key not in keys:
                keys.append(key)
            lines = [f"{each.text} {name}\n" for name, all_keys in known.items() for each in all_keys]
            write_file(self._folder / _LOGS, "".join(lines).encode())

    def logs(self) -> dict[str, tuple[VerifierKey, ...]]:
        """Return the keys trusted for each origin."""
        path = self._folder / _LOGS
        found: dict[str, tuple[VerifierKey, ...]] = {}
        try:
            for line in path.read_bytes().decode().split("\n")[:-1]:
                key, _, origin = line.partition(" ")
                found[origin] = (*found.get(origin, ()), parse_verifier_key(key))
        except FileNotFoundError:
            return {}
        except (OSError, UnicodeError, LedgerError) as error:
            raise _unreadable(path, error) from error
        return found

    def _path(self, origin: str) -> Path:
        # An origin is any line of text: only its hash is safe as a file name.
        return self._folder / f"{sha256(origin.encode()).hexdigest()[:32]}.checkpoint"

    @contextmanager
    def _lock(self) -> Iterator[None]:
        """Hold the folder's lock against every other process; the system drops it if we die."""
        handle = os.open(self._folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock_file(handle)
            yield
        finally:
            os.close(handle)


if os.name == "nt":  # pragma: no cover

    def _lock_file(handle: int) -> None:
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_LOCK, 1)  # type: ignore[attr-defined,unused-ignore]  # Windows only

else:

    def _lock_file(handle: int) -> None:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX)


def _unreadable(path: Path, error: Exception) -> LedgerError:
    return LedgerError(
        "what this witness remembers cannot be read, so it will not vouch for anything",
        code="witness-state-unreadable",
        found=error,
        where=path,
        remedy="restore the folder from a backup; remove the file only if nothing was ever cosigned",
    )
