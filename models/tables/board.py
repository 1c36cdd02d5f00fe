"""The list of merchants as an office sees it, kept so that the database can filter and order it.

Rule: it is a copy of what `models.dossier` folds, as of the stamp; nothing is judged by it. What is shown and
what is sorted by lie apart: ordering a million rows then reads a fifth of the bytes.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, Text

from models.tables.columns import Instant, entry_column, key, table

board = table(
    "board",
    entry_column(),
    key("party"),
    Column("name", Text, nullable=False),
    Column("name_en", Text),
    Column("category", Text),
    Column("grade", Text, nullable=False),
    Column("score", Integer),
    Column("low", Integer, nullable=False),
    Column("high", Integer, nullable=False),
    Column("trend", Integer),
    Column("complaints_open", Integer, nullable=False),
    Column("last_inspection", Instant),
    Column("thin", Boolean, nullable=False),
    Column("search", Text, nullable=False),
    Index("board_by_party", "party", unique=True),
)
"""One merchant as it is shown; `index` is the entry that enrolled it, `search` holds its words."""

board_order = table(
    "board_order",
    entry_column(),
    Column("grade", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("watched", Boolean, nullable=False),
    Column("thin", Boolean, nullable=False),
    Column("by_name", Text, nullable=False),
    Column("by_name_en", Text, nullable=False),
    Column("by_grade", Integer, nullable=False),
    Column("by_score", Integer, nullable=False),
    Column("by_low", Integer, nullable=False),
    Column("by_trend", Integer, nullable=False),
    Column("by_complaints", Integer, nullable=False),
    Column("by_visit", Instant, nullable=False),
    Index("board_by_name", "by_name", "index"),
    Index("board_by_name_en", "by_name_en", "index"),
    Index("board_by_category", "category", "index"),
    Index("board_by_grade", "by_grade", "index"),
    Index("board_by_score", "by_score", "index"),
    Index("board_by_low", "by_low", "index"),
    Index("board_by_trend", "by_trend", "index"),
    Index("board_by_complaints", "by_complaints", "index"),
    Index("board_by_visit", "by_visit", "index"),
    Index("board_by_word", "grade", "thin"),
)
"""The same merchant as it is filtered and sorted; nothing here is empty, so that every order is whole."""

board_stamp = table(
    "board_stamp",
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("stamp", Text, nullable=False),
)
"""Of which day, ledger size and policy the rows are; none while they have never been whole."""
