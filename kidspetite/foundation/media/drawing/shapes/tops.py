"""Clothes for the upper half: bodysuit, tee, sweater."""

from kidspetite.foundation.media.drawing.fasteners import Flag, Snap
from kidspetite.foundation.media.drawing.geometry import arch, corner, line, spline
from kidspetite.foundation.media.drawing.marks import Crease, Mark, Pool, Rib, Seam, Stitch
from kidspetite.foundation.media.drawing.measures import Measures
from kidspetite.foundation.media.drawing.piece import Piece, Pile, straight
from kidspetite.foundation.media.drawing.shapes.parts import (
    Half,
    Neck,
    armhole_seams,
    inside_back,
    long_sleeve,
    neck_band,
    neck_for,
    short_sleeve,
    torso,
    torso_creases,
)
from kidspetite.foundation.media.drawing.types import Drawing, Fabric, Sleeve, View

SHOULDER_DROP = 1.9


def sleeves(m: Measures, drawing: Drawing, *, cuff: float = 2.6, ease: float = 1.0) -> list[Piece]:
    shoulder = (m.shoulder / 2, SHOULDER_DROP)
    pieces: list[Piece] = []
    for side in (-1, 1):
        match drawing.sleeve:
            case Sleeve.LONG:
                pieces += long_sleeve(m, side, shoulder, cuff=cuff, ease=ease)
            case Sleeve.SHORT:
                pieces += short_sleeve(m, side, shoulder)
            case Sleeve.NONE:
                pass
    return pieces


def bodysuit(m: Measures, drawing: Drawing, view: View) -> Pile:
    """Lap shoulders, high legs bound in rib, three snaps at the crotch."""
    back = view is View.BACK
    neck = neck_for(m, front=0.40, back=0.09, wide=1.04)
    pieces = sleeves(m, drawing)
    half, length = m.chest / 2, m.trunk
    crotch = m.chest * 0.19
    leg_top = length * 0.735
    drop = neck.back if back else neck.front

    def legs(fullness: float, extra: float = 0.0) -> list:
        return [
            (half * 0.985, length * 0.42),
            (half * 1.03, length * 0.56),
            (half * 1.02, length * 0.66),
            corner(half * 1.0, leg_top + extra),
            (half * (0.66 + fullness), leg_top + (length - leg_top) * (0.42 + fullness * 0.9)),
            (crotch + 0.9 + fullness * 6, length - 2.2),
            corner(crotch, length + extra * 0.2),
            (0, length + 0.25),
        ]

    def leg_line(side: int, inset: float, fullness: float) -> list:
        return [
            (side * (half * 1.0 + 0.3), leg_top + 0.02 - inset * 0.9),
            (
                side * (half * (0.66 + fullness) - inset * 0.55),
                leg_top + (length - leg_top) * (0.42 + fullness * 0.9) - inset * 0.62,
            ),
            (side * (crotch + 0.9 + fullness * 6 - inset * 0.9), length - 2.2 - inset * 0.3),
            (side * (crotch - inset), length + 0.3),
        ]

    under = torso(m, neck, neck.front + 3, legs(0.13, 0.25))
    if not back:
        pieces.append(
            Piece(
                under, "lining", None, marks=(Pool(0, length * 0.9, half, length * 0.2, -0.3, on="lining"),), lift=0.8
            )
        )
        pieces += inside_back(neck)
    fullness = 0.12 if back else 0.0
    bindings: list[Mark] = []
    for side in (-1, 1):
        bindings.append(Rib(line(*leg_line(side, 0.5, fullness)), 1.0, "trim", 0.34))
        bindings.append(Seam(line(*leg_line(side, 1.0, fullness)), width=0.09))
        bindings.append(Stitch(line(*leg_line(side, 1.28, fullness)), width=0.07))
    marks = (
        *torso_creases(m, length * 0.86),
        Crease(half * 0.93, leg_top - 0.6, half * 0.2, length * 0.82, 0.9, 0.9, -1),
        Crease(-half * 0.95, leg_top - 0.4, -half * 0.3, length * 0.84, 0.8, 0.8, 1),
        Crease(half * 0.12, length - 3.0, half * 0.22, length * 0.78, 0.7, 0.7, 1),
        *armhole_seams(m, SHOULDER_DROP),
        *bindings,
        *_crotch(m, length, crotch, back),
        *(neck_band(neck, drop)),
    )
    over = (Flag(half * 1.02 - 0.1, length * 0.6),) if back else ()
    pieces.append(
        Piece(
            torso(m, neck, drop, legs(fullness)),
            "main",
            straight(0, length, half * 1.08),
            marks=marks,
            over=over,
            split=length * 0.5,
        )
    )
    if not back:
        pieces += _laps(m, neck)
    return Pile(pieces, focus=(0.6, length - 3.2), measured=(0, length))


def _crotch(m: Measures, length: float, crotch: float, back: bool) -> tuple[Mark, ...]:
    edge = arch([(0, length - 1.55), (crotch + 0.9, length - 1.75)])
    upper = arch([(0, length - 2.0), (crotch + 1.0, length - 2.2)])
    if back:
        return (Stitch(edge, width=0.07),)
    snaps = tuple(Snap(x * crotch * 0.66, length - 0.72, 0.5, "#e9e7ee") for x in (-1, 0, 1))
    return (Seam(upper, width=0.07), Stitch(edge, width=0.07), *snaps)


