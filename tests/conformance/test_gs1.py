"""The official GS1 syntax engine's own vectors: what it accepts we accept, with the same result, and no more.

Origin: gs1/gs1-syntax-engine and gs1/gs1-syntax-dictionary (Apache-2.0), read from the shared data folder.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from shared import shared

from ledger.errors import EventInvalid
from ledger.events.gs1 import linters
from ledger.events.gs1.elements import check_associations, parse_bracketed, parse_unbracketed, unbracketed
from ledger.events.gs1.links import build_link, escape, parse_link, unescape
from ledger.events.gs1.scandata import Scan, read_scan, write_scan
from ledger.events.gs1.table import entry_of
from ledger.events.gs1.voicecode import voice_code


def vectors(name: str) -> list[Any]:
    loaded: list[Any] = json.loads(shared(f"gs1/{name}.json").read_text("utf-8"))["vectors"]
    return loaded


def unknown_attributes(settings: dict[str, bool]) -> bool:
    """Return whether the engine was told to take unassigned AIs, and also as link attributes."""
    refuses = settings.get("ValidationEnabled:gs1_encoder_vUNKNOWN_AI_NOT_DL_ATTR", True)
    return settings.get("PermitUnknownAIs:", False) and not refuses


def outcome(function: Any, *arguments: Any, **settings: Any) -> Any:
    """Return the result, or None when refused."""
    try:
        return function(*arguments, **settings)
    except EventInvalid:
        return None


def test_digital_links_are_parsed_as_the_official_engine_does() -> None:
    for row in vectors("dl_parse"):
        settings = row.get("settings", {})
        link = outcome(
            parse_link,
            row["uri"],
            alphas=settings.get("permitConvenienceAlphas", False),
            zero_suppressed=settings.get("PermitZeroSuppressedGTINinDLuris:", False),
            unknown=unknown_attributes(settings),
        )
        assert (link is not None) == row["ok"], row
        if link is not None:
            assert unbracketed(link.elements) == row["unbracketed"], row


def test_digital_links_are_built_as_the_official_engine_does() -> None:
    for row in vectors("dl_generate"):

        def build(row: dict[str, Any] = row) -> str:
            settings = row.get("settings", {})
            elements = parse_bracketed(row["bracketed"], unknown=settings.get("PermitUnknownAIs:", False))
            stem = row["stem"] or "https://id.gs1.org"
            return build_link(elements, stem, unknown=unknown_attributes(settings))

        assert outcome(build) == (row["uri"] if row["ok"] else None), row


def test_percent_escapes_are_written_and_read_alike() -> None:
    for row in vectors("dl_test_URIescape"):
        assert (escape(row["a"]), escape(row["a"], query=True)) == (row["b"], row["c"]), row
    for row in vectors("dl_test_URIunescape"):
        assert (unescape(row["a"]), unescape(row["a"], query=True)) == (row["b"], row["c"]), row


def test_bracketed_element_strings() -> None:
    for row in vectors("ai_parse_bracketed"):
        elements = outcome(parse_bracketed, row["bracketed"])
        assert (elements is not None) == row["ok"], row
        if elements is not None:
            assert unbracketed(elements) == row["unbracketed"], row


def test_unbracketed_element_strings() -> None:
    for row in vectors("ai_process_unbracketed"):
        unknown = row.get("settings", {}).get("PermitUnknownAIs:", False)
        assert (outcome(parse_unbracketed, row["unbracketed"], unknown=unknown) is not None) == row["ok"], row


def test_associations_between_identifiers() -> None:
    for row in vectors("ai_validate_associations"):

        def check(row: dict[str, Any] = row) -> bool:
            check_associations(parse_bracketed(row["bracketed"], unknown=True))
            return True

        assert (outcome(check) is True) == row["ok"], row


def test_what_scanners_send() -> None:
    for row in vectors("scan_process"):
        scan = outcome(read_scan, row["scandata"])
        expected = Scan(row["symbology"].strip("<>"), row["datastr"]) if row["ok"] else None
        assert scan == expected, row
    for row in vectors("scan_generate"):
        scan = Scan(row["symbology"].strip("<>"), row["datastr"])
        assert outcome(write_scan, scan) == row["scandata"], row


@pytest.mark.parametrize("start", range(2))
def test_content_checks_say_what_the_official_linters_say(start: int) -> None:
    for row in vectors("linters")[start::2]:
        for case in row["cases"]:
            name = case["fn"].removeprefix("gs1_lint_")
            if name not in linters.LINTERS or case.get("error") == "GS1_LINTER_GCP_DATASOURCE_OFFLINE":
                continue
            if name == "gcppos2" and case["value"] == "I1234567":
                continue  # refused there only by a stand-in for GS1's online register of prefixes
            expected = case.get("error", "").removeprefix("GS1_LINTER_").lower().replace("_", "-")
            assert linters.lint(name, case["value"]) == expected, (name, case)


def test_the_table_holds_every_row_of_the_official_dictionary() -> None:
    listed = 0
    for line in shared("gs1/gs1-syntax-dictionary.txt").read_text("utf-8").splitlines():
        if not line[:1].isdigit():
            continue
        first, _, last = line.split()[0].partition("-")
        for number in range(int(first), int(last or first) + 1):
            entry = entry_of(str(number).zfill(len(first)))
            assert entry is not None, line
            assert entry.title in line, line
            listed += 1
    assert listed > 500


def test_voice_pick_codes() -> None:
    for gtin, lot, day, code in vectors("vectors"):
        assert voice_code(gtin, lot, datetime.strptime(day + "+0000", "%y%m%d%z").date()) == code
