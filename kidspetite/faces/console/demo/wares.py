"""What a row of the demo catalogue holds: frozen, typed, in the words of the drawing engine and the shop."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kidspetite.foundation.media.drawing.types import Fabric, Garment, Pattern, Sleeve

DEFAULT_STOCK = 24


class Season(StrEnum):
    ALL = "all"
    SPRING = "spring"
    SUMMER = "summer"
    FALL = "fall"
    WINTER = "winter"


class SizeGroup(StrEnum):
    BODY = "body"
    HAT = "hat"
    SOCK = "sock"
    ONE = "one"


class Measure(StrEnum):
    HEAD = "head"
    FOOT = "foot"


@dataclass(frozen=True, slots=True)
class Size:
    """One step of the tape. `height_cm` is the printed number, the tallest child it fits."""

    key: str
    group: SizeGroup
    label: str
    age_from_months: int
    age_to_months: int
    height_from_cm: int
    height_to_cm: int
    height_cm: int
    weight_from_g: int
    weight_to_g: int
    order: int
    measure: Measure | None = None
    measure_from_cm: int | None = None
    measure_to_cm: int | None = None


@dataclass(frozen=True, slots=True)
class Colour:
    """One cloth; `also` are the words shoppers type instead of its name."""

    key: str
    name: str
    hex: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Category:
    """A drawer (no parent) or what lies in one."""

    slug: str
    name: str
    sentence: str
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class LabelNote:
    """One line of the care label: a care or a safety code in words."""

    code: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Fibre:
    material: str
    percent: int


@dataclass(frozen=True, slots=True)
class ProductColour:
    """One cloth a product comes in, and how the drawing fills it."""

    colour: str
    pattern: Pattern = Pattern.PLAIN
    accent: str = "milk"


@dataclass(frozen=True, slots=True)
class Variant:
    """One piece that can be bought: product × colour × size."""

    sku: str
    size: str
    colour: str
    weight_g: int
    stock: int


@dataclass(frozen=True, slots=True)
class Product:
    """One style. `sizes` are keys in tape order once loaded; `stock` overrides the default by "size/colour"."""

    slug: str
    code: str
    name: str
    category: str
    summary: str
    description: str
    facts: tuple[str, ...]
    fibre: tuple[Fibre, ...]
    care: tuple[str, ...]
    safety: tuple[str, ...]
    origin: str
    size_note: str
    price_cents: int
    weight_g: int
    sizes: tuple[str, ...]
    colours: tuple[ProductColour, ...]
    garment: Garment
    fabric: Fabric
    sleeve: Sleeve = Sleeve.NONE
    season: Season = Season.ALL
    compare_at_cents: int | None = None
    stock: Mapping[str, int] = field(default_factory=dict)

    @property
    def variants(self) -> tuple[Variant, ...]:
        """Every piece of this style, colour by colour, small to large."""
        return tuple(
            Variant(
                sku=f"{self.code}-{in_colour.colour[:3]}-{size.removeprefix('hat-').removeprefix('sock-')}".upper(),
                size=size,
                colour=in_colour.colour,
                weight_g=self._weight_of(step),
                stock=self.stock.get(f"{size}/{in_colour.colour}", DEFAULT_STOCK),
            )
            for in_colour in self.colours
            for step, size in enumerate(self.sizes)
        )

    def _weight_of(self, step: int) -> int:
        """`weight_g` is the middle size; each step up or down is worth 6 %."""
        steps_from_middle_x2 = 2 * step - (len(self.sizes) - 1)
        return max(5, self.weight_g * (100 + 3 * steps_from_middle_x2) // 100)


@dataclass(frozen=True, slots=True)
class Collection:
    """A real moment and what to wear in it. `home_order` puts it on the home page, 1 first."""

    slug: str
    title: str
    sentence: str
    products: tuple[str, ...]
    home_order: int | None = None
