"""What is put on cloth: creases, soft pools of shade, seams, stitches, ribs, fasteners, labels.

Every mark is a small frozen value in centimetres that can write itself as SVG.
"""

from dataclasses import dataclass
from math import hypot
from typing import Protocol

from kidspetite.foundation.media.drawing.geometry import Path, number
from kidspetite.foundation.media.drawing.glyphs import BRAND_LINE, BRAND_WIDTH
from kidspetite.foundation.media.drawing.ink import THREAD_RED, WHITE, Ink, chance

LIGHT_FROM = (-0.6, -0.8)


class Mark(Protocol):
    def svg(self, ink: Ink) -> str: ...


@dataclass(frozen=True)
class Crease:
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
class Pool:
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
            f'<radialGradient ID><stop stop-color="{colour}"/><stop offset=".35" stop-color="{colour}" stop-opacity=".66"/>'
            f'<stop offset=".7" stop-color="{colour}" stop-opacity=".2"/>'
            f'<stop offset="1" stop-color="{colour}" stop-opacity="0"/></radialGradient>',
        )
        turn = f' transform="rotate({number(self.turn)} {number(x)} {number(y)})"' if self.turn else ""
        return (
            f'<ellipse cx="{number(x)}" cy="{number(y)}" rx="{number(self.rx)}" ry="{number(self.ry)}" '
            f'fill="url(#{fill})" fill-opacity="{number(min(1, abs(self.tone) * strength))}"{turn}/>'
        )


@dataclass(frozen=True)
class Seam:
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
            f'<g stroke="{shade}">{line} stroke-width="{number(self.width * 3.8)}" stroke-opacity="{number(0.10 * ink.depth(self.on))}"/>'
            f'{line} stroke-width="{number(self.width)}" stroke-opacity="{number(min(0.6, 0.46 * ink.depth(self.on)))}"/></g></g>'
        )


@dataclass(frozen=True)
class Stitch:
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
class Rib:
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
class Patch:
    """A cap of another colour worked into a piece: heel, toe."""

    path: Path
    on: str

    def svg(self, ink: Ink) -> str:
        line = ink.line(self.path)
        return f'<use href="#{line}" fill="{ink.colour(self.on)}" stroke="{ink.shade(self.on)}" stroke-width=".12" stroke-opacity=".35"/>'


@dataclass(frozen=True)
class Line:
    """A plain stroke: cords, laces, hand-drawn details."""

    path: Path
    colour: str
    width: float
    opacity: float = 1.0

    def svg(self, ink: Ink) -> str:
        fade = "" if self.opacity >= 1 else f' stroke-opacity="{number(self.opacity)}"'
        return (
            f'<use href="#{ink.line(self.path)}" fill="none" stroke="{ink.colour(self.colour)}" '
            f'stroke-width="{number(self.width)}" stroke-linecap="round" stroke-linejoin="round"{fade}/>'
        )


@dataclass(frozen=True)
class Cord:
    """A round cord: shadow, body, light along its upper left."""

    path: Path
    width: float = 0.5
    on: str = "milk"

    def svg(self, ink: Ink) -> str:
        line, w = ink.line(self.path), self.width
        rows = (
            (ink.shade(self.on), w * 1.1, 0.3, f' transform="translate({number(w * 0.3)} {number(w * 0.45)})"'),
            (ink.seam(self.on), w, 1.0, ""),
            (ink.colour(self.on), w * 0.72, 1.0, f' transform="translate({number(-w * 0.08)} {number(-w * 0.1)})"'),
            (ink.shade(self.on), w * 0.9, 0.22, f' stroke-dasharray="{number(w * 0.25)} {number(w * 0.55)}"'),
        )
        strokes = "".join(
            f'<use href="#{line}" stroke="{tone}" stroke-width="{number(width)}" stroke-opacity="{number(o)}"{extra}/>'
            for tone, width, o, extra in rows
        )
        return f'<g fill="none" stroke-linejoin="round">{strokes}</g>'


