"""The weave of each fabric, ruled over a piece with a few dashed strokes.

Sizes are in pixels of the picture: a card must stay calm, a product page must show thread. Repeating SVG patterns
would be the plain way, but rasterisers resample a turned tile pixel by pixel: twenty times slower than these strokes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, cos, radians, sin

from kidspetite.foundation.media.drawing.geometry import box_of, number, turned
from kidspetite.foundation.media.drawing.ink import Ink
from kidspetite.foundation.media.drawing.piece import Piece
from kidspetite.foundation.media.drawing.types import Fabric


def grain(ink: Ink, piece: Piece, turn: float) -> str:
    """The weave of this piece, to be drawn inside its outline; `turn` is how its cloth lies."""
    back = turned(-turn)
    left, top, right, foot = (v * ink.px for v in box_of(back(p) for p in piece.outline.points(3)))
    ruler = Ruler(ink, piece.on, left - 2, top - 2, right - left + 4, foot - top + 4)
    body = _WEAVES[piece.fabric or ink.drawing.fabric](ruler)
    scale = number(1 / ink.px) if ink.px < 2 else f"{1 / ink.px:.4f}".lstrip("0")
    return f'<g fill="none" transform="rotate({number(turn)}) scale({scale})">{body}</g>'


SHARED = 160  # pixels: sizes of ruled sheets are rounded up to this
COLUMNS, ROWS = 12, 32  # so many are written once, and used again beside themselves


@dataclass(frozen=True)
class Ruler:
    """Rules lines over a rectangle: bars by one fat dashed stroke, stitches by dashed columns."""

    ink: Ink
    on: str
    x: float
    y: float
    width: float
    height: float

    def dark(self, opacity: float) -> str:
        return (
            f'stroke="{self.ink.shade(self.on)}" stroke-opacity="{number(min(1, opacity * self.ink.depth(self.on)))}"'
        )

    def light(self, opacity: float) -> str:
        return (
            f'stroke="{self.ink.light(self.on)}" stroke-opacity="{number(min(1, opacity * self.ink.gleam(self.on)))}"'
        )

    def upright(self, tone: str, bar: float, pitch: float, shift: float = 0.0) -> str:
        """Bars down the cloth, every `pitch` pixels."""
        middle = self.y + self.height / 2
        return (
            f'<path d="M{number(self._on_grid(self.x, pitch) + shift)} '
            f'{number(middle)}h{number(self.width + pitch)}" {tone} '
            f'stroke-width="{number(self.height)}" stroke-dasharray="{number(bar)} {number(pitch - bar)}"/>'
        )

    def across(self, tone: str, bar: float, pitch: float, shift: float = 0.0, dashes: str = "") -> str:
        """Bars across the cloth, every `pitch` pixels."""
        middle = self.x + self.width / 2
        dashes = dashes or f"{number(bar)} {number(pitch - bar)}"
        return (
            f'<path d="M{number(middle)} '
            f'{number(self._on_grid(self.y, pitch) + shift)}v{number(self.height + pitch)}" {tone} '
            f'stroke-width="{number(self.width)}" stroke-dasharray="{dashes}"/>'
        )

    def slanted(self, tone: str, angle: float, width: float, pitch: float, dashes: str, shift: float = 0.0) -> str:
        """Lines in one direction with dashes of their own: twill, hairs, loops."""
        x, y = self.x + self.width / 2, self.y + self.height / 2
        c, n = abs(cos(radians(angle))), abs(sin(radians(angle)))
        along = ceil(((self.width * c + self.height * n) / 2 + 4) / SHARED) * SHARED
        beyond = ceil(((self.width * n + self.height * c) / 2 + pitch) / SHARED) * SHARED
        rows = self._rows(along, beyond, pitch, 67 if dashes else 1)
        broken = f' stroke-dasharray="{dashes}"' if dashes else ""
        down = f" translate(0 {number(shift)})" if shift else ""
        return (
            f'<use href="#{rows}" {tone} stroke-width="{number(width)}"{broken} '
            f'transform="translate({x:.0f} {y:.0f}) rotate({number(angle)}){down}"/>'
        )

    def _rows(self, along: int, beyond: int, pitch: float, spread: int) -> str:
        """The id of lines `pitch` apart about a middle. Pieces of about one size share them."""
        # Every row starts its dashes elsewhere, or the gaps would line up into bands.
        starts = [-(i * 29) % spread for i in range(ROWS)]
        long = 2 * along + 67
        path = f"M{starts[0] - spread} 0h{long}"
        path += "".join(f"m{b - a - long} {number(pitch)}h{long}" for a, b in pairwise(starts))
        block = self.ink.define(f"b{along}.{pitch:g}.{spread}", f'<path ID d="{path}"/>')
        tall = ROWS * pitch
        uses = "".join(
            f'<use href="#{block}" x="{-along}" y="{number(-beyond + i * tall)}"/>'
            for i in range(ceil((2 * beyond + pitch) / tall))
        )
        return self.ink.define(f"l{along}.{beyond}.{pitch:g}.{spread}", f"<g ID>{uses}</g>")

    def legs(self, tone: str, stitch: float, height: float, leg: float, bar: float, lower: float = 0.0) -> str:
        """Knit stitches: columns of slanted dashes, leaning right and left in turn, so that two make a V.

        They lean by one row a column, so that every column starts one row beside the last and all meet on common rows.
        """
        columns, lean = int(self.width / stitch) + 2, height / stitch
        rise = round(self.height + height * 2)
        drawn = ""
        for side, offset in ((1, 0.25), (-1, 0.75)):
            x = self._on_grid(self.x, stitch) + stitch * offset
            y = self._on_grid(self.y, height) - height + lower - side * lean * x
            column = f"v{rise}m{number(stitch)} {number(-rise - side * height)}"
            block = self.ink.define(f"k{rise}.{side}.{stitch:g}", f'<path ID d="M0 0{column * COLUMNS}"/>')
            steps = [(i * COLUMNS * stitch, -i * COLUMNS * side * height) for i in range(ceil(columns / COLUMNS))]
            uses = "".join(f'<use href="#{block}" x="{number(x + dx)}" y="{number(y + dy)}"/>' for dx, dy in steps)
            drawn += (
                f'<g {tone} stroke-width="{number(leg)}" stroke-dasharray="{number(bar)} {number(height - bar)}" '
                f'transform="matrix(1 {lean * side:.4f} 0 1 0 0)">{uses}</g>'
            )
        return drawn

    @staticmethod
    def _on_grid(value: float, pitch: float) -> float:
        return (value // pitch) * pitch


def _jersey(r: Ruler) -> str:
    if r.ink.zoom > 1:
        return (
            r.legs(r.dark(0.22), 4.6, 4.2, 0.8, 3.5)
            + r.upright(r.dark(0.10), 1, 4.6, -0.5)
            + r.upright(r.light(0.14), 1.2, 4.6, 1.6)
        )
    return (
        r.upright(r.dark(0.075), 1.5, 4.4) + r.upright(r.light(0.10), 1.3, 4.4, 2.1) + r.across(r.dark(0.07), 1.1, 3.4)
    )


def _rib(r: Ruler) -> str:
    return (
        r.upright(r.dark(0.13), 3.6, 9.6)
        + r.upright(r.dark(0.2), 1.5, 9.6, 1.05)
        + r.upright(r.light(0.2), 3.2, 9.6, 5)
        + r.across(r.dark(0.06), 1, 4)
    )


def _knit(r: Ruler) -> str:
    """Stitches large enough to be told apart on a card: smaller ones turn into a grid there."""
    stitch, height = 19.2, 16.4
    return (
        r.upright(r.dark(0.2), 3.4, stitch, -1.7)
        + r.legs(r.light(0.26), stitch, height, 6.4, height - 4.2)
        + r.legs(r.dark(0.28), stitch, height, 8.2, 2.6, height - 3.2)
    )


def _terry(r: Ruler) -> str:
    return r.slanted(r.dark(0.2), 8, 3.4, 7, "3.4 4.2 4 3.4 2.8 5.6 4.4 3.8") + r.slanted(
        r.light(0.34), 8, 2.5, 7, "3.4 4.2 4 3.4 2.8 5.6 4.4 3.8", -2.3
    )


def _wool(r: Ruler) -> str:
    """Hairs in four directions, dark ones and lit ones."""
    return (
        r.slanted(r.dark(0.2), 17, 1.05, 7.4, "6 11 3 17 5 8 4 21")
        + r.slanted(r.dark(0.18), -52, 1.05, 7.4, "4 13 6 9 3 19 5 15")
        + r.slanted(r.light(0.34), 38, 1.05, 7.4, "5 12 4 18 7 9 3 16")
        + r.slanted(r.light(0.28), -21, 1.05, 7.4, "6 15 3 10 5 20 4 12")
    )


def _oilskin(r: Ruler) -> str:
    return r.slanted(r.dark(0.10), 31, 0.9, 5.7, "1 6.3 1 7.1")


def _muslin(r: Ruler) -> str:
    """A fine open weave, crinkled lengthwise."""
    return (
        r.upright(r.dark(0.08), 0.9, 3.6)
        + r.across(r.dark(0.08), 0.9, 3.6)
        + r.slanted(r.dark(0.13), 85, 2.4, 9.2, "46 14 24 31 53 22")
        + r.slanted(r.light(0.4), 85, 2.2, 9.2, "46 14 24 31 53 22", 2.3)
        + r.slanted(r.dark(0.08), 97, 2.2, 14.4, "39 25 61 18")
    )


def _denim(r: Ruler) -> str:
    """Twill, with the uneven pale yarns of the weft."""
    return (
        r.slanted(r.dark(0.2), -58, 1.5, 4, "")
        + r.slanted(r.light(0.15), -58, 1.1, 4, "", 2)
        + r.slanted(r.light(0.13), 90, 1.4, 9.3, "21 39 15 61 37 43")
        + r.across(r.dark(0.06), 1.2, 3.1)
    )


def _cord(r: Ruler) -> str:
    return (
        r.upright(r.dark(0.16), 4.6, 10.5, -2.3)
        + r.upright(r.dark(0.4), 2.0, 10.5, -1)
        + r.upright(r.light(0.16), 4.0, 10.5, 3)
        + r.upright(r.light(0.16), 1.4, 10.5, 3.6)
    )


_WEAVES: dict[Fabric, Callable[[Ruler], str]] = {
    Fabric.JERSEY: _jersey,
    Fabric.RIB: _rib,
    Fabric.KNIT: _knit,
    Fabric.TERRY: _terry,
    Fabric.WOOL: _wool,
    Fabric.OILSKIN: _oilskin,
    Fabric.MUSLIN: _muslin,
    Fabric.DENIM: _denim,
    Fabric.CORD: _cord,
}
