"""Reading a query, without a shop."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kidspetite.journeys.discovery.rules import Vocabulary, corrected, tokens, understand
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


def vocabulary(**products: int) -> Vocabulary:
    return Vocabulary((word, word.removesuffix("s"), count) for word, count in products.items())


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("drses", "dress"), ("onsie", "onesie"), ("pijamas", "pajamas"), ("sweatshrit", "sweatshirt"),
     ("pjamsa", "pajamas"), ("dres", "dress"), ("dresss", "dress"),
     ("onie", ""), ("tew", ""), ("dr", ""), ("ssdre", ""), ("qqqqqq", "")],
)  # fmt: skip
def test_slips_are_forgiven_as_fingers_make_them(typed: str, meant: str):
    assert vocabulary(dress=5, onesie=0, pajamas=4, sweatshirt=1, tee=90).meant_by(typed) == meant


@given(st.text("abcde", min_size=5, max_size=9), st.data())
def test_one_slip_is_always_forgiven(word: str, data: st.DataObject):
    place = data.draw(st.integers(0, len(word) - 2))
    head, tail = word[:place], word[place:]
    typed = data.draw(st.sampled_from([head + tail[1:], head + "x" + tail, head + "x" + tail[1:],
                                       head + tail[1] + tail[0] + tail[2:]]))  # fmt: skip
    assert vocabulary(**{word: 1}).meant_by(typed) == ("" if typed == word else word)


def test_the_nearest_word_is_the_one_that_was_meant():
    assert vocabulary(dress=5, tress=90).meant_by("dresz") == "dress"
    assert vocabulary(lock=2, socks=9).meant_by("sock") == "socks"
    assert vocabulary(leggings=9, legging=8).meant_by("legginqs") == "leggings"
    assert vocabulary(leggings=9).meant_by("elephant") == ""
    assert vocabulary().meant_by("elephant") == ""


def test_a_beginning_becomes_the_commonest_words_first():
    ours = vocabulary(dress=5, dresses=9, drum=5, drab=1, dungarees=90, **{f"dri{n}": 2 for n in range(9)})
    assert ours.endings("d")[:2] == ["dungarees", "dresses"]
    assert ours.endings("dr") == ["dresses", "dress", "drum", "dri0", "dri1", "dri2", "dri3", "dri4"]
    assert ours.endings("dre") == ours.endings("dres") == ["dresses", "dress"]
    assert ours.endings("x") == ours.endings("xyz") == ours.endings("dressesz") == []
    assert "drum" in ours
    assert "drums" not in ours
    assert "dresse" in ours.stems


def test_only_the_mistyped_word_is_put_right():
    assert corrected("Rain jaket 2T under 30", {"jaket": "jacket"}) == "Rain jacket 2T under 30"
    assert tokens("Mother’s Day, 2026") == ["mother", "day", "2026"]