@dataclass(frozen=True)
class Snap:
    """A press stud: a ringed cap with the light on its upper left."""

    x: float
    y: float
    r: float = 0.52
    on: str = "milk"

    def svg(self, ink: Ink) -> str:
        name = _snap_symbol(ink, self.on)
        return f'<use href="#{name}" transform="translate({_laid(ink, self.x, self.y)}) scale({number(self.r)})"/>'


@dataclass(frozen=True)
class Button:
    """A four-hole button, sewn on with the cloth's thread."""

    x: float
    y: float
    r: float = 0.75
    on: str = "milk"
    turn: float = 20

    def svg(self, ink: Ink) -> str:
        name = _button_symbol(ink, self.on)
        at = f"translate({_laid(ink, self.x, self.y)}) rotate({number(self.turn)}) scale({number(self.r)})"
        return f'<use href="#{name}" transform="{at}"/>'


@dataclass(frozen=True)
class NameTape:
    """The woven label: red on white, ends folded under."""

    x: float
    y: float
    width: float = 3.0
    turn: float = 0

    def svg(self, ink: Ink) -> str:
        w, h = 30.0, 10.0
        name = ink.define(
            "tape",
            f'<g ID><rect x="-14.4" y="-4" width="30" height="10" fill="{ink.shade("main")}" fill-opacity=".3"/>'
            f'<rect x="-15" y="-5" width="{w:g}" height="{h:g}" fill="{WHITE}"/>'
            f'<path d="M-15-5h2.2v10H-15zM12.8-5H15v10h-2.2z" fill="#cfcad6" fill-opacity=".55"/>'
            f'<path d="M-12.8-5v10M12.8-5v10" stroke="#8b8598" stroke-width=".35" stroke-opacity=".7"/>'
            f'<path d="M-15-3.9H15M-15 3.9H15" stroke="#d9d5df" stroke-width=".5" stroke-opacity=".8"/>'
            f"{_lettering(ink)}</g>",
        )
        at = f"translate({_laid(ink, self.x, self.y)}) rotate({number(self.turn)}) scale({number(self.width / 30)})"
        return f'<use href="#{name}" transform="{at}"/>'


@dataclass(frozen=True)
class Flag:
    """The name tape folded into a side seam: all that shows of it from behind."""

    x: float
    y: float
    turn: float = 0
    size: float = 1.3

    def svg(self, ink: Ink) -> str:
        name = ink.define(
            "flag",
            f'<g ID><rect x=".05" y=".08" width="1.1" height="1" fill="{ink.shade("main")}" fill-opacity=".3"/>'
            f'<rect width="1.1" height="1" fill="{WHITE}"/><path d="M.3.1v.8M.52.1v.8M.74.1v.8" stroke="{THREAD_RED}" '
            'stroke-width=".1" stroke-dasharray=".16 .07"/>'
            '<rect width=".14" height="1" fill="#8b8598" fill-opacity=".35"/><path d="M1.03 0v1" stroke="#cfcad6" stroke-width=".1"/></g>',
        )
        at = f"translate({_laid(ink, self.x, self.y)}) rotate({number(self.turn)}) scale({number(self.size)})"
        return f'<use href="#{name}" transform="{at}"/>'


def _laid(ink: Ink, x: float, y: float) -> str:
    return " ".join(map(number, ink.lay(x, y)))


def _lettering(ink: Ink) -> str:
    """The brand line as type where it can be read, as woven strokes where it is four pixels high."""
    if ink.px * ink.zoom < READABLE:
        return f'<path d="{_WOVEN}" transform="translate(-11 2)" fill="none" stroke="{THREAD_RED}" stroke-width=".8"/>'
    scale = 22 / BRAND_WIDTH
    return f'<path d="{BRAND_LINE}" transform="translate(-11 2.1) scale({scale:.4f})" fill="{THREAD_RED}"/>'


# The eleven signs of “kids petite” on a grid, one stroke each.
_WOVEN = (
    "M.5 0v-4.4M2-2.8L.8-1.5 2.2 0M3.3 0v-2.7M3.3-3.9v.6M6.4-4.4v4.2M6.2-.4C4.6.6 4.6-3 6.2-2.4M9-2.5C7-3 7.2-1.4 8.2-1.4 "
    "9.4-1.2 9 .2 7.4-.2M11.8-2.9v4.4M12-2.5C13.6-3 13.6.4 12-.2M14.4-1.4h1.7C16-3 14.3-2.9 14.3-1.3 14.4 0 15.4 0 16-.3"
    "M17.4-4v3.4C17.4 0 18 0 18.4-.2M16.8-2.7h1.6M19.4 0v-2.7M19.4-3.9v.6M20.8-4v3.2M20.2-2.7h1.3M21.6-1.4h1.1"
)
READABLE = 30.0


