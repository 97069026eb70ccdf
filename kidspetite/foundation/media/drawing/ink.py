"""What every mark needs to draw itself: the colours of this cloth, the ids of this picture, its chance."""

from dataclasses import dataclass, field
from hashlib import sha256
from math import pi, sin
from random import Random

from kidspetite.foundation.media.drawing.colours import TICK, mix, oklch, shifted
from kidspetite.foundation.media.drawing.geometry import Path, Point
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
    lines: dict[str, str] = field(default_factory=dict)
    count: int = 0
    warp: "Warp | None" = None

    def __post_init__(self) -> None:
        self.warp = Warp(chance(self.drawing, "warp"))

    def define(self, name: str, markup: str) -> str:
        """Keep a definition once and give the id it is known by."""
        self.defs.setdefault(name, markup.replace("ID", f'id="{self.prefix}{name}"', 1))
        return f"{self.prefix}{name}"

    def fresh(self) -> str:
        self.count += 1
        return f"{self.prefix}{self.count}"

    def lay(self, x: float, y: float) -> Point:
        """Where a point of the cutter's plan comes to lie: cloth is never quite as straight as its pattern."""
        assert self.warp is not None
        return self.warp(Point(x, y))

    def line(self, path: Path) -> str:
        """The id of a path as it lies; the same path is written once, however often it is stroked."""
        assert self.warp is not None
        d = path.mapped(self.warp).d
        if d not in self.lines:
            self.lines[d] = self.fresh()
            self.defs[self.lines[d]] = f'<path id="{self.lines[d]}" d="{d}"/>'
        return self.lines[d]

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


class Warp:
    """A slow, slight bend of the whole garment, its own for every drawing; amplitudes in centimetres."""

    def __init__(self, luck: Random) -> None:
        self.waves = [(luck.uniform(0.10, 0.22), luck.uniform(0.16, 0.34), luck.uniform(0, 2 * pi)) for _ in range(4)]

    def __call__(self, p: Point) -> Point:
        (a, j, e), (b, k, f), (c, m, g), (d, n, h) = self.waves
        return Point(
            p.x + a * sin(j * p.y + e) + 0.5 * b * sin(k * p.x + f),
            p.y + c * sin(m * p.x + g) + 0.5 * d * sin(n * p.y + h),
        )


def trim_of(drawing: Drawing) -> str:
    """Ribs and bindings: tone in tone on plain cloth, the accent on printed cloth of a pale ground."""
    return shifted(CLOTHS[drawing.cloth], -0.035, 1.05)


def chance(*parts: object) -> Random:
    """The same parts always give the same luck."""
    return Random(sha256("|".join(map(str, parts)).encode()).digest())
