"""Printed and woven patterns, laid along each piece's own course so that they bend where the cloth bends."""

from math import cos, radians, sin

from kidspetite.foundation.media.drawing.colours import mix, oklch, shifted
from kidspetite.foundation.media.drawing.fair_isle import fair_isle
from kidspetite.foundation.media.drawing.geometry import Point, number
from kidspetite.foundation.media.drawing.ink import MILK, Ink, chance
from kidspetite.foundation.media.drawing.piece import Course, Piece
from kidspetite.foundation.media.drawing.types import Pattern

STRIPE = 1.9  # one stripe and its gap, in centimetres
CHECK = 0.95
SPOT_STEP = 1.5


def printed(ink: Ink, piece: Piece) -> str:
    """The pattern on this piece, to be drawn inside its outline."""
    course = piece.course
    if course is None:
        return ""
    match ink.drawing.pattern:
        case Pattern.PLAIN:
            return ""
        case Pattern.BRETON:
            return _breton(ink, course)
        case Pattern.GINGHAM:
            return _gingham(ink, course)
        case Pattern.PIN_SPOT:
            return _pin_spot(ink, course)
        case Pattern.PETAL:
            return _strewn(ink, course, _flowers(ink), 2.15, 1.75)
        case Pattern.WAVES:
            return _waves(ink, course)
        case Pattern.BERRIES:
            return _strewn(ink, course, _sprigs(ink), 2.5, 2.1)
        case Pattern.FAIR_ISLE:
            return fair_isle(ink, course)
        case Pattern.COLOUR_BLOCK:
            return _colour_block(ink, course, piece.split)


def _row(ink: Ink, course: Course, u: float, wander: float = 0.0) -> str:
    """One row of the cloth as a curve: across the piece, sagging in the middle."""
    left, right = ink.lay(*course.row(u, -course.half)), ink.lay(*course.row(u, course.half))
    middle = ink.lay(*course.row(u + course.sag * 2 + wander, 0))
    return f"M{_at(left)}Q{_at(middle)} {_at(right)}"


def _rows(course: Course, step: float, lead: float) -> list[float]:
    count = int((course.last - course.first) / step) + 2
    return [course.first + lead + i * step for i in range(count)]


def _breton(ink: Ink, course: Course) -> str:
    luck = chance(ink.drawing, "stripes", round(course.first, 1), round(course.turn))
    rows = "".join(_row(ink, course, u, luck.uniform(-0.22, 0.22)) for u in _rows(course, STRIPE, STRIPE * 0.72))
    return f'<path d="{rows}" fill="none" stroke="{ink.colour("accent")}" stroke-width="{number(STRIPE * 0.43)}"/>'


def _gingham(ink: Ink, course: Course) -> str:
    """Half-strength bands down and across on a pale ground; where they cross, the colour is whole."""
    ground, colour = ink.colour("accent"), ink.colour("main")
    middle_u = (course.first + course.last) / 2
    start, end = (
        course.row(middle_u, -course.half * 1.3 * course.side),
        course.row(middle_u, course.half * 1.3 * course.side),
    )
    tall = (course.last - course.first) * 1.3 + 8
    rows = "".join(_row(ink, course, u) for u in _rows(course, CHECK * 2, CHECK * 0.5))
    return (
        f'<g fill="none" stroke="{ground}"><path d="M{_at(start)}L{_at(end)}" stroke-width="{number(tall)}"/>'
        f'<path d="M{_at(start)}L{_at(end)}" stroke="{colour}" stroke-opacity=".52" stroke-width="{number(tall)}" '
        f'stroke-dasharray="{number(CHECK)}"/>'
        f'<path d="{rows}" stroke="{colour}" stroke-opacity=".52" stroke-width="{number(CHECK)}"/></g>'
    )


def _pin_spot(ink: Ink, course: Course) -> str:
    """Dots are round caps of dashes without length, every other row half a step along."""
    even = "".join(_row(ink, course, u) for u in _rows(course, SPOT_STEP, 0.2))
    odd = "".join(_row(ink, course, u) for u in _rows(course, SPOT_STEP, 0.2 + SPOT_STEP / 2))
    dash = f'stroke-dasharray="0 {number(SPOT_STEP)}"'
    return (
        f'<g fill="none" stroke="{ink.colour("accent")}" stroke-width=".42" stroke-linecap="round" {dash}>'
        f'<path d="{even}"/><path d="{odd}" stroke-dashoffset="{number(SPOT_STEP / 2)}"/></g>'
    )


def _waves(ink: Ink, course: Course) -> str:
    """Brushed wave lines, every second row half a wave along."""
    length = 2.3
    halves = int(course.half * 2 / (length / 2)) + 4
    crest = ink.define(
        f"wv{halves}",
        f'<path ID d="M{number(-halves * length / 4)} 0q{number(length / 4)}-.62 {number(length / 2)} 0'
        + f"t{number(length / 2)} 0" * (halves - 1)
        + f'" fill="none" stroke="{ink.colour("accent")}" stroke-width=".26" stroke-linecap="round"/>',
    )
    drawn = ""
    for i, u in enumerate(_rows(course, 1.4, 0.4)):
        p = course.row(u + course.sag * 0.5, (i % 3 - 1) * length * 0.12 * course.side)
        turn = f" rotate({number(course.turn_at(u))})" if course.turn else ""
        drawn += f'<use href="#{crest}" transform="translate({number(p.x)} {number(p.y)}){turn}"/>'
    return drawn


