"""What offices decided and published, and the steps of their cases."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Date, Index, Integer, Text

from models.tables.columns import Instant, evidence, key

rulings = evidence(
    "rulings",
    Column("about", BigInteger, nullable=False),
    Column("decision", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Index("rulings_by_about", "about"),
)
scores = evidence(
    "scores",
    key("subject"),
    Column("score", Integer),
    Column("grade", Text, nullable=False),
    Column("tree_size", BigInteger, nullable=False),
    Column("policy_digest", Text, nullable=False),
    Column("as_of", Instant, nullable=False),
    Column("contributions", JSON, nullable=False),
    Index("scores_by_subject", "subject", "index"),
)
policies = evidence(
    "policies",
    Column("version", Text, nullable=False),
    Column("document", JSON, nullable=False),
    Column("effective", Instant, nullable=False),
)
erasures = evidence("erasures", key("vault_id"), Index("erasures_by_vault_id", "vault_id"))
case_steps = evidence(
    "case_steps",
    key("subject"),
    key("case_id"),
    Column("step", Text, nullable=False),
    key("handler", null=True),
    Column("about", BigInteger),
    Column("vault_id", Text),
    Index("case_steps_by_case", "case_id", "index"),
    Index("case_steps_by_subject", "subject", "index"),
)
measures = evidence(
    "measures",
    key("subject"),
    Column("code", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("about", BigInteger),
    Column("until", Date),
    Index("measures_by_subject", "subject", "index"),
)
