"""Packs for regulators: sheets that are a pure function of proven entries, and the proofs beside them."""
