"""Flat things of the nursery: bib and blanket."""

from kidspetite.foundation.media.drawing.fasteners import Flag, NameTape, Snap
from kidspetite.foundation.media.drawing.geometry import corner, line, rounded, spline
from kidspetite.foundation.media.drawing.marks import Crease, Mark, Pool, Rib, Seam
from kidspetite.foundation.media.drawing.measures import Measures
from kidspetite.foundation.media.drawing.piece import Piece, Pile, straight
from kidspetite.foundation.media.drawing.types import Drawing, View


def bib(m: Measures, drawing: Drawing, view: View) -> Pile:
    """A round bib, bound all round, snapped behind the neck."""
    back = view is View.BACK
    half, tall, neck = 10.2, 17.5, 4.6
    outer = [
        (neck * 0.30, -7.3),
        (neck * 0.95, -7.9),
        (neck * 1.5, -6.6),
        (neck * 1.62, -3.8),
        (half * 0.94, -0.6),
        (half * 1.02, tall * 0.3),
        (half * 0.92, tall * 0.66),
        (half * 0.52, tall * 0.92),
        (0, tall),
    ]
    inner = [
        (neck * 0.34, -4.9),
        (neck * 0.74, -4.3),
        (neck * 0.98, -2.4),
        (neck * 0.86, 0.1),
        (neck * 0.5, 1.7),
        (0, 2.2),
    ]
    right = [*inner[::-1], *outer]
    outline = spline([*right, *[(-x, y) for x, y in reversed(right[1:-1])]])
    neckline = spline([*[(-x, y) for x, y in inner[:-1]], *inner[::-1]], closed=False)
    far = spline([*[(-x, y) for x, y in outer[:-1]], *outer[::-1]], closed=False)
    edge_on = "accent" if drawing.accent != drawing.cloth else "trim"
    marks: list[Mark] = [
        Pool(-half * 0.35, tall * 0.34, half * 0.44, tall * 0.26, 0.36),
        Pool(half * 0.7, tall * 0.5, half * 0.3, tall * 0.36, -0.34),
        Pool(0, 2.6, neck, 1.2, -0.25),
        Crease(-half * 0.12, tall * 0.8, -half * 0.28, tall * 0.36, 1.1, 0.8, 1),
        Crease(half * 0.5, tall * 0.72, half * 0.42, tall * 0.34, 0.9, 0.7, -1),
        Crease(half * 0.96, 0.6, half * 0.5, 2.6, 0.8, 0.8, 1),
        Rib(far, 1.5, edge_on, 9.0, 0.5),
        Rib(neckline, 1.5, edge_on, 9.0, 0.5),
    ]
    over: list[Mark] = [Snap(-neck * 0.82, -6.2, 0.62, "#e9e7ee")]
    over.append(Snap(neck * 0.82, -6.2, 0.62, "#e9e7ee"))
    over.append(NameTape(0, 4.4, 3.0, 1.0) if back else Flag(half * 0.97 - 0.1, tall * 0.42))
    piece = Piece(
        outline, "main", straight(-6, tall, half * 1.05), marks=tuple(marks), over=tuple(over), split=tall * 0.42
    )
    return Pile([piece], focus=(neck * 0.7, 1.0), measured=(-7.5, tall), fill=0.72)


def blanket(m: Measures, drawing: Drawing, view: View) -> Pile:
    """Folded in four, one corner turned over to show the reverse, edged in the accent."""
    back = view is View.BACK
    wide, tall, cut = 13.5, 25.0, 9.2
    layers = [_folded_sheet(wide, tall, drop, "lining" if i % 2 else "main") for i, drop in enumerate((1.5, 1.0, 0.5))]
    foot = [(wide, tall)] if back else [(wide, tall - cut), (wide - cut, tall)]
    outline = rounded([(-wide, 0), (wide, 0), *foot, (-wide, tall)], 1.1)
    edge = line((-wide - 1, tall - 0.9), (0, tall - 0.85), (wide + 1, tall - 0.9))
    marks: list[Mark] = [
        Pool(-wide * 0.4, tall * 0.28, wide * 0.6, tall * 0.26, 0.3),
        Pool(wide * 0.8, tall * 0.5, wide * 0.3, tall * 0.5, -0.26),
        Pool(0, tall * 0.52, wide * 1.1, 1.6, -0.26),
        Pool(0, tall * 0.47, wide * 1.1, 1.4, 0.26),
        Crease(-wide * 0.5, tall * 0.9, -wide * 0.36, tall * 0.6, 1.1, 0.6, 1),
        Crease(wide * 0.3, tall * 0.42, wide * 0.42, tall * 0.08, 1.0, 0.6, -1),
        Crease(-wide * 0.1, tall * 0.4, -wide * 0.16, tall * 0.1, 1.0, 0.6, 1),
        Crease(wide * 0.1, tall * 0.92, wide * 0.2, tall * 0.62, 1.0, 0.6, 1),
        Rib(edge, 1.9, "accent", 0.5, 0.6),
        Seam(edge.moved(0, -0.98), width=0.1),
    ]
    over: tuple[Mark, ...] = (Flag(wide - 0.1, tall * 0.3),) if back else (NameTape(-wide * 0.62, tall - 3.1, 4.2, -1),)
    pieces = [
        *layers,
        Piece(outline, "main", straight(0, tall - 1.8, wide * 1.05), marks=tuple(marks), over=over, split=tall * 0.5),
    ]
    if not back:
        pieces.append(_turned_corner(wide, tall, cut))
    return Pile(pieces, focus=(wide * 0.5, tall * 0.7), measured=(0, tall), fill=0.84)


def _folded_sheet(wide: float, tall: float, drop: float, on: str) -> Piece:
    """A layer below, a little out of true and soft where it is folded."""
    out = drop * 0.5
    outline = spline(
        [
            corner(-wide + 1, 1),
            corner(wide, 1),
            (wide + out, tall * 0.4),
            (wide + out * 0.7, tall * 0.8),
            (wide + out * 0.9, tall + drop - 1.2),
            (wide - 0.6, tall + drop - 0.1),
            (wide * 0.4, tall + drop + 0.12),
            (-wide * 0.4, tall + drop - 0.1),
            (-wide + 0.8, tall + drop + 0.05),
            (-wide + 0.1 - out * 0.3, tall + drop - 0.9),
            (-wide - out * 0.2, tall * 0.6),
        ]
    )
    return Piece(outline, on, None, lift=0.6)


def _turned_corner(wide: float, tall: float, cut: float) -> Piece:
    """The corner folded back over the top: its reverse and its binding."""
    tip = (wide - cut * 0.98, tall - cut * 1.02)
    outline = rounded([(wide, tall - cut - 0.1), (wide - cut - 0.1, tall), tip], 0.5)
    bound = line(
        corner(wide - cut + 0.75, tall + 0.4), corner(tip[0] + 0.8, tip[1] + 0.8), corner(wide + 0.4, tall - cut + 0.75)
    )
    marks = (
        Pool(wide - cut * 0.36, tall - cut * 0.36, cut * 0.2, cut * 0.6, -0.5, 45, on="lining"),
        Pool(wide - cut * 0.62, tall - cut * 0.62, cut * 0.16, cut * 0.5, 0.4, 45, on="lining"),
        Rib(bound, 1.6, "accent", 0.5, 0.6),
    )
    return Piece(outline, "lining", None, marks=marks, lift=1.2)
