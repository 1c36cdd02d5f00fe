"""The words of the spreadsheet template: its columns, its kinds of event, and what else people call them.

Rule: a heading means one column and a word one kind, in every language at once; the words themselves are data
(resources/i18n/*/table.json, resources/vocab/headings.json).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import resources
from ledger.events.written import plain

LOCALES = ("zh_CN", "en")
COLUMNS = (
    "event", "time", "zone", "product", "lot", "quantity", "unit", "place", "from", "to", "inputs", "parent",
    "document", "id",
)  # fmt: skip
KINDS = ("register", "process", "pack", "unpack", "store", "ship", "receive", "inspect", "sell", "destroy")


@lru_cache
def known_headings() -> dict[str, str]:
    """Return the column that each known heading means, as it is spelt in lower case."""
    return _known("column", COLUMNS)


@lru_cache
def known_kinds() -> dict[str, str]:
    """Return the kind of event that each known word means, as it is spelt in lower case."""
    return _known("kind", KINDS)


@lru_cache
def table_words(locale: str) -> dict[str, str]:
    """Return the words that the template says in one language."""
    words: dict[str, str] = resources.document(f"i18n/{locale}/table.json")
    return words


def _known(what: str, names: Iterable[str]) -> dict[str, str]:
    found = dict[str, str]()
    for name in names:
        words = [name, *(table_words(locale)[f"table.{what}.{name}"] for locale in LOCALES)]
        for word in (*words, *resources.document("vocab/headings.json")[f"{what}s"].get(name, ())):
            found.setdefault(plain(word).lower(), name)
    return found
