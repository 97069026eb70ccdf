"""The sets behind lists, against somebody who counts one product after the other."""

from __future__ import annotations

from array import array
from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kidspetite.goods.catalog.rules.bits import Ladder, members_of, set_of
from kidspetite.goods.catalog.rules.shelf import (
    PRICE_BANDS,
    Choice,
    Row,
    Shelf,
    Stock,
    Value,
    piece_key,
    size_and_colour,
)

pytestmark = pytest.mark.slow

SIZES, COLOURS, CATEGORIES = (1, 2, 3), (10, 11), (5, 6, 7)
SEASONS = ("all", "winter", "")


@st.composite
def rows(draw: st.DrawFn, product_id: int) -> Row:
    pieces = draw(st.sets(st.tuples(st.sampled_from(SIZES), st.sampled_from(COLOURS))))
    return Row(
        product_id=product_id,
        category_id=draw(st.sampled_from(CATEGORIES)),
        pieces=tuple(piece_key(size, colour) for size, colour in sorted(pieces)),
        season=draw(st.sampled_from(SEASONS)),
        price=draw(st.sampled_from((0, 1499, 1500, 2500, 2501, 6000, 9_999_999))),
        is_available=bool(pieces),
        sold=draw(st.integers(0, 3)),
        published=draw(st.sampled_from((1.0, 2.0))),
        collections=draw(st.dictionaries(st.sampled_from((1, 2)), st.integers(0, 5))),
    )


@st.composite
def shops(draw: st.DrawFn) -> dict[int, Row]:
    return {number: draw(rows(number)) for number in range(1, draw(st.integers(0, 14)) + 1)}


choices = st.builds(
    Choice,
    categories=st.sets(st.sampled_from(CATEGORIES)).map(tuple),
    collection=st.sampled_from((None, 1, 2, 99)),
    sizes=st.sets(st.sampled_from(SIZES)).map(tuple),
    colours=st.sets(st.sampled_from(COLOURS)).map(tuple),
    seasons=st.sets(st.sampled_from(("all", "winter"))).map(tuple),
    price_from=st.sampled_from((None, 0, 1500, 2500)),
    price_to=st.sampled_from((None, 1499, 2500, 9_999_999)),
    in_stock=st.booleans(),
)


def leaves(row: Row, choice: Choice, *, but: str = "") -> bool:
    """Whether a choice leaves a product, one of its filters put aside."""
    pieces = [size_and_colour(piece) for piece in row.pieces]
    fits = not (choice.sizes or choice.colours) or any(
        (size in choice.sizes or not choice.sizes) and (colour in choice.colours or not choice.colours)
        for size, colour in pieces
    )
    return all(
        (
            but == "category" or not choice.categories or row.category_id in choice.categories,
            choice.collection is None or choice.collection in row.collections,
            but == "pieces" or fits,
            but == "season" or not choice.seasons or row.season in choice.seasons,
            but == "price" or choice.price_from is None or row.price >= choice.price_from,
            but == "price" or choice.price_to is None or row.price <= choice.price_to,
            but == "stock" or not choice.in_stock or row.is_available,
        )
    )


def has(row: Row, sizes: tuple[int, ...], colours: tuple[int, ...]) -> bool:
    pairs = (size_and_colour(piece) for piece in row.pieces)
    return any((s in sizes or not sizes) and (c in colours or not colours) for s, c in pairs)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(shop=shops(), choice=choices)
