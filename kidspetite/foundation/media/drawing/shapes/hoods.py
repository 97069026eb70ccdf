"""Hoods, lying open above the neck or hanging down the back."""

from kidspetite.foundation.media.drawing.fasteners import NameTape
from kidspetite.foundation.media.drawing.geometry import Path, arch, corner, line, symmetric
from kidspetite.foundation.media.drawing.marks import Crease, Pool, Seam, Stitch
from kidspetite.foundation.media.drawing.measures import Measures
from kidspetite.foundation.media.drawing.piece import Piece, straight


def open_hood(m: Measures, neck: float, front: float) -> list[Piece]:
    """The hood lying up behind the neck, its opening toward us, its edges crossing at the throat."""
    wide, tall = max(m.head * 0.42, neck * 1.32), m.head * 0.62
    outer = symmetric(
        [
            (0, -tall),
            (wide * 0.50, -tall * 0.955),
            (wide * 0.88, -tall * 0.66),
            (wide * 1.0, -tall * 0.26),
            (neck * 1.34, 0.9),
            corner(neck * 1.2, 2.6),
            (0, front + 1),
        ]
    )
    opening = symmetric(
        [
            (0, -tall * 0.80),
            (wide * 0.42, -tall * 0.73),
            (wide * 0.66, -tall * 0.42),
            (wide * 0.68, -tall * 0.05),
            (wide * 0.46, front * 0.55),
            (wide * 0.2, front * 0.92),
            corner(0, front + 0.6),
        ]
    )
    rim = arch(
        [
            (0, -tall * 0.80),
            (wide * 0.42, -tall * 0.73),
            (wide * 0.66, -tall * 0.42),
            (wide * 0.68, -tall * 0.05),
            (wide * 0.46, front * 0.55),
            (wide * 0.2, front * 0.92),
        ]
    )
    shell = Piece(
        outer,
        "main",
        straight(-tall, front, wide),
        marks=(
            Pool(-wide * 0.55, -tall * 0.7, wide * 0.4, tall * 0.3, 0.35),
            Pool(wide * 0.8, -tall * 0.3, wide * 0.3, tall * 0.5, -0.35),
            Crease(wide * 0.75, -tall * 0.75, wide * 0.9, -tall * 0.2, 0.7, 0.8, 1),
            Crease(-wide * 0.92, -tall * 0.2, -wide * 0.66, -tall * 0.7, 0.6, 0.6, 1),
        ),
    )
    inside = Piece(
        opening,
        "lining",
        None,
        marks=(
            Pool(0, -tall * 0.62, wide * 0.9, tall * 0.36, -0.5, on="lining"),
            Pool(wide * 0.5, -tall * 0.1, wide * 0.4, tall * 0.5, -0.4, on="lining"),
            Pool(-wide * 0.2, front * 0.2, wide * 0.5, tall * 0.3, 0.3, on="lining"),
            Crease(0.1, -tall * 0.7, 0.0, front * 0.1, 0.5, 0.8, 0, "lining"),
            NameTape(0, front * 0.3, 3.0, 1.5),
        ),
        over=(Seam(rim, width=0.12), Stitch(_rim_stitch(wide, tall, front), width=0.08)),
        lift=0.0,
    )
    return [shell, inside]


def _rim_stitch(wide: float, tall: float, front: float) -> Path:
    half = [
        (0, -tall * 0.88),
        (wide * 0.48, -tall * 0.80),
        (wide * 0.76, -tall * 0.45),
        (wide * 0.78, -tall * 0.04),
        (wide * 0.56, front * 0.6),
    ]
    return arch(half)


def hanging_hood(m: Measures, neck: float) -> Piece:
    wide, tall = m.head * 0.46, m.head * 0.60
    outline = symmetric(
        [
            (0, -0.5),
            (neck * 0.6, -0.35),
            corner(neck * 1.04, 0.5),
            (wide * 0.96, tall * 0.45),
            (wide * 0.66, tall * 0.88),
            (0, tall),
        ]
    )
    seam = line((0, -0.4), (0.12, tall * 0.5), (0, tall))
    marks = (
        Pool(-wide * 0.4, tall * 0.35, wide * 0.4, tall * 0.4, 0.4),
        Pool(wide * 0.6, tall * 0.6, wide * 0.4, tall * 0.5, -0.4),
        Pool(0, tall * 0.95, wide * 0.8, tall * 0.2, -0.3),
        Seam(seam, width=0.12),
        Stitch(seam.moved(0.35, 0), width=0.08),
        Stitch(seam.moved(-0.35, 0), width=0.08),
        Crease(neck * 0.9, 0.9, wide * 0.4, tall * 0.5, 0.8, 0.8, 1),
        Crease(-neck * 0.9, 0.9, -wide * 0.45, tall * 0.52, 0.8, 0.8, -1),
    )
    return Piece(outline, "main", straight(0, tall, wide), marks=marks, lift=1.2)
