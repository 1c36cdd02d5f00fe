"""Everything a face may ask of a ledger and its views; nothing here writes to the ledger.

Rule: it calls the layer that knows and passes the answer on. Every answer is read in one transaction, so what
stands together on a page was true at one moment.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from ledger.bracket import brackets
from ledger.errors import LedgerError
from ledger.home import Home
from ledger.listing import EntryLine
from ledger.progress import Progress, quiet
from ledger.reader import Entry, Reader
from ledger.vault import Vault
from models import catalogue, details, proving
from models import dossier as dossiers
from models.casebook import Casebook
from models.catalogue import Arriving, Place, Product
from models.conduct import Conduct
from models.details import EntryDetails
from models.dossier import Party
from models.finding import Finding
from models.items import ItemBook
from models.log import Log
from models.merchants import Merchants
from models.policies import Policies
from models.projector import Projector, Standing
from models.provenance import lots as lot_views
from models.provenance import recall as recalls
from models.provenance import story as stories
from models.provenance import trace as tracing
from models.provenance.bracketing import timing_findings
from models.provenance.coldlegs import ColdLegs
from models.provenance.goods import Goods
from models.provenance.localtables import LocalTables, with_tables
from models.provenance.lots import LotRow
from models.provenance.meant import lot_unknown, meant
from models.provenance.recall import RecallPlan
from models.provenance.story import Story
from models.provenance.trace import Direction, Trace
from models.quality import Quality
from models.ratings import Ratings
from models.views import reading

if TYPE_CHECKING:
    from models.packs.pack import Pack

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
        self._meant = partial(meant, self.reader)
        self.policies = Policies(self.reader)
        self.cases = Casebook(self.reader, views, clock)
        self.quality = Quality(self._views, self._meant, clock)
        self.goods = Goods(views, clock, home.root)
        self.items = ItemBook(self.reader, views)
        self.cold_legs = ColdLegs(views, self._vault.material, self._meant)
        acts = Conduct(views).of
        ratings = Ratings(self.reader, self.policies, self._responsible, self.items.proven, acts)
        self.merchants = Merchants(ratings, self._views, clock, self.party, self.words_of)
        self.log = Log(engine, self.reader, home, ratings, self._vault.digest_of, self._behind)

    def close(self) -> None:
        """Close both databases."""
        self._engine.dispose()
        self._views.dispose()

    # --- who ----------------------------------------------------------------------------------------

    def parties(self, role: str | None = None) -> tuple[Party, ...]:
        """Return enrolled parties by name; with `role`, those that have it."""
        with reading(self._views) as connection:
            return dossiers.all_parties(connection, role)

    def parties_of(self, ids: Collection[str]) -> tuple[Party, ...]:
        """Return those of these parties that are enrolled."""
        with reading(self._views) as connection:
            return dossiers.all_parties(connection, only=ids) if ids else ()

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
            raise lot_unknown(code)
        timed = self._timing(event.index for event in found.events)
        return replace(found, findings=(*found.findings, *timed)) if timed else found

    def story(self, code: str) -> Story:
        """Return what a consumer is told of a code; an unknown one is a story too."""
        with reading(self._views) as connection:
            means = self._meant(connection, code)
            seen = self.reader.newest_cosigned()
            if seen is None:
                return stories.story(connection, self.reader, means, 0)
            return stories.story(connection, self.reader, means, seen.size, self._timing)

    def recall_plan(self, code: str) -> RecallPlan:
        """Return every lot a recall of this code reaches, who holds it, and nothing else.

        Raises:
            LedgerError: code `lot-unknown` or `lot-ambiguous`.
        """
        with reading(self._views) as connection:
            found = recalls.plan(connection, self._meant(connection, code))
        if not found.affected:
            raise lot_unknown(code)
        return found

    def label_words(self, code: str) -> tuple[str, LotRow]:
        """Return what a label's symbol must say for a lot or an item, and the lot's row for its words.

        Raises:
            LedgerError: code `lot-unknown`; a label for nothing recorded would be a false promise.
        """
        with reading(self._views) as connection:
            means = self._meant(connection, code)
            row = lot_views.lot(connection, means)
        if row is None:
            raise lot_unknown(code)
        return means, row

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

    # --- what is kept here --------------------------------------------------------------------------

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

    # --- entries and views --------------------------------------------------------------------------

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

    def export(self, form: str, name: str, *, proven: bool = True, progress: Progress = quiet) -> Pack:
        """Return all goods in one of the forms others ask for, with the proof of every row."""
        from models.packs.pack import make_pack

        return make_pack(self.reader, form, name, self.clock(), proven=proven, progress=progress)

    def promises(self, progress: Progress = quiet) -> tuple[dict[str, str], ...]:
        """Return the promises of conformity that stand, as rows to print."""
        from models.packs.promise import promise_rows

        return promise_rows(self.reader, progress)

    def entry_details(self, index: int) -> EntryDetails:
        """Return everything that stands behind one entry."""
        entry = self.reader.entry(index)
        author = next((party for party in self.parties() if party.id == entry.party), None)
        (bracket,) = brackets(self.reader, [entry], proving.known_witnesses(self.home))
        return details.entry_details(
            entry, self.reader.keyring(), author, self.reader.witnessed_to(), bracket
        )

    def standings(self) -> tuple[Standing, ...]:
        """Return how far each view has folded, and what stopped it if something did."""
        return self._projector.standings()

    def rebuild(self, progress: Progress = quiet) -> int:
        """Throw the views away, fold the whole ledger again, and return how many entries that were.

        Args:
            progress: told between the pieces; where it raises, the views are behind and go on from there.
        """

        def between(done: int, total: int) -> None:
            if done < total:
                progress(done, total)

        progress(0, self.size())
        return self._projector.rebuild(between)

    # --- inside -------------------------------------------------------------------------------------

    def _timing(self, indexes: Iterable[int]) -> tuple[Finding, ...]:
        """Return what witnesses know against the times that these entries claim."""
        return timing_findings(self.reader, indexes, proving.known_witnesses(self.home))

    def _behind(self, code: str) -> tuple[int, ...]:
        """Return the entries that a lot's story rests on."""
        return tuple(event.index for event in self.trace(code, "back").events)

    def _responsible(self, lot: str) -> str | None:
        """Return the party answerable for a lot: who made it."""
        with reading(self._views) as connection:
            row = lot_views.lot(connection, lot)
        return None if row is None else row.origin_party


def vault_secret(engine: Engine, home: Home) -> bytes | None:
    """Return what wraps the keys of kept words; offices that share a server share its words too."""
    return home.vault_secret() if engine.dialect.name == "sqlite" else None
