"""What the components take. Any object or mapping with the same names will do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kidspetite.foundation.kernel.money import Money


class Shared[Part](tuple[Part, ...]):
    """A row that many answers have in common. Its hash is worked out once, so that a component which has drawn it
    before knows it at once; like any tuple it is equal to what holds the same."""

    _hash: int

    def __hash__(self) -> int:
        try:
            return self._hash
        except AttributeError:
            self._hash = super().__hash__()
            return self._hash


@dataclass(frozen=True)
class Source:
    """One format of a picture: its media type and a srcset with widths."""

    type: str
    srcset: str


@dataclass(frozen=True)
class Picture:
    """A picture for the `picture` component. An empty wash means felt; the focal point is in per cent."""

    src: str
    alt: str
    width: int = 960
    height: int = 1200
    wash: str = ""
    focal_x: int = 50
    focal_y: int = 50
    sources: Sequence[Source] = ()


@dataclass(frozen=True)
class Swatch:
    """A colour by its name; `swatch` is "#rrggbb", or two of them joined by a comma for striped cloth."""

    name: str
    swatch: str
    value: str = ""
    href: str = ""
    current: bool = False
    sold_out: bool = False


@dataclass(frozen=True)
class Card:
    """A product in a list. `promotion` is a sentence about its price; the last pieces of one that is `held` are in
    somebody's basket just now."""

    url: str
    name: str
    price: Money
    picture: Picture | None = None
    compare_at: Money | None = None
    sizes_in_stock: Sequence[str] = ()
    colours: Sequence[Swatch] = ()
    badge: str | None = None
    available: bool = True
    held: bool = False
    key: str = ""
    promotion: str = ""

    def __hash__(self) -> int:
        """Worked out once, for a card stands in many lists; a card with a list in it has none."""
        known: int | None = self.__dict__.get("_hash")
        if known is None:
            told = (self.url, self.name, self.price, self.picture, self.sizes_in_stock, self.colours, self.promotion)
            known = self.__dict__["_hash"] = hash(told)
        return known


@dataclass(frozen=True)
class Segment:
    """One piece of a tape: the size's label and the height it fits, on both sides of the tape.

    `from_in` and `from_cm` are the numerals at the piece's first tick, for tapes that lead with the height. `more` is a
    sentence that stands below a picker while the piece is chosen. A sold-out piece may be `held`: it is in somebody's
    basket, and is not struck.
    """

    label: str
    inches: str = ""
    cm: str = ""
    from_in: str = ""
    from_cm: str = ""
    note: str = ""
    more: str = ""
    href: str = ""
    value: str = ""
    price: str = ""
    current: bool = False
    sold_out: bool = False
    held: bool = False


@dataclass(frozen=True)
class Step:
    """A step of a path such as the checkout; with a link once it is done."""

    label: str
    href: str = ""


@dataclass(frozen=True)
class Link:
    """Words that lead somewhere: breadcrumbs, tabs, chips that take a filter away, pages of a list."""

    label: str
    href: str = ""
    current: bool = False


@dataclass(frozen=True)
class Mark:
    """A dated note of a timeline. Without a date it is still to come."""

    title: str
    at: datetime | None = None
    more: str = ""


@dataclass(frozen=True)
class CareSymbol:
    """A washing symbol by its icon name and what it says."""

    symbol: str
    text: str
