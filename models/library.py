"""Everything a face may ask of a ledger and its views; nothing here writes to the ledger.

Rule: it calls the layer that knows and passes the answer on. Every answer is read in one transaction, so what
stands together on a page was true at one moment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine

from ledger import audit as auditing
from ledger import exchange
from ledger.bracket import brackets
from ledger.errors import LedgerError
from ledger.exchange import ProofResult
from ledger.home import Home
from ledger.listing import EntryLine
from ledger.reader import Entry, Reader
from ledger.signatures import processes_for
from ledger.static_folder import write_folder
from ledger.tlog.note_keys import parse_verifier_key
from ledger.vault import Vault
from models import catalogue, details, proving
from models import dossier as dossiers
from models.casebook import Casebook
from models.catalogue import Arriving, Place, Product
from models.conduct import Conduct
from models.credit import ladder
from models.credit.explained import Why
from models.credit.policy import GRADES, Policy
from models.credit.priority import PlannedVisit
from models.credit.scorecard import Score
from models.details import EntryDetails
from models.dossier import Dossier, MerchantRow, Party
from models.finding import Finding
from models.items import ItemBook
from models.packs.pack import Pack, make_pack
from models.packs.promise import promise_rows
from models.policies import Policies
from models.projector import Projector, Standing
from models.provenance import lots as lot_views
from models.provenance import recall as recalls
from models.provenance import story as stories
from models.provenance import trace as tracing
from models.provenance.bracketing import timing_findings
from models.provenance.coldlegs import ColdLegs
from models.provenance.correction import corrected
from models.provenance.goods import Goods
from models.provenance.localtables import LocalTables, with_tables
from models.provenance.lots import LotRow
from models.provenance.recall import RecallPlan
from models.provenance.story import Story
from models.provenance.trace import Direction, Trace
from models.proving import TreeHead
from models.published import with_published_scores
from models.quality import Quality
from models.ranking import Ranked, ranking
from models.ratings import Ratings
from models.shadow import Shadow, recalibrated, shadow
from models.trade import trade_findings
from models.views import reading

Clock = Callable[[], datetime]
COMPLETE = "complete"
"""This file in a home folder says that it holds the invented ledger, and that the whole tale is in it."""


class Library:
    """One ledger with its views, to be asked.

    Args:
        engine: the ledger, from `ledger.store.create_ledger_engine`.
        views: the views, from `models.views.create_views_engine`; `close` closes both.
        home: this installation's keys and trusted checkpoints.
        clock: the present instant, aware UTC.
        read_only: why nothing can be recorded, if nothing can.
    """

    def __init__(
        self, engine: Engine, views: Engine, home: Home, *, clock: Clock, read_only: LedgerError | None = None
    ) -> None:
        self.read_only = read_only
        self.home = home
        self.clock = clock
        self.reader = Reader(engine, home.quorum())
        self._engine = engine
        self.local_tables = LocalTables(home.root)
        # Scores are folded through the bare views: anyone can recompute them with the shipped tables.
        self._views = with_tables(views, self.local_tables)
        self.reader.size()  # a ledger that cannot be reached or read is told as such, before its views are
        self._projector = Projector(self.reader, views)
        self._projector.catch_up()
        self._vault = Vault(engine, home.random, vault_secret(engine, home))
        self.policies = Policies(self.reader)
        self.cases = Casebook(self.reader, views, clock)
        self.quality = Quality(self._views, self._meant, clock)
        self.goods = Goods(views, clock, home.root)
        self.items = ItemBook(self.reader, views)
        self.cold_legs = ColdLegs(views, self._vault.material, self._meant)
        acts = Conduct(views).of
        self._ratings = Ratings(self.reader, self.policies, self._responsible, self.items.proven, acts)

    def close(self) -> None:
        """Close both databases."""
        self._engine.dispose()
        self._views.dispose()

    # --- who ----------------------------------------------------------------------------------------

    def parties(self, role: str | None = None) -> tuple[Party, ...]:
        """Return enrolled parties by name; with `role`, those that have it."""
        with reading(self._views) as connection:
            return dossiers.all_parties(connection, role)

    def party(self, named: str) -> Party:
        """Return the party meant by an id, a GLN or a name.

        Raises:
            LedgerError: code `party-unknown` or `party-ambiguous`.
        """
        with reading(self._views) as connection:
            known = dossiers.by_id(connection, named)
        return known or dossiers.the_party(self.parties(), named)

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
            LedgerError: code `lot-unknown` or `lot-ambiguous`.
        """
        with reading(self._views) as connection:
            found = tracing.trace(connection, self._meant(connection, code), direction)
        if not found.known:
            raise _unknown(code)
        timed = self._timing(event.index for event in found.events)
        return replace(found, findings=(*found.findings, *timed)) if timed else found

    def story(self, code: str) -> Story:
        """Return what a consumer is told of a code; an unknown one is a story too."""
        with reading(self._views) as connection:
            meant = self._meant(connection, code)
            return stories.story(connection, self.reader, meant, self.reader.witnessed_to(), self._timing)

    def recall_plan(self, code: str) -> RecallPlan:
        """Return every lot a recall of this code reaches, who holds it, and nothing else.

        Raises:
            LedgerError: code `lot-unknown` or `lot-ambiguous`.
        """
        with reading(self._views) as connection:
            found = recalls.plan(connection, self._meant(connection, code))
        if not found.affected:
            raise _unknown(code)
        return found

    def label_words(self, code: str) -> tuple[str, LotRow]:
        """Return what a label's symbol must say for a lot or an item, and the lot's row for its words.

        Raises:
            LedgerError: code `lot-unknown`; a label for nothing recorded would be a false promise.
        """
        with reading(self._views) as connection:
            meant = self._meant(connection, code)
            row = lot_views.lot(connection, meant)
        if row is None:
            raise _unknown(code)
        return meant, row

    def products(self) -> tuple[Product, ...]:
        """Return the products that somebody described, by name."""
        with reading(self._views) as connection:
            return catalogue.all_products(connection)

    def places(self, party: str | None = None) -> tuple[Place, ...]:
        """Return the places that somebody described; with `party`, that party's."""
        with reading(self._views) as connection:
            return catalogue.places_of(connection, party)

    def arriving(self, party: str) -> tuple[Arriving, ...]:
        """Return what was shipped to a party and not received yet, oldest first."""
        with reading(self._views) as connection:
            return catalogue.arriving(connection, party)

    # --- merchants ----------------------------------------------------------------------------------

    def rating(self, party: str, as_of: datetime | None = None) -> Score:
        """Return a party's score as of an instant (default: now)."""
        return self._ratings.rating(party, as_of or self.clock())

    def score_history(self, party: str, points: int = 18) -> tuple[tuple[datetime, Score], ...]:
        """Return the score at the end of each of the last `points` months of 30 days, oldest first."""
        return self._ratings.history(party, self.clock(), points)

    def held_grade(self, party: str) -> ladder.Standing:
        """Return the grade a party holds, since when, and the grade its score would give."""
        return self._ratings.standing(party, self.clock())

    def plan(self, budget: int, seed: bytes) -> tuple[PlannedVisit, ...]:
        """Return whom to visit next and why; at least a fifth is drawn by lot from `seed`."""
        parties = [row.party for row in self.merchants()]
        return self._ratings.plan(parties, budget, self.clock(), seed)

    def merchants(
        self, text: str = "", grade: str | None = None, as_of: datetime | None = None
    ) -> tuple[MerchantRow, ...]:
        """Return every rated party, worst grade first."""
        with reading(self._views) as connection:
            return dossiers.merchants(connection, self._ratings, as_of or self.clock(), text, grade)

    def ranking(self, category: str | None = None) -> tuple[Ranked, ...]:
        """Return merchants for shoppers: by the lower bound of their quality, never by their sales."""
        return ranking(self.merchants(), category)

    def dossier(self, party: str) -> Dossier:
        """Return everything a regulator may see of one party."""
        whole = self.party(party)
        with reading(self._views) as connection:
            return dossiers.dossier(connection, self._ratings, whole, self.clock(), read_words=self.words_of)

    def why_grade(self, party: str) -> tuple[Why, ...]:
        """Return why a party's grade is not what its points say, or not the one it holds."""
        return self._ratings.why(party, self.clock())

    def signs(self, party: str) -> tuple[Finding, ...]:
        """Return the signs of brushing and abnormal trade around a party."""
        with reading(self._views) as connection:
            return trade_findings(connection, party, self._ratings.reviews(self.clock()), self.words_of)

    def shadow(self, policy: Policy, as_of: datetime | None = None) -> Shadow:
        """Return what every merchant's grade would be under another policy, changing nothing."""
        parties = [row.party for row in self.merchants()]
        return shadow(self._ratings, parties, policy, as_of or self.clock())

    def recalibrated(self) -> Policy:
        """Return the policy in force with this month's calibration, fitted to the visits recorded so far."""
        return recalibrated(self._ratings, self.clock())

    @property
    def grade_bands(self) -> tuple[tuple[str, int], ...]:
        """Return each grade with the least points it takes under the policy in force, best first."""
        return tuple(zip(GRADES, self._ratings.policy(self.clock()).grade_from, strict=False))

    def words_of(self, vault_id: str) -> str | None:
        """Return what a person wrote, or None when it was removed on request or is kept elsewhere."""
        return self._vault.read(vault_id)

    def material(self, digest: str) -> bytes | None:
        """Return the evidence that an entry cites by this SHA-256, or None when it is not kept here."""
        return self._vault.material(digest)

    @property
    def demonstration(self) -> bool:
        """Say whether this is the invented ledger, so that every face can say so too."""
        return (self.home.root / COMPLETE).exists()

    # --- the log ------------------------------------------------------------------------------------

    def size(self) -> int:
        """Return how many entries the ledger has."""
        return self.reader.size()

    def entry(self, index: int) -> Entry:
        """Return one entry, opened."""
        return self.reader.entry(index)

    def entries(self, start: int, stop: int) -> Iterable[Entry]:
        """Give the entries from `start` to before `stop`, opened."""
        return self.reader.entries(start, stop)

    def entry_lines(self, start: int, stop: int) -> tuple[EntryLine, ...]:
        """Return what a list shows of the entries from `start` to before `stop`."""
        return self.reader.lines(start, stop)

    def export(self, form: str, name: str, *, proven: bool = True) -> Pack:
        """Return all goods in one of the forms others ask for, with the proof of every row."""
        return make_pack(self.reader, form, name, self.clock(), proven=proven)

    def promises(self) -> tuple[dict[str, str], ...]:
        """Return the promises of conformity that stand, as rows to print."""
        return promise_rows(self.reader)

    def entry_details(self, index: int) -> EntryDetails:
        """Return everything that stands behind one entry."""
        entry = self.reader.entry(index)
        author = next((party for party in self.parties() if party.id == entry.party), None)
        (bracket,) = brackets(self.reader, [entry], proving.known_witnesses(self.home))
        return details.entry_details(
            entry, self.reader.keyring(), author, self.reader.witnessed_to(), bracket
        )

    def witnessed_to(self) -> int:
        """Return how many entries an outside witness has seen."""
        return self.reader.witnessed_to()

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
        """Verify the ledger in numbered steps, also against every checkpoint this machine trusts."""
        report = auditing.audit(
            self._engine,
            against,
            witnesses=proving.known_witnesses(self.home),
            progress=progress,
            cancelled=cancelled,
            open_words=self._vault.digest_of,
            memory=proving.memory(self.home),
            quorum=self.home.quorum(),
            processes=processes_for(self.reader.size()),
        )
        return with_published_scores(report, self.reader, self._ratings)

    def checkpoint(self) -> TreeHead:
        """Return the tree head, with cosignatures where this very one was witnessed."""
        head, seen = self.reader.head(), self.reader.newest_cosigned()
        note = seen.note if seen is not None and seen.size == head.size else head.checkpoint
        return proving.tree_head(note, log_key=head.log_key)

    def write_static(self, folder: Path) -> int:
        """Write the ledger as static tiles into a folder and return how many entries it holds now."""
        return write_folder(self.reader, folder)

    def witness_request(self, since: int) -> str:
        """Return our checkpoint with the proof since an earlier size, for a witness to cosign."""
        return proving.witness_request(self.reader, since)

    def proof(self, target: str | int) -> bytes:
        """Return a file that proves one entry, or every entry of a lot's story, to anyone."""
        indexes = (
            [target]
            if isinstance(target, int)
            else [event.index for event in self.trace(target, "back").events]
        )
        return exchange.write_proof(self.reader, indexes)

    def check(self, proof: bytes) -> ProofResult:
        """Check a proof file, knowing this ledger's key and the witnesses trusted here."""
        key = parse_verifier_key(self.reader.head().log_key)
        return exchange.check_proof(proof, log_keys=[key], witnesses=proving.known_witnesses(self.home))

    def _timing(self, indexes: Iterable[int]) -> tuple[Finding, ...]:
        """Return what witnesses know against the times that these entries claim."""
        return timing_findings(self.reader, indexes, proving.known_witnesses(self.home))

    # --- inside -------------------------------------------------------------------------------------

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
        # The code on an old label may have been declared wrong since; it leads to what corrects it.
        return fits[0] if fits else corrected(connection, self.reader, code) or code

    def _responsible(self, lot: str) -> str | None:
        """Return the party answerable for a lot: who made it."""
        with reading(self._views) as connection:
            row = lot_views.lot(connection, lot)
        return None if row is None else row.origin_party


def check_proof(data: bytes) -> ProofResult:
    """Check a proof file with no ledger at all."""
    return exchange.check_proof(data)


def vault_secret(engine: Engine, home: Home) -> bytes | None:
    """Return what wraps the keys of kept words; offices that share a server share its words too."""
    return home.vault_secret() if engine.dialect.name == "sqlite" else None


def _unknown(code: str) -> LedgerError:
    return LedgerError(
        "the ledger knows nothing of this code",
        code="lot-unknown",
        found=code,
        expected="a Digital Link, an EPC URN, or the lot number of something recorded here",
        remedy="check the label, or import the events that speak of it",
    )
