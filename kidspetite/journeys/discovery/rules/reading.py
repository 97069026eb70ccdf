"""Takes a query apart: "pink dress 3 years under 30" is a dress in rose, of size 3T, up to $30."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from kidspetite.journeys.discovery.types import Lexicon, SizeWord, Understood

MOST_WORDS, LONGEST_PHRASE = 12, 3
# Words that every query may hold and no product is chosen by: all we sell is for children.
_EMPTY = (
    "a an and any are baby babies boy boys by child children clothes clothing cute for from girl girls have i in "
    "infant is it "
    "kid kids little me my of on or our pick please s size sized small some something that the their them to toddler "
    "toddlers unisex wear with you your"
)
EMPTY_WORDS = frozenset(_EMPTY.split())
_NUMBER = r"\$?\s?(\d{1,4}(?:\.\d{1,2})?)\s?(?:dollars?|bucks|usd|\$)?"
_BETWEEN = re.compile(
    rf"\bbetween\s+{_NUMBER}\s+(?:and|to)\s+{_NUMBER}|\$\s?(\d{{1,4}})\s?(?:-|to)\s?\$?\s?(\d{{1,4}})\b"
)
_UNDER = re.compile(rf"(?:\b(?:under|below|less than|cheaper than|up to|max|at most)|<)\s*{_NUMBER}(?![\w-])")
_OVER = re.compile(rf"(?:\b(?:over|above|more than|at least|min)|>)\s*{_NUMBER}(?![\w-])")
_MONTHS = r"(?:months?|mos?|m)\b(?:[\s-]*olds?\b)?"
_YEARS = r"(?:years?|yrs?|yo|y)\b(?:[\s-]*olds?\b)?"
_RANGE = re.compile(rf"\b(\d{{1,2}})\s?(?:-|–|to)\s?(\d{{1,2}})\s?(?:({_MONTHS})|({_YEARS}))")
_AGE = re.compile(rf"\b(\d{{1,2}})\s?-?\s?(?:({_MONTHS})|({_YEARS}))")
_HEIGHT = re.compile(r"\b(\d{2,3})\s?cm\b")
_SIZE = re.compile(r"\bsize\s+([\w-]{1,8})")
_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")


def understand(query: str, lexicon: Lexicon) -> Understood:
    """What a query says. Numbers are read as prices, ages or heights only beside a word that makes them so."""
    text = _plain(query)
    text, low, high = _prices(text)
    text, sizes = _sizes(text, lexicon.sizes)
    words, colours, named = _words(tokens(text), lexicon)
    return Understood(
        words=tuple(words), sizes=tuple(dict.fromkeys([*sizes, *named])), colours=tuple(dict.fromkeys(colours)),
        price_from=low, price_to=high,
    )  # fmt: skip


def tokens(text: str) -> list[str]:
    """The words of a text, lower case, without accents and possessives."""
    found = (word.partition("'")[0] for word in _WORD.findall(_plain(text)))
    return [word for word in found if word][:MOST_WORDS]


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.replace("’", "'").replace("–", "-")).lower()
    return "".join(letter for letter in folded if not unicodedata.combining(letter))[:200]


def _prices(text: str) -> tuple[str, int | None, int | None]:
    low = high = None
    if found := _BETWEEN.search(text):
        ends = sorted(_cents(number) for number in found.groups() if number is not None)
        return _cut(text, found), ends[0], ends[1]
    if found := _UNDER.search(text):
        high, text = _cents(found[1]), _cut(text, found)
    if found := _OVER.search(text):
        low, text = _cents(found[1]), _cut(text, found)
    return text, low, high


def _sizes(text: str, sizes: tuple[SizeWord, ...]) -> tuple[str, list[str]]:
    if (found := _SIZE.search(text)) and (keys := _by_name(found[1], sizes)):
        return _cut(text, found), keys
    if (found := _HEIGHT.search(text)) and (keys := _of_height(int(found[1]), sizes)):
        return _cut(text, found), keys
    if found := _RANGE.search(text):
        unit = 12 if found[4] else 1
        first, last = int(found[1]) * unit, int(found[2]) * unit
        if keys := [s.key for s in _aged(sizes) if s.age_from < last and s.age_to > first]:  # type: ignore[operator]
            return _cut(text, found), keys
    if (found := _AGE.search(text)) and (keys := _of_age(int(found[1]), sizes, years=bool(found[3]))):
        return _cut(text, found), keys
    return text, []


def _of_age(number: int, sizes: tuple[SizeWord, ...], *, years: bool) -> list[str]:
    """A child of three is between 36 and 48 months. One of 24 months stands at the border of two sizes: both fit."""
    if years:
        first, last = number * 12, number * 12 + 12
        return [s.key for s in _aged(sizes) if s.age_from < last and s.age_to > first]  # type: ignore[operator]
    return [s.key for s in _aged(sizes) if s.age_from <= number <= s.age_to]  # type: ignore[operator]


def _of_height(height: int, sizes: tuple[SizeWord, ...]) -> list[str]:
    return [s.key for s in sizes if s.height_from is not None and s.height_from < height <= (s.height_to or 0)]


def _aged(sizes: tuple[SizeWord, ...]) -> Iterator[SizeWord]:
    return (size for size in sizes if size.age_from is not None and size.age_to is not None and size.key != "one")


def _by_name(word: str, sizes: tuple[SizeWord, ...]) -> list[str]:
    return [size.key for size in sizes if word in size.names]


def _words(words: list[str], lexicon: Lexicon) -> tuple[list[tuple[str, ...]], list[str], list[str]]:
    """The words that remain to be looked for with their synonyms, the colours, and the sizes called by name (2T)."""
    left: list[tuple[str, ...]] = []
    colours: list[str] = []
    sizes: list[str] = []
    place = 0
    while place < len(words):
        length, phrase = _longest_known(words, place, lexicon)
        if phrase in lexicon.colours:
            colours += lexicon.colours[phrase]
        elif phrase in lexicon.synonyms:
            left.append(tuple(dict.fromkeys([phrase, *lexicon.synonyms[phrase]])))
        elif keys := [key for key in _by_name(phrase, lexicon.sizes) if not phrase.isdecimal()]:
            sizes += keys
        elif phrase not in EMPTY_WORDS:
            left.append((phrase,))
        place += length
    return left, colours, sizes


def _longest_known(words: list[str], place: int, lexicon: Lexicon) -> tuple[int, str]:
    for length in range(min(LONGEST_PHRASE, len(words) - place), 1, -1):
        phrase = " ".join(words[place : place + length])
        if phrase in lexicon.colours or phrase in lexicon.synonyms:
            return length, phrase
    return 1, words[place]


def _cut(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} {text[found.end() :]}"


def _cents(number: str) -> int:
    whole, _, part = number.partition(".")
    return int(whole) * 100 + int((part or "0").ljust(2, "0"))
