"""What is put on cloth: creases, soft pools of shade, seams, stitches, ribs.

Every mark is a small frozen value in centimetres that can write itself as SVG.
"""

from dataclasses import dataclass, fields, replace
from math import hypot
from typing import Any, Protocol, Self, cast

from kidspetite.foundation.media.drawing.geometry import Path, mirrored, number
from kidspetite.foundation.media.drawing.ink import Ink, chance

LIGHT_FROM = (-0.6, -0.8)


class Mark(Protocol):
    def svg(self, ink: Ink) -> str: ...

    def mirrored(self) -> Self: ...


class OnCloth:
    """What all marks share: they can be moved to the other side of the middle line."""

    def mirrored(self) -> Self:
        changed: dict[str, Any] = {}
        for known in fields(cast(Any, self)):
            value = getattr(self, known.name)
            if isinstance(value, Path):
                changed[known.name] = value.mapped(mirrored)
            elif known.name in ("x", "x1", "x2", "turn", "bow"):
                changed[known.name] = -value
        return replace(cast(Any, self), **changed)


@dataclass(frozen=True)
class Crease(OnCloth):
    """A fold that rises to a ridge: crisp where light turns to shade, soft away from it, tapered at both ends."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float = 1.0
    depth: float = 1.0
    bow: int = 0  # −1, 0, 1: which way the ridge curves
    on: str = "main"

    def svg(self, ink: Ink) -> str:
        luck = chance(ink.drawing.seed, ink.drawing.cloth, self.x1, self.y1, self.x2, self.y2)
        start = ink.lay(self.x1, self.y1)
        dx, dy = self.x2 - self.x1, self.y2 - self.y1
        sway, reach = luck.uniform(-0.12, 0.12), luck.uniform(0.82, 1.16)
        dx, dy = (dx - dy * sway) * reach, (dy + dx * sway) * reach
        length = hypot(dx, dy) or 1.0
        nx, ny = -dy / length, dx / length
        bow = self.bow
        if nx * LIGHT_FROM[0] + ny * LIGHT_FROM[1] > 0:
            nx, ny, bow = -nx, -ny, -bow
        width = self.width * luck.uniform(0.8, 1.3)
        name = _crease_symbol(ink, bow, self.on, self.depth)
        matrix = " ".join(number(v) for v in (dx, dy, nx * width, ny * width, *start))
        return f'<use href="#{name}" transform="matrix({matrix})"/>'


@dataclass(frozen=True)
class Pool(OnCloth):
    """A soft ellipse of shade (tone below 0) or light (above 0), for roundness."""

    x: float
    y: float
    rx: float
    ry: float
    tone: float
    turn: float = 0
    on: str = "main"

    def svg(self, ink: Ink) -> str:
        dark = self.tone < 0
        x, y = ink.lay(self.x, self.y)
        colour = ink.shade(self.on) if dark else ink.light(self.on)
        strength = ink.depth(self.on) if dark else ink.gleam(self.on)
        kind = f"{'s' if dark else 'l'}{colour[1:]}"
        fill = ink.define(
            f"g{kind}",
            f'<radialGradient ID><stop stop-color="{colour}"/><stop offset=".35" stop-color="{colour}" '
            'stop-opacity=".66"/>'
            f'<stop offset=".7" stop-color="{colour}" stop-opacity=".2"/>'
            f'<stop offset="1" stop-color="{colour}" stop-opacity="0"/></radialGradient>',
        )
        turn = f' transform="rotate({number(self.turn)} {number(x)} {number(y)})"' if self.turn else ""
        return (
            f'<ellipse cx="{number(x)}" cy="{number(y)}" rx="{number(self.rx)}" ry="{number(self.ry)}" '
            f'fill="url(#{fill})" fill-opacity="{number(min(1, abs(self.tone) * strength))}"{turn}/>'
        )


@dataclass(frozen=True)
class Seam(OnCloth):
    """Two pieces of cloth meet: a dark line with a lit lip beside it."""

    path: Path
    on: str = "main"
    width: float = 0.13
    lip: float = 0.14

    def svg(self, ink: Ink) -> str:
        line, shade = f'<use href="#{ink.line(self.path)}"', ink.shade(self.on)
        return (
            f'<g fill="none">{line} stroke="{ink.light(self.on)}" stroke-width="{number(self.width)}" '
            f'stroke-opacity="{number(0.42 * ink.gleam(self.on))}" x="{number(self.lip)}" y="{number(self.lip)}"/>'
            f'<g stroke="{shade}">{line} stroke-width="{number(self.width * 3.8)}" '
            f'stroke-opacity="{number(0.10 * ink.depth(self.on))}"/>'
            f'{line} stroke-width="{number(self.width)}" '
            f'stroke-opacity="{number(min(0.6, 0.46 * ink.depth(self.on)))}"/></g></g>'
        )


@dataclass(frozen=True)
class Stitch(OnCloth):
    """A row of topstitching: thread lying in small dents."""

    path: Path
    on: str = "main"
    width: float = 0.1
    length: float = 0.3
    gap: float = 0.2
    colour: str = ""

    def svg(self, ink: Ink) -> str:
        thread = self.colour or ink.thread(self.on)
        line = f'<use href="#{ink.line(self.path)}"'
        return (
            f'<g fill="none" stroke-linecap="round" stroke-width="{number(self.width)}" '
            f'stroke-dasharray="{number(self.length)} {number(self.gap)}">'
            f'{line} stroke="{ink.shade(self.on)}" stroke-opacity=".35" x=".04" y=".06"/>{line} stroke="{thread}"/></g>'
        )


@dataclass(frozen=True)
class Rib(OnCloth):
    """A knitted band along a line: its own cloth, ribs across it, rounded by shade at both edges."""

    path: Path
    width: float
    on: str = "trim"
    pitch: float = 0.36
    depth: float = 1.0

    def svg(self, ink: Ink) -> str:
        line, w = ink.line(self.path), self.width
        colour, shade, light = ink.colour(self.on), ink.shade(self.on), ink.light(self.on)
        depth, gleam = ink.depth(self.on) * self.depth, ink.gleam(self.on)

        def stroke(tone: str, width: float, opacity: float = 1.0, extra: str = "") -> str:
            fade = "" if opacity >= 1 else f' stroke-opacity="{number(opacity)}"'
            return f'<use href="#{line}" stroke="{tone}" stroke-width="{number(width)}"{fade}{extra}/>'

        ribs = f' stroke-dasharray="{number(self.pitch * 0.4)} {number(self.pitch * 0.6)}"'
        return (
            '<g fill="none">'
            + stroke(shade, w + 0.1, 0.3 * depth)
            + stroke(colour, w)
            + stroke(shade, w, 0.12 * depth)
            + stroke(shade, w, 0.24 * depth, ribs)
            + stroke(light, w * 0.66, 0.16 * gleam)
            + stroke(light, w * 0.3, 0.16 * gleam)
            + "</g>"
        )


@dataclass(frozen=True)
class Patch(OnCloth):
    """A cap of another colour worked into a piece: heel, toe."""

    path: Path
    on: str

    def svg(self, ink: Ink) -> str:
        line = ink.line(self.path)
        seam = f'stroke="{ink.shade(self.on)}" stroke-width=".12" stroke-opacity=".35"'
        return f'<use href="#{line}" fill="{ink.colour(self.on)}" {seam}/>'


def _crease_symbol(ink: Ink, bow: int, on: str, depth: float) -> str:
    """Nested lenses that share one crisp edge; three depths are enough, and one symbol serves every crease of "
    "a depth."""
    level = min((0.6, 0.8, 1.0), key=lambda known: abs(known - depth))
    shade, light = ink.shade(on), ink.light(on)
    mid = 1.1 * bow

    def lens(reach: float) -> str:
        return f'<path d="M0 0Q.5 {number(mid)} 1 0Q.5 {number(mid + reach)} 0 0"/>'

    steps = 12 if ink.zoom > 1 else 6
    dark = "".join(lens(3.4 * ((i + 1) / steps) ** 1.25) for i in range(steps))
    lit = "".join(lens(-2.4 * (i + 1) / (steps // 2)) for i in range(steps // 2))
    fine = 6 / steps
    return ink.define(
        f"c{'nzp'[bow + 1]}{level * 10:.0f}{shade[1:]}",
        f'<g ID><g fill="{shade}" fill-opacity="{0.062 * fine * level * ink.depth(on):.3f}">{dark}</g>'
        f'<g fill="{light}" fill-opacity="{0.07 * fine * level * ink.gleam(on):.3f}">{lit}</g></g>',
    )
