"""Small things: beanie, sun hat, bib, booties, socks, blanket."""

from math import cos, pi, sin

from kidspetite.foundation.media.drawing.geometry import Path, arch, corner, line, rounded, spline, symmetric
from kidspetite.foundation.media.drawing.marks import Cord, Crease, Flag, Mark, NameTape, Patch, Pool, Rib, Seam, Snap, Stitch
from kidspetite.foundation.media.drawing.measures import Measures
from kidspetite.foundation.media.drawing.piece import Piece, Pile, Placed, straight
from kidspetite.foundation.media.drawing.types import Drawing, Fabric, View


def beanie(m: Measures, drawing: Drawing, view: View) -> Pile:
    """A knitted dome drawn in at the crown, with a deep turned-up rib."""
    back = view is View.BACK
    half, brim = m.head / 2, m.head * 0.27
    tall = m.head * 0.86
    seat = tall - brim * 0.55
    dome = symmetric([(0, 0.3), (half * 0.24, 0.1), (half * 0.58, tall * 0.10), (half * 0.88, tall * 0.34), (half * 0.99, tall * 0.62), corner(half * 0.97, seat + 1), (0, seat + 1.2)])
    marks: list[Mark] = [Pool(-half * 0.35, tall * 0.36, half * 0.46, tall * 0.3, 0.4), Pool(half * 0.75, tall * 0.5, half * 0.34, tall * 0.4, -0.42), Pool(0, seat - 0.2, half * 1.05, 1.3, -0.5)]
    for x in (-0.72, -0.44, -0.16, 0.13, 0.42, 0.7):
        marks.append(Crease(half * x * 0.1, 0.5, half * x * 0.8, tall * 0.36, 0.5, 0.8, 1 if x > 0 else -1))
    marks += [Crease(half * 0.5, tall * 0.62, half * 0.86, tall * 0.4, 0.7, 0.7, 1), Crease(-half * 0.86, tall * 0.5, -half * 0.5, tall * 0.64, 0.7, 0.7, -1)]
    foot = tall + brim * 0.45
    rib = symmetric([(0, seat + 0.25), corner(half * 1.0, seat), (half * 1.03, seat + brim * 0.5), corner(half * 1.0, foot), (0, foot + 0.3)])
    rib_marks = (
        Pool(-half * 0.4, seat + brim * 0.4, half * 0.5, brim * 0.4, 0.34, on="trim"), Pool(half * 0.9, seat + brim * 0.5, half * 0.3, brim * 0.6, -0.4, on="trim"), Pool(0, foot, half, 0.9, -0.35, on="trim"),
    )
    over: tuple[Mark, ...] = () if back else (NameTape(half * 0.34, seat + brim * 0.55, 3.4, 1.0),)
    pieces = [_pompom(half, drawing), Piece(dome, "main", straight(0, seat, half * 1.05), marks=tuple(marks), lift=0.7, split=tall * 0.45), Piece(rib, "trim", None, 0, Fabric.RIB, rib_marks, over, lift=0.9)]
    return Pile(pieces, focus=(half * 0.2, seat + 0.4), measured=(0, foot), fill=0.72)


def _pompom(half: float, drawing: Drawing) -> Piece:
    r, spikes = half * 0.30, 26
    points = []
    for i in range(spikes):
        a = 2 * pi * i / spikes
        reach = r * (1.0 + (0.06 if i % 2 else -0.05) + 0.03 * ((i * 7) % 3))
        points.append((reach * cos(a), -r * 0.62 + reach * sin(a)))
    marks: list[Mark] = [Pool(-r * 0.35, -r * 0.95, r * 0.8, r * 0.7, 0.5, on="accent"), Pool(r * 0.5, -r * 0.2, r * 0.8, r * 0.8, -0.5, on="accent")]
    for i in range(34):
        a, d = i * 2.399, r * (i / 34) ** 0.5 * 0.9
        x, y = d * cos(a), -r * 0.62 + d * sin(a)
        marks.append(Crease(x, y, x + r * 0.3 * cos(a), y + r * 0.3 * sin(a), 0.2, 1.0, on="accent"))
    return Piece(spline(points), "accent", None, fabric=Fabric.WOOL, marks=tuple(marks), lift=0.5)


