"""What every mark needs to draw itself: the colours of this cloth, the ids of this picture, its chance."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from random import Random

from kidspetite.foundation.media.drawing.colours import TICK, mix, oklch, shifted
from kidspetite.foundation.media.drawing.types import CLOTHS, Drawing, Fabric

WHITE, THREAD_RED, TAPE, FOLD, MILK = "#ffffff", "#c71f2d", "#f8dc5c", "#e8c742", CLOTHS["milk"]


@dataclass
class Ink:
    """The state of one picture being drawn: what it shows, its scale, and the definitions it has asked for."""

    drawing: Drawing
    prefix: str
    px: float = 16.0  # pixels to the centimetre
    zoom: float = 1.0  # how far a detail is enlarged
    defs: dict[str, str] = field(default_factory=dict)
    count: int = 0

    def define(self, name: str, markup: str) -> str:
        """Keep a definition once and give the id it is known by."""
        self.defs.setdefault(name, markup.replace("ID", f'id="{self.prefix}{name}"', 1))
        return f"{self.prefix}{name}"

    def fresh(self) -> str:
        self.count += 1
        return f"{self.prefix}o{self.count}"

    def colour(self, role: str) -> str:
        """The hex of a cloth's role: main, accent, lining, a brand cloth's name, or a hex itself."""
        match role:
            case "main":
                return CLOTHS[self.drawing.cloth]
            case "accent":
                return CLOTHS[self.drawing.accent]
            case "lining":
                return shifted(CLOTHS[self.drawing.cloth], -0.09, 1.04)
            case "trim":
                return trim_of(self.drawing)
            case _ if role.startswith("#"):
                return role
            case _:
                return CLOTHS[role]

    def shade(self, role: str) -> str:
        """The cloth in its own shadow: never grey, never black."""
        return mix(shifted(self.colour(role), -0.22, 1.15), TICK, 0.42)

    def light(self, role: str) -> str:
        return mix(self.colour(role), WHITE, 0.82)

    def seam(self, role: str) -> str:
        return shifted(self.colour(role), -0.12, 1.05)

    def thread(self, role: str) -> str:
        """Topstitching: tobacco on denim, a touch lighter on dark cloth, a touch darker on pale."""
        colour = self.colour(role)
        if self.drawing.fabric is Fabric.DENIM:
            return CLOTHS["apricot"]
        return shifted(colour, 0.16 if oklch(colour)[0] < 0.5 else -0.14)

    def depth(self, role: str) -> float:
        """Dark cloth needs deeper shade to show it, pale cloth takes less."""
        return 1.35 - 0.55 * oklch(self.colour(role))[0]

    def gleam(self, role: str) -> float:
        lightness = oklch(self.colour(role))[0]
        shine = 1.9 if self.drawing.fabric is Fabric.OILSKIN else 1.0
        return shine * (0.55 + 0.6 * lightness)


def trim_of(drawing: Drawing) -> str:
    """Ribs and bindings: tone in tone on plain cloth, the accent on printed cloth of a pale ground."""
    return shifted(CLOTHS[drawing.cloth], -0.035, 1.05)


def chance(*parts: object) -> Random:
    """The same parts always give the same luck."""
    return Random(sha256("|".join(map(str, parts)).encode()).digest())


def jitter(luck: Random, amount: float) -> Iterator[float]:
    while True:
        yield luck.uniform(-amount, amount)