def _laps(m: Measures, neck: Neck) -> list[Piece]:
    """The back's shoulders folded over the front's: the reason a bodysuit comes off downward."""
    sh, arm = m.shoulder / 2, m.armhole
    pieces = []
    for side in (-1, 1):
        edge = [
            (side * neck.half * 0.93, 0.35),
            (side * (neck.half + 0.5), arm * 0.20),
            (side * (neck.half + (sh - neck.half) * 0.52), arm * 0.42),
            (side * (sh - 0.62), arm * 0.62),
        ]
        outline = spline(
            [
                corner(*edge[0]),
                edge[1],
                edge[2],
                corner(*edge[3]),
                (side * (sh - 0.62), arm * 0.42),
                corner(side * sh, SHOULDER_DROP),
                corner(side * neck.half, -0.02),
            ]
        )
        inner = [(x + side * 0.34, y - 0.26) for x, y in edge]
        far = [(x + side * 0.72, y - 0.5) for x, y in edge]
        marks = (
            Pool(side * sh * 0.86, arm * 0.2, 1.6, arm * 0.3, 0.3 if side < 0 else -0.25),
            Rib(line(*inner), 0.9, "trim", 0.34),
            Seam(line(*far), width=0.09),
        )
        pieces.append(Piece(outline, "main", straight(0, arm, sh * 1.1), marks=marks, lift=0.8))
    return pieces


def tee(m: Measures, drawing: Drawing, view: View) -> Pile:
    back = view is View.BACK
    neck = neck_for(m, front=0.34, back=0.07, band=1.2)
    half, length = m.chest / 2 * 1.06, m.top
    drop = neck.back if back else neck.front
    lower: Half = [
        (half * 0.99, length * 0.6),
        (half * 1.02, length * 0.85),
        corner(half * 1.04, length - 0.2),
        (half * 0.5, length + 0.22),
        (0, length + 0.25),
    ]
    hem = [arch([(0, length - up), (half * 0.5, length - up), (half * 1.06, length - up - 0.4)]) for up in (1.3, 1.75)]
    marks = (
        *torso_creases(m, length),
        Crease(-half * 0.55, length, -half * 0.62, length * 0.72, 0.8, 0.7, 1),
        Crease(half * 0.62, length, half * 0.5, length * 0.74, 0.7, 0.6, -1),
        *armhole_seams(m, SHOULDER_DROP),
        Seam(hem[1].moved(0, -0.25), width=0.05, lip=0.08),
        Stitch(hem[0], width=0.08),
        Stitch(hem[1], width=0.08),
        *neck_band(neck, drop),
    )
    pieces = sleeves(m, drawing)
    if not back:
        pieces += inside_back(neck)
    over = (Flag(half * 1.02 - 0.1, length * 0.8),) if back else ()
    pieces.append(
        Piece(
            torso(m, neck, drop, lower),
            "main",
            straight(0, length, half * 1.1),
            marks=marks,
            over=over,
            split=length * 0.56,
        )
    )
    return Pile(pieces, focus=(m.shoulder * 0.18, neck.front + 0.8), measured=(0, length))


def sweater(m: Measures, drawing: Drawing, view: View) -> Pile:
    """A knitted pullover: deep ribs at neck, cuffs and hem, the body easing into them."""
    back = view is View.BACK
    neck = neck_for(m, front=0.32, back=0.05, band=1.7, wide=1.0)
    rib, length, half = 3.2, m.top + 0.6, m.chest / 2 * 1.1
    pieces = sleeves(m, drawing, cuff=3.4, ease=1.12)
    if not back:
        pieces += inside_back(neck)
    pieces.append(knit_hem(half, length, rib))
    pieces.append(knit_body(m, neck, neck.back if back else neck.front, half, length, rib, flag=back))
    return Pile(pieces, focus=(half * 0.6, length - 3.4), measured=(0, length))


def knit_body(
    m: Measures,
    neck: Neck,
    drop: float,
    half: float,
    length: float,
    rib: float,
    *,
    flag: bool = False,
    collar: bool = True,
) -> Piece:
    """The body of a jumper, blousing a little over the rib it is gathered into."""
    foot = length - rib
    lower: Half = [
        (half * 1.02, length * 0.55),
        (half * 1.05, foot - 1.6),
        (half * 1.0, foot - 0.2),
        corner(half * 0.97, foot),
        (0, foot + 0.3),
    ]
    puckers = tuple(
        Crease(half * x, foot + 0.1, half * x * 1.04, foot - 1.6 - (i % 3) * 0.7, 0.34, 0.8)
        for i, x in enumerate((-0.8, -0.55, -0.3, -0.06, 0.2, 0.46, 0.68, 0.86))
    )
    band = neck_band(neck, drop)[:2] if collar else ()
    marks = (*torso_creases(m, length), *puckers, *armhole_seams(m, SHOULDER_DROP)[::2], *band)
    over = (Flag(half * 1.04 - 0.15, foot - 3),) if flag else ()
    return Piece(
        torso(m, neck, drop, lower),
        "main",
        straight(0, foot, half * 1.1),
        marks=marks,
        over=over,
        lift=0.5,
        split=length * 0.5,
    )


def knit_hem(half: float, length: float, rib: float) -> Piece:
    foot = length - rib
    outline = spline(
        [
            corner(-half * 0.97, foot - 0.1),
            (0, foot + 0.2),
            corner(half * 0.97, foot - 0.1),
            (half * 0.95, length - 1.4),
            corner(half * 0.97, length),
            (0, length + 0.35),
            corner(-half * 0.97, length),
            (-half * 0.95, length - 1.4),
        ]
    )
    marks = (
        Pool(0, foot, half * 1.1, 1.0, -0.45, on="trim"),
        Pool(half * 0.85, length - 1.4, half * 0.3, 2.4, -0.3, on="trim"),
        Pool(-half * 0.5, length - 1.4, half * 0.4, 1.6, 0.25, on="trim"),
    )
    return Piece(outline, "trim", None, 0, Fabric.RIB, marks, lift=0.8)
