"""Pairs for feet: socks and booties."""

from kidspetite.foundation.media.drawing.fasteners import Cord
from kidspetite.foundation.media.drawing.geometry import corner, line, spline
from kidspetite.foundation.media.drawing.marks import Crease, Mark, Patch, Pool, Seam
from kidspetite.foundation.media.drawing.measures import Measures
from kidspetite.foundation.media.drawing.piece import Piece, Pile, Placed, mirror_image, straight
from kidspetite.foundation.media.drawing.types import Drawing, Fabric, View


def socks(m: Measures, drawing: Drawing, view: View) -> Pile:
    """A pair: ribbed tops, heel and toe in the accent."""
    pile = _sock(m, drawing)
    second = Placed(_sock(m, drawing), m.foot * 0.62, -1.6, 9)
    pair = Pile(pile.pieces, focus=(0.5, 2.0), measured=(0, m.foot * 1.56), fill=0.74, under=[second])
    return mirror_image(pair) if view is View.BACK else pair


def _sock(m: Measures, drawing: Drawing) -> Pile:
    f = m.foot
    wide, leg, rib = f * 0.30, f * 0.95, f * 0.40
    heel_y = leg + f * 0.30
    outline = spline(
        [
            corner(-wide, 0),
            (0, 0.2),
            corner(wide, 0),
            (wide * 0.95, leg * 0.6),
            (wide * 0.92, leg * 0.96),
            (wide * 1.2, leg + f * 0.12),
            (f * 0.70, leg + f * 0.26),
            (f * 0.84, leg + f * 0.44),
            (f * 0.70, leg + f * 0.61),
            (f * 0.2, leg + f * 0.60),
            (-wide * 0.6, leg + f * 0.56),
            (-wide * 1.12, heel_y),
            (-wide * 0.98, leg * 0.8),
            (-wide * 0.95, leg * 0.4),
        ]
    )
    toe = spline(
        [
            (f * 0.60, leg + f * 0.14),
            (f * 0.52, leg + f * 0.40),
            (f * 0.56, leg + f * 0.70),
            (f * 0.9, leg + f * 0.68),
            (f * 0.95, leg + f * 0.3),
        ]
    )
    heel = spline(
        [
            corner(-wide * 1.4, leg * 0.92),
            (-wide * 0.2, leg + f * 0.2),
            (wide * 0.1, leg + f * 0.7),
            (-wide, leg + f * 0.75),
            (-wide * 1.6, heel_y),
        ]
    )
    band = spline(
        [
            corner(-wide * 1.02, 0),
            (0, 0.2),
            corner(wide * 1.02, 0),
            (wide * 0.96, rib * 0.5),
            corner(wide * 0.99, rib),
            (0, rib + 0.25),
            corner(-wide * 0.99, rib),
            (-wide * 0.96, rib * 0.5),
        ]
    )
    marks: list[Mark] = [
        Pool(-wide * 0.3, leg * 0.7, wide * 0.5, leg * 0.4, 0.36),
        Pool(wide * 0.7, leg * 0.7, wide * 0.4, leg * 0.4, -0.3),
        Pool(f * 0.3, leg + f * 0.58, f * 0.5, f * 0.12, -0.4),
        Crease(wide * 0.95, leg * 0.98, -wide * 0.3, leg + f * 0.1, 0.6, 0.9, 1),
        Crease(wide * 1.1, leg + f * 0.12, 0, leg + f * 0.26, 0.5, 0.8, 1),
        Crease(wide * 0.9, leg * 0.84, 0, leg * 0.9, 0.45, 0.7, 1),
    ]
    knit = drawing.fabric if drawing.fabric in (Fabric.KNIT, Fabric.WOOL, Fabric.RIB, Fabric.TERRY) else Fabric.JERSEY
    ribs = (
        Pool(wide * 0.8, rib / 2, wide * 0.4, rib * 0.7, -0.3, on="trim"),
        Pool(0, rib, wide, 0.5, -0.35, on="trim"),
    )
    caps = (Patch(toe, "accent"), Patch(heel, "accent"))
    body = Piece(outline, "main", straight(rib, leg + f * 0.6, f), fabric=knit, marks=(*caps, *marks))
    return Pile([body, Piece(band, "trim", None, 0, Fabric.RIB, ribs, (), lift=0.3)])


def booties(m: Measures, drawing: Drawing, view: View) -> Pile:
    """A pair of knitted booties seen from the side, tied at the ankle."""
    pile = _bootie(m, drawing)
    second = Placed(_bootie(m, drawing), m.foot * 0.34, -m.foot * 0.62, -6)
    pair = Pile(pile.pieces, focus=(0.0, m.foot * 0.4), measured=(0, m.foot * 0.95), fill=0.74, under=[second])
    return mirror_image(pair) if view is View.BACK else pair


