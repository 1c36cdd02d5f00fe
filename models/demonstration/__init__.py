"""The demonstration: one invented story on real rules, told by its parties; resources/demo holds the cast."""
