from __future__ import annotations

from dataclasses import dataclass, field

from kidspetite.foundation.ui.types import Card
from kidspetite.goods.catalog.types import CategoryView, Listing


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found. `corrected` is the query we looked for when a word was mistyped; `understood` are the sizes,
    colours and prices read out of the words; `loosened` says what had to be let go to show anything;
    `categories` are the nearest drawers, for when there is nothing."""

    listing: Listing
    corrected: str = ""
    understood: tuple[str, ...] = ()
    loosened: str = ""
    categories: tuple[CategoryView, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What may be meant by the letters typed so far; false when there is nothing to suggest."""

    queries: tuple[str, ...] = ()
    categories: tuple[CategoryView, ...] = ()
    products: tuple[Card, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.queries or self.categories or self.products)


@dataclass(frozen=True, slots=True)
class SizeWord:
    """A size as the rules need it: ages in months, heights in centimetres, the words it goes by."""

    key: str
    names: tuple[str, ...]
    age_from: int | None = None
    age_to: int | None = None
    height_from: int | None = None
    height_to: int | None = None


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words a query is read with. `synonyms` and `colours` go from what is typed, up to three words, to ours."""

    sizes: tuple[SizeWord, ...] = ()
    colours: dict[str, tuple[str, ...]] = field(default_factory=dict)
    synonyms: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Understood:
    """A query taken apart. Each of `words` is a set of alternatives, the one typed first. Prices in cents."""

    words: tuple[tuple[str, ...], ...] = ()
    sizes: tuple[str, ...] = ()
    colours: tuple[str, ...] = ()
    price_from: int | None = None
    price_to: int | None = None

    @property
    def is_narrowing(self) -> bool:
        return bool(self.sizes or self.colours or self.price_from is not None or self.price_to is not None)
