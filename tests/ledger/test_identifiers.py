"""However a code is written, it finds the same thing; what a person prints or types is read strictly."""

from __future__ import annotations

import builders
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import EventInvalid
from ledger.events import identifiers
from ledger.events.epc import urn_of_link
from ledger.events.identifiers import DigitalLink, canonical, gtin_of, lot_of, parse_digital_link

LOT = "https://id.gs1.org/01/09521234543213/10/L1"
lots = st.text("ABCXYZ0123456789-_.+%&/()!*", min_size=1, max_size=20)
digits = st.text("0123456789", min_size=12, max_size=12)


@pytest.mark.parametrize(
    "written",
    [
        LOT,
        "HTTPS://SHOP.EXAMPLE/01/09521234543213/10/L1",
        "https://shop.example/stem/01/09521234543213/22/V/10/L1?17=261231&linkType=all#top",
        "https://shop.example/01/9521234543213/10/L1",
        "urn:epc:class:lgtin:9521234.054321.L1",
        "urn:epc:class:lgtin:952123454.0321.L1",
        "(01)09521234543213(10)L1",
        "]d2010952123454321310L1",
        "]Q1https://id.gs1.org/01/09521234543213/10/L1",
        "\x1d010952123454321310L1",
        "  " + LOT + "\r\n",
    ],
)
def test_one_lot_has_one_key_however_it_is_written(written: str) -> None:
    assert canonical(written) == LOT
    assert lot_of(written) == LOT
    assert gtin_of(written) == "09521234543213"


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("urn:epc:id:sgtin:0614141.107346.2017", "https://id.gs1.org/01/10614141073464/21/2017"),
        ("urn:epc:id:sscc:0614141.1234567890", "https://id.gs1.org/00/106141412345678908"),
        ("urn:epc:id:sgln:0614141.00777.0", "https://id.gs1.org/414/0614141007776"),
        ("https://id.gs1.org/414/0614141007776/254/0", "https://id.gs1.org/414/0614141007776"),
        ("urn:epc:id:sgln:0614141.07346.12%2F4", "https://id.gs1.org/414/0614141073467/254/12%2F4"),
        ("urn:epc:id:pgln:4012345.00225", "https://id.gs1.org/417/4012345002256"),
        ("urn:epc:id:giai:4000001.111", "https://id.gs1.org/8004/4000001111"),
        ("urn:epc:id:grai:0614141.12345.400", "https://id.gs1.org/8003/00614141123452400"),
        ("urn:epc:id:gdti:0614141.12345.400", "https://id.gs1.org/253/0614141123452400"),
        ("urn:epc:idpat:sgtin:4012345.066666.*", "https://id.gs1.org/01/04012345666663"),
        ("urn:epc:class:lgtin:4012345.066666.*", "https://id.gs1.org/01/04012345666663/10/%2A"),
        ("urn:epc:id:itip:4012345.012345.01.02.999", "https://id.gs1.org/8006/040123451234560102/21/999"),
        ("urn:epc:id:sgtin:0614141.1073.2017", "urn:epc:id:sgtin:0614141.1073.2017"),
        ("https://id.gs1.org/01/09521234543214/10/L1", "https://id.gs1.org/01/09521234543214/10/L1"),
        ("urn:uuid:7a0f7b1c-2f0e-4a57-9ad8-0c5e2f5f0a01", "urn:uuid:7a0f7b1c-2f0e-4a57-9ad8-0c5e2f5f0a01"),
        ("https://例子.cn/批次/1", "https://例子.cn/批次/1"),
        ("", ""),
    ],
)
def test_every_code_has_a_key(written: str, key: str) -> None:
    assert canonical(written) == key


@given(st.text())
def test_looking_up_never_fails_and_a_key_is_its_own_key(written: str) -> None:
    assert canonical(canonical(written)) == canonical(written)


@given(digits, lots, st.booleans())
def test_a_printed_link_is_read_back(number: str, lot: str, upper: bool) -> None:
    link = DigitalLink(number + identifiers.check_digit(number), lot=lot, domain="trace.example")
    assert parse_digital_link(link.uri(upper=upper)) == link
    assert lot_of(link.uri(upper=upper)) == lot_of(DigitalLink(link.gtin, lot=lot).uri())


@given(digits, lots, st.integers(6, 12))
def test_a_link_and_its_urn_are_the_same_thing(number: str, lot: str, prefix: int) -> None:
    link = DigitalLink("0" + number + identifiers.check_digit("0" + number), lot=lot).uri()
    urn = urn_of_link(link, prefix)
    assert urn is not None
    assert canonical(urn) == canonical(link)


@pytest.mark.parametrize(
    ("link", "code"),
    [
        ("https://id.gs1.org/01/09521234543213/10/REAL?10=FAKE", "link-ai-twice"),
        ("https://id.gs1.org/01/09521234543214/10/L1", "incorrect-check-digit"),
        ("https://id.gs1.org/01/09521234543213/21/S/10/L1", "link-path-order"),
        ("https://id.gs1.org/01/09521234543213?10=L1", "link-ai-misplaced"),
        ("https://id.gs1.org/01/09521234543213?37=5", "ai-pair-forbidden"),
        ("HtTps://id.gs1.org/01/09521234543213", "link-unreadable"),
        ("https://id.gs1.org/00/095210000000000018", "link-not-product"),
        ("https://id.gs1.org/", "link-key-missing"),
        ("not a link", "link-unreadable"),
    ],
)
def test_a_dishonest_or_broken_link_is_refused(link: str, code: str) -> None:
    with pytest.raises(EventInvalid) as refused:
        parse_digital_link(link)
    assert refused.value.code == code
    assert refused.value.found
    assert refused.value.expected


def test_a_wrong_check_digit_names_the_right_number() -> None:
    with pytest.raises(EventInvalid) as refused:
        identifiers.gtin("6901234567890", field="product")
    assert (refused.value.field, refused.value.expected) == ("product", "6901234567892")


@pytest.mark.parametrize("lot", ["批次一", "L 1", "", "L" * 21])
def test_a_lot_no_label_can_hold_is_refused_beside_its_field(lot: str) -> None:
    with pytest.raises(EventInvalid) as refused:
        DigitalLink("09521234543213", lot=lot)
    assert refused.value.field == "lot"


def test_the_builders_use_honest_numbers() -> None:
    assert gtin_of(builders.LOT) == builders.RICE
    for code in (builders.LOT, builders.CASE, builders.COOPERATIVE, builders.FIELD):
        assert identifiers.parse_code(code)


def test_a_party_is_found_by_its_bare_number() -> None:
    assert identifiers.party_of("9521000000100") == builders.COOPERATIVE
