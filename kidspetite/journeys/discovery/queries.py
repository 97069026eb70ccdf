"""Finding: what a query matches, best first, and what its first letters may become."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache, partial
from itertools import chain

import structlog
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from kidspetite.foundation.plumbing.briefly import briefly
from kidspetite.goods.catalog import queries as catalog
from kidspetite.goods.catalog.types import CategoryView, ColourView, Filters, SizeView
from kidspetite.journeys.discovery import rules
from kidspetite.journeys.discovery.types import Found, Lexicon, SizeWord, Suggestions, Understood

FEWEST_LETTERS, SUGGESTED = 2, 4
NEAREST = 4
log = structlog.get_logger(__name__)


def search(
    q: str, filters: Filters | None = None, page: int = 1, per_page: int = 24, *, spelt: str | None = None
) -> Found:
    """Products for a query, those that carry its words in their name first. Reads sizes, ages, colours and prices out
    of it, forgives typing errors, and rather than nothing shows what matches some of the words. Where it is `spelt`
    otherwise, the list's addresses hold that instead of the query."""
    filters = (filters or Filters()).but(q=q if spelt is None else spelt)
    known, ours = _known()
    understood = rules.understand(q, known)
    words, right = _looked_up(understood.words, known, ours)
    corrected = rules.corrected(q, right) if right else ""
    if corrected:
        understood = rules.understand(corrected, known)
        words = understood.words
    for sought, within, loosened in _attempts(corrected or q, words, understood):
        matches = sought() if sought else None
        if matches is not None and not matches:
            continue
        listing = catalog.listing_among(matches, filters, page, per_page, within=within)
        if listing.total or filters.is_narrowed:
            return Found(listing, corrected, _told(understood), loosened)
    nothing = catalog.listing_among(catalog.no_matches(), filters, page, per_page)
    return Found(nothing, corrected, _told(understood), categories=nearest_categories(q))


def suggest(q: str) -> Suggestions:
    """From the second letter on: whole queries, categories and products that these letters may become."""
    typed = rules.tokens(q)
    if not typed or len(typed[-1]) < FEWEST_LETTERS:
        return Suggestions()
    *whole, begun = typed
    known, ours = _known()
    endings = ours.endings(begun)
    before, right = _looked_up([(word,) for word in whole], known, ours)
    last = [form for ending in endings[:3] for form in (ending, *known.synonyms.get(ending, ()))]
    sought = [*before, tuple(last) or (begun,)]
    matches = catalog.carrying_all(sought, only_in_being=not whole)
    if not matches:
        words, right = _looked_up([(word,) for word in typed], known, ours)
        endings = [right[begun]] if begun in right else []
        words = [(*forms, *known.synonyms.get(forms[0], ())) for forms in words]
        matches = catalog.carrying_all(words, only_in_being=True)
    best = catalog.best_of(matches, limit=SUGGESTED) if matches else ()
    stem = [right.get(word, word) for word in whole]
    return Suggestions(
        queries=tuple(" ".join([*stem, ending]) for ending in endings[:SUGGESTED]) if best else (),
        categories=_categories_beginning([begun, *endings[:1]]),
        products=best,
    )


def recall_words(*, most: int = 600) -> int:
    """Learn who carries the words of our goods before anybody searches, the commonest first; returns how many. For the
    start of a process: where the database does not answer, searches ask for themselves."""
    try:
        words = _learnt().vocabulary.commonest(most)
        catalog.recall(words)
        return len(words)
    except DatabaseError as error:
        log.warning("words_not_recalled", reason=str(error))
        return 0
    finally:
        connection.close()


def nearest_categories(q: str) -> tuple[CategoryView, ...]:
    """The drawers whose names look most like the query; without any likeness the fullest ones."""
    words = rules.tokens(q)
    drawers = [category for category in catalog.categories() if category.count]
    ranked = sorted(drawers, key=lambda one: (-_likeness(words, rules.tokens(one.name)), -one.count))
    return tuple(ranked[:NEAREST])


type Sought = Callable[[], catalog.Matches] | None


def _attempts(q: str, words: catalog.Words, understood: Understood) -> Iterator[tuple[Sought, Filters, str]]:
    """From what was asked to what comes near it: what to look for, within what, and what was let go."""
    within = Filters(
        sizes=understood.sizes,
        colours=understood.colours,
        price_from=understood.price_from,
        price_to=understood.price_to,
    )
    if words or understood.is_narrowing or not q.strip():
        yield (partial(catalog.carrying_all, words) if words else None), within, ""
    if understood.colours:  # "cherry" may be a colour, and the name of a thing
        yield partial(catalog.carrying_all, [(word,) for word in rules.tokens(q)]), Filters(), ""
    if words and understood.is_narrowing:
        yield (
            partial(catalog.carrying_all, words),
            Filters(),
            _("Not in this size, color or price. Here it is in others."),
        )
    if len(words) > 1:
        yield partial(catalog.carrying_some, words), within, _("Nothing has all of these words. This has some of them.")


