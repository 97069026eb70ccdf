"""From pieces to SVG: contact shadow, cloth, pattern, grain, shade, rim."""

from kidspetite.foundation.media.drawing.colours import TICK
from kidspetite.foundation.media.drawing.geometry import Path, number, reverse
from kidspetite.foundation.media.drawing.grain import grain
from kidspetite.foundation.media.drawing.ink import Ink
from kidspetite.foundation.media.drawing.patterns import printed
from kidspetite.foundation.media.drawing.piece import Piece, Pile

SHADOW_WIDTHS = (6, 12, 18, 25, 32, 40, 48, 57, 67, 78)  # pixels
RIMS = ((0.34, 0.30), (0.8, 0.16), (1.5, 0.11), (2.4, 0.08))


def shadow(ink: Ink, pile: Pile) -> str:
    """The garment's shadow on the ground: the outline stroked again and again, wider and farther from the light.

    One path strokes as one shape, so overlapping pieces do not darken twice; no filter is as quick.
    """
    outlines = "".join(_clockwise(path).d for path in pile.outlines())
    name = ink.fresh()
    levels = "".join(
        f'<use href="#{name}" stroke-width="{number(width / ink.px)}" '
        f'transform="translate({number(width * 0.19 / ink.px)} {number(width * 0.27 / ink.px)})"/>'
        for width in SHADOW_WIDTHS
    )
    return (
        f'<defs><path id="{name}" d="{outlines}"/></defs>'
        f'<g fill="none" stroke="{TICK}" stroke-opacity=".026" stroke-linejoin="round">{levels}</g>'
    )


def piled(ink: Ink, pile: Pile) -> str:
    """Everything of the garment, from the lowest piece up."""
    below = "".join(
        f'<g transform="translate({number(placed.dx)} {number(placed.dy)}) rotate({number(placed.turn)})">{piled(ink, placed.pile)}</g>'
        for placed in pile.under
    )
    return below + "".join(laid(ink, piece) for piece in pile.pieces)


def laid(ink: Ink, piece: Piece) -> str:
    """One piece of cloth, lying on what is below it."""
    name = ink.fresh()
    colour, shade, light = ink.colour(piece.on), ink.shade(piece.on), ink.light(piece.on)
    depth, gleam = ink.depth(piece.on), ink.gleam(piece.on)
    outline = f'<path id="{name}" d="{piece.outline.d}"/>'
    clip = f'<clipPath id="{name}c"><use href="#{name}"/></clipPath>'
    turn = piece.course.turn if piece.course else piece.turn
    inside = (
        f'<use href="#{name}" fill="{colour}"/>'
        + printed(ink, piece)
        + grain(ink, piece, turn)
        + "".join(mark.svg(ink) for mark in piece.marks)
        + _rim(name, shade, light, depth * piece.round, gleam * piece.round)
    )
    return (
        f"<defs>{outline}{clip}</defs>"
        + _cast(name, piece.lift)
        + f'<g clip-path="url(#{name}c)">{inside}</g>'
        + "".join(mark.svg(ink) for mark in piece.over)
    )


def _cast(name: str, lift: float) -> str:
    """The near shadow a piece throws on the cloth just below it."""
    if lift <= 0:
        return ""
    strokes = "".join(
        f'<use href="#{name}" stroke-width="{number(width * lift)}" stroke-opacity="{o}"/>' for width, o in ((0.2, 0.14), (0.6, 0.08), (1.1, 0.05))
    )
    return f'<g fill="none" stroke="#292639" stroke-linejoin="round" transform="translate({number(0.1 * lift)} {number(0.16 * lift)})">{strokes}</g>'


def _rim(name: str, shade: str, light: str, depth: float, gleam: float) -> str:
    """Cloth turns down at its edge: light along the upper left, shade along the lower right."""
    dark = "".join(
        f'<use href="#{name}" stroke-width="{number(w)}" stroke-opacity="{number(o * depth)}" transform="translate({number(-w * 0.2)} {number(-w * 0.26)})"/>'
        for w, o in RIMS
    )
    lit = "".join(
        f'<use href="#{name}" stroke-width="{number(w)}" stroke-opacity="{number(o * gleam)}" transform="translate({number(w * 0.42)} {number(w * 0.52)})"/>'
        for w, o in RIMS[:3]
    )
    return (
        f'<g fill="none" stroke="{light}">{lit}</g><g fill="none" stroke="{shade}">{dark}'
        f'<use href="#{name}" stroke-width=".12" stroke-opacity=".35"/></g>'
    )




def _clockwise(path: Path) -> Path:
    """All outlines run the same way round, so that one inside another fills instead of cutting a hole."""
    points = path.points(2)
    area = sum(a.x * b.y - b.x * a.y for a, b in zip(points, points[1:] + points[:1], strict=True))
    return path if area >= 0 else reverse(path)
