"""Every finding and every check has words in both languages, and each finding belongs to one check."""

from __future__ import annotations

import re

import pytest

import resources
from models.provenance.checks import OF

PREFIXES = (
    "certificate|cloned|gate|handled|handover|impossible|labels|moved|plot|received|recorded|recalled|registered|"
    "removed|seen|shipped|"
)
CODE = re.compile(rf'"((?:{PREFIXES}sold|temperature|two|used|yield)-[a-z-]+)"')


def codes_in_the_source() -> set[str]:
    sources = (resources.ROOT.parent / "models" / "provenance").glob("*.py")
    return {code for source in sources for code in CODE.findall(source.read_text("utf-8"))}


def test_every_finding_belongs_to_exactly_one_check() -> None:
    listed = [code for codes in OF.values() for code in codes]
    assert len(listed) == len(set(listed))
    assert set(listed) == codes_in_the_source()


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_every_finding_and_every_check_has_words(locale: str) -> None:
    document = resources.document(f"i18n/{locale}/findings.json")
    words = {re.sub(r"\.(one|other)$", "", key) for key in document}
    assert {
        key.removeprefix("finding.") for key in words if key.startswith("finding.")
    } == codes_in_the_source()
    checks = (*OF, "recall", "ledger", "identity", "inspections")
    for check in checks:
        assert {f"check.{check}.{status}" for status in ("pass", "attention", "fail", "unknown")} <= set(
            words
        )
