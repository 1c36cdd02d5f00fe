"""The words events are written in: business steps, dispositions, types and units of measure.

Rule: a bare word is one of the standard's own; anything else must be a URI. Sources: CBV 2.0 clauses 7.1
to 7.5 and 8.5; units are UN/CEFACT Recommendation 20 codes (resources/vocab/units.json).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction

import resources
from ledger.errors import EventInvalid

_PRECISE = Context(prec=40)
ACTIONS = ("ADD", "OBSERVE", "DELETE")

BIZ_STEPS = frozenset(
    """accepting arriving assembling collecting commissioning consigning creating_class_instance
    cycle_counting decommissioning departing destroying disassembling dispensing encoding
    entering_exiting holding inspecting installing killing loading other packing picking receiving
    removing repackaging repairing replacing reserving retail_selling sampling sensor_reporting
    shipping staging_outbound stock_taking stocking storing transporting unloading unpacking
    void_shipping""".split()  # noqa: SIM905 - a paragraph of words reads better than a column
)
DISPOSITIONS = frozenset(
    """active available completeness_inferred completeness_verified conformant container_closed
    container_open damaged destroyed dispensed disposed encoded expired in_progress in_transit
    inactive mismatch_class mismatch_instance mismatch_quantity needs_replacement no_pedigree_match
    non_conformant non_sellable_other partially_dispensed recalled reserved retail_sold returned
    sellable_accessible sellable_not_accessible stolen unavailable unknown""".split()  # noqa: SIM905 - as above
)
BIZ_TRANSACTION_TYPES = frozenset(
    "bol cert desadv inv pedigree po poc prodorder recadv rma testprd testres upevt".split()  # noqa: SIM905
)
SOURCE_DESTINATION_TYPES = frozenset(("owning_party", "possessing_party", "location"))
ERROR_REASONS = frozenset(("did_not_occur", "incorrect_data"))


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measure: value in base unit = value x factor + offset; a package has no factor."""

    code: str
    kind: str
    name: str
    base: str
    factor: Fraction | None
    offset: Fraction = Fraction(0)


def to_base(quantity: Decimal, uom: str | None) -> tuple[Decimal, str]:
    """Return the quantity in the base unit of its kind (KGM, LTR, EA ...); no unit means pieces.

    A package converts to nothing but itself.

    >>> to_base(Decimal("1.5"), "TNE"), to_base(Decimal(3), "XBX")
    ((Decimal('1500'), 'KGM'), (Decimal('3'), 'XBX'))
    """
    if uom is None:
        return quantity, "EA"
    unit = unit_of(uom)
    if unit.factor is None:
        return quantity, unit.code
    exact = Fraction(quantity) * unit.factor + unit.offset
    return _decimal(exact), unit.base


def unit_of(uom: str) -> Unit:
    """Return the unit with this Recommendation 20 code.

    Raises:
        EventInvalid: the code is not in the table.
    """
    if uom in UNITS:
        return UNITS[uom]
    raise EventInvalid(
        "unknown unit of measure",
        field="uom",
        code="unit-unknown",
        found=uom,
        expected="a UN/CEFACT Recommendation 20 code: KGM, GRM, TNE, LTR, EA, XBX ...",
        remedy="write KGM for kilograms, LTR for litres, EA for pieces",
    )


def _decimal(exact: Fraction) -> Decimal:
    quotient = _PRECISE.divide(Decimal(exact.numerator), Decimal(exact.denominator))
    text = format(quotient, "f")
    return Decimal(text.rstrip("0").rstrip(".") if "." in text else text)


def _read_units() -> dict[str, Unit]:
    table = resources.document("vocab/units.json")
    bases: dict[str, str] = table["base"]
    return {code: _unit(code, row, bases) for code, row in table["units"].items()}


def _unit(code: str, row: list[str], bases: dict[str, str]) -> Unit:
    kind, name, *numbers = row
    factor = Fraction(numbers[0]) if numbers else None
    offset = Fraction(numbers[1]) if len(numbers) > 1 else Fraction(0)
    return Unit(code, kind, name, bases.get(kind, code), factor, offset)


UNITS = _read_units()
