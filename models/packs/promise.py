"""Draft promises of conformity: whose batches still lack one, and what each must say.

Rule: only the party that made or packed a batch promises for it; a batch made from received batches is based
on the promises that came with those. Source: Law on the Quality and Safety of Agricultural Products, 39.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ledger.errors import LedgerError
from ledger.events.quality import ConformityPromise
from ledger.progress import Progress, quiet
from ledger.reader import Reader
from models.packs.hegezheng import Batches, Row
from models.packs.pack import chain_of
from models.projections.codes import lot_number, name_of, thing_of


def drafts(
    reader: Reader, party: str, lots: Sequence[str], basis: Sequence[str], now: datetime
) -> tuple[ConformityPromise, ...]:
    """Return the promises to sign.

    Args:
        party: who promises.
        lots: codes as the views know them; none: every batch of the party that has no standing promise.

    Raises:
        LedgerError: code `promise-not-yours` or `promise-standing`.
    """
    batches = Batches(chain_of(reader))
    me = name_of(party)
    wanted = [thing_of(lot).code for lot in lots]
    for lot in wanted:
        _refuse_unfit(batches, lot, me)
    if not lots:
        wanted = [
            lot for lot, made in batches.made.items() if made.step.actor == me and not batches.standing(lot)
        ]
    made: list[ConformityPromise] = []
    # What goes in is promised before what comes out, so that the later can name the earlier.
    for lot in sorted(dict.fromkeys(wanted), key=lambda each: batches.made[each].step.order):
        passage = batches.made[lot]
        given, before = len(batches.promises.get(lot, ())), _ancestors(batches, lot)
        number = f"HG-{lot_number(lot) or lot.rpartition(':')[2]}-{given + 1}"
        made.append(
            ConformityPromise(
                now,
                number[:100],
                lot,
                tuple(basis),
                passage.quantity,
                passage.uom,
                batches.origin(lot),
                (*batches.received(lot), *(each.number for each in made if each.lot in before)),
            )
        )
    return tuple(made)


def promise_rows(reader: Reader, progress: Progress = quiet) -> tuple[Row, ...]:
    """Return the rows of the promises that stand, to be printed."""
    batches = Batches(chain_of(reader, progress))
    return tuple(batches.promised(lot, *said) for lot in batches.promises for said in batches.standing(lot))


def _ancestors(batches: Batches, lot: str) -> set[str]:
    found: set[str] = set()
    ahead = [lot]
    while ahead:
        fresh = batches.chain.parents(ahead.pop()) - found
        found |= fresh
        ahead += fresh
    return found


def _refuse_unfit(batches: Batches, lot: str, me: str) -> None:
    made = batches.made.get(lot)
    if made is None or made.step.actor != me:
        raise LedgerError(
            "only who made or packed a batch promises for it",
            code="promise-not-yours",
            found="nobody made it here" if made is None else made.step.actor,
            expected=me,
            where=lot,
            remedy="pass on the promise that came with the goods, or register your own packing first",
        )
    standing = batches.standing(lot)
    if standing:
        raise LedgerError(
            "this batch has a promise already",
            code="promise-standing",
            found=standing[-1][1].number,
            expected="one promise for a batch",
            where=lot,
            remedy="print it with export --format hegezheng --out FILE.pdf",
        )
