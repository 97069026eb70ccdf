"""Clothes from shoulder to leg in one: sleepsuit, romper, dungarees, sleep sack."""

from kidspetite.foundation.media.drawing.geometry import Path, arch, band, beside, corner, line, mirrored, spline, symmetric
from kidspetite.foundation.media.drawing.marks import Button, Crease, Flag, Mark, NameTape, Pool, Rib, Seam, Snap, Stitch
from kidspetite.foundation.media.drawing.measures import Measures
from kidspetite.foundation.media.drawing.piece import Piece, Pile, straight
from kidspetite.foundation.media.drawing.shapes.bottoms import Trousers
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
    marks = [*torso_creases(m, crotch * 0.9), *_leg_creases(legs), *armhole_seams(m, SHOULDER_DROP)]
    for s in (-1, 1):
        seam = line((s * (legs.gap - 0.6), ankle - 0.3), (s * (legs.gap + m.ankle * 0.5), ankle + 0.55), (s * (legs.outer + 0.8), ankle - 0.5))
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
            torso(m, neck, neck.back if back else neck.front, lower), "main", straight(0, foot, half * 1.25), marks=tuple(marks),
            over=(Flag(half * 1.04 - 0.15, crotch * 0.62),) if back else (), split=crotch * 0.52,
        )
    )
    return Pile(pieces, focus=(0.2, neck.front + 3.0), measured=(0, foot))


def _footed_legs(m: Measures, half: float, crotch: float, ankle: float, foot: float) -> Half:
    gap, wide = 0.9, m.ankle * 1.05
    outer = gap + wide
    return [
        (half * 0.99, crotch * 0.5), (half * 1.06, crotch * 0.72), (half * 1.08, crotch * 0.9), (outer + (half - outer) * 0.5, crotch + (ankle - crotch) * 0.5),
        (outer, ankle - 1.0), (outer + 0.1, ankle + 0.4), (outer + m.foot * 0.13, ankle + (foot - ankle) * 0.55), (outer - 0.2, foot - 0.3),
        (gap + wide * 0.5, foot), (gap + 0.1, foot - 0.6), (gap - 0.1, ankle + 0.6), (gap, ankle - 0.6), (gap * 0.7, crotch + (ankle - crotch) * 0.5),
        (0.42, crotch + 1.2), corner(0, crotch),
    ]


def _leg_creases(legs: Trousers) -> list[Mark]:
    return [mark for mark in legs.creases() if not (isinstance(mark, Crease) and mark.y1 < legs.rise + 0.6)]


