"""Clothes from shoulder to leg in one: sleepsuit, romper, sleep sack."""

from kidspetite.foundation.media.drawing.fasteners import Button, Flag, Snap
from kidspetite.foundation.media.drawing.geometry import arch, corner, line, spline
from kidspetite.foundation.media.drawing.marks import Crease, Mark, Pool, Rib, Seam, Stitch
from kidspetite.foundation.media.drawing.measures import Measures
from kidspetite.foundation.media.drawing.piece import Piece, Pile, straight
from kidspetite.foundation.media.drawing.shapes.parts import (
    Half,
    armhole_seams,
    inside_back,
    neck_band,
    neck_for,
    torso,
    torso_creases,
)
from kidspetite.foundation.media.drawing.shapes.tops import SHOULDER_DROP, sleeves
from kidspetite.foundation.media.drawing.shapes.trousers import Trousers
from kidspetite.foundation.media.drawing.types import Drawing, View

SNAP = "#e9e7ee"


def sleepsuit(m: Measures, drawing: Drawing, view: View) -> Pile:
    """Footed, long, snapped from the neck down one leg to the foot."""
    back = view is View.BACK
    neck = neck_for(m, front=0.34, back=0.07, band=1.15)
    half = m.chest / 2
    crotch = m.trunk * 1.02
    ankle = crotch + m.inseam * 0.86
    foot = ankle + m.foot * 0.42
    lower = _footed_legs(m, half, crotch, ankle, foot)
    legs = Trousers(half, half * 1.1, crotch, ankle, m.ankle * 1.05, 0.9)
    marks = [*torso_creases(m, crotch * 0.9), *leg_creases(legs), *armhole_seams(m, SHOULDER_DROP)]
    for s in (-1, 1):
        seam = line(
            (s * (legs.gap - 0.6), ankle - 0.3),
            (s * (legs.gap + m.ankle * 0.5), ankle + 0.55),
            (s * (legs.outer + 0.8), ankle - 0.5),
        )
        marks += [Seam(seam, width=0.11), Pool(s * (legs.gap + m.ankle * 0.6), ankle + 0.6, m.ankle * 0.6, 0.8, -0.3)]
    if back:
        seat = line((-half * 1.2, crotch * 0.78), (0, crotch * 0.83), (half * 1.2, crotch * 0.78))
        marks += [Seam(seat, width=0.1), Stitch(seat.moved(0, 0.4), width=0.07)]
    else:
        marks += _snap_line(neck.front, crotch, ankle, legs)
    marks += neck_band(neck, neck.back if back else neck.front)
    pieces = sleeves(m, drawing)
    if not back:
        pieces += inside_back(neck)
    pieces.append(
        Piece(
            torso(m, neck, neck.back if back else neck.front, lower),
            "main",
            straight(0, foot, half * 1.25),
            marks=tuple(marks),
            over=(Flag(half * 1.04 - 0.15, crotch * 0.62),) if back else (),
            split=crotch * 0.52,
        )
    )
    return Pile(pieces, focus=(0.2, neck.front + 3.0), measured=(0, foot))


def _footed_legs(m: Measures, half: float, crotch: float, ankle: float, foot: float) -> Half:
    gap, wide = 0.9, m.ankle * 1.05
    outer = gap + wide
    return [
        (half * 0.99, crotch * 0.5),
        (half * 1.06, crotch * 0.72),
        (half * 1.08, crotch * 0.9),
        (outer + (half - outer) * 0.5, crotch + (ankle - crotch) * 0.5),
        (outer, ankle - 1.0),
        (outer + 0.1, ankle + 0.4),
        (outer + m.foot * 0.13, ankle + (foot - ankle) * 0.55),
        (outer - 0.2, foot - 0.3),
        (gap + wide * 0.5, foot),
        (gap + 0.1, foot - 0.6),
        (gap - 0.1, ankle + 0.6),
        (gap, ankle - 0.6),
        (gap * 0.7, crotch + (ankle - crotch) * 0.5),
        (0.42, crotch + 1.2),
        corner(0, crotch),
    ]


def leg_creases(legs: Trousers) -> list[Mark]:
    return [mark for mark in legs.creases() if not (isinstance(mark, Crease) and mark.y1 < legs.rise + 0.6)]


