"""The one thing a face holds: a library that also records.

Rule: capturing is asserting an event: preview findings, hand it to the desk, fold the views. It only calls;
it decides nothing itself. The only importer of `ledger.desk`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from ledger import bundle as bundles
from ledger.bundle import BundleReport
from ledger.credential import report
from ledger.desk import Admission, Desk, Receipt, found_ledger
from ledger.enrolment import read_request
from ledger.errors import LedgerError
from ledger.events.codec import Event
from ledger.events.evidence import Commitment, Complaint, Inspection, Recall, Review
from ledger.events.foreign import Import
from ledger.events.foreign_lab import Asked, read_lab_sheet
from ledger.events.governance import Erased, PartyEnrolled, Ruling, ScorePublished
from ledger.events.itemkeys import Said, secret_of, sign_review
from ledger.events.quality import ConformityPromise, LabelsPrinted, QualityGate
from ledger.events.scans import ScanReceipt
from ledger.events.values import PartyId, freeze
from ledger.guard import SignedGuard, TrustedCheckpoints
from ledger.home import Home
from ledger.keys import KeyPair
from ledger.reader import Reader
from ledger.tlog.note_keys import SignerKey, parse_verifier_key
from models import importing, importing_evidence, proving, witnessing
from models.claims.case import ClaimCase, Dismissal, dismissal, keep_dismissal
from models.credit.scorecard import Score
from models.creditreport import KIND, VALID_DAYS, subject_of
from models.disputes import BY_THE_ACCUSED, BY_THE_OFFICE
from models.dossier import Party
from models.evidence.official import EvidenceTable, party_finder, read_evidence
from models.finding import Finding
from models.importing import ImportReport
from models.intake import PART, Intake, Progress
from models.items import DraftRoll, draft_roll, keep_register, read_register, refuse_used
from models.library import Clock, Library
from models.measures import imposing, refuse_early_repair
from models.packs.promise import drafts
from models.policies import checked, proposed, seconded
from models.provenance import drill as drills
from models.provenance.legs import Leg, event_of, leg_of
from models.provenance.localtables import STANDARDS
from models.provenance.loggers import logger_text, read_logger
from models.provenance.preview import findings_for
from models.provenance.recall import RecallPlan
from models.proving import TreeHead
from models.quality import TakenSheet
from models.views import reading

__all__ = ["Clock", "Library", "Workspace", "found", "has_ledger", "log_signer"]


class Workspace(Library):
    """One ledger with its views, used from one installation.

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

    # --- who ----------------------------------------------------------------------------------------

    def me(self) -> Party | None:
        """Return the party that signs when no one else is named; None on a machine that holds no key."""
        wanted = self._me or self.home.me
        return None if wanted is None else self.party(wanted)

    def mine(self, role: str | None = None) -> tuple[Party, ...]:
        """Return the parties whose keys lie here, oldest key first; with `role`, those that have it."""
        here = list(self.home.identities())
        fits = [party for party in self.parties(role) if party.id in here]
        return tuple(sorted(fits, key=lambda party: here.index(party.id)))

    def enrol(self, request: bytes) -> tuple[Receipt, PartyEnrolled]:
        """Admit the party that asks in this request; the ledger's administrator signs."""
        asked = read_request(request)
        return self.record(replace(asked, event_time=self.clock())), asked

    # --- record -------------------------------------------------------------------------------------

    def preview(self, event: Event, *, as_party: str | None = None) -> tuple[Finding, ...]:
        """Return what recording the event would bring to light; nothing is written."""
        author = self._signer(as_party)
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
        receipts: tuple[Receipt, ...] = self._desk.append(
            events, self._signer(as_party), batch=len(events) > 1, once=once
        )
        self._projector.catch_up()
        return receipts

    def admit(self, leaves: Sequence[bytes]) -> tuple[Admission, ...]:
        """Take in entries that were signed elsewhere, each judged on its own."""
        admissions: tuple[Admission, ...] = self._desk.admit(leaves)
        self._projector.catch_up()
        return admissions

    def import_file(
        self,
        path: Path,
        *,
        as_party: str | None = None,
        columns: Mapping[str, str] | None = None,
        progress: Progress = lambda *_: None,
    ) -> ImportReport:
        """Record every good event of a file; refuse the others one by one and keep the rest.

        Args:
            columns: heading -> column of a table, where headings are not known; they are remembered.

        Raises:
            EventInvalid: the file is not one we can read at all; nothing was written.
        """
        columns = importing.remembered(self.home.root, columns)
        evidence = read_evidence(
            importing.read_bytes(path),
            path.name,
            now=self.clock(),
            party_of=party_finder(self.parties()),
            secret=self.home.vault_secret(),
            columns=columns,
        )
        if evidence is not None:
            return self._take_evidence(path.name, evidence, as_party)
        parts = importing.read_parts(path, self.clock(), columns, PART)
        report = Intake(path.name).take(parts, self._fresh, partial(self._append, as_party), progress)
        self._projector.catch_up(partial(progress, "fold"))
        return report

    def _fresh(self, part: Import) -> tuple[tuple[importing.Foreign, ...], tuple[str, ...]]:
        with reading(self._views) as connection:
            return importing.fresh(connection, self.reader, part)

    def _append(self, as_party: str | None, events: Sequence[Event]) -> tuple[Receipt, ...]:
        receipts: tuple[Receipt, ...] = self._desk.append(
            events, self._signer(as_party), batch=len(events) > 1, once=True
        )
        return receipts

    def _take_evidence(self, name: str, table: EvidenceTable, as_party: str | None) -> ImportReport:
        """Record the rows of a table of inspections or reviews that are not here yet."""
        roles = ("inspector",) if table.kind == "inspection" else ()
        signer = self._signer(as_party or next((p.id for role in roles for p in self.mine(role)), None))
        with reading(self._views) as connection:
            rows, about_itself = importing_evidence.fresh(connection, table, self.words_of, signer)
        receipts = (
            self.record_all(importing_evidence.with_words(rows, self._words), as_party=signer) if rows else ()
        )
        return importing_evidence.report(name, table, receipts, about_itself)

    def take_in(self, bundle: bytes) -> BundleReport:
        """Add what is new in another installation's bundle; conflicts are kept and told."""
        taken = bundles.take_in(self._desk, bundles.read_bundle(bundle))
        self._projector.catch_up()
        return taken

    def bundle(self, start: int = 0) -> bytes:
        """Return the entries from `start` on as one signed file for a stick or a mail."""
        return bundles.write_bundle(self.reader, log_signer(self.home), start)

    def take_logger(
        self,
        data: bytes,
        name: str,
        lot: str,
        *,
        zone: tzinfo,
        device: str | None = None,
        as_party: str | None = None,
    ) -> tuple[Receipt, Leg]:
        """Record one event for a logger's file and keep its series in the vault."""
        row = self.label_words(lot)[1]
        leg = leg_of(data, read_logger(logger_text(data, name), name, zone), name, row.category)
        event = event_of(leg, row.lot, device, self.clock())
        self._vault.keep_material(data)
        return self.record_all([event], as_party=as_party, once=True)[0], leg

    def take_lab_sheet(
        self,
        data: bytes,
        name: str,
        *,
        lot: str | None = None,
        number: str | None = None,
        laboratory: str | None = None,
        as_party: str | None = None,
    ) -> TakenSheet:
        """Record the reports of a laboratory sheet, each about a lot the ledger knows, and judge them."""
        self.local_tables.check(STANDARDS)
        author = self._signer(as_party)
        sheet = read_lab_sheet(data, name, self.clock(), Asked(self._made_by, lot, number, laboratory))
        known = sheet.reports
        receipts = self.record_all(known, as_party=author, once=True) if known else ()
        judged = [
            (receipt, self.quality.judged(event.lot, receipt.index))
            for receipt, event in zip(receipts, known, strict=True)
        ]
        return TakenSheet(tuple(judged), sheet.refused)

    def _made_by(self, code: str) -> tuple[str, PartyId]:
        row = self.label_words(code)[1]
        return row.lot, PartyId(row.origin_party or row.lot)

    def set_gate(
        self,
        product: str,
        steps: Sequence[str],
        check: str,
        valid_days: int | None = None,
        *,
        lift: bool = False,
        as_party: str | None = None,
    ) -> Receipt:
        """Hold a product's batches at these steps until a check passes, or no longer."""
        status = "lifted" if lift else "set"
        gate = QualityGate(self.clock(), self.quality.gated(product), tuple(steps), check, valid_days, status)
        return self.record(gate, as_party=as_party)

    def count_labels(
        self,
        lot: str,
        kind: str,
        count: int,
        content: tuple[Decimal, str | None] | None = None,
        as_party: str | None = None,
    ) -> int:
        """Record that labels of a lot were printed, printed again or spoiled, and return the entry."""
        amount, uom = content or (None, None)
        event = LabelsPrinted(self.clock(), lot, kind, count, amount, uom)
        return self.record(event, as_party=as_party).index

    def promise(
        self, codes: Sequence[str], basis: Sequence[str], *, as_party: str | None = None
    ) -> tuple[tuple[Receipt, ConformityPromise], ...]:
        """Issue promises of conformity for batches; none named: for every batch of the party without one."""
        party = self._signer(as_party)
        lots = [self.label_words(code)[1].lot for code in codes]
        events = drafts(self.reader, party, lots, basis, self.clock())
        receipts = self.record_all(events, as_party=party) if events else ()
        return tuple(zip(receipts, events, strict=True))

    # --- what people say ----------------------------------------------------------------------------

    def keep_words(self, person: str, text: str) -> Commitment:
        """Put a person's words into the vault and return what the ledger may hold of them."""
        return self._vault.keep(person, text)

    def keep_material(self, data: bytes) -> str:
        """Put evidence into the vault that an entry cites by its SHA-256, and return that digest."""
        return self._vault.keep_material(data)

    def review(
        self,
        subject: str,
        stars: int,
        text: str = "",
        *,
        lot: str | None = None,
        item: str | None = None,
        channel: str = "app",
        token: str | None = None,
        as_party: str | None = None,
    ) -> Receipt:
        """Record stars for a seller; the words go to the vault. With an item's `token` it is proven."""
        event = Review(self.clock(), PartyId(subject), stars, lot=lot, item=item, channel=channel)
        self._with_key(event, token)
        event = replace(event, words=self._words(text))
        return self.record(self._with_key(event, token), as_party=as_party)

    def make_roll(
        self, lot: str, count: int, *, as_party: str | None = None
    ) -> tuple[Receipt, str, tuple[str, ...]]:
        """Register the keys of a lot's items; return the receipt, the lot and the tokens, in no order.

        The tokens are secrets: they are handed out once, to be printed, and kept nowhere.
        """
        roll = self.draft_roll(lot, count)
        return self.record_roll(roll, as_party=as_party), roll.code, roll.tokens

    def draft_roll(self, lot: str, count: int) -> DraftRoll:
        """Make the keys of a lot's items, to be printed first and recorded then."""
        meant, row = self.label_words(lot)
        return draft_roll(self.items, meant, row, count, self.home.random, self.clock())

    def record_roll(self, roll: DraftRoll, *, as_party: str | None = None) -> Receipt:
        """Register the keys of a roll that has been written."""
        receipt = self.record(roll.event, as_party=as_party or self._me or roll.lot.origin_party)
        keep_register(self.home.root, roll.register)
        return receipt

    def _with_key(self, said: Said, token: str | None) -> Said:
        """Return the words signed by an item's key, or as they are where there is none."""
        if token is None or not token.strip():
            return said
        register = read_register(self.home.root, said.lot or "")
        signed = sign_review(said, secret_of(token), register)
        refuse_used(self.items, signed)
        return signed

    def complain(
        self,
        subject: str,
        kind: str,
        severity: int,
        text: str = "",
        *,
        lot: str | None = None,
        complainant: str = "",
        token: str | None = None,
        as_party: str | None = None,
    ) -> tuple[Receipt, str]:
        """File a complaint and return its receipt and number; words and who complains go to the vault."""
        number = self.home.random(8).hex()
        event = Complaint(self.clock(), PartyId(subject), number, "filed", kind, lot=lot, severity=severity)
        self._with_key(event, token)
        event = replace(event, words=self._words(text), complainant=self._words(complainant))
        return self.record(self._with_key(event, token), as_party=as_party), number

    def take_step(
        self,
        case_id: str,
        step: str,
        text: str = "",
        *,
        handler: str | None = None,
        as_party: str | None = None,
    ) -> tuple[Receipt, ...]:
        """Record the next step of a case, with all that follows from it; what does not fit is refused."""
        author = self._signer(self._steps_hand(case_id, step, as_party))
        self.cases.next_events(case_id, step, author, None, handler)
        events = self.cases.next_events(case_id, step, author, self._words(text), handler)
        return self.record_all(events, as_party=author)

    def appeal(self, entry: int, text: str = "", *, as_party: str | None = None) -> Receipt:
        """Contest an entry: by who it is about, or by who complained and got no right."""
        author = self._signer(as_party)
        self.cases.appeal(entry, author)
        return self.record(self.cases.appeal(entry, author, self._words(text)), as_party=author)

    def void_case(self, case_id: str, reason: str, *, as_party: str | None = None) -> tuple[Receipt, ...]:
        """Decide that a complaint never happened: every entry of it is taken back under one signature."""
        author = self._acting(as_party, "inspector", "administrator")
        return self.record_all(self.cases.voiding(case_id, reason), as_party=author)

    def rule(self, about: int, decision: str, reason: str, *, as_party: str | None = None) -> Receipt:
        """Decide about an earlier entry: void it, uphold it, suspend it, or grant its repair."""
        author = self._acting(as_party, "inspector", "administrator")
        now = self.clock()
        if decision == "repair":
            with reading(self._views) as connection:
                refuse_early_repair(connection, about, now)
        return self.record(Ruling(now, about, decision, reason), as_party=author)

    def impose(
        self,
        party: str,
        code: str,
        action: str,
        reason: str,
        *,
        about: int | None = None,
        until: date | None = None,
        as_party: str | None = None,
    ) -> Receipt:
        """Impose a measure of the catalogue, or lift it: a regulator signs, never the program itself."""
        event = imposing(party, code, action, reason, self.clock(), about=about, until=until)
        return self.record(event, as_party=self._acting(as_party, "inspector", "administrator"))

    def credit_report(self, party: str, *, as_party: str | None = None) -> dict[str, Any]:
        """Return a merchant's portable credit report, signed here, valid for a month; nothing is recorded."""
        author = self._signer(self._acting(as_party, "inspector", "administrator"))
        whole, now = self.party(party), self.clock()
        origin = self.reader.head().origin
        subject = subject_of(whole.id, whole.name, self.rating(whole.id), self.held_grade(whole.id), origin)
        return report(subject, KIND, self.home.author(author), now, now + timedelta(days=VALID_DAYS))

    def _steps_hand(self, case_id: str, step: str, named: str | None) -> str | None:
        """Return who takes a step where nobody is named: whose role it is, if their key lies here."""
        case = self.cases.case(case_id)
        if step in BY_THE_OFFICE or named or self._me:
            return self._acting(named, "inspector", "administrator")
        whose = case.subject if step in BY_THE_ACCUSED else case.filer
        return whose if whose in {party.id for party in self.mine()} else None

    def note_scan(
        self, code: str, place: str | None = None, setting: str | None = None, *, as_party: str | None = None
    ) -> Receipt:
        """Record that one item was seen, now; only when the person asked for it."""
        return self.record(ScanReceipt(self.clock(), code, place, setting), as_party=as_party)

    def erase(self, vault_id: str) -> Receipt:
        """Destroy a person's words and say in the ledger that they were removed."""
        self._vault.erase(vault_id)
        return self.record(Erased(self.clock(), vault_id))

    def _words(self, text: str) -> Commitment | None:
        # A person of their own for each text: removing one never touches another's words.
        return self.keep_words(self.home.random(16).hex(), text) if text.strip() else None

    # --- what regulators do -------------------------------------------------------------------------

    def inspect(self, event: Inspection) -> Receipt:
        """Record an inspection, signed by an inspector whose key lies here."""
        inspectors = self.mine("inspector")
        return self.record(event, as_party=inspectors[0].id if inspectors else None)

    def confirm_claim(
        self, case: ClaimCase, subject: str, *, lot: str | None = None, as_party: str | None = None
    ) -> Receipt:
        """Record that a person found a claim to be wrong, or right; its evidence goes to the vault."""
        inspectors = self.mine("inspector")
        signer = as_party or self._me or (inspectors[0].id if inspectors else None)
        about = self.party(subject).id
        # Keep first: an event that cites evidence nobody has would prove nothing.
        clip = self._vault.keep_material(case.evidence)
        return self.record(case.confirmed(about, lot, clip, self.clock()), as_party=signer)

    def dismiss_claim(self, case: ClaimCase, reason: str) -> Dismissal:
        """Keep, with its reason, that a finding was none; no rule changes by it."""
        me = self.me()
        made = dismissal(case, reason, "" if me is None else me.id, self.clock())
        keep_dismissal(self.home.root, made)
        return made

    def publish(self, party: str, *, as_party: str | None = None) -> tuple[Receipt, Score]:
        """Record a score as it stands, so that anyone can compute it again."""
        score = self.rating(party)
        parts = [
            {"code": part.code, "points": part.points, "entries": list(part.entries)}
            for part in score.contributions
        ]
        event = ScorePublished(
            event_time=self.clock(),
            subject=PartyId(party),
            score=score.score,
            grade=score.grade,
            tree_size=score.size,
            policy_digest=score.policy,
            as_of=score.as_of,
            contributions=freeze({"base": score.base, "parts": parts}),
        )
        return self.record(event, as_party=self._acting(as_party, "inspector", "administrator")), score

    def propose_policy(
        self, document: Mapping[str, object], effective: datetime, *, as_party: str | None = None
    ) -> Receipt:
        """Propose a policy with its shadow run; it holds once enough administrators have said the same."""
        now = self.clock()
        run = self.shadow(checked(document), now)
        event = proposed(document, effective, now, run.document())
        return self.record(event, as_party=self._acting(as_party, "administrator"))

    def sign_policy(self, proposal: int, *, as_party: str | None = None) -> Receipt:
        """Say what another administrator proposed, to the byte."""
        signer = self._signer(self._acting(as_party, "administrator"))
        return self.record(seconded(self.policies.proposal(proposal), signer, self.clock()), as_party=signer)

    def open_recall(
        self, lots: Sequence[str], level: str, reason: str, *, as_party: str | None = None
    ) -> Receipt:
        """Call lots back; everything made from them is recalled with them."""
        return self.record(Recall(self.clock(), tuple(lots), level, reason), as_party=as_party)

    def recall_report(
        self, plan: RecallPlan, seconds: float, *, drill: bool = True, as_party: str | None = None
    ) -> dict[str, Any]:
        """Return the report of a recall or a drill, signed; nothing is recorded."""
        party = self._signer(as_party)
        pair = self._key_of(party)
        report = drills.report_of(plan, seconds, self.clock(), self.size(), drill=drill)
        if pair is None:
            raise LedgerError("the key of this party is not here", code="key-locked", found=party)
        return drills.signed(report, party, pair)

    # --- witnesses ----------------------------------------------------------------------------------

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
        return self.cosign(witnessing.ask(self.reader, url, proving.known_witnesses(self.home)))

    # --- inside -------------------------------------------------------------------------------------

    @property
    def _desk(self) -> Desk:
        if self.read_only is not None:
            raise self.read_only
        # Made at the first write: an installation that only reads needs no log key.
        if self._made is None:
            guard = SignedGuard(self.home.root / "signed")
            self._made = Desk(
                self._engine, log_key=log_signer(self.home), clock=self.clock, keys=self._key_of, guard=guard
            )
        return self._made

    def _key_of(self, party: PartyId) -> KeyPair | None:
        return self.home.author(party)

    def _acting(self, named: str | None, *roles: str) -> str | None:
        """Return who signs: who was named, or the first identity here whose role may say it."""
        here = [party.id for role in roles for party in self.mine(role)]
        return named or self._me or next(iter(here), None)

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
        if error.code == "no-ledger":
            return False
        raise
    return True


def log_signer(home: Home) -> SignerKey:
    """Return the key that signs this log's checkpoints; the log is named after it."""
    pair = home.named("log")
    return pair.log_signer(f"suxin/{pair.key_id}")