def _snap_line(top: float, crotch: float, ankle: float, legs: Trousers) -> list[Mark]:
    """The opening runs down the middle, then along the inside of the right leg."""
    x = legs.gap + 1.7
    path = line((0.9, top), (0.9, crotch * 0.5), (1.15, crotch * 0.8), (x, crotch + (ankle - crotch) * 0.35), (x + 0.7, ankle))
    inner = line((-0.9, top), (-0.9, crotch * 0.5), (-0.75, crotch * 0.8), (legs.gap - 0.4, crotch + 1.6))
    middle = line((0, top), (0, crotch * 0.5), (0.2, crotch * 0.8), (x - 0.95, crotch + (ankle - crotch) * 0.35), (x - 0.3, ankle))
    walked = middle.points(24)
    count = 7
    snaps = [walked[int((len(walked) - 1) * (0.045 + 0.93 * i / (count - 1)))] for i in range(count)]
    return [
        Pool(0.6, crotch * 0.4, 0.9, crotch * 0.4, 0.3), Seam(path, width=0.13), Stitch(path.moved(-0.34, 0), width=0.075), Stitch(inner, width=0.075),
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
        (half * 1.02, length * 0.44), (half * 1.16, length * 0.56), (wide, length * 0.74), (wide * 0.98, length * 0.84), corner(wide * 0.84, outer_y + 0.6),
        (wide * 0.52, length + 1.2), corner(crotch + 1.0, length + 1.2), (crotch * 0.5, length - 0.1), corner(0, inner_y - 0.1),
    ]
    drop = neck.back if back else neck.front
    waist = length * 0.47
    marks: list[Mark] = [*torso_creases(m, length * 0.8)[:6], *armhole_seams(m, SHOULDER_DROP)]
    marks += [
        Pool(-wide * 0.4, length * 0.72, wide * 0.4, length * 0.14, 0.34), Pool(wide * 0.8, length * 0.72, wide * 0.3, length * 0.2, -0.4),
        Pool(0, waist + 0.5, half, 1.2, -0.3),
        *(Crease(half * x, waist + 0.2, half * x * 1.16, waist + 3.4 + (i * 5 % 4), 0.5, 0.9) for i, x in enumerate((-0.9, -0.7, -0.5, -0.28, -0.06, 0.16, 0.36, 0.58, 0.78, 0.93))),
        Seam(arch([(0, waist + 0.3), (half * 0.5, waist + 0.2), (half * 1.1, waist - 0.2)])), Stitch(arch([(0, waist - 0.15), (half * 1.1, waist - 0.65)]), width=0.075),
    ]
    for s in (-1, 1):
        marks += [
            Crease(s * (crotch + 1.4 + (wide * 0.84 - crotch - 1.4) * t), length + 1.2 - 2.2 * t, s * (crotch + 1.4 + (wide * 0.86 - crotch) * t), length - 1.9 - 2.4 * t - (i % 3) * 0.8, 0.42, 0.9)
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
    pieces.append(Piece(torso(m, neck, drop, lower), "main", straight(0, length, wide * 1.05), marks=tuple(marks), over=tuple(over), split=waist + 0.2))
    return Pile(pieces, focus=(neck.half * 0.9, 3.4), measured=(0, length))


def _leg_band(s: int, crotch: float, wide: float, length: float, outer_y: float) -> Piece:
    """The rib that closes a leg, seen below the gathers."""
    edge = line((crotch + 0.9, length + 0.95), (wide * 0.52, length + 0.95), (wide * 0.82, outer_y + 0.35))
    outline, along = band(edge, 1.7), beside(edge, 0.85)
    if s < 0:
        outline, along = outline.mapped(mirrored), along.mapped(mirrored)
    x = s * (crotch + wide * 0.5)
    marks = (Rib(along, 1.75, "trim", 0.4), Pool(x, length + 0.7, wide * 0.4, 0.7, -0.4, -18 * s, on="trim"))
    return Piece(outline, "trim", None, marks=marks, lift=0.5)


def _button_tone(drawing: Drawing) -> str:
    return drawing.accent if drawing.accent != drawing.cloth else "cocoa"


def dungarees(m: Measures, drawing: Drawing, view: View) -> Pile:
    """Bib, straps over the shoulder on buttons, a pocket on the chest, turned-up legs."""
    back = view is View.BACK
    half = m.hip / 2 * 1.06
    top, waist = m.armhole * 0.5, m.armhole * 1.35
    crotch = m.trunk * 1.04
    length = crotch + m.inseam * 0.94
    cut = Trousers(half, half * 1.08, crotch, length, m.ankle * 1.3, 0.9)
    bib = half * (0.60 if back else 0.56)
    outline = symmetric(
        [
            (0, top + 0.2 if not back else top - 1.2), corner(bib if not back else bib * 0.62, top if not back else top - 1.4), (bib * 1.12, top + (waist - top) * 0.5), (half * 0.86, waist - 0.8), corner(half * 0.99, waist),
            *cut_legs(cut, waist),
        ]
    )
    marks: list[Mark] = [*_leg_creases(cut), Pool(-half * 0.3, waist + 3, half * 0.5, 4.5, 0.3)]
    marks += [Crease(s * half * 0.95, waist + 1.2, s * half * 0.4, waist + 2.4, 0.7, 0.8, s) for s in (-1, 1)]
    marks += [Seam(arch([(0, waist + 0.35), (half * 1.05, waist)])), Stitch(arch([(0, waist + 0.75), (half * 1.05, waist + 0.4)]), width=0.085), Stitch(arch([(0, waist - 0.05), (half * 1.05, waist - 0.4)]), width=0.085)]
    edge = line((bib - 0.4, top + 0.3), (bib * 1.12 - 0.42, top + (waist - top) * 0.5), (half * 0.86 - 0.4, waist - 1.0), (half, waist - 0.4))
    marks += [Stitch(path, width=0.085) for path in (edge, edge.mapped(lambda p: p._replace(x=-p.x)))]
    marks.append(cut.rise_seam(waist + 0.4))
    marks.append(Stitch(line((0.4, waist + 0.7), (0.55, crotch * 0.8), (0.4, crotch)), width=0.075))
    marks += _hip_pockets(cut, waist, back)
    if not back:
        marks.append(Stitch(arch([(0, top + 0.65), (bib, top + 0.45)]), width=0.085))
    straps = [_strap(s, bib, top, m, back) for s in (-1, 1)]
    body = Piece(outline, "main", straight(top, length, half * 1.15), marks=tuple(marks), split=waist + 0.2, over=(Flag(half - 0.1, waist + 4),) if back else ())
    pieces = [*straps, body] if back else [_bib_back(half, waist, top, bib), body, *straps]
    if not back:
        pieces.append(_chest_pocket(top, waist, bib))
    pieces += [_turn_up(s, cut) for s in (-1, 1)]
    return Pile(pieces, focus=(bib * 0.7, top + 1.2), measured=(-m.armhole * 0.1, length))


def cut_legs(cut: Trousers, top: float) -> Half:
    leg = cut.length - cut.rise
    return [
        (cut.hip * 1.0, top + (cut.rise - top) * 0.5), (cut.hip, cut.rise * 0.95), (cut.outer + (cut.hip - cut.outer) * 0.42, cut.rise + leg * 0.5), corner(cut.outer, cut.length - 0.15),
        (cut.gap + cut.ankle * 0.5, cut.length + 0.12), corner(cut.gap, cut.length), (cut.gap * 0.8 + 0.2, cut.rise + leg * 0.5), (0.45, cut.rise + 1.3), corner(0, cut.rise),
    ]


def _bib_back(half: float, waist: float, top: float, bib: float) -> Piece:
    """The higher back seen behind the bib, with the name tape."""
    outline = symmetric([(0, top - 1.7), corner(bib * 0.7, top - 1.9), (bib * 1.25, waist - 3.0), corner(half * 0.97, waist - 0.2), (0, waist + 1)])
    marks = (Pool(0, top + 0.2, bib, 1.2, -0.5, on="lining"), NameTape(0, top - 0.75, 2.7, -1), Stitch(arch([(0, top - 1.35), (bib * 0.7, top - 1.5)]), "lining", width=0.07))
    return Piece(outline, "lining", None, marks=marks, lift=0.5)


def _strap(s: int, bib: float, top: float, m: Measures, back: bool) -> Piece:
    """Over the shoulder and down: buttoned to the bib in front, crossing behind."""
    wide = 1.25
    peak = -m.armhole * 0.1
    far = s * bib * 0.78
    if back:
        path = line((s * bib * 0.35, top + 0.5), (s * bib * 0.55, top * 0.4), (s * bib * 0.74, peak))
    else:
        path = line((far * 0.96, top + 1.9), (far * 1.02, top - 1.0), (far * 0.86, peak))
    points = path.points(3)
    left = [(p.x - wide, p.y) for p in points]
    right = [(p.x + wide, p.y) for p in reversed(points)]
    outline = spline([corner(*left[0]), *left[1:-1], corner(*left[-1]), corner(*right[0]), *right[1:-1], corner(*right[-1])])
    marks = (
        Stitch(path.moved(-wide + 0.34, 0), width=0.08), Stitch(path.moved(wide - 0.34, 0), width=0.08),
        Pool(points[-1].x, peak, wide * 1.6, 1.6, -0.5), Pool(points[3].x - 0.3, points[3].y, wide * 0.7, 2.4, 0.3),
    )
    over = () if back else (Button(far * 0.98, top + 0.95, 0.85, "apricot", 15 * s),)
    return Piece(outline, "main", None, marks=marks, over=over, lift=0.7)


def _chest_pocket(top: float, waist: float, bib: float) -> Piece:
    y, h, w = top + (waist - top) * 0.28, (waist - top) * 0.56, bib * 0.52
    outline = spline([corner(-w, y), corner(w, y), corner(w, y + h * 0.74), corner(0, y + h), corner(-w, y + h * 0.74)])
    inner = line(corner(-w + 0.34, y + 0.1), corner(-w + 0.34, y + h * 0.72), corner(0, y + h - 0.4), corner(w - 0.34, y + h * 0.72), corner(w - 0.34, y + 0.1))
    return Piece(outline, "main", straight(y, y + h, w), marks=(Stitch(inner, width=0.085), Stitch(line((-w, y + 0.85), (w, y + 0.85)), width=0.085), Seam(line((-w, y + 1.1), (w, y + 1.1)), width=0.06)), lift=0.5)


def _hip_pockets(cut: Trousers, waist: float, back: bool) -> list[Mark]:
    marks: list[Mark] = []
    for s in (-1, 1):
        if back:
            x, y, w, h = s * cut.hip * 0.5, waist + 3.4, cut.hip * 0.26, cut.hip * 0.56
            edge: Path = spline([corner(x - w, y), corner(x + w, y), corner(x + w, y + h * 0.75), corner(x, y + h), corner(x - w, y + h * 0.75)])
            marks += [Seam(edge, width=0.12), Stitch(edge.mapped(lambda p, x=x, y=y, h=h: p._replace(x=x + (p.x - x) * 0.86, y=y + h / 2 + (p.y - y - h / 2) * 0.88)), width=0.08)]
        else:
            edge = line((s * cut.hip * 0.5, waist + 0.5), (s * cut.hip * 0.62, waist + 2.6), (s * cut.hip * 1.05, waist + 3.6))
            marks += [Pool(s * cut.hip * 0.84, waist + 1.6, 1.6, 1.4, -0.25), Seam(edge, width=0.13), Stitch(edge.moved(-s * 0.26, 0.34), width=0.085), Stitch(edge.moved(-s * 0.5, 0.66), width=0.085)]
    return marks


def _turn_up(s: int, cut: Trousers) -> Piece:
    x, half, y, depth = s * (cut.gap + cut.ankle / 2), cut.ankle * 0.54, cut.length - 2.4, 2.6
    outline = spline([corner(x - half, y), (x, y + 0.2), corner(x + half, y), (x + half * 1.02, y + depth * 0.5), corner(x + half * 0.99, y + depth), (x, y + depth + 0.2), corner(x - half * 0.99, y + depth), (x - half * 1.02, y + depth * 0.5)])
    return Piece(outline, "lining", None, marks=(Stitch(line((x - half, y + 0.45), (x, y + 0.65), (x + half, y + 0.45)), "lining", width=0.08),), lift=0.7)


def sleep_sack(m: Measures, drawing: Drawing, view: View) -> Pile:
    """A bell of padded cloth: armholes, a zip from hem to chin, snaps on the shoulders."""
    back = view is View.BACK
    neck = neck_for(m, front=0.36, back=0.10, band=0.9, wide=1.02)
    half = m.chest / 2 * 1.02
    length = 22 + m.height * 0.62
    wide = half * 1.55
    lower: Half = [
        (half * 1.06, m.armhole + length * 0.12), (half * 1.26, length * 0.5), (wide * 0.97, length * 0.76), (wide, length * 0.88), (wide * 0.86, length * 0.97), (wide * 0.5, length * 1.0), (0, length * 1.005),
    ]
    drop = neck.back if back else neck.front
    marks: list[Mark] = [*torso_creases(m, length * 0.8)[:7], Pool(-wide * 0.4, length * 0.7, wide * 0.36, length * 0.2, 0.36), Pool(wide * 0.84, length * 0.72, wide * 0.28, length * 0.28, -0.4)]
    marks += _quilting(half, wide, length, m.armhole)
    arm = [line((s * m.shoulder / 2, SHOULDER_DROP), (s * (m.shoulder / 2 - 0.75), m.armhole * 0.55), (s * m.chest / 2, m.armhole)) for s in (-1, 1)]
    marks += [Rib(path.moved(-0.45 if i else 0.45, 0.1), 0.95, "trim", 0.34) for i, path in enumerate(arm)]
    marks += neck_band(neck, drop)
    over: list[Mark] = [Flag(half * 1.2 - 0.1, length * 0.45)] if back else []
    pieces: list[Piece] = []
    if not back:
        pieces += inside_back(neck)
        over += [Snap(s * (neck.half + 1.3), 2.5, 0.58, SNAP) for s in (-1, 1)]
        marks += _zip(neck.front + 0.5, length * 0.97)
    pieces.append(Piece(torso(m, neck, drop, lower), "main", straight(0, length, wide * 1.05, sag=0.5), marks=tuple(marks), over=tuple(over), split=length * 0.44))
    return Pile(pieces, focus=(0.4, neck.front + 3.4), measured=(0, length))


def _quilting(half: float, wide: float, length: float, arm: float) -> list[Mark]:
    marks: list[Mark] = []
    rows = 6
    for i in range(rows):
        y = arm * 1.25 + i * (length - arm * 1.5) / rows
        x = half + (wide - half) * min(1.0, (y - arm) / (length - arm) * 1.3)
        path = arch([(0, y + 0.7), (x * 0.5, y + 0.55), (x + 0.4, y - 0.1)])
        marks += [Pool(0, y + 1.5, x, 0.9, -0.22), Pool(-x * 0.2, y - 1.2, x * 0.8, 1.0, 0.22), Stitch(path, width=0.08)]
    return marks


def _zip(top: float, foot: float) -> list[Mark]:
    rail = line((0, top), (0.12, (top + foot) / 2), (0, foot))
    pull: list[Mark] = [Snap(0.02, top + 0.5, 0.5, "#c9c6d2"), Snap(0.04, top + 1.55, 0.34, "#c9c6d2")]
    return [
        Pool(0.9, (top + foot) / 2, 0.9, (foot - top) * 0.5, -0.25),
        Rib(rail, 0.62, "pewter", 0.3), Seam(rail.moved(-0.62, 0), width=0.08), Seam(rail.moved(0.62, 0), width=0.08),
        Stitch(rail.moved(-0.95, 0), width=0.075), Stitch(rail.moved(0.95, 0), width=0.075), *pull,
    ]


