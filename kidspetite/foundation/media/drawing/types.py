"""The words of the drawing engine: what can be drawn, in which cloth, seen from where."""

from dataclasses import dataclass
from enum import StrEnum


class Garment(StrEnum):
    BODYSUIT = "bodysuit"
    SLEEPSUIT = "sleepsuit"
    ROMPER = "romper"
    TEE = "tee"
    SWEATER = "sweater"
    CARDIGAN = "cardigan"
    HOODIE = "hoodie"
    LEGGINGS = "leggings"
    JOGGERS = "joggers"
    SHORTS = "shorts"
    DUNGAREES = "dungarees"
    DRESS = "dress"
    SKIRT = "skirt"
    PAJAMAS = "pajamas"
    RAINCOAT = "raincoat"
    BEANIE = "beanie"
    SUN_HAT = "sun_hat"
    BIB = "bib"
    BOOTIES = "booties"
    SOCKS = "socks"
    BLANKET = "blanket"
    SLEEP_SACK = "sleep_sack"


class Pattern(StrEnum):
    PLAIN = "plain"
    BRETON = "breton"
    GINGHAM = "gingham"
    PIN_SPOT = "pin_spot"
    PETAL = "petal"
    WAVES = "waves"
    BERRIES = "berries"
    FAIR_ISLE = "fair_isle"
    COLOUR_BLOCK = "colour_block"


class Fabric(StrEnum):
    JERSEY = "jersey"
    RIB = "rib"
    KNIT = "knit"
    TERRY = "terry"
    WOOL = "wool"
    OILSKIN = "oilskin"
    MUSLIN = "muslin"
    DENIM = "denim"
    CORD = "cord"


class Sleeve(StrEnum):
    LONG = "long"
    SHORT = "short"
    NONE = "none"


class View(StrEnum):
    FRONT = "front"
    BACK = "back"
    DETAIL = "detail"
    TAPE = "tape"


CLOTHS: dict[str, str] = {
    "milk": "#f6f4eb",
    "oat": "#e2d6be",
    "butter": "#efdf95",
    "apricot": "#efaf6f",
    "rust": "#b25630",
    "cherry": "#c32e3a",
    "rose": "#e9aab3",
    "plum": "#70355e",
    "lilac": "#bbaade",
    "puddle": "#7bb3d4",
    "denim": "#3b5f8d",
    "night": "#2d3352",
    "moss": "#759159",
    "clover": "#317a4a",
    "cocoa": "#5e402f",
    "pewter": "#9299a1",
}

WASHES = ("puddle", "petal", "mint", "butter", "lilac", "oat")

WASH_COLOURS: dict[str, str] = {
    "puddle": "#d6eefc",
    "petal": "#ffe3e6",
    "mint": "#daf4e7",
    "butter": "#faf1cb",
    "lilac": "#ece5fb",
    "oat": "#f2eade",
}

SHORTEST_CM, TALLEST_CM = 44, 164


@dataclass(frozen=True)
class Drawing:
    """One garment in one cloth at one size; the seed gives its own turn and wobble.

    Refuses a cloth that is not on the brand sheet and a height no child of ours has.
    """

    garment: Garment
    cloth: str
    accent: str = "milk"
    pattern: Pattern = Pattern.PLAIN
    fabric: Fabric = Fabric.JERSEY
    sleeve: Sleeve = Sleeve.LONG
    height_cm: int = 74
    seed: str = ""

    def __post_init__(self) -> None:
        for name in (self.cloth, self.accent):
            if name not in CLOTHS:
                raise ValueError(f"{name!r} is not a cloth; the cloths are {', '.join(CLOTHS)}.")
        if not SHORTEST_CM <= self.height_cm <= TALLEST_CM:
            raise ValueError(f"{self.height_cm} cm is outside {SHORTEST_CM}–{TALLEST_CM} cm.")