def sun_hat(m: Measures, drawing: Drawing, view: View) -> Pile:
    """A crown in six sections on a wide stitched brim, with ties."""
    back = view is View.BACK
    half = m.head / 2
    tall, brim = m.head * 0.50, m.head * 0.86
    crown = symmetric([(0, 0), (half * 0.42, 0.25), (half * 0.8, tall * 0.3), (half * 0.97, tall * 0.72), corner(half * 1.02, tall), (half * 0.5, tall + 1.5), (0, tall + 1.9)])
    y = tall + 0.4
    edge = symmetric([(0, y - 2.2), (half * 0.9, y - 1.7), (brim * 0.90, y + 0.6), (brim * 0.98, y + 3.1), (brim * 0.74, y + 5.4), (half * 0.55, y + 6.9), (0, y + 7.3)])
    marks: list[Mark] = [Pool(-half * 0.4, tall * 0.4, half * 0.4, tall * 0.4, 0.4), Pool(half * 0.72, tall * 0.6, half * 0.34, tall * 0.5, -0.42)]
    for x in (-0.62, 0.0, 0.62):
        seam = line((half * x * 0.16, 0.1), (half * x * 0.95, tall * 0.45), (half * x * 1.05, tall + 1.9))
        marks += [Seam(seam, width=0.11), Stitch(seam.moved(0.32, 0), width=0.075), Stitch(seam.moved(-0.32, 0), width=0.075)]
    band = arch([(0, tall + 1.5), (half * 0.5, tall + 1.1), (half * 1.05, tall - 0.5)])
    marks += [Pool(0, tall + 1.4, half, 1.0, -0.4), Stitch(band, width=0.08)]
    rows: list[Mark] = [Pool(-brim * 0.5, y + 2.0, brim * 0.3, 2.2, 0.34), Pool(brim * 0.6, y + 3.6, brim * 0.34, 2.2, -0.34), Pool(0, y + 1.8, half * 1.2, 1.6, -0.5)]
    for i in range(5):
        t = 0.26 + i * 0.16
        rows.append(Stitch(_brim_row(half, brim, y, t), width=0.07))
    rows += [Crease(-brim * 0.8, y + 4.4, -half * 0.9, y + 1.4, 0.9, 0.8, 1), Crease(half * 0.5, y + 6.4, half * 0.36, y + 3.0, 0.9, 0.8, 1), Crease(brim * 0.86, y + 2.2, half * 1.05, y + 1.0, 0.8, 0.7, -1)]
    ties = [Cord(line((s * half * 0.97, y + 4.6), (s * half * 1.12, y + 9), (s * half * (0.7 if s > 0 else 0.86), y + 12.5), (s * half * (0.9 if s > 0 else 0.5), y + 16)), 0.5, "accent") for s in (-1, 1)]
    over: tuple[Mark, ...] = (Flag(half * 0.5, tall + 0.4, 20),) if back else (NameTape(half * 0.34, tall - 0.2, 3.0, -7),)
    brim_piece = Piece(edge, "main", straight(y - 2, y + 8, brim * 1.02, sag=1.6), marks=tuple(rows), split=y)
    ribbon = Piece(symmetric([(0, y + 3), corner(half * 0.98, y + 3), corner(half * 0.98, y + 4.8), (0, y + 6)]), "lining", None, over=tuple(ties), lift=0.0)
    return Pile([ribbon, brim_piece, Piece(crown, "main", straight(0, tall, half, sag=0.9), marks=tuple(marks), over=over, lift=0.8)], focus=(half * 0.3, tall), measured=(0, y + 7.3), fill=0.86)


def _brim_row(half: float, brim: float, y: float, t: float) -> Path:
    wide = half + (brim - half) * t
    return arch([(0, y + 1.6 + 5.3 * t), (wide * 0.5, y + 1.3 + 5.0 * t), (wide * 0.84, y + 0.4 + 3.6 * t), (wide * 0.98, y - 0.6 + 2.4 * t)])


