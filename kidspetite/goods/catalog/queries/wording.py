"""Which products carry which words: asked of the database once a word, kept as sets. Of goods that get other words it
is asked again (`rewording.py`)."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import islice
from operator import and_, or_
from typing import Any

import psycopg
from django.db import connection, transaction

from kidspetite.foundation.plumbing.recipes import ask_kept
from kidspetite.goods.catalog.queries.keeper import Carriers, State, state
from kidspetite.goods.catalog.queries.stocktaking import numbers
from kidspetite.goods.catalog.rules.shelf import Choice

# Up to three sets each; at 100,000 products a set takes up to 12.5 KB. Words that nobody carries take some 250 bytes.
REMEMBERED, STRANGERS = 800, 4_000
RECALLED_AGAIN = 3
EVERYTHING = Choice()

type Words = Sequence[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Matches:
    """The products that match some words, best first: each tier holds the one before. Good for the shelf it is of."""

    state: State
    tiers: tuple[int, ...]

    def __bool__(self) -> bool:
        return any(self.tiers)


def carrying_all(words: Words, *, only_in_being: bool = False) -> Matches:
    """Products that carry every word, in one of its forms: in their name; in what they are; anywhere in what is said
    of them, which `only_in_being` leaves out. A form of several words is looked for as a phrase."""
    return _matches(words, and_, only_in_being=only_in_being)


def carrying_some(words: Words) -> Matches:
    """Products that carry at least one of the words."""
    return _matches(words, or_, only_in_being=False)


def strangers(words: Collection[str], *, beside: Iterable[str] = ()) -> dict[str, str]:
    """Those of the words that nothing on sale carries, each with its stem. What will be looked for next may be named
    `beside` them, for one statement learns them all."""
    now = state()
    known = _carriers(now, dict.fromkeys([*words, *beside]))
    return {word: known[word].stem for word in words if not now.shelf.chosen(EVERYTHING, known[word].anywhere)}


def recall(stems: Mapping[str, str]) -> None:
    """Learn who carries these words, each told with its stem, before anybody asks. All goods are read once, however
    many words there are; words of one stem share their sets. Where goods get other words meanwhile, the words that are
    still missing are read again, a few times; then who asks will learn them."""
    words_of = defaultdict[str, list[str]](list)
    for word, stem in stems.items():
        words_of[stem].append(word)
    for _ in range(RECALLED_AGAIN):
        now = state()
        missing = [stem for stem, words in words_of.items() if not all(word in now.carriers for word in words)]
        if not missing or _recalled(now, {stem: words_of[stem] for stem in missing}):
            return


def _recalled(now: State, words_of: Mapping[str, list[str]]) -> bool:
    """Whether nothing came between."""
    before = now.wording
    with transaction.atomic():
        for stem, *lists in _streamed(_INDEX, list(words_of)):
            with now.lock:
                if before != now.wording:
                    return False
                found = _as_sets(now, stem, *(numbers("q", packed) for packed in lists))
                _keep(now, dict.fromkeys(words_of[stem], found))
    return True


def no_matches() -> Matches:
    return Matches(state(), ())


def _matches(words: Words, joined: Callable[[int, int], int], *, only_in_being: bool) -> Matches:
    now = state()
    if not words:
        return Matches(now, ())
    known = _carriers(now, dict.fromkeys(form for forms in words for form in forms))
    of_word = [[reduce(or_, sets) for sets in zip(*(known[form].sets for form in forms), strict=True)]
               for forms in words]  # fmt: skip
    tiers = [now.shelf.chosen(EVERYTHING, reduce(joined, sets)) for sets in zip(*of_word, strict=True)]
    return Matches(now, tuple(tiers[:2] if only_in_being else tiers))


def _carriers(now: State, forms: Iterable[str]) -> dict[str, Carriers]:
    """Of each form, who carries it. What changes while we ask is not kept."""
    known = {form: now.carriers.get(form) or now.strangers.get(form) for form in forms}
    missing = [form for form, found in known.items() if found is None]
    if missing:
        before = now.wording
        fetched = _fetched(now, missing)
        with now.lock:
            if before == now.wording:
                _keep(now, fetched)
        known |= fetched
    return {form: found for form, found in known.items() if found is not None}


def _keep(now: State, fetched: dict[str, Carriers]) -> None:
    """Typing errors come and go, and take next to no room: they are kept apart, and the oldest go first. Of the words
    that goods carry the rarest do, for a word is the dearer to ask for again the more products carry it."""
    for form, found in fetched.items():
        (now.carriers if found.anywhere else now.strangers)[form] = found
    if len(now.carriers) > REMEMBERED:
        for form in sorted(now.carriers, key=lambda form: now.carriers[form].anywhere.bit_count())[: REMEMBERED // 4]:
            del now.carriers[form]
    if len(now.strangers) > STRANGERS:
        for form in list(islice(now.strangers, STRANGERS // 4)):
            del now.strangers[form]


def _fetched(now: State, forms: list[str]) -> dict[str, Carriers]:
    queries = [" <-> ".join(form.split()) for form in forms]
    named = [" <-> ".join(f"{part}:A" for part in form.split()) for form in forms]
    rows = ask_kept(_CARRIERS, [forms, queries, named])
    with now.lock:
        return {form: _as_sets(now, stem, *(numbers("q", packed) for packed in lists)) for form, stem, *lists in rows}


def _as_sets(now: State, stem: str, named: array[int], being: array[int], anywhere: array[int]) -> Carriers:
    """Each holds the one before, so that two of one length are one."""
    everyone = now.shelf.set_of(anywhere)
    those = everyone if len(being) == len(anywhere) else now.shelf.set_of(being)
    return Carriers(those if len(named) == len(being) else now.shelf.set_of(named), those, everyone, stem)


def _streamed(statement: str, stems: list[str]) -> Iterator[tuple[Any, ...]]:
    """Row by row, for together they take more room than what is kept of them. It may take its time; and only a plan for
    these very stems looks a word up among them, where another would compare it with each."""
    connection.ensure_connection()
    with psycopg.Cursor(connection.connection) as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL plan_cache_mode = force_custom_plan")
        yield from cursor.stream(statement, {"stems": stems}, binary=True)


_CARRIERS = """
SELECT f.form, coalesce((ts_lexize('english_stem', f.form))[1], f.form),
       string_agg(int8send(p.id), '') FILTER (WHERE p.being @@ f.named),
       string_agg(int8send(p.id), '') FILTER (WHERE p.being @@ f.query), string_agg(int8send(p.id), '')
  FROM (SELECT form, to_tsquery('english', query) AS query, to_tsquery('english', named) AS named
          FROM unnest(%s::text[], %s::text[], %s::text[]) AS asked(form, query, named)) AS f
  LEFT JOIN catalog_product AS p ON p.words @@ f.query
 GROUP BY f.form
"""

# Reading all goods twice takes less time than reading those of every common word.
_INDEX = """
SELECT stem, string_agg(int8send(id), '') FILTER (WHERE is_named),
       string_agg(int8send(id), '') FILTER (WHERE is_being), string_agg(int8send(id), '') FILTER (WHERE NOT is_being)
  FROM (SELECT u.lexeme AS stem, p.id, 'A' = ANY(u.weights) AS is_named, true AS is_being
          FROM catalog_product AS p CROSS JOIN LATERAL unnest(p.being) AS u
         WHERE u.lexeme = ANY(%(stems)s::text[])
        UNION ALL
        SELECT u.lexeme, p.id, false, false
          FROM catalog_product AS p CROSS JOIN LATERAL unnest(tsvector_to_array(p.words)) AS u(lexeme)
         WHERE u.lexeme = ANY(%(stems)s::text[])) AS said
 GROUP BY stem
"""
