"""What people say: reviews, complaints, the steps of a case, and scans; and how their words are removed.

Rule: the words go to the vault, and the ledger holds what they are committed to; whoever signs with an item's
key is answered before anything is kept.
"""

from __future__ import annotations

from dataclasses import replace

from ledger.events.evidence import Complaint, Review
from ledger.events.governance import Erased
from ledger.events.itemkeys import Said, secret_of, sign_review
from ledger.events.scans import ScanReceipt
from ledger.events.values import PartyId
from ledger.receipts import Receipt
from ledger.vault import Vault
from models.casesteps import BY_THE_ACCUSED, BY_THE_OFFICE
from models.items import read_register, refuse_used
from models.recorder import Recorder


class Opinions:
    """Record what people say of a seller or a batch."""

    def __init__(self, recorder: Recorder, vault: Vault) -> None:
        self._recorder = recorder
        self._vault = vault

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
        event = Review(self._recorder.clock(), PartyId(subject), stars, lot=lot, item=item, channel=channel)
        self._with_key(event, token)
        event = replace(event, words=self._recorder.words(text))
        return self._recorder.record(self._with_key(event, token), as_party=as_party)

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
        recorder = self._recorder
        number, now = recorder.home.random(8).hex(), recorder.clock()
        event = Complaint(now, PartyId(subject), number, "filed", kind, lot=lot, severity=severity)
        self._with_key(event, token)
        event = replace(event, words=recorder.words(text), complainant=recorder.words(complainant))
        return recorder.record(self._with_key(event, token), as_party=as_party), number

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
        recorder, cases = self._recorder, self._recorder.cases
        author = recorder.signer(self._steps_hand(case_id, step, as_party))
        cases.next_events(case_id, step, author, None, handler)
        events = cases.next_events(case_id, step, author, recorder.words(text), handler)
        return recorder.record_all(events, as_party=author)

    def appeal(self, entry: int, text: str = "", *, as_party: str | None = None) -> Receipt:
        """Contest an entry: by who it is about, or by who complained and got no right."""
        recorder, cases = self._recorder, self._recorder.cases
        author = recorder.signer(as_party)
        cases.appeal(entry, author)
        return recorder.record(cases.appeal(entry, author, recorder.words(text)), as_party=author)

    def note_scan(
        self, code: str, place: str | None = None, setting: str | None = None, *, as_party: str | None = None
    ) -> Receipt:
        """Record that one item was seen, now; only when the person asked for it."""
        seen = ScanReceipt(self._recorder.clock(), code, place, setting)
        return self._recorder.record(seen, as_party=as_party)

    def erase(self, vault_id: str) -> Receipt:
        """Destroy a person's words and say in the ledger that they were removed."""
        self._vault.erase(vault_id)
        return self._recorder.record(Erased(self._recorder.clock(), vault_id))

    def _with_key(self, said: Said, token: str | None) -> Said:
        """Return the words signed by an item's key, or as they are where there is none."""
        if token is None or not token.strip():
            return said
        register = read_register(self._recorder.home.root, said.lot or "")
        signed = sign_review(said, secret_of(token), register)
        refuse_used(self._recorder.items, signed)
        return signed

    def _steps_hand(self, case_id: str, step: str, named: str | None) -> str | None:
        """Return who takes a step where nobody is named: whose role it is, if their key lies here."""
        case = self._recorder.cases.case(case_id)
        if step in BY_THE_OFFICE or self._recorder.acting(named):
            return self._recorder.acting(named, "inspector", "administrator")
        whose = case.subject if step in BY_THE_ACCUSED else case.filer
        return whose if whose in {party.id for party in self._recorder.mine()} else None