def bib(m: Measures, drawing: Drawing, view: View) -> Pile:
    """A round bib, bound all round, snapped behind the neck."""
    back = view is View.BACK
    half, tall, neck = 10.2, 17.5, 4.6
    outer = [(neck * 0.30, -7.3), (neck * 0.95, -7.9), (neck * 1.5, -6.6), (neck * 1.62, -3.8), (half * 0.94, -0.6), (half * 1.02, tall * 0.3), (half * 0.92, tall * 0.66), (half * 0.52, tall * 0.92), (0, tall)]
    inner = [(neck * 0.34, -4.9), (neck * 0.74, -4.3), (neck * 0.98, -2.4), (neck * 0.86, 0.1), (neck * 0.5, 1.7), (0, 2.2)]
    right = [*inner[::-1], *outer]
    outline = spline([*right, *[(-x, y) for x, y in reversed(right[1:-1])]])
    neckline = spline([*[(-x, y) for x, y in inner[:-1]], *inner[::-1]], closed=False)
    far = spline([*[(-x, y) for x, y in outer[:-1]], *outer[::-1]], closed=False)
    edge_on = "accent" if drawing.accent != drawing.cloth else "trim"
    marks: list[Mark] = [
        Pool(-half * 0.35, tall * 0.34, half * 0.44, tall * 0.26, 0.36), Pool(half * 0.7, tall * 0.5, half * 0.3, tall * 0.36, -0.34), Pool(0, 2.6, neck, 1.2, -0.25),
        Crease(-half * 0.12, tall * 0.8, -half * 0.28, tall * 0.36, 1.1, 0.8, 1), Crease(half * 0.5, tall * 0.72, half * 0.42, tall * 0.34, 0.9, 0.7, -1), Crease(half * 0.96, 0.6, half * 0.5, 2.6, 0.8, 0.8, 1),
        Rib(far, 1.5, edge_on, 9.0, 0.5), Rib(neckline, 1.5, edge_on, 9.0, 0.5),
    ]
    over: list[Mark] = [Snap(-neck * 0.82, -6.2, 0.62, "#e9e7ee")]
    over.append(Snap(neck * 0.82, -6.2, 0.62, "#e9e7ee"))
    over.append(NameTape(0, 4.4, 3.0, 1.0) if back else Flag(half * 0.97 - 0.1, tall * 0.42))
    piece = Piece(outline, "main", straight(-6, tall, half * 1.05), marks=tuple(marks), over=tuple(over), split=tall * 0.42)
    return Pile([piece], focus=(neck * 0.7, 1.0), measured=(-7.5, tall), fill=0.72)


def socks(m: Measures, drawing: Drawing, view: View) -> Pile:
    """A pair: ribbed tops, heel and toe in the accent."""
    pile = _sock(m, drawing)
    second = Placed(_sock(m, drawing), m.foot * 0.62, -1.6, 9)
    return Pile(pile.pieces, focus=(0.5, 2.0), measured=(0, m.foot * 1.56), fill=0.74, under=[second])


def _sock(m: Measures, drawing: Drawing) -> Pile:
    f = m.foot
    wide, leg, rib = f * 0.30, f * 0.95, f * 0.40
    heel_y = leg + f * 0.30
    outline = spline(
        [
            corner(-wide, 0), (0, 0.2), corner(wide, 0), (wide * 0.95, leg * 0.6), (wide * 0.92, leg * 0.96), (wide * 1.2, leg + f * 0.12), (f * 0.70, leg + f * 0.26),
            (f * 0.84, leg + f * 0.44), (f * 0.70, leg + f * 0.61), (f * 0.2, leg + f * 0.60), (-wide * 0.6, leg + f * 0.56), (-wide * 1.12, heel_y), (-wide * 0.98, leg * 0.8), (-wide * 0.95, leg * 0.4),
        ]
    )
    toe = spline([(f * 0.60, leg + f * 0.14), (f * 0.52, leg + f * 0.40), (f * 0.56, leg + f * 0.70), (f * 0.9, leg + f * 0.68), (f * 0.95, leg + f * 0.3)])
    heel = spline([corner(-wide * 1.4, leg * 0.92), (-wide * 0.2, leg + f * 0.2), (wide * 0.1, leg + f * 0.7), (-wide, leg + f * 0.75), (-wide * 1.6, heel_y)])
    band = spline([corner(-wide * 1.02, 0), (0, 0.2), corner(wide * 1.02, 0), (wide * 0.96, rib * 0.5), corner(wide * 0.99, rib), (0, rib + 0.25), corner(-wide * 0.99, rib), (-wide * 0.96, rib * 0.5)])
    marks: list[Mark] = [
        Pool(-wide * 0.3, leg * 0.7, wide * 0.5, leg * 0.4, 0.36), Pool(wide * 0.7, leg * 0.7, wide * 0.4, leg * 0.4, -0.3), Pool(f * 0.3, leg + f * 0.58, f * 0.5, f * 0.12, -0.4),
        Crease(wide * 0.95, leg * 0.98, -wide * 0.3, leg + f * 0.1, 0.6, 0.9, 1), Crease(wide * 1.1, leg + f * 0.12, 0, leg + f * 0.26, 0.5, 0.8, 1), Crease(wide * 0.9, leg * 0.84, 0, leg * 0.9, 0.45, 0.7, 1),
    ]
    knit = drawing.fabric if drawing.fabric in (Fabric.KNIT, Fabric.WOOL, Fabric.RIB, Fabric.TERRY) else Fabric.JERSEY
    ribs = (Pool(wide * 0.8, rib / 2, wide * 0.4, rib * 0.7, -0.3, on="trim"), Pool(0, rib, wide, 0.5, -0.35, on="trim"))
    caps = (Patch(toe, "accent"), Patch(heel, "accent"))
    body = Piece(outline, "main", straight(rib, leg + f * 0.6, f), fabric=knit, marks=(*caps, *marks))
    return Pile([body, Piece(band, "trim", None, 0, Fabric.RIB, ribs, (), lift=0.3)])