def _snap_line(top: float, crotch: float, ankle: float, legs: Trousers) -> list[Mark]:
    """The opening runs down the middle, then along the inside of the right leg."""
    x = legs.gap + 1.7
    path = line(
        (0.9, top), (0.9, crotch * 0.5), (1.15, crotch * 0.8), (x, crotch + (ankle - crotch) * 0.35), (x + 0.7, ankle)
    )
    inner = line((-0.9, top), (-0.9, crotch * 0.5), (-0.75, crotch * 0.8), (legs.gap - 0.4, crotch + 1.6))
    middle = line(
        (0, top), (0, crotch * 0.5), (0.2, crotch * 0.8), (x - 0.95, crotch + (ankle - crotch) * 0.35), (x - 0.3, ankle)
    )
    walked = middle.points(24)
    count = 7
    snaps = [walked[int((len(walked) - 1) * (0.045 + 0.93 * i / (count - 1)))] for i in range(count)]
    return [
        Pool(0.6, crotch * 0.4, 0.9, crotch * 0.4, 0.3),
        Seam(path, width=0.13),
        Stitch(path.moved(-0.34, 0), width=0.075),
        Stitch(inner, width=0.075),
        *(Snap(p.x, p.y, 0.5, SNAP) for p in snaps),
    ]


def romper(m: Measures, drawing: Drawing, view: View) -> Pile:
    """A bubble romper: roomy in the seat, gathered at both legs, buttoned on the shoulders."""
    back = view is View.BACK
    neck = neck_for(m, front=0.36, back=0.12, band=0.9, wide=1.05)
    half, length = m.chest / 2, m.trunk * 1.04
    wide, crotch = half * 1.26, m.chest * 0.15
    outer_y, inner_y = length * 0.90, length
    lower: Half = [
        (half * 1.02, length * 0.44),
        (half * 1.16, length * 0.56),
        (wide, length * 0.74),
        (wide * 0.98, length * 0.84),
        corner(wide * 0.84, outer_y + 0.6),
        (wide * 0.52, length + 1.2),
        corner(crotch + 1.0, length + 1.2),
        (crotch * 0.5, length - 0.1),
        corner(0, inner_y - 0.1),
    ]
    drop = neck.back if back else neck.front
    waist = length * 0.47
    marks: list[Mark] = [*torso_creases(m, length * 0.8)[:6], *armhole_seams(m, SHOULDER_DROP)]
    marks += [
        Pool(-wide * 0.4, length * 0.72, wide * 0.4, length * 0.14, 0.34),
        Pool(wide * 0.8, length * 0.72, wide * 0.3, length * 0.2, -0.4),
        Pool(0, waist + 0.5, half, 1.2, -0.3),
        *(
            Crease(half * x, waist + 0.2, half * x * 1.16, waist + 3.4 + (i * 5 % 4), 0.5, 0.9)
            for i, x in enumerate((-0.9, -0.7, -0.5, -0.28, -0.06, 0.16, 0.36, 0.58, 0.78, 0.93))
        ),
        Seam(arch([(0, waist + 0.3), (half * 0.5, waist + 0.2), (half * 1.1, waist - 0.2)])),
        Stitch(arch([(0, waist - 0.15), (half * 1.1, waist - 0.65)]), width=0.075),
    ]
    for s in (-1, 1):
        marks += [
            Crease(
                s * (crotch + 1.4 + (wide * 0.84 - crotch - 1.4) * t),
                length + 1.2 - 2.2 * t,
                s * (crotch + 1.4 + (wide * 0.86 - crotch) * t),
                length - 1.9 - 2.4 * t - (i % 3) * 0.8,
                0.42,
                0.9,
            )
            for i, t in enumerate((0.05, 0.25, 0.45, 0.66, 0.9))
        ]
    marks += neck_band(neck, drop)
    over: list[Mark] = [Flag(half * 1.1 - 0.1, length * 0.52)] if back else []
    if not back:
        over += [Button(s * (neck.half + 1.5), 2.3, 0.7, _button_tone(drawing)) for s in (-1, 1)]
    pieces = sleeves(m, drawing)
    if not back:
        pieces += inside_back(neck)
    pieces += [_leg_band(s, crotch, wide, length, outer_y) for s in (-1, 1)]
    pieces.append(
        Piece(
            torso(m, neck, drop, lower),
            "main",
            straight(0, length, wide * 1.05),
            marks=tuple(marks),
            over=tuple(over),
            split=waist + 0.2,
        )
    )
    return Pile(pieces, focus=(neck.half * 0.9, 3.4), measured=(0, length))