def test_every_count_is_what_counting_by_hand_gives(shop: dict[int, Row], choice: Choice):
    shelf = Shelf(shop.values())
    assert set(shelf.ids(shelf.chosen(choice))) == {key for key, row in shop.items() if leaves(row, choice)}
    tally = shelf.tally(choice)
    pieces = [row for row in shop.values() if leaves(row, choice, but="pieces")]
    for size, count in tally.sizes.items():
        assert count == sum(has(row, (size,), choice.colours) for row in pieces)
    for colour, count in tally.colours.items():
        assert count == sum(has(row, choice.sizes, (colour,)) for row in pieces)
    drawers = [row for row in shop.values() if leaves(row, choice, but="category")]
    for category, count in tally.categories.items():
        assert count == sum(row.category_id == category for row in drawers)
    seasons = [row for row in shop.values() if leaves(row, choice, but="season")]
    for season, count in tally.seasons.items():
        assert count == sum(row.season == season for row in seasons)
    priced = [row.price for row in shop.values() if leaves(row, choice, but="price")]
    expected = [sum((low or 0) <= price <= (high or 10**9) for price in priced) for low, high in PRICE_BANDS]
    assert list(tally.prices) == expected
    assert tally.in_stock == sum(row.is_available for row in shop.values() if leaves(row, choice, but="stock"))


@pytest.mark.slow
def stock_of(shop: dict[int, Row]) -> Stock:
    """The same products as columns, as the database packs them."""
    rows = list(shop.values())
    members: defaultdict[Value, array[int]] = defaultdict(lambda: array("I"))
    places: defaultdict[int, array[int]] = defaultdict(lambda: array("I"))
    for slot, row in enumerate(rows):
        for value in (("category", row.category_id), ("season", row.season), *(("piece", key) for key in row.pieces)):
            members[value].append(slot)
        for collection, place in row.collections.items():
            members["collection", collection].append(slot)
            places[collection].append(place)
    return Stock(
        ids=array("q", (row.product_id for row in rows)),
        price=array("q", (row.price for row in rows)),
        sold=array("q", (row.sold for row in rows)),
        published=array("d", (row.published for row in rows)),
        available=array("I", (slot for slot, row in enumerate(rows) if row.is_available)),
        members=members,
        places=places,
    )


@settings(max_examples=60, deadline=None)
@given(shop=shops(), choice=choices)
def test_a_shelf_filled_at_once_is_like_one_filled_row_by_row(shop: dict[int, Row], choice: Choice):
    at_once, by_row = Shelf.filled(stock_of(shop)), Shelf(shop.values())
    assert len(at_once) == len(by_row) == len(shop)
    bits = at_once.chosen(choice)
    assert bits == by_row.chosen(choice)
    one, other = at_once.tally(choice), by_row.tally(choice)
    for kind in ("sizes", "colours", "categories", "seasons"):
        counts = [{key: n for key, n in getattr(tally, kind).items() if n} for tally in (one, other)]
        assert counts[0] == counts[1]
    assert (one.prices, one.in_stock) == (other.prices, other.in_stock)
    for sort in ("featured", "newest", "price", "-price", "bestselling"):
        pages = [s.page(bits, sort, offset=0, limit=50, collection=choice.collection) for s in (at_once, by_row)]
        assert pages[0] == pages[1]