def booties(m: Measures, drawing: Drawing, view: View) -> Pile:
    """A pair of knitted booties seen from the side, tied at the ankle."""
    pile = _bootie(m, drawing)
    second = Placed(_bootie(m, drawing), m.foot * 0.34, -m.foot * 0.62, -6)
    return Pile(pile.pieces, focus=(0.0, m.foot * 0.4), measured=(0, m.foot * 0.95), fill=0.74, under=[second])


def _bootie(m: Measures, drawing: Drawing) -> Pile:
    f = max(8.5, m.foot)
    wide, cuff = f * 0.34, f * 0.34
    ankle = f * 0.44
    outline = spline(
        [
            corner(-wide, cuff * 0.5), corner(wide, cuff * 0.5), (wide * 0.94, ankle), (wide * 1.25, ankle + f * 0.1), (f * 0.62, ankle + f * 0.13), (f * 0.80, ankle + f * 0.28), (f * 0.80, ankle + f * 0.46),
            corner(f * 0.70, ankle + f * 0.53), (f * 0.2, ankle + f * 0.55), corner(-wide * 1.06, ankle + f * 0.53), (-wide * 1.2, ankle + f * 0.3), (-wide * 0.98, ankle),
        ]
    )
    sole = spline([corner(-wide * 1.12, ankle + f * 0.47), (f * 0.2, ankle + f * 0.5), corner(f * 0.80, ankle + f * 0.45), (f * 0.76, ankle + f * 0.55), (f * 0.6, ankle + f * 0.585), (-wide * 0.8, ankle + f * 0.585), (-wide * 1.14, ankle + f * 0.55)])
    band = spline([corner(-wide * 1.1, 0), (0, 0.25), corner(wide * 1.1, 0), (wide * 1.12, cuff * 0.5), corner(wide * 1.05, cuff), (0, cuff + 0.2), corner(-wide * 1.05, cuff), (-wide * 1.12, cuff * 0.5)])
    marks: list[Mark] = [
        Pool(f * 0.4, ankle + f * 0.22, f * 0.22, f * 0.12, 0.45), Pool(-wide * 0.4, ankle + f * 0.2, wide * 0.5, f * 0.25, 0.3), Pool(f * 0.3, ankle + f * 0.46, f * 0.6, f * 0.1, -0.45), Pool(wide * 0.9, ankle, wide * 0.5, f * 0.12, -0.4),
        Crease(wide * 1.0, ankle + f * 0.06, -wide * 0.2, ankle + f * 0.12, 0.5, 0.9, 1), Crease(wide * 1.1, ankle + f * 0.12, wide * 0.1, ankle + f * 0.24, 0.45, 0.8, 1),
        Seam(spline([(f * 0.5, ankle + f * 0.11), (f * 0.44, ankle + f * 0.28), (f * 0.55, ankle + f * 0.48)], closed=False), width=0.1),
    ]
    y = ankle - f * 0.03
    bow = (
        Cord(line((-wide * 1.0, y), (0, y + 0.3), (wide * 0.95, y)), 0.46, "accent"),
        Cord(line((wide * 0.3, y + 0.2), (wide * 0.9, y - 1.0), (wide * 1.5, y - 0.7), (wide * 1.0, y + 0.3), (wide * 0.3, y + 0.25)), 0.4, "accent"),
        Cord(line((wide * 0.3, y + 0.2), (-wide * 0.2, y - 0.9), (-wide * 0.7, y - 0.4), (-wide * 0.3, y + 0.5), (wide * 0.3, y + 0.25)), 0.4, "accent"),
        Cord(line((wide * 0.3, y + 0.2), (wide * 0.7, y + 1.3), (wide * 0.6, y + 2.4)), 0.4, "accent"), Cord(line((wide * 0.3, y + 0.2), (0, y + 1.2), (-wide * 0.2, y + 2.2)), 0.4, "accent"),
    )
    fabric = drawing.fabric if drawing.fabric is not Fabric.JERSEY else Fabric.KNIT
    ribs = (Pool(wide * 0.9, cuff / 2, wide * 0.4, cuff * 0.7, -0.3, on="trim"), Pool(-wide * 0.3, cuff / 2, wide * 0.5, cuff * 0.4, 0.3, on="trim"))
    body = Piece(outline, "main", straight(cuff, ankle + f * 0.55, f), fabric=fabric, marks=tuple(marks), over=bow)
    return Pile([body, Piece(sole, "lining", None, fabric=fabric, lift=0.3), Piece(band, "trim", None, 0, Fabric.RIB, ribs, lift=0.8)])