def _crease_symbol(ink: Ink, bow: int, on: str, depth: float) -> str:
    """Nested lenses that share one crisp edge; three depths are enough, and one symbol serves every crease of a depth."""
    level = min((0.6, 0.8, 1.0), key=lambda known: abs(known - depth))
    shade, light = ink.shade(on), ink.light(on)
    mid = 1.1 * bow

    def lens(reach: float) -> str:
        return f'<path d="M0 0Q.5 {number(mid)} 1 0Q.5 {number(mid + reach)} 0 0"/>'

    dark = "".join(lens(reach) for reach in (0.35, 0.8, 1.3, 1.9, 2.6, 3.4))
    lit = "".join(lens(-reach) for reach in (0.7, 1.5, 2.4))
    return ink.define(
        f"c{'nzp'[bow + 1]}{level * 10:.0f}{shade[1:]}",
        f'<g ID><g fill="{shade}" fill-opacity="{number(0.062 * level * ink.depth(on))}">{dark}</g>'
        f'<g fill="{light}" fill-opacity="{number(0.07 * level * ink.gleam(on))}">{lit}</g></g>',
    )


def _snap_symbol(ink: Ink, on: str) -> str:
    colour, shade = ink.colour(on), ink.shade(on)
    fill = ink.define(
        f"sg{colour[1:]}",
        f'<radialGradient ID cx=".36" cy=".32" r=".75"><stop stop-color="{ink.light(on)}"/>'
        f'<stop offset=".55" stop-color="{colour}"/><stop offset="1" stop-color="{ink.seam(on)}"/></radialGradient>',
    )
    return ink.define(
        f"sn{colour[1:]}",
        f'<g ID><circle cx=".16" cy=".24" r="1.06" fill="{ink.shade("main")}" fill-opacity=".4"/>'
        f'<circle r="1" fill="url(#{fill})"/><circle r=".94" fill="none" stroke="{shade}" stroke-width=".1" stroke-opacity=".35"/>'
        f'<circle r=".56" fill="none" stroke="{shade}" stroke-width=".14" stroke-opacity=".32"/>'
        '<path d="M-.62-.42A.76.76 0 0 1-.1-.75" fill="none" stroke="#fff" stroke-width=".2" stroke-linecap="round" '
        'stroke-opacity=".9"/></g>',
    )


def _button_symbol(ink: Ink, on: str) -> str:
    colour, shade = ink.colour(on), ink.shade(on)
    fill = ink.define(
        f"bg{colour[1:]}",
        f'<linearGradient ID x2="1" y2="1"><stop stop-color="{ink.light(on)}"/><stop offset=".5" stop-color="{colour}"/>'
        f'<stop offset="1" stop-color="{ink.seam(on)}"/></linearGradient>',
    )
    holes = "".join(f'<circle cx="{x}" cy="{y}" r=".13"/>' for x in (-0.24, 0.24) for y in (-0.24, 0.24))
    return ink.define(
        f"bt{colour[1:]}",
        f'<g ID><circle cx=".2" cy=".16" r="1.04" fill="{ink.shade("main")}" fill-opacity=".42"/>'
        f'<circle r="1" fill="url(#{fill})"/><circle r=".95" fill="none" stroke="{shade}" stroke-width=".1" stroke-opacity=".28"/>'
        f'<circle r=".68" fill="none" stroke="{shade}" stroke-width=".09" stroke-opacity=".3"/>'
        f'<g fill="{shade}" fill-opacity=".75">{holes}</g>'
        f'<path d="M-.24-.24L.24.24M.24-.24L-.24.24" stroke="{ink.thread("main")}" stroke-width=".12" '
        'stroke-linecap="round"/></g>',
    )
