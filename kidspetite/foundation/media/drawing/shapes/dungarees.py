"""Dungarees: bib, straps, pockets, turned-up legs."""

from kidspetite.foundation.media.drawing.fasteners import Button, Flag, NameTape
from kidspetite.foundation.media.drawing.geometry import Mapping, Path, Point, arch, corner, line, spline, symmetric
from kidspetite.foundation.media.drawing.marks import Crease, Mark, Pool, Seam, Stitch
from kidspetite.foundation.media.drawing.measures import Measures
from kidspetite.foundation.media.drawing.piece import Piece, Pile, straight
from kidspetite.foundation.media.drawing.shapes.onesies import leg_creases
from kidspetite.foundation.media.drawing.shapes.parts import (
    Half,
)
from kidspetite.foundation.media.drawing.shapes.trousers import Trousers
from kidspetite.foundation.media.drawing.types import Drawing, View


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
            (0, top + 0.2 if not back else top - 1.2),
            corner(bib if not back else bib * 0.62, top if not back else top - 1.4),
            (bib * 1.12, top + (waist - top) * 0.5),
            (half * 0.86, waist - 0.8),
            corner(half * 0.99, waist),
            *_cut_legs(cut, waist),
        ]
    )
    marks: list[Mark] = [*leg_creases(cut), Pool(-half * 0.3, waist + 3, half * 0.5, 4.5, 0.3)]
    marks += [Crease(s * half * 0.95, waist + 1.2, s * half * 0.4, waist + 2.4, 0.7, 0.8, s) for s in (-1, 1)]
    marks += [
        Seam(arch([(0, waist + 0.35), (half * 1.05, waist)])),
        Stitch(arch([(0, waist + 0.75), (half * 1.05, waist + 0.4)]), width=0.085),
        Stitch(arch([(0, waist - 0.05), (half * 1.05, waist - 0.4)]), width=0.085),
    ]
    edge = line(
        (bib - 0.4, top + 0.3),
        (bib * 1.12 - 0.42, top + (waist - top) * 0.5),
        (half * 0.86 - 0.4, waist - 1.0),
        (half, waist - 0.4),
    )
    marks += [Stitch(path, width=0.085) for path in (edge, edge.mapped(lambda p: p._replace(x=-p.x)))]
    marks.append(cut.rise_seam(waist + 0.4))
    marks.append(Stitch(line((0.4, waist + 0.7), (0.55, crotch * 0.8), (0.4, crotch)), width=0.075))
    marks += _hip_pockets(cut, waist, back)
    if not back:
        marks.append(Stitch(arch([(0, top + 0.65), (bib, top + 0.45)]), width=0.085))
    straps = [_strap(s, bib, top, m, back) for s in (-1, 1)]
    body = Piece(
        outline,
        "main",
        straight(top, length, half * 1.15),
        marks=tuple(marks),
        split=waist + 0.2,
        over=(Flag(half - 0.1, waist + 4),) if back else (),
    )
    behind = [_strap_behind(s, bib, top, m) for s in (-1, 1)]
    pieces = [*straps, body] if back else [*behind, _bib_back(half, waist, top, bib), body, *straps]
    if not back:
        pieces.append(_chest_pocket(top, waist, bib))
    pieces += [_turn_up(s, cut) for s in (-1, 1)]
    return Pile(pieces, focus=(bib * 0.7, top + 1.2), measured=(-m.armhole * 0.1, length))


def _cut_legs(cut: Trousers, top: float) -> Half:
    leg = cut.length - cut.rise
    return [
        (cut.hip * 1.0, top + (cut.rise - top) * 0.5),
        (cut.hip, cut.rise * 0.95),
        (cut.outer + (cut.hip - cut.outer) * 0.42, cut.rise + leg * 0.5),
        corner(cut.outer, cut.length - 0.15),
        (cut.gap + cut.ankle * 0.5, cut.length + 0.12),
        corner(cut.gap, cut.length),
        (cut.gap * 0.8 + 0.2, cut.rise + leg * 0.5),
        (0.45, cut.rise + 1.3),
        corner(0, cut.rise),
    ]


def _bib_back(half: float, waist: float, top: float, bib: float) -> Piece:
    """The higher back seen behind the bib, with the name tape."""
    outline = symmetric(
        [
            (0, top - 1.7),
            corner(bib * 0.7, top - 1.9),
            (bib * 1.25, waist - 3.0),
            corner(half * 0.97, waist - 0.2),
            (0, waist + 1),
        ]
    )
    marks = (
        Pool(0, top + 0.2, bib, 1.2, -0.5, on="lining"),
        NameTape(0, top - 0.75, 2.7, -1),
        Stitch(arch([(0, top - 1.35), (bib * 0.7, top - 1.5)]), "lining", width=0.07),
    )
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
    over_shoulder = [(points[-1].x - wide * 0.7, peak - 0.75), (points[-1].x + wide * 0.7, peak - 0.75)]
    outline = spline([corner(*left[0]), *left[1:], *over_shoulder, *right[:-1], corner(*right[-1])])
    marks = (
        Stitch(path.moved(-wide + 0.34, 0), width=0.08),
        Stitch(path.moved(wide - 0.34, 0), width=0.08),
        Pool(points[-1].x, peak - 0.6, wide * 1.5, 1.0, -0.75),
        Pool(points[-1].x, peak + 0.9, wide * 1.2, 0.7, 0.5),
        Pool(points[3].x - 0.3, points[3].y, wide * 0.7, 2.4, 0.3),
    )
    over = () if back else (Button(far * 0.98, top + 0.95, 0.85, "apricot", 15 * s),)
    return Piece(outline, "main", None, marks=marks, over=over, lift=0.7)


