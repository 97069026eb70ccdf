"""Reading a query, without a shop."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kidspetite.journeys.discovery.rules import best_spelling, corrected, distance, near_misses, tokens, understand
from kidspetite.journeys.discovery.types import Lexicon, SizeWord

LEXICON = Lexicon(
    sizes=(
        SizeWord("6m", ("6m", "36m"), 3, 6, 62, 68),
        SizeWord("12m", ("12m", "612m"), 6, 12, 68, 74),
        SizeWord("24m", ("24m",), 18, 24, 80, 86),
        SizeWord("2t", ("2t",), 24, 36, 86, 92),
        SizeWord("3t", ("3t",), 36, 48, 92, 98),
        SizeWord("5", ("5",), 60, 72, 104, 110),
        SizeWord("one", ("one", "onesize"), 0, 108),
    ),
    colours={"rose": ("rose",), "pink": ("rose",), "dark blue": ("night",), "blue": ("puddle", "night")},
    synonyms={"onesie": ("bodysuit",), "bodysuit": ("onesie",), "sleep sack": ("sleeping bag",)},
)


@pytest.mark.parametrize(
    ("query", "words", "sizes", "colours", "prices"),
    [
        ("dress", [("dress",)], (), (), (None, None)),
        ("Pink dress 3 years under 30", [("dress",)], ("3t",), ("rose",), (None, 3000)),
        ("onesie", [("onesie", "bodysuit")], (), (), (None, None)),
        ("a dress for my little girl", [("dress",)], (), (), (None, None)),
        ("tee 6-12 months", [("tee",)], ("12m",), (), (None, None)),
        ("tee 24 months", [("tee",)], ("24m", "2t"), (), (None, None)),
        ("tee 24m", [("tee",)], ("24m", "2t"), (), (None, None)),
        ("2T tee", [("tee",)], ("2t",), (), (None, None)),
        ("size 5 tee", [("tee",)], ("5",), (), (None, None)),
        ("5 snaps", [("5",), ("snaps",)], (), (), (None, None)),
        ("3-year-old tee", [("tee",)], ("3t",), (), (None, None)),
        ("3 yo", [], ("3t",), (), (None, None)),
        ("romper 70 cm", [("romper",)], ("12m",), (), (None, None)),
        ("dark blue tee", [("tee",)], (), ("night",), (None, None)),
        ("blue tee", [("tee",)], (), ("puddle", "night"), (None, None)),
        ("sleep sack over $20.50", [("sleep sack", "sleeping bag")], (), (), (2050, None)),
        ("between 20 and 10 dollars", [], (), (), (1000, 2000)),
        ("$15-$25 hat", [("hat",)], (), (), (1500, 2500)),
        ("under the sea", [("under",), ("sea",)], (), (), (None, None)),
        ("less than 30 socks", [("socks",)], (), (), (None, 3000)),
        ("under 2t", [("under",)], ("2t",), (), (None, None)),
        ("crème brûlée", [("creme",), ("brulee",)], (), (), (None, None)),
        ("", [], (), (), (None, None)),
    ],
)
def test_a_query_says_words_sizes_colours_and_prices(query, words, sizes, colours, prices):
    found = understand(query, LEXICON)
    assert list(found.words) == words
    assert (found.sizes, found.colours, (found.price_from, found.price_to)) == (sizes, colours, prices)


@given(st.text(max_size=300))
def test_no_query_is_too_strange(query: str):
    found = understand(query, LEXICON)
    assert len(found.words) <= 12
    assert all(part.isalnum() and part.isascii() for forms in found.words for form in forms for part in form.split())


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [("", "", 0), ("dress", "dress", 0), ("drses", "dress", 1), ("onsie", "onesie", 1), ("pijamas", "pajamas", 1),
     ("sweatshrit", "sweatshirt", 1), ("tee", "", 3), ("abc", "cab", 2)],
)  # fmt: skip
def test_slips_are_counted_as_fingers_make_them(one: str, other: str, slips: int):
    assert distance(one, other) == distance(other, one) == slips


@given(st.text("abc", min_size=1, max_size=6))
def test_a_near_miss_is_one_slip_away(word: str):
    assert all(distance(word, miss) == 1 for miss in near_misses(word))


def test_the_nearest_word_is_the_one_that_was_meant():
    assert best_spelling("dresz", [("dress", 5), ("tress", 90)]) == "dress"
    assert best_spelling("sock", [("lock", 2), ("socks", 9)]) == "socks"
    assert best_spelling("tee", [("see", 9)]) == ""
    assert best_spelling("elephant", [("leggings", 9)]) == ""


def test_only_the_mistyped_word_is_put_right():
    assert corrected("Rain jaket 2T under 30", {"jaket": "jacket"}) == "Rain jacket 2T under 30"
    assert tokens("Mother’s Day, 2026") == ["mother", "day", "2026"]