def _strewn(ink: Ink, course: Course, motifs: list[str], step: float, drop: float) -> str:
    """Motifs in staggered rows, each a little off its place and turned its own way, laid by the patch."""
    across, down = 3, 4
    patches = [_patch_of(ink, motifs, step, drop, across, down, variant) for variant in (0, 1)]
    count = int(course.half / (step * across)) + 1
    drawn = ""
    for i, u in enumerate(_rows(course, drop * down, -drop)):
        for j in range(-count, count + 1):
            p = ink.lay(*course.row(u, (j - 0.5) * step * across * course.side))
            turn = f" rotate({course.turn_at(u):.0f})" if course.turn else ""
            drawn += f'<use href="#{patches[(i + j) % 2]}" transform="translate({number(p.x)} {number(p.y)}){turn}"/>'
    return drawn


def _patch_of(ink: Ink, motifs: list[str], step: float, drop: float, across: int, down: int, variant: int) -> str:
    luck = chance(ink.drawing, "strewn", variant)
    uses = ""
    for i in range(down):
        for j in range(across):
            x = (j + (0.5 if i % 2 else 0) + luck.uniform(-0.14, 0.14)) * step
            y = (i + luck.uniform(-0.16, 0.16)) * drop
            motif = motifs[(i * 2 + j + variant) % len(motifs)]
            at = f"translate({number(x)} {number(y)}) rotate({luck.uniform(-38, 38):.0f})"
            uses += f'<use href="#{motif}" transform="{at}"/>'
    return ink.define(f"sw{variant}", f"<g ID>{uses}</g>")


def _flowers(ink: Ink) -> list[str]:
    """Two sizes of five-petal flower and a bud."""
    accent = ink.colour("accent")
    heart = ink.seam("main") if oklch(ink.colour("main"))[0] < 0.86 else shifted(accent, -0.16, 1.1)
    names = []
    for name, r in (("fa", 0.62), ("fb", 0.46)):
        petals = "".join(_petal(r, 72 * i) for i in range(5))
        names.append(
            ink.define(name, f'<g ID fill="{accent}">{petals}<circle r="{number(r * 0.25)}" fill="{heart}"/></g>')
        )
    bud = ink.define("fc", f'<circle ID r=".17" fill="{accent}"/>')
    return [names[0], bud, names[1], names[0], names[1], bud]


def _petal(r: float, turn: float) -> str:
    x, y = r * 0.56 * cos(radians(turn)), r * 0.56 * sin(radians(turn))
    return (
        f'<ellipse rx="{number(r * 0.46)}" ry="{number(r * 0.35)}" '
        f'transform="translate({number(x)} {number(y)}) rotate({number(turn)})"/>'
    )


def _sprigs(ink: Ink) -> list[str]:
    """Pairs of berries on bent stems; the green only where the ground is pale, else a paler stem of the cloth's own."""
    pale = oklch(ink.colour("main"))[0] > 0.82
    leaf = ink.colour("moss") if pale else mix(MILK, ink.colour("main"), 0.35)
    berry = ink.colour("accent")
    shine = mix(berry, "#ffffff", 0.6)
    pair = ink.define(
        "be",
        f'<g ID><path d="M-.42.35Q-.3-.3.1-.72M.42.5Q.42-.2.1-.72" fill="none" stroke="{leaf}" stroke-width=".11"/>'
        f'<path d="M.1-.72Q.5-1.15 1-.82.6-.5.1-.72z" fill="{leaf}"/>'
        f'<g fill="{berry}"><circle cx="-.44" cy=".58" r=".38"/><circle cx=".46" cy=".74" r=".38"/></g>'
        f'<g fill="{shine}"><circle cx="-.55" cy=".45" r=".1"/><circle cx=".35" cy=".61" r=".1"/></g></g>',
    )
    return [pair]


def _colour_block(ink: Ink, course: Course, split: float | None) -> str:
    if split is None:
        return ""
    left, right = course.row(split, -course.half * 1.3), course.row(split, course.half * 1.3)
    far_right, far_left = (
        course.row(course.last + 4, course.half * 1.6),
        course.row(course.last + 4, -course.half * 1.6),
    )
    edge = f"M{_at(left)}Q{_at(course.row(split + course.sag * 2, 0))} {_at(right)}"
    here, lower = course.row(split, 0), course.row(split + 0.45, 0)
    move = f'transform="translate({number(lower.x - here.x)} {number(lower.y - here.y)})"'
    return (
        f'<path d="{edge}L{_at(far_right)}L{_at(far_left)}Z" fill="{ink.colour("accent")}"/><g fill="none">'
        f'<path d="{edge}" stroke="{ink.shade("main")}" stroke-width=".4" stroke-opacity=".16"/>'
        f'<path d="{edge}" stroke="{ink.shade("main")}" stroke-width=".12" stroke-opacity=".6"/>'
        f'<path d="{edge}" stroke="{ink.thread("accent")}" stroke-width=".09" stroke-dasharray=".3 .2" {move}/></g>'
    )


def _at(p: Point) -> str:
    return f"{number(p.x)} {number(p.y)}"