def _bootie(m: Measures, drawing: Drawing) -> Pile:
    f = max(8.5, m.foot)
    wide, cuff = f * 0.34, f * 0.34
    ankle = f * 0.44
    outline = spline(
        [
            corner(-wide, cuff * 0.5),
            corner(wide, cuff * 0.5),
            (wide * 0.94, ankle),
            (wide * 1.25, ankle + f * 0.1),
            (f * 0.62, ankle + f * 0.13),
            (f * 0.80, ankle + f * 0.28),
            (f * 0.80, ankle + f * 0.46),
            corner(f * 0.70, ankle + f * 0.53),
            (f * 0.2, ankle + f * 0.55),
            corner(-wide * 1.06, ankle + f * 0.53),
            (-wide * 1.2, ankle + f * 0.3),
            (-wide * 0.98, ankle),
        ]
    )
    sole = spline(
        [
            corner(-wide * 1.12, ankle + f * 0.47),
            (f * 0.2, ankle + f * 0.5),
            corner(f * 0.80, ankle + f * 0.45),
            (f * 0.76, ankle + f * 0.55),
            (f * 0.6, ankle + f * 0.585),
            (-wide * 0.8, ankle + f * 0.585),
            (-wide * 1.14, ankle + f * 0.55),
        ]
    )
    band = spline(
        [
            corner(-wide * 1.1, 0),
            (0, 0.25),
            corner(wide * 1.1, 0),
            (wide * 1.12, cuff * 0.5),
            corner(wide * 1.05, cuff),
            (0, cuff + 0.2),
            corner(-wide * 1.05, cuff),
            (-wide * 1.12, cuff * 0.5),
        ]
    )
    marks: list[Mark] = [
        Pool(f * 0.4, ankle + f * 0.22, f * 0.22, f * 0.12, 0.45),
        Pool(-wide * 0.4, ankle + f * 0.2, wide * 0.5, f * 0.25, 0.3),
        Pool(f * 0.3, ankle + f * 0.46, f * 0.6, f * 0.1, -0.45),
        Pool(wide * 0.9, ankle, wide * 0.5, f * 0.12, -0.4),
        Crease(wide * 1.0, ankle + f * 0.06, -wide * 0.2, ankle + f * 0.12, 0.5, 0.9, 1),
        Crease(wide * 1.1, ankle + f * 0.12, wide * 0.1, ankle + f * 0.24, 0.45, 0.8, 1),
        Seam(
            spline(
                [(f * 0.5, ankle + f * 0.11), (f * 0.44, ankle + f * 0.28), (f * 0.55, ankle + f * 0.48)], closed=False
            ),
            width=0.1,
        ),
    ]
    y = ankle - f * 0.03
    bow = (
        Cord(line((-wide * 1.0, y), (0, y + 0.3), (wide * 0.95, y)), 0.46, "accent"),
        Cord(
            line(
                (wide * 0.3, y + 0.2),
                (wide * 0.9, y - 1.0),
                (wide * 1.5, y - 0.7),
                (wide * 1.0, y + 0.3),
                (wide * 0.3, y + 0.25),
            ),
            0.4,
            "accent",
        ),
        Cord(
            line(
                (wide * 0.3, y + 0.2),
                (-wide * 0.2, y - 0.9),
                (-wide * 0.7, y - 0.4),
                (-wide * 0.3, y + 0.5),
                (wide * 0.3, y + 0.25),
            ),
            0.4,
            "accent",
        ),
        Cord(line((wide * 0.3, y + 0.2), (wide * 0.7, y + 1.3), (wide * 0.6, y + 2.4)), 0.4, "accent"),
        Cord(line((wide * 0.3, y + 0.2), (0, y + 1.2), (-wide * 0.2, y + 2.2)), 0.4, "accent"),
    )
    fabric = drawing.fabric if drawing.fabric is not Fabric.JERSEY else Fabric.KNIT
    ribs = (
        Pool(wide * 0.9, cuff / 2, wide * 0.4, cuff * 0.7, -0.3, on="trim"),
        Pool(-wide * 0.3, cuff / 2, wide * 0.5, cuff * 0.4, 0.3, on="trim"),
    )
    body = Piece(outline, "main", straight(cuff, ankle + f * 0.55, f), fabric=fabric, marks=tuple(marks), over=bow)
    return Pile(
        [
            body,
            Piece(sole, "lining", None, fabric=fabric, lift=0.3),
            Piece(band, "trim", None, 0, Fabric.RIB, ribs, lift=0.8),
        ]
    )