@settings(max_examples=40, deadline=None)
@given(before=shops(), data=st.data(), choice=choices)
def test_a_shelf_that_was_changed_is_like_one_that_was_made_new(
    before: dict[int, Row], data: st.DataObject, choice: Choice
):
    shelf = data.draw(st.sampled_from((Shelf(before.values()), Shelf.filled(stock_of(before)))))
    for sort in ("featured", "newest", "price", "-price", "bestselling"):
        shelf.page(shelf.chosen(Choice()), sort, offset=0, limit=3)  # orders are made when first asked for
    changed = {n: data.draw(rows(n)) for n in data.draw(st.sets(st.integers(1, 18), max_size=6))}
    gone = data.draw(st.sets(st.integers(1, 18), max_size=3)) - set(changed)
    shelf.put(changed.values(), gone=gone)
    after = {n: row for n, row in (before | changed).items() if n not in gone}
    new = Shelf(after.values())
    assert len(shelf) == len(after)
    assert sorted(shelf.ids(shelf.chosen(choice))) == sorted(new.ids(new.chosen(choice)))
    for sort in ("featured", "newest", "price", "-price", "bestselling"):
        both = [one.page(one.chosen(choice), sort, offset=0, limit=50) for one in (shelf, new)]
        assert both[0] == both[1]


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(
    shop=shops(), sort=st.sampled_from(("featured", "newest", "price", "-price", "bestselling")), step=st.integers(1, 5)
)
def test_pages_neither_repeat_nor_drop_a_product(shop: dict[int, Row], sort: str, step: int):
    shelf = Shelf(shop.values())
    bits = shelf.chosen(Choice())
    prices = [row.price for row in shop.values()]
    bounds = (min(prices), max(prices)) if prices else (None, None)
    starts = range(0, len(shop) + step, step)
    pages = [shelf.page(bits, sort, offset=start, limit=step, bounds=bounds) for start in starts]
    listed = [product for page in pages for product in page]
    assert sorted(listed) == sorted(shop)
    prices = [shop[product].price for product in listed]
    if sort in ("price", "-price"):
        assert prices == sorted(prices, reverse=sort == "-price")


@given(st.sets(st.integers(0, 500)))
def test_a_set_holds_what_was_put_in(members: set[int]):
    assert list(members_of(set_of(members, 501))) == sorted(members)


def test_a_set_of_many_holds_what_was_put_in():
    members = list(range(0, 9_000, 7))
    assert list(members_of(set_of(members, 9_000))) == members
    assert set_of(range(300), 300) == (1 << 300) - 1


@given(st.lists(st.integers(0, 2**36 - 1), max_size=40), st.integers(0, 2**36 - 1))
def test_a_ladder_filled_at_once_knows_the_same(numbers: list[int], bound: int):
    ladder = Ladder()
    ladder.fill(array("q", numbers))
    among = (1 << len(numbers)) - 1
    assert set(members_of(ladder.at_least(bound, among))) == {m for m, number in enumerate(numbers) if number >= bound}


@given(st.dictionaries(st.integers(0, 60), st.integers(0, 2**36 - 1)), st.integers(0, 2**36 - 1))
def test_a_ladder_knows_who_stands_high_enough(numbers: dict[int, int], bound: int):
    ladder = Ladder()
    ladder.put(numbers, 61)
    among = set_of(numbers, 61)
    assert set(members_of(ladder.at_least(bound, among))) == {m for m, number in numbers.items() if number >= bound}


def test_an_order_by_price_may_begin_at_the_bounds_and_misses_nothing_within_them():
    shelf = Shelf(Row(n, 5, (piece_key(1, 10),), "all", n % 50 * 100, True, 0, float(n)) for n in range(1, 2001))
    bits = shelf.chosen(Choice(price_from=1500, price_to=1700))
    for sort, first in (("price", 1500), ("-price", 1700)):
        listed = shelf.page(bits, sort, offset=0, limit=500, bounds=(1500, 1700))
        assert listed == shelf.page(bits, sort, offset=0, limit=500)
        assert len(listed) == 120
        assert listed[0] % 50 * 100 == first


def test_a_rare_match_among_many_is_found_without_walking_them_all():
    shelf = Shelf(Row(n, 5, (piece_key(1, 10),), "all", n, True, 0, float(n)) for n in range(1, 3001))
    assert shelf.page(shelf.chosen(Choice()), "newest", offset=0, limit=2) == [3000, 2999]
    shelf.put([Row(n, 6, (piece_key(2, 10),), "all", n, True, 0, float(n)) for n in (17, 1700)])
    bits = shelf.chosen(Choice(categories=(6,)))
    assert shelf.page(bits, "newest", offset=0, limit=24) == [1700, 17]
    assert shelf.page(bits, "price", offset=0, limit=1) == [17]
    assert shelf.page(bits, "price", offset=1, limit=1) == [1700]
    assert shelf.page(bits, "price", offset=2, limit=1) == []
