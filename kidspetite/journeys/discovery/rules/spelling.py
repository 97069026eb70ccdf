"""Slips of the finger: how many are forgiven, and a query without them."""

from __future__ import annotations

import re
from collections.abc import Mapping

SHORTEST = 4


def spelling_limit(word: str) -> int:
    """How many slips we forgive: none in very short words, one in short ones, two in long ones."""
    return 0 if len(word) < SHORTEST else 1 if len(word) < 6 else 2


def corrected(query: str, right: Mapping[str, str]) -> str:
    """The query with its mistyped words put right, everything else as it was typed."""
    words = "|".join(re.escape(word) for word in right)
    return re.sub(rf"(?<!\w)({words})(?!\w)", lambda found: right[found[0].lower()], query, flags=re.IGNORECASE)
