"""The one thing a face holds: it records, asks and proves, and decides nothing itself.

Rule: capturing is asserting an event: preview findings, hand it to the desk, fold the views. Everything
else here calls the layer that knows and passes the answer on. The only importer of `ledger.desk`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, Engine

import resources
from ledger import audit as auditing
from ledger.desk import Desk, Receipt, found_ledger
from ledger.enrolment import read_request
from ledger.errors import LedgerError
from ledger.events.codec import Event
from ledger.events.governance import PartyEnrolled
from ledger.events.values import PartyId
from ledger.home import Home
from ledger.keys import KeyPair
from ledger.reader import Entry, Reader
from ledger.tlog.note_keys import SignerKey, parse_verifier_key
from models import dossier as dossiers
from models import proving
from models.credit.policy import Policy
from models.credit.scorecard import Score
from models.dossier import Dossier, MerchantRow, Party
from models.projector import Projector, Standing
from models.provenance import lots as lot_views
from models.provenance import trace as tracing
from models.provenance.lots import LotRow
from models.provenance.trace import Direction, Trace
from models.proving import TreeHead
from models.ratings import Ratings
from models.views import reading

Clock = Callable[[], datetime]
POLICY = "policy/default.json"


class Workspace:
    """One ledger with its views, used from one installation.

    Args:
        engine: the ledger, from `ledger.store.create_ledger_engine`.
        views: the views, from `models.views.create_views_engine`; `close` closes both.
        home: this installation's keys and trusted checkpoints.
        clock: the present instant, aware UTC.
        party: who signs when no one else is named; default: the first identity of this home.
    """

    def __init__(
        self, engine: Engine, views: Engine, home: Home, *, clock: Clock, party: str | None = None
    ) -> None:
        self.home = home
        self.clock = clock
        self.reader = Reader(engine)
        self._engine = engine
        self._views = views
        self._me = party
        self._projector = Projector(self.reader, views)
        self._projector.catch_up()
        policy = Policy.from_document(resources.document(POLICY))
        self._ratings = Ratings(self.reader, policy, self._responsible)
        self._desk_made: Desk | None = None

    def close(self) -> None:
        """Close both databases."""
        self._engine.dispose()
        self._views.dispose()

    # --- who ----------------------------------------------------------------------------------------

    def me(self) -> Party | None:
        """Return the party that signs when no one else is named; None on a machine that holds no key."""
        wanted = self._me or self.home.me
        return None if wanted is None else self.party(wanted)

    def parties(self, role: str | None = None) -> tuple[Party, ...]:
        """Return enrolled parties by name; with `role`, those that have it."""
        with reading(self._views) as connection:
            return dossiers.all_parties(connection, role)

    def party(self, named: str) -> Party:
        """Return the party meant by an id, a GLN or a name.

        Raises:
            LedgerError: code `party-unknown` or `party-ambiguous`.
        """
        return dossiers.the_party(self.parties(), named)

    # --- record -------------------------------------------------------------------------------------

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
        receipts = self._desk.append(events, self._signer(as_party), batch=len(events) > 1, once=once)
        self._projector.catch_up()
        return receipts

    def enrol(self, request: bytes) -> tuple[Receipt, PartyEnrolled]:
        """Admit the party that asks in this request; the ledger's administrator signs."""
        asked = read_request(request)
        return self.record(replace(asked, event_time=self.clock())), asked

    # --- goods --------------------------------------------------------------------------------------

    def lots(
        self,
        text: str = "",
        holder: str | None = None,
        status: str | None = None,
        limit: int = 200,
        offset: int = 0,
    ) -> tuple[LotRow, ...]:
        """Return lots, those that changed last first."""
        with reading(self._views) as connection:
            return lot_views.lots(connection, text, holder, status, limit, offset)

    def lot_count(self, text: str = "", holder: str | None = None, status: str | None = None) -> int:
        """Return how many lots `lots` would return without a limit."""
        with reading(self._views) as connection:
            return lot_views.lot_count(connection, text, holder, status)

    def trace(self, code: str, direction: Direction = "both") -> Trace:
        """Return what a lot came from and what it went into, however the code is written.

        Raises:
            LedgerError: code `lot-unknown`.
        """
        with reading(self._views) as connection:
            found = tracing.trace(connection, self._meant(connection, code), direction)
        if not found.known:
            raise _unknown(code)
        return found

    # --- merchants ----------------------------------------------------------------------------------

    def rating(self, party: str, as_of: datetime | None = None) -> Score:
        """Return a party's score as of an instant (default: now)."""
        return self._ratings.rating(party, as_of or self.clock())

    def score_history(self, party: str, points: int = 18) -> tuple[tuple[datetime, Score], ...]:
        """Return the score at the end of each of the last `points` months of 30 days, oldest first."""
        return self._ratings.history(party, self.clock(), points)

    def merchants(
        self, text: str = "", grade: str | None = None, as_of: datetime | None = None
    ) -> tuple[MerchantRow, ...]:
        """Return every rated party, worst grade first."""
        with reading(self._views) as connection:
            return dossiers.merchants(connection, self._ratings, as_of or self.clock(), text, grade)

    def dossier(self, party: str) -> Dossier:
        """Return everything a regulator may see of one party."""
        whole = self.party(party)
        with reading(self._views) as connection:
            return dossiers.dossier(connection, self._ratings, whole, self.clock())

    # --- the log ------------------------------------------------------------------------------------

    def entry(self, index: int) -> Entry:
        """Return one entry, opened."""
        return self.reader.entry(index)

    def entries(self, start: int, stop: int) -> Iterable[Entry]:
        """Give the entries from `start` to before `stop`, opened."""
        return self.reader.entries(start, stop)

    def size(self) -> int:
        """Return how many entries the ledger has."""
        return self.reader.size()

    def standings(self) -> tuple[Standing, ...]:
        """Return how far each view has folded, and what stopped it if something did."""
        return self._projector.standings()

    def rebuild(self) -> int:
        """Throw the views away, fold the whole ledger again, and return how many entries that were."""
        return self._projector.rebuild()

    def audit(
        self,
        progress: auditing.Progress | None = None,
        cancelled: auditing.Cancelled | None = None,
        against: Iterable[str] = (),
    ) -> auditing.Report:
        """Verify the ledger in numbered steps, also against checkpoints kept elsewhere."""
        return auditing.audit(
            self._engine,
            tuple(against),
            witnesses=proving.known_witnesses(self.home),
            progress=progress,
            cancelled=cancelled,
        )

    def checkpoint(self) -> TreeHead:
        """Return the tree head, with cosignatures where this very one was witnessed."""
        note, seen = self.reader.checkpoint(), self.reader.cosigned()
        if seen is not None and proving.tree_head(seen).size == proving.tree_head(note).size:
            note = seen
        return proving.tree_head(note, log_key=self._log_key())

    def witness_request(self, since: int) -> str:
        """Return our checkpoint with the proof since an earlier size, for a witness to cosign."""
        return proving.witness_request(self.reader, since)

    def cosign(self, note: str, *, log_key: str | None = None, witness: str | None = None) -> TreeHead:
        """Vouch for another ledger's checkpoint, or keep our own that came back cosigned.

        Args:
            log_key: the other log's verifier key, needed once.
            witness: the verifier key of a witness of ours, needed once.
        """
        body = note.partition("\n\n")[2] if note.startswith("old ") else note
        head = proving.tree_head(body)
        if head.origin != proving.tree_head(self.reader.checkpoint()).origin:
            return proving.vouch(self.home, note, self.clock(), log_key)
        if witness:
            self.home.trust(parse_verifier_key(witness).text)
        self._desk.add_cosigned(body, proving.known_witnesses(self.home))
        return head

    def _log_key(self) -> str:
        return self.reader.head().log_key

    # --- inside -------------------------------------------------------------------------------------

    @property
    def _desk(self) -> Desk:
        # Made at the first write: an installation that only reads needs no log key.
        if self._desk_made is None:
            self._desk_made = Desk(
                self._engine, log_key=log_signer(self.home), clock=self.clock, keys=self._key_of
            )
        return self._desk_made

    def _key_of(self, party: PartyId) -> KeyPair | None:
        return self.home.author(party)

    def _signer(self, named: str | None) -> PartyId:
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

    def _meant(self, connection: Connection, code: str) -> str:
        """Return the code a person means: what they typed may be only the lot number on the label."""
        if lot_views.lot(connection, code) is not None:
            return code
        fits = lot_views.codes_like(connection, code, 5)
        if len(fits) > 1:
            raise LedgerError(
                "several lots carry this number",
                code="lot-ambiguous",
                found=code,
                expected=", ".join(fits),
                remedy="scan the label, or give the whole code",
            )
        return fits[0] if fits else code

    def _responsible(self, lot: str) -> str | None:
        """Return the party answerable for a lot: who made it."""
        with reading(self._views) as connection:
            row = lot_views.lot(connection, lot)
        return None if row is None else row.origin_party


def found(
    engine: Engine, views: Engine, home: Home, identity: PartyEnrolled, pair: KeyPair, *, clock: Clock
) -> Workspace:
    """Make a new ledger whose first entry enrols its administrator, and return it opened.

    Raises:
        LedgerError: code `ledger-exists`.
    """
    found_ledger(engine, log_key=log_signer(home), administrator=pair, enrolment=identity, clock=clock)
    return Workspace(engine, views, home, clock=clock)


def has_ledger(engine: Engine) -> bool:
    """Say whether there is a ledger in this database."""
    try:
        Reader(engine).size()
    except LedgerError as error:
        if error.code in ("no-ledger", "not-a-ledger"):
            return False
        raise
    return True


def log_signer(home: Home) -> SignerKey:
    """Return the key that signs this log's checkpoints; the log is named after it."""
    pair = home.named("log")
    return pair.log_signer(f"suxin/{pair.key_id}")


def _unknown(code: str) -> LedgerError:
    return LedgerError(
        "the ledger knows nothing of this code",
        code="lot-unknown",
        found=code,
        expected="a Digital Link, an EPC URN, or the lot number of something recorded here",
        remedy="check the label, or import the events that speak of it",
    )
