"""Lists: one page of cards, the exact total, and for every filter value what choosing it would leave."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from django.utils.translation import gettext as _

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.media import queries as media
from kidspetite.foundation.plumbing.recipes import ask_kept
from kidspetite.foundation.plumbing.replica import read_aside, reads_aside
from kidspetite.foundation.ui.formats import money_short
from kidspetite.foundation.ui.types import Card, Shared
from kidspetite.goods.catalog.models import Band
from kidspetite.goods.catalog.queries.keeper import State, Words, state
from kidspetite.goods.catalog.queries.wording import Matches
from kidspetite.goods.catalog.rules.shelf import PRICE_BANDS, Choice, Tally
from kidspetite.goods.catalog.types import (
    SEASONS,
    Chip,
    Facet,
    FacetValue,
    Filters,
    Listing,
    SizeView,
    joined,
    price_key,
)

ALL, EVERYTHING = Filters(), Choice()
NEW_FOR = timedelta(days=30)
REMEMBERED = 512


def listing(filters: Filters, page: int = 1, per_page: int = 24) -> Listing:
    """One page of what the filters leave; a page beyond the last gives the last. Words (`q`) are discovery's trade and
    not looked at here. At most three queries, whatever the size of the catalogue."""
    return _listing(filters, page, per_page, matches=None, within=ALL)


def listing_among(
    matches: Matches | None,
    filters: Filters,
    page: int = 1,
    per_page: int = 24,
    *,
    within: Filters = ALL,
) -> Listing:
    """The same, among what matches only (all, if None); in `featured` order its tiers come one after the other, best
    first. What `within` chooses is taken for granted: it narrows the list and every count, but is no filter of it."""
    return _listing(filters, page, per_page, matches=matches, within=within)


def chosen_ids(filters: Filters, *, limit: int = 10_000) -> list[int]:
    """The ids of the products that the filters leave, in their order."""
    now = state()
    understood, choice = _understood(filters, now.words)
    with now.lock:
        bits = now.shelf.chosen(choice)
        return now.shelf.page(bits, understood.sort, offset=0, limit=limit, collection=choice.collection)


def best_of(matches: Matches, *, limit: int) -> tuple[Card, ...]:
    """The first cards of what matches, without a list's filters and counts."""
    now = matches.state
    with now.lock:
        ids = _tiered(now, _union(matches.tiers), matches.tiers, 0, limit)
    return cards_of(ids)


def hanging_in(
    product_ids: Collection[int], *, categories: Iterable[str] = (), collections: Iterable[int] = ()
) -> frozenset[int]:
    """Those of these products that lie in one of the categories or below it, or in one of the collections."""
    now = state()
    drawers = [now.words.category_by_slug[slug].id for slug in categories if slug in now.words.category_by_slug]
    choices = [Choice(categories=tuple(now.words.below[drawer])) for drawer in drawers]
    choices += [Choice(collection=collection) for collection in collections]
    with now.lock:
        among = now.shelf.set_of(product_ids)
        return frozenset(now.shelf.ids(_union(now.shelf.chosen(choice, among) for choice in choices)))


def similar(product_id: int, category_slug: str, *, limit: int = 4) -> tuple[Card, ...]:
    """Other available styles of the same drawer, best sold first."""
    memo = state().memo
    key = ("similar", category_slug, limit)
    if (found := memo.get(key)) is None:
        found = chosen_ids(Filters(category=category_slug, in_stock=True), limit=limit + 1)
        memo[key] = found  # forgotten with it, if goods have changed meanwhile
    return cards_of([other for other in found if other != product_id][:limit])


def cards_of(product_ids: Sequence[int], *, in_colours: Collection[int] = ()) -> tuple[Card, ...]:
    """Cards in the given order, in one query; with colours chosen, each shows a picture in such a colour."""
    if not product_ids:
        return ()
    words = state().words
    told = {"ids": list(product_ids), "colours": list(in_colours), "new_since": clock.now() - NEW_FOR}
    rows = read_aside(lambda database: ask_kept(_CARDS, told, using=database))
    if reads_aside() and len(rows) < len(product_ids):  # some are younger than what the replica knows
        rows = ask_kept(_CARDS, told)
    known = words.cards
    found = {row[0]: known[row] if row in known else _card(row, words) for row in rows}
    return tuple([found[product_id] for product_id in product_ids if product_id in found])


