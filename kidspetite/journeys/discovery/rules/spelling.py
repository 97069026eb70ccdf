"""Which word a mistyped one may be: few slips of the finger away, and one that many products carry."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

LETTERS = "abcdefghijklmnopqrstuvwxyz"
SHORTEST = 4


def spelling_limit(word: str) -> int:
    """How many slips we forgive: none in very short words, one in short ones, two in long ones."""
    return 0 if len(word) < SHORTEST else 1 if len(word) < 6 else 2


def near_misses(word: str) -> set[str]:
    """Every string one slip away: a letter too many, too few, wrong, or two swapped."""
    halves = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    dropped = {head + tail[1:] for head, tail in halves if tail}
    swapped = {head + tail[1] + tail[0] + tail[2:] for head, tail in halves if len(tail) > 1}
    wrong = {head + letter + tail[1:] for head, tail in halves if tail for letter in LETTERS}
    missing = {head + letter + tail for head, tail in halves for letter in LETTERS}
    return (dropped | swapped | wrong | missing) - {word}


def best_spelling(word: str, known: Iterable[tuple[str, int]]) -> str:
    """The known word (with its number of products) nearest to a mistyped one, the commoner of two; "" for none."""
    limit = spelling_limit(word)
    ranked = [(slips, word[:1] != other[:1], -products, other) for other, products in known
              if 0 < (slips := distance(word, other)) <= limit]  # fmt: skip
    return min(ranked)[-1] if ranked else ""


def corrected(query: str, right: Mapping[str, str]) -> str:
    """The query with its mistyped words put right, everything else as it was typed."""
    words = "|".join(re.escape(word) for word in right)
    return re.sub(rf"(?<!\w)({words})(?!\w)", lambda found: right[found[0].lower()], query, flags=re.IGNORECASE)


def distance(one: str, other: str) -> int:
    """Slips between two words; swapping two neighbouring letters is one."""
    before: list[int] = []
    above = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, against in enumerate(other, 1):
            cost = min(above[j] + 1, row[-1] + 1, above[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, above = above, row
    return above[-1]
