"""A raincoat of oilskin."""

from kidspetite.foundation.media.drawing.fasteners import Flag, Snap
from kidspetite.foundation.media.drawing.geometry import arch, corner, line, spline
from kidspetite.foundation.media.drawing.marks import Crease, Mark, Pool, Seam, Stitch
from kidspetite.foundation.media.drawing.measures import Measures
from kidspetite.foundation.media.drawing.piece import Piece, Pile, straight
from kidspetite.foundation.media.drawing.shapes.hoods import hanging_hood, open_hood
from kidspetite.foundation.media.drawing.shapes.parts import Half, armhole_seams, neck_for, torso, torso_creases
from kidspetite.foundation.media.drawing.shapes.tops import SHOULDER_DROP, sleeves
from kidspetite.foundation.media.drawing.types import Drawing, View


def raincoat(m: Measures, drawing: Drawing, view: View) -> Pile:
    """An A-line coat of oilskin: hood, snapped placket, two flapped pockets."""
    back = view is View.BACK
    neck = neck_for(m, front=0.36, back=0.05, band=0.9, wide=1.0)
    half, length = m.chest / 2 * 1.14, m.top * 1.22
    drop = neck.back if back else neck.front
    pieces = sleeves(m, drawing, cuff=0, ease=1.16)
    if not back:
        pieces += open_hood(m, neck.half, neck.front)
    lower: Half = [
        (half * 1.06, length * 0.55),
        (half * 1.2, length * 0.82),
        corner(half * 1.3, length - 0.5),
        (half * 0.7, length + 0.25),
        (0, length + 0.35),
    ]
    hem = [
        arch([(0, length - up), (half * 0.7, length - up - 0.1), (half * 1.34, length - up - 0.8)]) for up in (1.2, 1.7)
    ]
    marks = (
        *torso_creases(m, length),
        Crease(-half * 0.7, length, -half * 0.62, length * 0.6, 1.2, 1.0, 1),
        Crease(half * 0.8, length, half * 0.66, length * 0.62, 1.2, 1.0, -1),
        *armhole_seams(m, SHOULDER_DROP),
        *_sheen(half, length),
        *(Stitch(path, width=0.08) for path in hem),
        *(_yoke(m) if back else ()),
    )
    over = (Flag(half * 1.2 - 0.2, length * 0.78),) if back else ()
    pieces.append(
        Piece(
            torso(m, neck, drop, lower),
            "main",
            straight(0, length, half * 1.35),
            marks=marks,
            over=over,
            split=length * 0.5,
        )
    )
    if back:
        pieces.append(hanging_hood(m, neck.half))
    else:
        pieces += [_placket(neck.front, length), *(_flap_pocket(side, half, length) for side in (-1, 1))]
    return Pile(pieces, focus=(half * 0.35, length * 0.62), measured=(0, length))


def _sheen(half: float, length: float) -> tuple[Mark, ...]:
    """Oilskin is wet even when dry: light lies on it in narrow streaks with a hard edge of shade beside them."""
    streaks = ((-0.72, 0.46, 0.26, 5), (-0.34, 0.4, 0.16, -3), (0.34, 0.5, 0.2, 4), (0.78, 0.62, 0.22, -7))
    marks: list[Mark] = []
    for across, down, tall, turn in streaks:
        x, y = across * half, down * length
        marks += [
            Pool(x + 0.75, y + 0.5, 0.9, length * tall, -0.34, turn),
            Pool(x, y, 0.62, length * tall, 0.95, turn),
            Pool(x - 0.05, y - length * tall * 0.2, 0.3, length * tall * 0.5, 1, turn),
        ]
    return tuple(marks)


def _yoke(m: Measures) -> tuple[Mark, ...]:
    path = arch([(0, m.armhole * 0.7), (m.chest * 0.5, m.armhole * 0.62)])
    return (Seam(path), Stitch(path.moved(0, -0.4), width=0.08))


def _placket(top: float, length: float) -> Piece:
    wide = 1.7
    outline = spline(
        [
            corner(-wide, top + 0.2),
            corner(wide, top + 0.2),
            (wide + 0.1, length * 0.6),
            corner(wide + 0.1, length + 0.3),
            corner(-wide, length + 0.3),
        ]
    )
    count = 4
    snaps = tuple(Snap(0, top + 1.8 + i * (length - top - 4.6) / (count - 1), 0.62, "#e9e7ee") for i in range(count))
    marks = (
        Stitch(line((wide - 0.4, top), (wide - 0.3, length)), width=0.08),
        Stitch(line((-wide + 0.4, top), (-wide + 0.4, length)), width=0.08),
        Pool(-0.3, length * 0.5, 0.7, length * 0.4, 0.4),
        Crease(0.6, length * 0.72, 0.2, length * 0.55, 0.6, 0.7, 1),
    )
    return Piece(outline, "main", straight(top, length, wide), marks=marks, over=snaps, lift=0.7)


def _flap_pocket(side: int, half: float, length: float) -> Piece:
    x, y, wide, tall = side * half * 0.68, length * 0.66, half * 0.42, length * 0.2
    bag = spline(
        [
            corner(x - wide, y),
            corner(x + wide, y),
            (x + wide * 1.02, y + tall * 0.7),
            (x + wide * 0.8, y + tall),
            (x - wide * 0.8, y + tall),
            (x - wide * 1.02, y + tall * 0.7),
        ]
    )
    edge = line(
        (x - wide * 0.92, y + 0.3),
        (x - wide * 0.86, y + 1.45),
        (x, y + 2.1),
        (x + wide * 0.86, y + 1.45),
        (x + wide * 0.92, y + 0.3),
    )
    lid = (
        Seam(
            spline(
                [(x - wide * 1.06, y), (x - wide, y + 1.75), (x, y + 2.55), (x + wide, y + 1.75), (x + wide * 1.06, y)],
                closed=False,
            ),
            width=0.13,
            lip=-0.1,
        ),
        Stitch(edge, width=0.08),
        Snap(x, y + 1.45, 0.5, "#e9e7ee"),
    )
    return Piece(
        bag,
        "main",
        straight(y, y + tall, wide, x),
        marks=(Pool(x, y + 2.9, wide, 1.0, -0.45), Pool(x - wide * 0.3, y + tall * 0.7, wide * 0.5, 1.2, 0.3)),
        over=lid,
        lift=0.6,
    )