def _looked_up(words: catalog.Words, known: Lexicon, ours: rules.Vocabulary) -> tuple[catalog.Words, dict[str, str]]:
    """The words as products carry them, and the right spelling of those that nobody knows. One that only begins like
    known words stands for these."""
    looked = [forms[0] for forms in words if " " not in forms[0] and not forms[0].isdecimal()]
    begun = {word: ours.endings(word) for word in looked if word not in ours}
    meant = {word: near for word, ways in begun.items() if not ways and (near := ours.meant_by(word))}
    # What may be looked for next is asked in the same breath.
    beside = [form for near in meant.values() for form in (near, *known.synonyms.get(near, ()))]
    strange = catalog.strangers(looked, beside=[*beside, *chain.from_iterable(begun.values())])
    unknown = {word for word, stem in strange.items() if ours and stem not in ours.stems}
    right = {word: near for word, near in meant.items() if word in unknown}
    ways = {word: begun[word] for word in unknown}
    return [(right.get(first, first), *ways.get(first, ()), *others) for first, *others in words], right


def _known() -> tuple[Lexicon, rules.Vocabulary]:
    """The words queries are read with, and those that goods carry; as they were at most a second ago."""
    learnt = _learnt()
    return _lexicon(learnt.synonyms, catalog.sizes(), catalog.colours()), learnt.vocabulary


@dataclass(frozen=True, slots=True)
class _Learnt:
    """What the database holds of words; `digest` tells one state of the vocabulary from another."""

    synonyms: tuple[tuple[str, str], ...] = ()
    digest: str = ""
    vocabulary: rules.Vocabulary = field(default_factory=rules.Vocabulary)


_held = _Learnt()


@briefly
def _learnt() -> _Learnt:
    """One small statement; the words themselves only travel when they are others than before."""
    global _held
    before = _held
    with connection.cursor() as cursor:
        cursor.execute(_WORDS, [before.digest])
        synonyms, digest, told = cursor.fetchone()
    ours = before.vocabulary if digest == before.digest else rules.Vocabulary(_entries(told or ""))
    _held = _Learnt(tuple((word, means) for word, means in synonyms or ()), digest, ours)
    return _held


def _entries(told: str) -> Iterator[tuple[str, str, int]]:
    for line in told.splitlines():
        word, stem, products = line.split(" ")
        yield word, stem, int(products)


def _categories_beginning(words: list[str]) -> tuple[CategoryView, ...]:
    found = [
        category
        for category in catalog.categories()
        if category.count and any(name.startswith(word) for name in _names(category.name) for word in words)
    ]
    return tuple(found[:3])


@lru_cache(maxsize=512)
def _names(category: str) -> tuple[str, ...]:
    return tuple(rules.tokens(category))


def _likeness(words: list[str], names: list[str]) -> float:
    return max((len(_threes(a) & _threes(b)) / len(_threes(a) | _threes(b)) for a in words for b in names), default=0.0)


def _threes(word: str) -> set[str]:
    padded = f"  {word} "
    return {padded[place : place + 3] for place in range(len(padded) - 2)}


@lru_cache(maxsize=4)
def _lexicon(rows: tuple[tuple[str, str], ...], sizes: tuple[SizeView, ...], shades: tuple[ColourView, ...]) -> Lexicon:
    ours = {_plain(name): (shade.slug,) for shade in shades for name in (shade.name, shade.slug)}
    colours: dict[str, tuple[str, ...]] = dict(ours)
    synonyms = defaultdict[str, tuple[str, ...]](tuple)
    for word, means in rows:
        typed, meant = _plain(word), _plain(means)
        if meant in ours:
            if typed not in ours:
                colours[typed] = (*colours.get(typed, ()), *ours[meant])
        else:
            synonyms[typed] += (meant,)
            synonyms[meant] += (typed,)
    return Lexicon(tuple(_size_word(size) for size in sizes), colours, dict(synonyms))


def _plain(words: str) -> str:
    return " ".join(rules.tokens(words))


def _size_word(size: SizeView) -> SizeWord:
    """A size goes by its key and its whole label, never by a part of one such as "3"."""
    parts = rules.tokens(size.label)
    names = {size.key, "".join(parts)} | ({size.label.lower()} if len(parts) == 1 else set())
    is_body = size.group == "body"
    return SizeWord(
        size.key, tuple(names), size.age_from_months, size.age_to_months,
        size.height_from_cm if is_body else None, size.height_to_cm if is_body else None,
    )  # fmt: skip


def _told(understood: Understood) -> tuple[str, ...]:
    chosen = [size for size in catalog.sizes() if size.key in understood.sizes]
    labels = [size.label for size in chosen if size.group == "body"] or [size.label for size in chosen]
    names = [colour.name for colour in catalog.colours() if colour.slug in understood.colours]
    price = catalog.price_words(understood.price_from, understood.price_to)
    return tuple(dict.fromkeys([*labels, *names, *([price] if price else [])]))


_WORDS = """
SELECT (SELECT json_agg(json_build_array(word, means) ORDER BY word, means) FROM discovery_synonym), d.digest,
       CASE WHEN d.digest <> %s THEN
            (SELECT string_agg(concat_ws(' ', word, stem, products), E'\\n') FROM discovery_term) END
  FROM (SELECT coalesce(sum(hashtextextended(word, products)), 0)::text AS digest FROM discovery_term) AS d
"""
