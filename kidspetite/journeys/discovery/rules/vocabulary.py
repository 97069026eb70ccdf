"""The words of our goods, held in memory: what first letters may become, and which word a mistyped one may be."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from heapq import nsmallest

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from kidspetite.journeys.discovery.rules.spelling import spelling_limit

MOST_ENDINGS = 8
# Beginnings that many words share; what they may become is put in order once.
SHORT = (2, 3)
AFTER_Z = "{"


class Vocabulary:
    """Words of small letters and digits, each with its stem and with how many products carry it. Never changes: when
    words are learnt, another one takes its place. Some 350 bytes a word."""

    def __init__(self, entries: Iterable[tuple[str, str, int]] = ()) -> None:
        self._products: dict[str, int] = {}
        self._stems: dict[str, str] = {}
        for word, stem, products in entries:
            self._products[word], self._stems[word] = products, stem
        self.stems = frozenset(self._stems.values())
        self._sorted = sorted(self._products)
        self._by_length: dict[int, list[str]] = defaultdict(list)
        self._commonest: dict[str, list[str]] = defaultdict(list)
        self._ranked = sorted(self._sorted, key=self._rank)
        for word in self._ranked:
            self._by_length[len(word)].append(word)
            for length in SHORT:
                if length <= len(word) and len(endings := self._commonest[word[:length]]) < MOST_ENDINGS:
                    endings.append(word)

    def __len__(self) -> int:
        return len(self._sorted)

    def __contains__(self, word: object) -> bool:
        return word in self._products

    def commonest(self, most: int) -> dict[str, str]:
        """The words that most products carry, each with its stem."""
        return {word: self._stems[word] for word in self._ranked[:most]}

    def endings(self, beginning: str) -> list[str]:
        """The words that begin like this, those that most products carry first."""
        if len(beginning) in SHORT:
            return list(self._commonest.get(beginning, ()))
        first, last = bisect_left(self._sorted, beginning), bisect_left(self._sorted, beginning + AFTER_Z)
        return nsmallest(MOST_ENDINGS, self._sorted[first:last], key=self._rank)

    def meant_by(self, word: str) -> str:
        """The word nearest to a mistyped one: fewest slips, the same first letter, the commoner of two; "" for none."""
        limit, length = spelling_limit(word), len(word)
        if not limit:
            return ""
        near = [one for size in range(length - limit, length + limit + 1) for one in self._by_length.get(size, ())]
        found = extract(word, near, scorer=OSA.distance, score_cutoff=limit, limit=None)
        ranked = [(distance, word[:1] != other[:1], *self._rank(other)) for other, distance, _ in found if distance]
        return min(ranked)[-1] if ranked else ""

    def _rank(self, word: str) -> tuple[int, str]:
        return -self._products[word], word