def blanket(m: Measures, drawing: Drawing, view: View) -> Pile:
    """Folded in four, one corner turned over to show the reverse, edged in the accent."""
    back = view is View.BACK
    wide, tall, cut = 16.5, 25.0, 8.6
    layers = [_folded_sheet(wide, tall, drop, "lining" if i % 2 else "main") for i, drop in enumerate((1.9, 1.25, 0.6))]
    foot = [(wide, tall)] if back else [(wide, tall - cut), (wide - cut, tall)]
    outline = rounded([(-wide, 0), (wide, 0), *foot, (-wide, tall)], 1.1)
    edge = line((-wide - 1, tall - 0.9), (0, tall - 0.85), (wide + 1, tall - 0.9))
    marks: list[Mark] = [
        Pool(-wide * 0.4, tall * 0.28, wide * 0.6, tall * 0.26, 0.3), Pool(wide * 0.8, tall * 0.5, wide * 0.3, tall * 0.5, -0.26), Pool(0, tall * 0.52, wide * 1.1, 1.6, -0.26),
        Pool(0, tall * 0.47, wide * 1.1, 1.4, 0.26), Crease(-wide * 0.5, tall * 0.9, -wide * 0.36, tall * 0.6, 1.1, 0.6, 1), Crease(wide * 0.3, tall * 0.42, wide * 0.42, tall * 0.08, 1.0, 0.6, -1),
        Crease(-wide * 0.1, tall * 0.4, -wide * 0.16, tall * 0.1, 1.0, 0.6, 1), Crease(wide * 0.1, tall * 0.92, wide * 0.2, tall * 0.62, 1.0, 0.6, 1),
        Rib(edge, 1.9, "accent", 0.5, 0.6), Seam(edge.moved(0, -0.98), width=0.1),
    ]
    over: tuple[Mark, ...] = (Flag(wide - 0.1, tall * 0.3),) if back else (NameTape(-wide * 0.62, tall - 3.1, 4.2, -1),)
    pieces = [*layers, Piece(outline, "main", straight(0, tall - 1.8, wide * 1.05), marks=tuple(marks), over=over, split=tall * 0.5)]
    if not back:
        pieces.append(_turned_corner(wide, tall, cut))
    return Pile(pieces, focus=(wide * 0.5, tall * 0.7), measured=(0, tall), fill=0.84)


def _folded_sheet(wide: float, tall: float, drop: float, on: str) -> Piece:
    outline = rounded([(-wide + drop * 0.2, 1), (wide + drop * 0.3, 1), (wide + drop * 0.3, tall + drop), (-wide + drop * 0.2, tall + drop)], 1.3)
    return Piece(outline, on, None, lift=0.6)


def _turned_corner(wide: float, tall: float, cut: float) -> Piece:
    """The corner folded back over the top: its reverse and its binding."""
    tip = (wide - cut * 0.98, tall - cut * 1.02)
    outline = rounded([(wide, tall - cut - 0.1), (wide - cut - 0.1, tall), tip], 0.5)
    bound = line(corner(wide - cut + 0.75, tall + 0.4), corner(tip[0] + 0.8, tip[1] + 0.8), corner(wide + 0.4, tall - cut + 0.75))
    marks = (
        Pool(wide - cut * 0.36, tall - cut * 0.36, cut * 0.2, cut * 0.6, -0.5, 45, on="lining"), Pool(wide - cut * 0.62, tall - cut * 0.62, cut * 0.16, cut * 0.5, 0.4, 45, on="lining"),
        Rib(bound, 1.6, "accent", 0.5, 0.6),
    )
    return Piece(outline, "lining", None, marks=marks, lift=1.2)
