"""Keep one installation's folder: whose keys lie here, which key is the log's, which the witness's.

Rule: a private key never lies in the clear. With no passphrase given, the device's own random secret (a
file only its owner may read) opens the keys: that protects a key file that is copied away alone, not a
stolen machine; the passphrase protects both.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ledger.durable import write_file
from ledger.errors import LedgerError
from ledger.keys import Hardness, KeyPair, Random, Use, read_key_file, seal, unseal, write_key_file

# The device secret has 256 random bits: guessing it is hopeless without any hardening.
DEVICE_HARDNESS = Hardness(iterations=1, lanes=1, memory_kib=64)


@dataclass(slots=True)
class Home:
    """The folder of one installation.

    Args:
        root: made when the first key is kept.
        random: gives unpredictable bytes.
        passphrase: opens the sealed keys; None uses the device's secret.
        hardness: how hard a passphrase is to guess.
    """

    root: Path
    random: Random
    passphrase: str | None = None
    hardness: Hardness | None = None
    _opened: dict[str, KeyPair] = field(default_factory=dict, repr=False)

    @property
    def ledger_url(self) -> str:
        """Return the address of the embedded ledger."""
        return f"sqlite:///{self.root / 'ledger.db'}"

    @property
    def trusted(self) -> Path:
        """Return the folder with every checkpoint this machine ever trusted."""
        return self.root / "trusted"

    @property
    def me(self) -> str | None:
        """Return the party that signs when none is named: the first that was made here."""
        return next(iter(self.identities()), None)

    def identities(self) -> dict[str, list[str]]:
        """Return the key ids of every party whose keys lie here, oldest first."""
        document = self._document()
        found: dict[str, list[str]] = document.get("parties", {})
        return found

    def keep(self, party: str, pair: KeyPair) -> None:
        """Seal an author's key and remember whose it is."""
        self.put_aside(pair)
        self.use(party, pair.key_id)

    def put_aside(self, pair: KeyPair) -> None:
        """Seal a key without using it yet: it is not lost, and nobody signs with it before it is enrolled."""
        self._write(pair)

    def use(self, party: str, key_id: str) -> None:
        """Sign for this party with this key from now on."""
        document = self._document()
        document.setdefault("parties", {}).setdefault(party, []).append(key_id)
        self._remember(document)

    def author(self, party: str) -> KeyPair:
        """Return the newest key of a party.

        Raises:
            LedgerError: code `key-not-here`; or what opening the key file raises.
        """
        keys = self.identities().get(party)
        if not keys:
            raise LedgerError(
                "this machine holds no key of that party",
                code="key-not-here",
                found=party,
                expected=", ".join(self.identities()) or "no party has a key here yet",
                where=str(self.root),
                remedy="choose the signer with --as PARTY, or make an identity: init --name NAME --role ROLE",
            )
        return self._open(keys[-1], "author")

    def named(self, use: Use) -> KeyPair:
        """Return the log's or the witness's own key, made on first use."""
        document = self._document()
        key_id = document.get(use)
        if key_id is None:
            pair = KeyPair.generate(self.random, use)
            self._write(pair)
            document[use] = pair.key_id
            self._remember(document)
            return pair
        return self._open(key_id, use)

    def lend_log_key(self, passphrase: str) -> bytes:
        """Return the log's key sealed under a passphrase, for another office of the same ledger."""
        return seal(self.named("log"), passphrase, self.random, self.hardness)

    def accept_log_key(self, data: bytes, passphrase: str) -> str:
        """Use a log key that another office lent, and return its id; this home must have none yet.

        Raises:
            LedgerError: `log-key-here`, `key-file-damaged` or `passphrase-wrong`.
        """
        pair = unseal(data, passphrase)
        document = self._document()
        if pair.use != "log" or document.get("log") is not None:
            raise LedgerError(
                "this installation has a log key of its own, or this file holds no log key",
                code="log-key-here",
                found=document.get("log") or pair.use,
                expected="a home that never made a ledger, and a log key",
                remedy="accept the key in a fresh home folder: --home DIR",
            )
        self._write(pair)
        self._remember({**document, "log": pair.key_id})
        return pair.key_id

    def witnesses(self) -> tuple[str, ...]:
        """Return the verifier keys of the outside witnesses this machine trusts."""
        document = self._document()
        return tuple(str(line) for line in document.get("witnesses", []))

    def trust(self, verifier: str) -> None:
        """Trust an outside witness: its verifier key, as the witness itself shows it."""
        document = self._document()
        known = [line for line in self.witnesses() if line != verifier]
        self._remember({**document, "witnesses": [*known, verifier]})

    def quorum(self) -> int:
        """Return how many witnesses must have cosigned before anything counts as witnessed: one, or more."""
        number = self._document().get("quorum", 1)
        return number if type(number) is int and number > 0 else 1

    def set_quorum(self, number: int) -> None:
        """Ask for cosignatures by so many of the trusted witnesses.

        Raises:
            LedgerError: code `quorum-impossible`.
        """
        known = len(self.witnesses())
        if not 1 <= number <= max(known, 1):
            raise LedgerError(
                "the quorum can never be met",
                code="quorum-impossible",
                found=f"{number} of {known}",
                remedy="trust more witnesses first (witness trust KEY), or ask for fewer",
            )
        self._remember({**self._document(), "quorum": number})

    def _open(self, key_id: str, use: Use) -> KeyPair:
        if key_id not in self._opened:
            self._opened[key_id] = read_key_file(self._key_path(key_id, use), self._secret())
        return self._opened[key_id]

    def _write(self, pair: KeyPair) -> None:
        (self.root / "keys").mkdir(parents=True, exist_ok=True)
        hardness = DEVICE_HARDNESS if self.passphrase is None else self.hardness
        write_key_file(
            self._key_path(pair.key_id, pair.use), seal(pair, self._secret(), self.random, hardness)
        )
        self._opened[pair.key_id] = pair

    def _key_path(self, key_id: str, use: Use) -> Path:
        return self.root / "keys" / f"{use}-{key_id}.json"

    def vault_secret(self) -> bytes:
        """Return the 32 bytes without which a copied ledger opens no kept words."""
        return bytes.fromhex(self._secret_file("vault.secret"))

    def _secret(self) -> str:
        return self._secret_file("device.secret") if self.passphrase is None else self.passphrase

    def _secret_file(self, name: str) -> str:
        path = self.root / name
        if not path.exists():
            self.root.mkdir(parents=True, exist_ok=True)
            write_file(path, self.random(32).hex().encode())
        return path.read_text(encoding="ascii")

    def _document(self) -> dict[str, Any]:
        path = self.root / "identities.json"
        if not path.exists():
            return {}
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise LedgerError(
                "the list of identities cannot be read",
                code="identities-unreadable",
                found=str(error),
                expected="JSON as this program writes it",
                where=str(path),
                remedy="restore the file from a backup; the keys beside it are untouched",
            ) from error
        return dict(document)

    def _remember(self, document: object) -> None:
        data = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=False).encode()
        write_file(self.root / "identities.json", data)
