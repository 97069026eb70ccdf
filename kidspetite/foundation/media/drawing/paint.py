"""From pieces to SVG: contact shadow, cloth, pattern, grain, shade, rim."""

from kidspetite.foundation.media.drawing.colours import TICK
from kidspetite.foundation.media.drawing.geometry import Path, number, reverse
from kidspetite.foundation.media.drawing.grain import grain
from kidspetite.foundation.media.drawing.ink import Ink
from kidspetite.foundation.media.drawing.patterns import printed
from kidspetite.foundation.media.drawing.piece import Piece, Pile

SHADOW_WIDTHS = (6, 12, 18, 25, 32, 40, 48, 57, 67, 78)  # pixels
SHADOW_STEPS, SHADOW_NARROW, SHADOW_WIDE = 13, 5.0, 70.0  # pixels
RIMS = ((0.3, 0.20), (0.8, 0.13), (1.6, 0.09), (2.8, 0.06))
FINE_RIMS = ((0.2, 0.11), (0.4, 0.10), (0.7, 0.08), (1.0, 0.06), (1.4, 0.05), (1.8, 0.045), (2.3, 0.035), (2.9, 0.03))


def shadow(ink: Ink, pile: Pile) -> str:
    """The garment's shadow on the ground: the outline stroked again and again, wider and farther from the light.

    One path strokes as one shape, so overlapping pieces do not darken twice; no filter is as quick.
    """
    assert ink.warp is not None
    outlines = "".join(_clockwise(path.mapped(ink.warp)).d for path in pile.outlines())
    name = ink.fresh()
    steps = SHADOW_STEPS * (2 if ink.zoom > 1 else 1)  # enlarged, the steps would show
    levels = ""
    for i in range(steps):
        width = SHADOW_NARROW + (SHADOW_WIDE - SHADOW_NARROW) * i / (steps - 1)
        opacity = f"{(0.036 - 0.0004 * width) * SHADOW_STEPS / steps:.4f}".strip("0")
        levels += (
            f'<use href="#{name}" stroke-width="{number(width / ink.px)}" stroke-opacity="{opacity}" '
            f'x="{number(width * 0.23 / ink.px)}" y="{number(width * 0.35 / ink.px)}"/>'
        )
    return (
        f'<defs><path id="{name}" d="{outlines}"/></defs>'
        f'<g fill="none" stroke="{TICK}" stroke-linejoin="round">{levels}</g>'
    )


def piled(ink: Ink, pile: Pile) -> str:
    """Everything of the garment, from the lowest piece up."""
    below = "".join(
        f'<g transform="translate({number(placed.dx)} {number(placed.dy)}) '
        f'rotate({number(placed.turn)})">{piled(ink, placed.pile)}</g>'
        for placed in pile.under
    )
    return below + "".join(laid(ink, piece) for piece in pile.pieces)


def laid(ink: Ink, piece: Piece) -> str:
    """One piece of cloth, lying on what is below it."""
    name = ink.line(piece.outline)
    clip = f"{name}c"
    ink.defs.setdefault(clip, f'<clipPath id="{clip}"><use href="#{name}"/></clipPath>')
    turn = piece.course.turn if piece.course else piece.turn
    inside = (
        f'<use href="#{name}" fill="{ink.colour(piece.on)}"/>'
        + printed(ink, piece)
        + grain(ink, piece, turn)
        + "".join(mark.svg(ink) for mark in piece.marks)
        + _rim(ink, piece, name)
    )
    over = "".join(mark.svg(ink) for mark in piece.over)
    return f'{_cast(name, piece.lift)}<g clip-path="url(#{clip})">{inside}</g>{over}'


def _cast(name: str, lift: float) -> str:
    """The near shadow a piece throws on the cloth just below it, away from the light."""
    if lift <= 0:
        return ""
    strokes = "".join(
        f'<use href="#{name}" stroke-width="{number(width * lift)}" stroke-opacity="{o}" '
        f'x="{number(width * 0.2 * lift)}" y="{number(width * 0.3 * lift)}"/>'
        for width, o in ((0.22, ".13"), (0.6, ".08"), (1.1, ".06"))
    )
    return f'<g fill="none" stroke="{TICK}" stroke-linejoin="round">{strokes}</g>'


def _rim(ink: Ink, piece: Piece, name: str) -> str:
    """Cloth turns down at its edge: light along the upper left, shade along the lower right."""
    depth, gleam = ink.depth(piece.on) * piece.round, ink.gleam(piece.on) * piece.round

    def edge(width: float, opacity: float, dx: float, dy: float) -> str:
        return (
            f'<use href="#{name}" stroke-width="{number(width)}" stroke-opacity="{number(opacity)}" '
            f'x="{number(width * dx)}" y="{number(width * dy)}"/>'
        )

    left, top, right, foot = piece.outline.box()
    rims = [(w, o) for w, o in (FINE_RIMS if ink.zoom > 1 else RIMS) if w < min(right - left, foot - top) * 0.4]
    lit = "".join(edge(w, o * gleam, 0.26, 0.34) for w, o in rims if w < 2)
    dark = "".join(edge(w, o * depth, -0.24, -0.32) for w, o in rims)
    return (
        f'<g fill="none" stroke="{ink.light(piece.on)}">{lit}</g><g fill="none" stroke="{ink.shade(piece.on)}">{dark}'
        f'<use href="#{name}" stroke-width=".1" stroke-opacity="{number(0.22 * depth)}"/></g>'
    )


def _clockwise(path: Path) -> Path:
    """All outlines run the same way round, so that one inside another fills instead of cutting a hole."""
    points = path.points(2)
    area = sum(a.x * b.y - b.x * a.y for a, b in zip(points, points[1:] + points[:1], strict=True))
    return path if area >= 0 else reverse(path)
