"""Hats: a knitted beanie and a sun hat."""

from math import cos, pi, sin

from kidspetite.foundation.media.drawing.fasteners import Cord, Flag, NameTape
from kidspetite.foundation.media.drawing.geometry import Path, arch, corner, line, spline, symmetric
from kidspetite.foundation.media.drawing.marks import Crease, Mark, Pool, Seam, Stitch
from kidspetite.foundation.media.drawing.measures import Measures
from kidspetite.foundation.media.drawing.piece import Piece, Pile, straight
from kidspetite.foundation.media.drawing.types import Drawing, Fabric, View


def beanie(m: Measures, drawing: Drawing, view: View) -> Pile:
    """A knitted dome drawn in at the crown, with a deep turned-up rib."""
    back = view is View.BACK
    half, brim = m.head / 2, m.head * 0.27
    tall = m.head * 0.86
    seat = tall - brim * 0.55
    dome = symmetric(
        [
            (0, 0.3),
            (half * 0.24, 0.1),
            (half * 0.58, tall * 0.10),
            (half * 0.88, tall * 0.34),
            (half * 0.99, tall * 0.62),
            corner(half * 0.97, seat + 1),
            (0, seat + 1.2),
        ]
    )
    marks: list[Mark] = [
        Pool(-half * 0.35, tall * 0.36, half * 0.46, tall * 0.3, 0.4),
        Pool(half * 0.75, tall * 0.5, half * 0.34, tall * 0.4, -0.42),
        Pool(0, seat - 0.2, half * 1.05, 1.3, -0.5),
    ]
    for x in (-0.72, -0.44, -0.16, 0.13, 0.42, 0.7):
        marks.append(Crease(half * x * 0.1, 0.5, half * x * 0.8, tall * 0.36, 0.5, 0.8, 1 if x > 0 else -1))
    marks += [
        Crease(half * 0.5, tall * 0.62, half * 0.86, tall * 0.4, 0.7, 0.7, 1),
        Crease(-half * 0.86, tall * 0.5, -half * 0.5, tall * 0.64, 0.7, 0.7, -1),
    ]
    foot = tall + brim * 0.45
    rib = symmetric(
        [
            (0, seat + 0.25),
            corner(half * 1.0, seat),
            (half * 1.03, seat + brim * 0.5),
            corner(half * 1.0, foot),
            (0, foot + 0.3),
        ]
    )
    rib_marks = (
        Pool(-half * 0.4, seat + brim * 0.4, half * 0.5, brim * 0.4, 0.34, on="trim"),
        Pool(half * 0.9, seat + brim * 0.5, half * 0.3, brim * 0.6, -0.4, on="trim"),
        Pool(0, foot, half, 0.9, -0.35, on="trim"),
    )
    over: tuple[Mark, ...] = () if back else (NameTape(half * 0.34, seat + brim * 0.55, 3.4, 1.0),)
    pieces = [
        _pompom(half, drawing),
        Piece(dome, "main", straight(0, seat, half * 1.05), marks=tuple(marks), lift=0.7, split=tall * 0.45),
        Piece(rib, "trim", None, 0, Fabric.RIB, rib_marks, over, lift=0.9),
    ]
    return Pile(pieces, focus=(half * 0.2, seat + 0.4), measured=(0, foot), fill=0.72)