def _strap_behind(s: int, bib: float, top: float, m: Measures) -> Piece:
    """The far half of a strap: down from the shoulder to the back, seen beside the near one."""
    wide, peak = 1.15, -m.armhole * 0.1
    high, low = s * bib * 0.56, s * bib * 0.3
    outline = spline(
        [
            corner(low - wide, top - 1.2),
            (high - wide, peak + 0.5),
            (high - wide * 0.2, peak - 0.5),
            (high + wide + s * 0.5, peak - 0.3),
            (high + wide + s * 0.7, peak + 0.9),
            corner(low + wide, top - 1.2),
        ]
    )
    marks = (
        Pool(high, peak + 0.2, 2.4, 1.5, -0.6, on="lining"),
        Stitch(line((high - wide + 0.4, peak + 1), (low - wide + 0.4, top - 1.2)), "lining", width=0.07),
        Stitch(line((high + wide - 0.1, peak + 1), (low + wide - 0.4, top - 1.2)), "lining", width=0.07),
    )
    return Piece(outline, "lining", None, marks=marks, lift=0.5)


def _chest_pocket(top: float, waist: float, bib: float) -> Piece:
    y, h, w = top + (waist - top) * 0.28, (waist - top) * 0.56, bib * 0.52
    outline = spline([corner(-w, y), corner(w, y), corner(w, y + h * 0.74), corner(0, y + h), corner(-w, y + h * 0.74)])
    inner = line(
        corner(-w + 0.34, y + 0.1),
        corner(-w + 0.34, y + h * 0.72),
        corner(0, y + h - 0.4),
        corner(w - 0.34, y + h * 0.72),
        corner(w - 0.34, y + 0.1),
    )
    return Piece(
        outline,
        "main",
        straight(y, y + h, w),
        marks=(
            Stitch(inner, width=0.085),
            Stitch(line((-w, y + 0.85), (w, y + 0.85)), width=0.085),
            Seam(line((-w, y + 1.1), (w, y + 1.1)), width=0.06),
        ),
        lift=0.5,
    )


def _hip_pockets(cut: Trousers, waist: float, back: bool) -> list[Mark]:
    marks: list[Mark] = []
    for s in (-1, 1):
        if back:
            x, y, w, h = s * cut.hip * 0.5, waist + 3.4, cut.hip * 0.26, cut.hip * 0.56
            edge: Path = spline(
                [
                    corner(x - w, y),
                    corner(x + w, y),
                    corner(x + w, y + h * 0.75),
                    corner(x, y + h),
                    corner(x - w, y + h * 0.75),
                ]
            )
            marks += [
                Seam(edge, width=0.12),
                Stitch(edge.mapped(_shrunk(x, y + h / 2)), width=0.08),
            ]
        else:
            edge = line(
                (s * cut.hip * 0.5, waist + 0.5), (s * cut.hip * 0.62, waist + 2.6), (s * cut.hip * 1.05, waist + 3.6)
            )
            marks += [
                Pool(s * cut.hip * 0.84, waist + 1.6, 1.6, 1.4, -0.25),
                Seam(edge, width=0.13),
                Stitch(edge.moved(-s * 0.26, 0.34), width=0.085),
                Stitch(edge.moved(-s * 0.5, 0.66), width=0.085),
            ]
    return marks


def _turn_up(s: int, cut: Trousers) -> Piece:
    x, half, y, depth = s * (cut.gap + cut.ankle / 2), cut.ankle * 0.54, cut.length - 2.4, 2.6
    outline = spline(
        [
            corner(x - half, y),
            (x, y + 0.2),
            corner(x + half, y),
            (x + half * 1.02, y + depth * 0.5),
            corner(x + half * 0.99, y + depth),
            (x, y + depth + 0.2),
            corner(x - half * 0.99, y + depth),
            (x - half * 1.02, y + depth * 0.5),
        ]
    )
    return Piece(
        outline,
        "lining",
        None,
        marks=(Stitch(line((x - half, y + 0.45), (x, y + 0.65), (x + half, y + 0.45)), "lining", width=0.08),),
        lift=0.7,
    )


def _shrunk(x: float, y: float) -> Mapping:
    """A little smaller about its middle: the stitching inside a pocket's edge."""
    return lambda p: Point(x + (p.x - x) * 0.86, y + (p.y - y) * 0.88)
