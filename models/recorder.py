"""A library that also records: it signs with the keys that lie here, appends, and folds the views.

Rule: capturing is asserting an event: preview findings, hand it to the desk, fold the views. It only calls;
it decides nothing itself. The only importer of `ledger.desk`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Engine

from ledger import bundle as bundles
from ledger.bundle import BundleReport
from ledger.desk import Admission, Desk, Receipt, found_ledger
from ledger.enrolment import read_request
from ledger.errors import LedgerError
from ledger.events.codec import Event
from ledger.events.evidence import Commitment
from ledger.events.governance import PartyEnrolled
from ledger.events.values import PartyId
from ledger.guard import SignedGuard, TrustedCheckpoints
from ledger.home import Home
from ledger.keys import KeyPair
from ledger.progress import Progress, quiet
from ledger.tlog.note_keys import SignerKey, parse_verifier_key
from models import proving
from models.dossier import Party
from models.finding import Finding
from models.library import Clock, Library
from models.provenance.preview import findings_for
from models.proving import TreeHead
from models.views import reading

SEEN_AFTER = 500
"""What a bundle brings is folded into the views after so many entries."""


class Recorder(Library):
    """One ledger with its views, in which the parties whose keys lie here can record.

    Args:
        engine, views, home, clock, read_only: as for `Library`.
        party: who signs when no one else is named; default: the first identity of this home.
    """

    def __init__(
        self,
        engine: Engine,
        views: Engine,
        home: Home,
        *,
        clock: Clock,
        party: str | None = None,
        read_only: LedgerError | None = None,
    ) -> None:
        super().__init__(engine, views, home, clock=clock, read_only=read_only)
        self._me = party
        self._made: Desk | None = None

    def me(self) -> Party | None:
        """Return the party that signs when no one else is named; None on a machine that holds no key."""
        wanted = self._me or self.home.me
        return None if wanted is None else self.party(wanted)

    def mine(self, role: str | None = None) -> tuple[Party, ...]:
        """Return the parties whose keys lie here, oldest key first; with `role`, those that have it."""
        here = list(self.home.identities())
        fits = [party for party in self.parties(role) if party.id in here]
        return tuple(sorted(fits, key=lambda party: here.index(party.id)))

    def acting(self, named: str | None, *roles: str) -> str | None:
        """Return who acts: who was named, who this installation is, or the first here with such a role."""
        here = [party.id for role in roles for party in self.mine(role)]
        return named or self._me or next(iter(here), None)

    def signer(self, named: str | None) -> PartyId:
        """Return who signs: the party named, or this installation's own.

        Raises:
            LedgerError: code `no-identity`.
        """
        if named is not None:
            return PartyId(self.party(named).id)
        me = self.me()
        if me is None:
            raise LedgerError(
                "nobody can sign on this machine",
                code="no-identity",
                expected="an identity with a key",
                where=str(self.home.root),
                remedy='make one: init --name "NAME" --role cooperative',
            )
        return PartyId(me.id)

    def enrol(self, request: bytes) -> tuple[Receipt, PartyEnrolled]:
        """Admit the party that asks in this request; the ledger's administrator signs."""
        asked = read_request(request)
        return self.record(replace(asked, event_time=self.clock())), asked

    def preview(self, event: Event, *, as_party: str | None = None) -> tuple[Finding, ...]:
        """Return what recording the event would bring to light; nothing is written."""
        author = self.signer(as_party)
        with reading(self._views) as connection:
            return findings_for(connection, event, author, self.clock())

    def record(self, event: Event, *, as_party: str | None = None) -> Receipt:
        """Sign an event, append it, fold it into the views, and return its receipt."""
        return self.record_all([event], as_party=as_party)[0]

    def record_all(
        self, events: Sequence[Event], *, as_party: str | None = None, once: bool = False
    ) -> tuple[Receipt, ...]:
        """Record several events of one party, all or none, signed together.

        Args:
            once: what this party said before in the same words is not said again.
        """
        receipts = self.append(events, as_party=as_party, once=once)
        self.fold()
        return receipts

    def append(
        self, events: Sequence[Event], *, as_party: str | None = None, once: bool = False
    ) -> tuple[Receipt, ...]:
        """Record as `record_all` does, but leave the views behind; who appends in parts folds at the end."""
        receipts: tuple[Receipt, ...] = self._desk.append(
            events, self.signer(as_party), batch=len(events) > 1, once=once
        )
        return receipts

    def fold(self, progress: Progress = quiet) -> None:
        """Bring the views up to the ledger."""
        self._projector.catch_up(progress)

    def admit(self, leaves: Sequence[bytes]) -> tuple[Admission, ...]:
        """Take in entries that were signed elsewhere, each judged on its own."""
        admissions: tuple[Admission, ...] = self._desk.admit(leaves)
        self._projector.catch_up()
        return admissions

    def take_in(self, bundle: bytes, progress: Progress = quiet) -> BundleReport:
        """Add what is new in another installation's bundle; conflicts are kept and told.

        Args:
            progress: told between the parts; where it raises, what is in stays in and can be seen.
        """

        def between(done: int, total: int) -> None:
            # Not after each part: folded in small pieces, a lot that many entries touch is folded often.
            if done % SEEN_AFTER == 0:
                self._projector.catch_up()
            progress(done, total)

        try:
            return bundles.take_in(self._desk, bundles.read_bundle(bundle), between)
        finally:
            self._projector.catch_up()

    def bundle(self, start: int = 0, progress: Progress = quiet) -> bytes:
        """Return the entries from `start` on as one signed file for a stick or a mail."""
        return bundles.write_bundle(self.reader, log_signer(self.home), start, progress=progress)

    def keep_words(self, person: str, text: str) -> Commitment:
        """Put a person's words into the vault and return what the ledger may hold of them."""
        return self._vault.keep(person, text)

    def words(self, text: str) -> Commitment | None:
        """Put words into the vault under a person of their own; no words, no commitment."""
        return self.all_words([text])[0]

    def all_words(self, texts: Sequence[str]) -> tuple[Commitment | None, ...]:
        """Do the same for many texts at once, all or none."""
        # A person of their own for each text: removing one never touches another's words.
        said = [(self.home.random(16).hex(), text) for text in texts if text.strip()]
        kept = iter(self._vault.keep_all(said) if said else ())
        return tuple(next(kept) if text.strip() else None for text in texts)

    def words_of_all(self, vault_ids: Sequence[str]) -> dict[str, str]:
        """Return what people wrote, by where it lies; what was removed or is kept elsewhere is left out."""
        return self._vault.read_all(vault_ids)

    def keep_material(self, data: bytes) -> str:
        """Put evidence into the vault that an entry cites by its SHA-256, and return that digest."""
        return self._vault.keep_material(data)

    def cosign(self, text: str, *, log_key: str | None = None, witness: str | None = None) -> TreeHead:
        """Vouch for another ledger's checkpoint, or keep our own that came back cosigned.

        Args:
            text: a signed checkpoint, or a witness request with its proof.
            log_key: the other log's verifier key, needed once.
            witness: the verifier key of a witness of ours, needed once.
        """
        body = text.partition("\n\n")[2] if text.startswith("old ") else text
        head = proving.tree_head(body)
        if head.origin != self.reader.head().origin:
            return proving.vouch(self.home, text, self.clock(), log_key)
        if witness:
            self.home.trust(parse_verifier_key(witness).text)
        self._desk.add_cosigned(body, proving.known_witnesses(self.home))
        TrustedCheckpoints(self.home.trusted).keep(body)
        return head

    def ask_witness(self, url: str, *, witness: str | None = None) -> TreeHead:
        """Ask a witness over HTTP to vouch for our newest checkpoint, and keep its cosignature.

        Args:
            url: the witness's address, with or without `add-checkpoint`.
            witness: its verifier key, needed once.
        """
        if witness:
            self.home.trust(parse_verifier_key(witness).text)
        from models import witnessing  # only whoever asks needs a web client

        return self.cosign(witnessing.ask(self.reader, url, proving.known_witnesses(self.home)))

    @property
    def _desk(self) -> Desk:
        if self.read_only is not None:
            raise self.read_only
        # Made at the first write: an installation that only reads needs no log key.
        if self._made is None:
            guard = SignedGuard(self.home.root / "signed")
            log_key, keys = log_signer(self.home), self.home.author
            self._made = Desk(self._engine, log_key=log_key, clock=self.clock, keys=keys, guard=guard)
        return self._made


def begin(engine: Engine, home: Home, identity: PartyEnrolled, pair: KeyPair, *, clock: Clock) -> None:
    """Make a new ledger whose first entry enrols its administrator.

    Raises:
        LedgerError: code `ledger-exists`.
    """
    found_ledger(engine, log_key=log_signer(home), administrator=pair, enrolment=identity, clock=clock)


def log_signer(home: Home) -> SignerKey:
    """Return the key that signs this log's checkpoints; the log is named after it."""
    pair = home.named("log")
    return pair.log_signer(f"suxin/{pair.key_id}")