def _pompom(half: float, drawing: Drawing) -> Piece:
    r, spikes = half * 0.30, 26
    points = []
    for i in range(spikes):
        a = 2 * pi * i / spikes
        reach = r * (1.0 + (0.06 if i % 2 else -0.05) + 0.03 * ((i * 7) % 3))
        points.append((reach * cos(a), -r * 0.62 + reach * sin(a)))
    marks: list[Mark] = [
        Pool(-r * 0.35, -r * 0.95, r * 0.8, r * 0.7, 0.5, on="accent"),
        Pool(r * 0.5, -r * 0.2, r * 0.8, r * 0.8, -0.5, on="accent"),
    ]
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
    crown = symmetric(
        [
            (0, 0),
            (half * 0.42, 0.25),
            (half * 0.8, tall * 0.3),
            (half * 0.97, tall * 0.72),
            corner(half * 1.02, tall),
            (half * 0.5, tall + 1.5),
            (0, tall + 1.9),
        ]
    )
    y = tall + 0.4
    edge = symmetric(
        [
            (0, y - 2.2),
            (half * 0.9, y - 1.7),
            (brim * 0.90, y + 0.6),
            (brim * 0.98, y + 3.1),
            (brim * 0.74, y + 5.4),
            (half * 0.55, y + 6.9),
            (0, y + 7.3),
        ]
    )
    marks: list[Mark] = [
        Pool(-half * 0.4, tall * 0.4, half * 0.4, tall * 0.4, 0.4),
        Pool(half * 0.72, tall * 0.6, half * 0.34, tall * 0.5, -0.42),
    ]
    for x in (-0.62, 0.0, 0.62):
        seam = line((half * x * 0.16, 0.1), (half * x * 0.95, tall * 0.45), (half * x * 1.05, tall + 1.9))
        marks += [
            Seam(seam, width=0.11),
            Stitch(seam.moved(0.32, 0), width=0.075),
            Stitch(seam.moved(-0.32, 0), width=0.075),
        ]
    band = arch([(0, tall + 1.5), (half * 0.5, tall + 1.1), (half * 1.05, tall - 0.5)])
    marks += [Pool(0, tall + 1.4, half, 1.0, -0.4), Stitch(band, width=0.08)]
    rows: list[Mark] = [
        Pool(-brim * 0.5, y + 2.0, brim * 0.3, 2.2, 0.34),
        Pool(brim * 0.6, y + 3.6, brim * 0.34, 2.2, -0.34),
        Pool(0, y + 1.8, half * 1.2, 1.6, -0.5),
    ]
    for i in range(5):
        t = 0.26 + i * 0.16
        rows.append(Stitch(_brim_row(half, brim, y, t), width=0.07))
    rows += [
        Crease(-brim * 0.8, y + 4.4, -half * 0.9, y + 1.4, 0.9, 0.8, 1),
        Crease(half * 0.5, y + 6.4, half * 0.36, y + 3.0, 0.9, 0.8, 1),
        Crease(brim * 0.86, y + 2.2, half * 1.05, y + 1.0, 0.8, 0.7, -1),
    ]
    ties = [
        Cord(
            line(
                (s * half * 0.97, y + 4.6),
                (s * half * 1.12, y + 9),
                (s * half * (0.7 if s > 0 else 0.86), y + 12.5),
                (s * half * (0.9 if s > 0 else 0.5), y + 16),
            ),
            0.5,
            "accent",
        )
        for s in (-1, 1)
    ]
    over: tuple[Mark, ...] = (
        (Flag(half * 0.5, tall + 0.4, 20),) if back else (NameTape(half * 0.34, tall - 0.2, 3.0, -7),)
    )
    brim_piece = Piece(edge, "main", straight(y - 2, y + 8, brim * 1.02, sag=1.6), marks=tuple(rows), split=y)
    ribbon = Piece(
        symmetric([(0, y + 3), corner(half * 0.98, y + 3), corner(half * 0.98, y + 4.8), (0, y + 6)]),
        "lining",
        None,
        over=() if view is View.TAPE else tuple(ties),
        lift=0.0,
    )
    return Pile(
        [
            ribbon,
            brim_piece,
            Piece(crown, "main", straight(0, tall, half, sag=0.9), marks=tuple(marks), over=over, lift=0.8),
        ],
        focus=(half * 0.3, tall),
        measured=(0, y + 7.3),
        fill=0.86,
    )


def _brim_row(half: float, brim: float, y: float, t: float) -> Path:
    wide = half + (brim - half) * t
    return arch(
        [
            (0, y + 1.6 + 5.3 * t),
            (wide * 0.5, y + 1.3 + 5.0 * t),
            (wide * 0.84, y + 0.4 + 3.6 * t),
            (wide * 0.98, y - 0.6 + 2.4 * t),
        ]
    )
