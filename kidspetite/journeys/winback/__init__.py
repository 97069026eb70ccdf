"""Baskets that were left: who is reminded of theirs, when, and whether it helps."""