def _leg_band(s: int, crotch: float, wide: float, length: float, outer_y: float) -> Piece:
    """The rib that closes a leg, seen below the gathers; it runs out of sight at the side."""
    upper = [(crotch + 0.95, length + 0.9), (wide * 0.52, length + 0.9), (wide * 0.83, outer_y + 0.2)]
    lower = [(wide * 0.89, outer_y + 1.1), (wide * 0.56, length + 2.45), (crotch + 0.8, length + 2.5)]
    ends = {upper[0], upper[2], lower[0], lower[2]}
    outline = spline([corner(s * x, y) if (x, y) in ends else (s * x, y) for x, y in (*upper, *lower)])
    along = line((s * (crotch + 0.5), length + 1.75), (s * wide * 0.54, length + 1.7), (s * wide * 0.9, outer_y + 0.4))
    marks = (
        Rib(along, 2.0, "trim", 0.4),
        Pool(s * (crotch + wide * 0.5), length + 0.9, wide * 0.4, 0.7, -0.4, -18 * s, on="trim"),
    )
    return Piece(outline, "trim", None, marks=marks, lift=0.5)


def _button_tone(drawing: Drawing) -> str:
    return drawing.accent if drawing.accent != drawing.cloth else "cocoa"


def sleep_sack(m: Measures, drawing: Drawing, view: View) -> Pile:
    """A bell of padded cloth: armholes, a zip from hem to chin, snaps on the shoulders."""
    back = view is View.BACK
    neck = neck_for(m, front=0.36, back=0.10, band=0.9, wide=1.02)
    half = m.chest / 2 * 1.02
    length = 22 + m.height * 0.62
    wide = half * 1.55
    lower: Half = [
        (half * 1.06, m.armhole + length * 0.12),
        (half * 1.26, length * 0.5),
        (wide * 0.97, length * 0.76),
        (wide, length * 0.88),
        (wide * 0.86, length * 0.97),
        (wide * 0.5, length * 1.0),
        (0, length * 1.005),
    ]
    drop = neck.back if back else neck.front
    marks: list[Mark] = [
        *torso_creases(m, length * 0.8)[:7],
        Pool(-wide * 0.4, length * 0.7, wide * 0.36, length * 0.2, 0.36),
        Pool(wide * 0.84, length * 0.72, wide * 0.28, length * 0.28, -0.4),
    ]
    marks += _quilting(half, wide, length, m.armhole)
    arm = [
        line(
            (s * m.shoulder / 2, SHOULDER_DROP),
            (s * (m.shoulder / 2 - 0.75), m.armhole * 0.55),
            (s * m.chest / 2, m.armhole),
        )
        for s in (-1, 1)
    ]
    marks += [Rib(path.moved(-0.45 if i else 0.45, 0.1), 0.95, "trim", 0.34) for i, path in enumerate(arm)]
    marks += neck_band(neck, drop)
    over: list[Mark] = [Flag(half * 1.2 - 0.1, length * 0.45)] if back else []
    pieces: list[Piece] = []
    if not back:
        pieces += inside_back(neck)
        over += [Snap(s * (neck.half + 1.3), 2.5, 0.58, SNAP) for s in (-1, 1)]
        marks += _zip(neck.front + 0.5, length * 0.97)
    pieces.append(
        Piece(
            torso(m, neck, drop, lower),
            "main",
            straight(0, length, wide * 1.05, sag=0.5),
            marks=tuple(marks),
            over=tuple(over),
            split=length * 0.44,
        )
    )
    return Pile(pieces, focus=(0.4, neck.front + 3.4), measured=(0, length))


def _quilting(half: float, wide: float, length: float, arm: float) -> list[Mark]:
    marks: list[Mark] = []
    rows = 6
    for i in range(rows):
        y = arm * 1.25 + i * (length - arm * 1.5) / rows
        x = half + (wide - half) * min(1.0, (y - arm) / (length - arm) * 1.3)
        path = arch([(0, y + 0.7), (x * 0.5, y + 0.55), (x + 0.4, y - 0.1)])
        marks += [
            Pool(0, y + 1.5, x, 0.9, -0.22),
            Pool(-x * 0.2, y - 1.2, x * 0.8, 1.0, 0.22),
            Stitch(path, width=0.08),
        ]
    return marks


def _zip(top: float, foot: float) -> list[Mark]:
    rail = line((0, top), (0.12, (top + foot) / 2), (0, foot))
    pull: list[Mark] = [Snap(0.02, top + 0.5, 0.5, "#c9c6d2"), Snap(0.04, top + 1.55, 0.34, "#c9c6d2")]
    return [
        Pool(0.9, (top + foot) / 2, 0.9, (foot - top) * 0.5, -0.25),
        Rib(rail, 0.62, "pewter", 0.3),
        Seam(rail.moved(-0.62, 0), width=0.08),
        Seam(rail.moved(0.62, 0), width=0.08),
        Stitch(rail.moved(-0.95, 0), width=0.075),
        Stitch(rail.moved(0.95, 0), width=0.075),
        *pull,
    ]
