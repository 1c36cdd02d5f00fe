"""Read what is said about goods: against the law (rules, guards) and against the ledger (crosscheck)."""