@dataclass(frozen=True, slots=True)
class _Found:
    total: int
    ids: tuple[int, ...]
    page: int
    pages: int
    facets: tuple[Facet, ...]
    chips: tuple[Chip, ...]


def _listing(filters: Filters, page: int, per_page: int, *, matches: Matches | None, within: Filters) -> Listing:
    now = matches.state if matches else state()
    understood, choice = _understood_before(filters, now)
    granted = EVERYTHING if within is ALL else _understood(within, now.words)[1]
    found = _found(now, understood, choice, page, per_page, matches, granted)
    return Listing(
        cards=cards_of(found.ids, in_colours=choice.colours or granted.colours),
        total=found.total,
        page=found.page,
        pages=found.pages,
        facets=found.facets,
        filters=understood,
        chips=found.chips,
        product_ids=found.ids,
    )


def _found(
    now: State, filters: Filters, choice: Choice, page: int, per_page: int, matches: Matches | None, granted: Choice
) -> _Found:
    memo, key = now.memo, (filters, page, per_page, granted)
    if matches is None and (known := memo.get(key)):
        return known
    sort = filters.sort
    with now.lock:
        shelf, memo = now.shelf, now.memo
        among = None if matches is None else _union(matches.tiers)
        if granted != EVERYTHING:
            among = shelf.chosen(granted, among)
        bits = shelf.chosen(choice, among)
        total = bits.bit_count()
        pages = max(1, -(-total // per_page))
        page = min(max(page, 1), pages)
        start = (page - 1) * per_page
        if matches is None or sort != "featured":
            bounds = (choice.price_from, choice.price_to)
            ids = shelf.page(bits, sort, offset=start, limit=per_page, collection=choice.collection, bounds=bounds)
        else:
            ids = _tiered(now, bits, matches.tiers, start, per_page)
        tally = shelf.tally(choice, among)
    found = _Found(total, tuple(ids), page, pages, _facets(filters, tally, now.words), _chips(filters, now.words))
    if matches is None:
        if len(memo) >= REMEMBERED:
            memo.clear()
        memo[key] = found  # forgotten with it, if goods have changed meanwhile
    return found


def _tiered(now: State, bits: int, sets: Iterable[int], start: int, limit: int) -> list[int]:
    ids: list[int] = []
    for tier in sets:
        here, bits = bits & tier, bits & ~tier
        count = here.bit_count()
        if start < count and len(ids) < limit:
            ids += now.shelf.page(here, "featured", offset=start, limit=limit - len(ids))
        start = max(0, start - count)
    return ids


def _union(sets: Iterable[int]) -> int:
    bits = 0
    for one in sets:
        bits |= one
    return bits


def _understood_before(filters: Filters, now: State) -> tuple[Filters, Choice]:
    """The same, worked out once for as long as nothing changes."""
    memo = now.memo
    if (known := memo.get(filters)) is None:
        if len(memo) >= REMEMBERED:
            memo.clear()
        known = memo[filters] = _understood(filters, now.words)
    return cast(tuple[Filters, Choice], known)


def _understood(filters: Filters, words: Words) -> tuple[Filters, Choice]:
    """The filters without the words nobody knows, and the same in ids."""
    category = words.category_by_slug.get(filters.category)
    collection = words.collection_by_slug.get(filters.collection)
    sizes = tuple(sorted(key for key in filters.sizes if key in words.size_by_key))
    colours = tuple(sorted(slug for slug in filters.colours if slug in words.colour_by_slug))
    low, high = filters.price_from, filters.price_to
    if low is not None and high is not None and low > high:
        low, high = high, low
    understood = filters.but(
        category=category.slug if category else "", collection=collection.slug if collection else "", sizes=sizes,
        colours=colours, price_from=low, price_to=high, seasons=tuple(sorted(filters.seasons)),
    )  # fmt: skip
    # A winter thing and one for all year both serve the winter.
    seasons = (*understood.seasons, "all") if understood.seasons else ()
    return understood, Choice(
        categories=tuple(words.below[category.id]) if category else (),
        collection=collection.id if collection else None,
        sizes=tuple(words.size_by_key[key].id for key in sizes),
        colours=tuple(words.colour_by_slug[slug].id for slug in colours),
        seasons=seasons,
        price_from=low,
        price_to=high,
        in_stock=filters.in_stock,
    )


def _facets(filters: Filters, tally: Tally, words: Words) -> tuple[Facet, ...]:
    """Age and size first, as parents look for them. What they say beside their counts is put together once."""
    if (blank := words.facets.get(filters)) is None:
        blank = _blank_facets(filters, words)
        words.keep_facets(filters, blank)
    always = tally.seasons.get("all", 0)
    counts: dict[str, Sequence[int]] = {
        "size": [tally.sizes.get(size, 0) for size in words.sizes],
        "category": [sum([tally.categories.get(i, 0) for i in words.below[one.id]]) for one in words.branches],
        "colour": [tally.colours.get(colour, 0) for colour in words.colours],
        "price": tally.prices,
        "season": [tally.seasons.get(season, 0) + always for season in SEASONS],
        "in_stock": [tally.in_stock],
    }
    return Shared([facet.counting(counts[facet.key]) for facet in blank])


def _blank_facets(filters: Filters, words: Words) -> tuple[Facet, ...]:
    ways = _Ways(filters)
    return tuple(
        facet
        for facet in (
            _size_facet(filters, words, ways),
            _category_facet(filters, words, ways),
            _colour_facet(filters, words, ways),
            _price_facet(filters, ways),
            _season_facet(filters, ways),
            _stock_facet(filters, ways),
        )
        if facet.values
    )


class _Ways:
    """Query strings that differ from a list's own in one filter; some sixty of them stand on every list."""

    def __init__(self, filters: Filters) -> None:
        self._parts = filters.parts()

    def to(self, name: str, value: str) -> str:
        """With this one filter set so; with none, if empty."""
        return joined(self._parts | {name: f"{name}={value}" if value else ""})

    def toggling(self, name: str, chosen: tuple[str, ...], value: str) -> str:
        """With this value taken in, or left out again."""
        return self.to(name, ",".join(sorted(_toggled(chosen, value))))


def _size_facet(filters: Filters, words: Words, ways: _Ways) -> Facet:
    values = tuple(
        FacetValue(
            value=size.key, label=size.label, is_chosen=size.key in filters.sizes,
            note=fits(size), group=size.group, query=ways.toggling("size", filters.sizes, size.key),
        )
        for size in words.sizes.values()
    )  # fmt: skip
    return Facet("size", _("Size"), values)


def _colour_facet(filters: Filters, words: Words, ways: _Ways) -> Facet:
    values = tuple(
        FacetValue(
            value=colour.slug, label=colour.name, is_chosen=colour.slug in filters.colours, swatch=colour.swatch,
            query=ways.toggling("colour", filters.colours, colour.slug),
        )
        for colour in words.colours.values()
    )  # fmt: skip
    return Facet("colour", _("Color"), values)


def _category_facet(filters: Filters, words: Words, ways: _Ways) -> Facet:
    """Every category with all that lies below it, roots before their children."""
    values = tuple(
        FacetValue(
            value=one.slug, label=one.name, is_chosen=one.slug == filters.category, depth=len(one.path) - 1,
            group=one.parent.slug if one.parent else "",
            query=ways.to("category", "" if one.slug == filters.category else one.slug),
        )
        for one in words.branches
    )  # fmt: skip
    return Facet("category", _("Category"), values, takes_many=False)


def _price_facet(filters: Filters, ways: _Ways) -> Facet:
    values = []
    for low, high in PRICE_BANDS:
        is_chosen, key = (filters.price_from, filters.price_to) == (low, high), price_key(low, high)
        query = ways.to("price", "" if is_chosen else key)
        values.append(FacetValue(key, price_words(low, high), is_chosen=is_chosen, query=query))
    return Facet("price", _("Price"), tuple(values), takes_many=False)


def _season_facet(filters: Filters, ways: _Ways) -> Facet:
    names = {"spring": _("Spring"), "summer": _("Summer"), "fall": _("Fall"), "winter": _("Winter")}
    values = tuple(
        FacetValue(
            season, names[season], is_chosen=season in filters.seasons,
            query=ways.toggling("season", filters.seasons, season),
        )
        for season in SEASONS
    )  # fmt: skip
    return Facet("season", _("Season"), values)


def _stock_facet(filters: Filters, ways: _Ways) -> Facet:
    query = ways.to("in_stock", "" if filters.in_stock else "1")
    value = FacetValue("1", _("In stock"), is_chosen=filters.in_stock, query=query)
    return Facet("in_stock", _("In stock"), (value,))


def _chips(filters: Filters, words: Words) -> tuple[Chip, ...]:
    chips = [
        Chip(words.size_by_key[key].label, filters.but(sizes=_toggled(filters.sizes, key)).query(), "size", key)
        for key in filters.sizes
    ]
    chips += [
        Chip(
            words.colour_by_slug[slug].name,
            filters.but(colours=_toggled(filters.colours, slug)).query(),
            "colour",
            slug,
        )
        for slug in filters.colours
    ]
    if key := price_key(filters.price_from, filters.price_to):
        label = price_words(filters.price_from, filters.price_to)
        chips.append(Chip(label, filters.but(price_from=None, price_to=None).query(), "price", key))
    chips += [
        Chip(_(season.title()), filters.but(seasons=_toggled(filters.seasons, season)).query(), "season", season)
        for season in filters.seasons
    ]
    if filters.in_stock:
        chips.append(Chip(_("In stock"), filters.but(in_stock=False).query(), "in_stock", "1"))
    return tuple(chips)


def _toggled(values: tuple[str, ...], value: str) -> tuple[str, ...]:
    return tuple(other for other in values if other != value) if value in values else (*values, value)


def fits(size: SizeView) -> str:
    """Whom a size fits, short: "62–68 cm"."""
    if size.height_from_cm is None or size.height_to_cm is None:
        return ""
    return f"{size.height_from_cm}–{size.height_to_cm} cm"


def price_words(low: int | None, high: int | None) -> str:
    """A range of cents in words: "up to $15", "$15 to $25", "$60 and more"; "" for none."""
    if low is None and high is None:
        return ""
    if low is None and high is not None:
        return _("up to %(price)s") % {"price": money_short(high)}
    if high is None and low is not None:
        return _("%(price)s and more") % {"price": money_short(low)}
    return _("%(low)s to %(high)s") % {"low": money_short(low or 0), "high": money_short(high or 0)}


_CARDS = f"""
SELECT p.id, p.slug, p.name, p.price_from_minor, p.compare_at_minor, p.size_ids::text, p.colour_ids::text,
       p.is_available, p.band, coalesce(p.published_at > %(new_since)s, false), {media.COLUMNS}
  FROM catalog_product AS p
  LEFT JOIN LATERAL (
        SELECT f.picture_id FROM catalog_productphoto AS f
         WHERE cardinality(%(colours)s::bigint[]) > 0 AND f.product_id = p.id
           AND f.colour_id = ANY(%(colours)s::bigint[])
           AND (f.colour_id = ANY(p.colour_ids) OR NOT p.is_available)
         ORDER BY f.position, f.id LIMIT 1) AS c ON true
  LEFT JOIN media_picture AS m ON m.id = coalesce(c.picture_id, p.cover_id)
 WHERE p.id = ANY(%(ids)s::bigint[])
"""


def _card(row: tuple[Any, ...], words: Words) -> Card:
    """Kept with the words that it uses: as long as a row says the same, it is the same card."""
    product_id, slug, name, price, compare_at, size_ids, colour_ids, is_available, band, is_new, *picture = row
    card = Card(
        url=f"/products/{slug}",
        name=name,
        price=Money(price),
        compare_at=None if compare_at is None else Money(compare_at),
        picture=media.picture_from(picture),
        sizes_in_stock=words.size_labels(_ids(size_ids)),
        colours=words.swatches(_ids(colour_ids)),
        badge=_badge(band, is_new=is_new),
        available=is_available,
        held=band == Band.HELD,
        key=str(product_id),
    )
    words.keep_card(row, card)
    return card


def _ids(told: str) -> list[int]:
    """PostgreSQL's `{1,2,3}`: as text a row can be looked up whole."""
    return [int(number) for number in told[1:-1].split(",") if number]


def _badge(band: str, *, is_new: bool) -> str | None:
    """At most one, and only what is true: the last pieces, or new in the last 30 days."""
    if band == Band.FEW:
        return _("last few")
    return _("new") if is_new else None
