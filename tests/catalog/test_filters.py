"""Filters as addresses say them."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from kidspetite.goods.catalog.types import SEASONS, SORTS, Filters


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("", Filters()),
        ("size=6m&size=12m", Filters(sizes=("6m", "12m"))),
        ("size=6m,12m,6m", Filters(sizes=("6m", "12m"))),
        ("price=15-25", Filters(price_from=1500, price_to=2500)),
        ("price=-15", Filters(price_to=1500)),
        ("price=60-", Filters(price_from=6000)),
        ("price=15-25&price=40-60", Filters(price_from=1500, price_to=6000)),
        ("price=-15&price=60-", Filters()),
        ("price_from=9.5&price_to=$20", Filters(price_from=950, price_to=2000)),
        ("in_stock=1&sort=-price", Filters(in_stock=True, sort="-price")),
        ("season=winter,never", Filters(seasons=("winter",))),
        ("sort=sideways&size=%00&colour=<b>&price=a-b&page=x&in_stock=maybe", Filters()),
        ("price=-5--9&price_from=-1", Filters()),
        ("q=%20%20fern%00%20%20suit", Filters(q="fern suit")),
    ],
)
def test_what_makes_sense_is_kept_and_the_rest_is_dropped(address: str, expected: Filters):
    assert Filters.from_query(QueryDict(address)) == expected


def test_a_plain_mapping_will_do():
    assert Filters.from_query({"size": ["6m"], "q": "fern"}) == Filters(sizes=("6m",), q="fern")


words = st.from_regex(r"\A[a-z0-9][a-z0-9-]{0,8}\Z")
cents = st.none() | st.integers(0, 100_000)


@given(
    st.builds(
        Filters,
        category=st.just("") | words,
        collection=st.just("") | words,
        q=st.just("") | st.from_regex(r"\A\w+( \w+)?\Z").filter(lambda q: len(q) < 100),
        sizes=st.sets(words, max_size=4).map(lambda s: tuple(sorted(s))),
        colours=st.sets(words, max_size=4).map(lambda s: tuple(sorted(s))),
        seasons=st.sets(st.sampled_from(SEASONS)).map(lambda s: tuple(sorted(s))),
        price_from=cents,
        price_to=cents,
        in_stock=st.booleans(),
        sort=st.sampled_from(SORTS),
    )
)
def test_an_address_says_exactly_what_was_chosen(filters: Filters):
    assert Filters.from_query(QueryDict(filters.query())) == filters


@given(
    st.dictionaries(st.sampled_from(["size", "colour", "price", "q", "sort", "season", "category", "page"]), st.text())
)
def test_no_address_is_too_strange(query: dict[str, str]):
    filters = Filters.from_query(query)
    assert Filters.from_query(QueryDict(filters.query())) == filters.but(
        sizes=tuple(sorted(filters.sizes)),
        colours=tuple(sorted(filters.colours)),
        seasons=tuple(sorted(filters.seasons)),
    )
