"""Fair Isle bands, stitch by stitch: every coloured stitch is the V that a needle makes."""

from kidspetite.foundation.media.drawing.geometry import number
from kidspetite.foundation.media.drawing.ink import Ink
from kidspetite.foundation.media.drawing.piece import Course

STITCH_W, STITCH_H = 0.42, 0.36

# Twelve stitches wide; x is the accent, o the second colour, . the ground.
_CHART = [
    "............",
    "x..x..x..x..",
    "............",
    "xx..xx..xx..",
    ".xxxx.xxxx.x",
    "..xx...xx...",
    "............",
    "o.o.o.o.o.o.",
    "............",
    ".....x......",
    ".x...x...x..",
    "..x..x..x...",
    "...xxxxx....",
    "xx..xxx..xx.",
    "...xxxxx....",
    "..x..x..x...",
    ".x...x...x..",
    ".....x......",
    "............",
    "o.o.o.o.o.o.",
    "............",
    "..xx...xx...",
    ".xxxx.xxxx.x",
    "xx..xx..xx..",
    "............",
    "x..x..x..x..",
    "............",
    "............",
]

WIDTH, HEIGHT = STITCH_W * len(_CHART[0]), STITCH_H * len(_CHART)

# One stitch: two slanted legs meeting at the foot, from its upper left corner.
_VEE = "l.21.17 .21-.17v.34l-.21.17-.21-.17z"


def fair_isle(ink: Ink, course: Course) -> str:
    """Whole repeats laid down the piece, the middle one on its middle line."""
    second = "milk" if "milk" not in (ink.drawing.accent, ink.drawing.cloth) else "accent"
    repeat = ink.define("fi", f"<g ID>{_stitches(ink, 'x', 'accent')}{_stitches(ink, 'o', second)}</g>")
    columns = int(course.half / WIDTH + 0.5)
    laid, u = "", course.first
    while u < course.last:
        for column in range(-columns, columns + 1):
            p = course.row(u, (column - 0.5) * WIDTH * course.side)
            turn = f" rotate({number(course.turn_at(u))})" if course.turn else ""
            laid += f'<use href="#{repeat}" transform="translate({number(p.x)} {number(p.y)}){turn}"/>'
        u += HEIGHT
    return laid


def _stitches(ink: Ink, sign: str, role: str) -> str:
    veins = "".join(
        f"M{number(column * STITCH_W)} {number(row * STITCH_H)}{_VEE}"
        for row, signs in enumerate(_CHART)
        for column, found in enumerate(signs)
        if found == sign
    )
    return f'<path d="{veins}" fill="{ink.colour(role)}"/>'
