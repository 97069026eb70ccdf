"""Hard and woven things on cloth: cords, snaps, buttons, the name tape. Marks like any other."""

from dataclasses import dataclass

from kidspetite.foundation.media.drawing.geometry import Path, number
from kidspetite.foundation.media.drawing.glyphs import BRAND_LINE, BRAND_WIDTH
from kidspetite.foundation.media.drawing.ink import THREAD_RED, WHITE, Ink
from kidspetite.foundation.media.drawing.marks import OnCloth


@dataclass(frozen=True)
class Cord(OnCloth):
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
class Snap(OnCloth):
    """A press stud: a ringed cap with the light on its upper left."""

    x: float
    y: float
    r: float = 0.52
    on: str = "milk"

    def svg(self, ink: Ink) -> str:
        name = _snap_symbol(ink, self.on)
        return f'<use href="#{name}" transform="translate({_laid(ink, self.x, self.y)}) scale({number(self.r)})"/>'


@dataclass(frozen=True)
class Button(OnCloth):
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
class NameTape(OnCloth):
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
class Flag(OnCloth):
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
            '<rect width=".14" height="1" fill="#8b8598" fill-opacity=".35"/><path d="M1.03 0v1" '
            'stroke="#cfcad6" stroke-width=".1"/></g>',
        )
        at = f"translate({_laid(ink, self.x, self.y)}) rotate({number(self.turn)}) scale({number(self.size)})"
        return f'<use href="#{name}" transform="{at}"/>'


def _laid(ink: Ink, x: float, y: float) -> str:
    return " ".join(map(number, ink.lay(x, y)))


def _lettering(ink: Ink) -> str:
    """The brand line as type where it can be read, as woven strokes where it is four pixels high."""
    if ink.px * ink.zoom < READABLE:
        return (
            f'<path d="{_WOVEN}" transform="translate(-11.9 2)" fill="none" stroke="{THREAD_RED}" stroke-width=".8"/>'
        )
    scale = 22 / BRAND_WIDTH
    return f'<path d="{BRAND_LINE}" transform="translate(-11 2.1) scale({scale:.4f})" fill="{THREAD_RED}"/>'


# The eleven signs of “kids petite” on a grid, one stroke each.
_WOVEN = (
    "M.5 0v-4.4M2-2.8L.8-1.5 2.2 0M3.3 0v-2.7M3.3-3.9v.6M6.4-4.4v4.2M6.2-.4C4.6.6 4.6-3 6.2-2.4M9-2.5C7-3 "
    "7.2-1.4 8.2-1.4 "
    "9.4-1.2 9 .2 7.4-.2M11.8-2.9v4.4M12-2.5C13.6-3 13.6.4 12-.2M14.4-1.4h1.7C16-3 14.3-2.9 14.3-1.3 14.4 0 "
    "15.4 0 16-.3"
    "M17.4-4v3.4C17.4 0 18 0 18.4-.2M16.8-2.7h1.6M19.4 0v-2.7M19.4-3.9v.6"
    "M20.8-4v3.2M20.2-2.7h1.3M21.6-1.4h1.7C23.2-3 21.5-2.9 21.5-1.3 21.6 0 22.6 0 23.2-.3"
)


READABLE = 30.0


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
        f'<circle r="1" fill="url(#{fill})"/><circle r=".94" fill="none" stroke="{shade}" stroke-width=".1" '
        'stroke-opacity=".35"/>'
        f'<circle r=".56" fill="none" stroke="{shade}" stroke-width=".14" stroke-opacity=".32"/>'
        '<path d="M-.62-.42A.76.76 0 0 1-.1-.75" fill="none" stroke="#fff" stroke-width=".2" stroke-linecap="round" '
        'stroke-opacity=".9"/></g>',
    )


def _button_symbol(ink: Ink, on: str) -> str:
    colour, shade = ink.colour(on), ink.shade(on)
    fill = ink.define(
        f"bg{colour[1:]}",
        f'<linearGradient ID x2="1" y2="1"><stop stop-color="{ink.light(on)}"/><stop offset=".5" '
        f'stop-color="{colour}"/>'
        f'<stop offset="1" stop-color="{ink.seam(on)}"/></linearGradient>',
    )
    holes = "".join(f'<circle cx="{x}" cy="{y}" r=".13"/>' for x in (-0.24, 0.24) for y in (-0.24, 0.24))
    return ink.define(
        f"bt{colour[1:]}",
        f'<g ID><circle cx=".2" cy=".16" r="1.04" fill="{ink.shade("main")}" fill-opacity=".42"/>'
        f'<circle r="1" fill="url(#{fill})"/><circle r=".95" fill="none" stroke="{shade}" stroke-width=".1" '
        'stroke-opacity=".28"/>'
        f'<circle r=".68" fill="none" stroke="{shade}" stroke-width=".09" stroke-opacity=".3"/>'
        f'<g fill="{shade}" fill-opacity=".75">{holes}</g>'
        f'<path d="M-.24-.24L.24.24M.24-.24L-.24.24" stroke="{ink.thread("main")}" stroke-width=".12" '
        'stroke-linecap="round"/></g>',
    )
