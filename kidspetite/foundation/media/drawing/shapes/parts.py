"""The parts that clothes share: torso, sleeve, leg, neckline, cuff, pocket."""

from dataclasses import dataclass
from math import cos, radians, sin

from kidspetite.foundation.media.drawing.fasteners import NameTape
from kidspetite.foundation.media.drawing.geometry import (
    Knot,
    Path,
    Point,
    corner,
    joined,
    line,
    reverse,
    spline,
    symmetric,
)
from kidspetite.foundation.media.drawing.marks import Crease, Mark, Pool, Rib, Seam, Stitch
from kidspetite.foundation.media.drawing.measures import Measures
from kidspetite.foundation.media.drawing.piece import Course, Piece
from kidspetite.foundation.media.drawing.types import Fabric

type Half = list[tuple[float, float] | Knot]


@dataclass(frozen=True)
class Limb:
    """A sleeve or leg as a bent strip: u runs down it, v across it (positive toward the body)."""

    x: float
    y: float
    side: int
    start: float  # degrees away from straight down, outward
    end: float
    length: float

    def angle(self, u: float) -> float:
        return self.start + (self.end - self.start) * u / self.length

    def at(self, u: float, v: float = 0.0) -> Point:
        mean, here = radians((self.start + self.angle(u)) / 2), radians(self.angle(u))
        return Point(
            self.x + self.side * (u * sin(mean) - v * cos(here)),
            self.y + u * cos(mean) + v * sin(here),
        )

    def knot(self, u: float, v: float, sharp: bool = False) -> Knot:
        p = self.at(u, v)
        return Knot(p.x, p.y, sharp)

    def line(self, *points: tuple[float, float]) -> Path:
        return line(*(self.at(u, v) for u, v in points))

    def crease(
        self, u1: float, v1: float, u2: float, v2: float, width: float, depth: float = 1.0, bow: int = 0
    ) -> Crease:
        a, b = self.at(u1, v1), self.at(u2, v2)
        return Crease(a.x, a.y, b.x, b.y, width, depth, bow * self.side)

    def pool(self, u: float, v: float, across: float, along: float, tone: float, on: str = "main") -> Pool:
        p = self.at(u, v)
        return Pool(p.x, p.y, across, along, tone, self.turn(u), on)

    def turn(self, u: float | None = None) -> float:
        return -self.side * self.angle(self.length / 2 if u is None else u)

    def course(self, half: float, sag: float = 0.25) -> Course:
        return Course(self.at, -4, self.length, half, self.turn(), sag, -self.side, self.turn)


def limb_from(shoulder: tuple[float, float], side: int, width: float, start: float, end: float, length: float) -> Limb:
    """The limb whose outer edge begins at the shoulder."""
    a = radians(start)
    return Limb(side * (shoulder[0] - cos(a) * width / 2), shoulder[1] + sin(a) * width / 2, side, start, end, length)


def long_sleeve(
    m: Measures,
    side: int,
    shoulder: tuple[float, float],
    *,
    cuff: float = 2.6,
    spread: float = 27,
    on: str = "main",
    ease: float = 1.0,
    band: str = "trim",
) -> list[Piece]:
    """A sleeve to the wrist, gathered a little into a ribbed cuff; lies under the torso."""
    width, wrist, length = m.upper_arm * ease, m.cuff * (1.12 if cuff else 1.3) * ease, m.sleeve - cuff
    limb = limb_from(shoulder, side, width, spread + 5, spread - 7, length)
    outline = spline(
        [
            limb.knot(-2.6, 0.6, True),
            limb.knot(-1.4, -width * 0.30),
            limb.knot(0.3, -width * 0.5),
            limb.knot(length * 0.35, -width * 0.49),
            limb.knot(length * 0.72, -wrist * 0.55),
            limb.knot(length - 0.4, -wrist * 0.5),
            limb.knot(length, -wrist * (0.44 if cuff else 0.5), True),
            limb.knot(length, wrist * (0.44 if cuff else 0.5), True),
            limb.knot(length - 0.4, wrist * 0.5),
            limb.knot(length * 0.66, wrist * 0.56),
            limb.knot(length * 0.36, width * 0.5),
            limb.knot(length * 0.08, width * 0.62),
            limb.knot(-2.6, width * 0.7, True),
        ]
    )
    marks: list[Mark] = [
        limb.pool(length * 0.3, width * 0.34, width * 0.3, length * 0.42, -0.34),
        limb.pool(length * 0.45, -width * 0.18, width * 0.22, length * 0.4, 0.4),
        limb.crease(length * 0.12, width * 0.55, length * 0.30, -width * 0.18, 0.8, 0.9, 1),
        limb.crease(length * 0.30, width * 0.5, length * 0.47, -width * 0.12, 0.6, 0.8, 1),
        limb.crease(length * 0.62, -wrist * 0.6, length * 0.55, wrist * 0.1, 0.5, 0.7, -1),
        limb.crease(length * 0.70, wrist * 0.55, length * 0.80, -wrist * 0.2, 0.45, 0.7, 1),
        *(gathers(limb, length, wrist * 0.42, 5, -1) if cuff else _sleeve_hem(limb, length, wrist)),
    ]
    pieces = [Piece(outline, on, limb.course(width * 0.62), marks=tuple(marks), split=length * 0.52, lift=0.7)]
    if cuff:
        pieces.append(rib_cuff(limb, length - 0.1, cuff, wrist * 0.86, band))
    return pieces


def _sleeve_hem(limb: Limb, length: float, wrist: float) -> list[Mark]:
    rows = [
        limb.line((length - up, -wrist * 0.6), (length - up + 0.15, 0), (length - up, wrist * 0.6)) for up in (1.6, 2.0)
    ]
    return [Seam(rows[1], width=0.06, lip=0.1), *(Stitch(row, width=0.08) for row in rows)]


def short_sleeve(
    m: Measures,
    side: int,
    shoulder: tuple[float, float],
    *,
    spread: float = 44,
    length: float | None = None,
    on: str = "main",
) -> list[Piece]:
    """A sleeve to above the elbow with a stitched hem."""
    width = m.upper_arm * 1.14
    reach = length or m.armhole * 0.86
    limb = limb_from(shoulder, side, width, spread + 4, spread - 2, reach)
    outline = spline(
        [
            limb.knot(-3.0, 0.6, True),
            limb.knot(-1.4, -width * 0.30),
            limb.knot(0.3, -width * 0.5),
            limb.knot(reach * 0.6, -width * 0.485),
            limb.knot(reach, -width * 0.46, True),
            limb.knot(reach + 0.25, 0),
            limb.knot(reach - 0.1, width * 0.47, True),
            limb.knot(reach * 0.55, width * 0.53),
            limb.knot(-1, width * 0.62, True),
            limb.knot(-3, width * 0.5, True),
        ]
    )
    marks = (
        limb.pool(reach * 0.5, width * 0.30, width * 0.28, reach * 0.8, -0.36),
        limb.pool(reach * 0.5, -width * 0.2, width * 0.2, reach * 0.7, 0.36),
        limb.crease(reach * 0.2, width * 0.5, reach * 0.62, -width * 0.06, 0.7, 0.9, 1),
        limb.crease(reach * 0.98, width * 0.12, reach * 0.5, -width * 0.02, 0.5, 0.6),
        Seam(
            limb.line((reach - 1.5, -width * 0.55), (reach - 1.35, 0), (reach - 1.6, width * 0.55)), width=0.07, lip=0.1
        ),
        Stitch(limb.line((reach - 1.3, -width * 0.55), (reach - 1.15, 0), (reach - 1.4, width * 0.55)), width=0.08),
    )
    return [Piece(outline, on, limb.course(width * 0.6), marks=marks, lift=0.7)]


def rib_cuff(limb: Limb, start: float, depth: float, width: float, on: str = "trim") -> Piece:
    """A ribbed band closing a limb; drawn in where it is sewn on."""
    end, half = start + depth, width / 2
    outline = spline(
        [
            limb.knot(start, -half * 1.04, True),
            limb.knot(start + depth * 0.5, -half * 0.97),
            limb.knot(end, -half * 1.0, True),
            limb.knot(end + 0.18, 0),
            limb.knot(end, half * 1.0, True),
            limb.knot(start + depth * 0.5, half * 0.97),
            limb.knot(start, half * 1.04, True),
        ]
    )
    marks = (
        limb.pool(start, 0, half * 1.2, 0.8, -0.42, on),
        limb.pool(start + depth * 0.5, half * 0.62, half * 0.45, depth * 0.8, -0.3, on),
        limb.pool(start + depth * 0.5, -half * 0.4, half * 0.4, depth * 0.6, 0.3, on),
    )
    over = (Seam(limb.line((start, -half * 1.03), (start + 0.1, 0), (start, half * 1.03)), on, width=0.1, lip=0.08),)
    return Piece(outline, on, None, limb.turn(limb.length), Fabric.RIB, marks, over, lift=0.35)


def gathers(limb: Limb, u: float, half: float, count: int, direction: int) -> list[Mark]:
    """Short creases fanning out of a seam where cloth is drawn together."""
    marks: list[Mark] = []
    for i in range(count):
        v = half * (-0.85 + 1.7 * i / max(1, count - 1))
        reach = 1.3 + 0.7 * ((i * 7) % 3)
        marks.append(limb.crease(u, v, u + direction * reach, v * 1.12, 0.26, 0.85))
    return marks


@dataclass(frozen=True)
class Neck:
    """A neckline: half its width at the shoulder, how far it drops in front and behind."""

    half: float
    front: float
    back: float
    band: float = 1.15

    def curve(self, drop: float, rise: float = 0.0) -> Half:
        """The right half of the neckline, from the middle to the shoulder."""
        h = self.half
        return [
            (0, drop),
            (h * 0.5, drop - (drop - rise) * 0.16),
            (h * 0.86, drop - (drop - rise) * 0.52),
            corner(h, rise),
        ]

    def line(self, drop: float, inset: float = 0.0) -> Path:
        """Across, from shoulder to shoulder, `inset` below the edge of the cloth."""
        half = self.curve(drop)
        scale = (self.half + inset) / self.half
        right = [Knot(k[0] * scale, k[1] + inset * (1 - 0.72 * (k[0] / self.half) ** 2)) for k in half]
        left = [Knot(-k.x, k.y) for k in reversed(right[1:])]
        return spline([*left, *right], closed=False)


def neck_for(m: Measures, *, front: float = 0.40, back: float = 0.07, band: float = 1.15, wide: float = 1.0) -> Neck:
    return Neck(m.neck / 2 * wide, m.neck * front, m.neck * back, band)


def inside_back(neck: Neck, label: float = 3.0, band: str = "trim") -> list[Piece]:
    """What shows of the back's inner side above the front neckline, with the name tape sewn in."""
    outline = joined(neck.line(neck.back), reverse(neck.line(neck.front + 2.2)))
    middle = neck.back + neck.band + 0.75
    marks: tuple[Mark, ...] = (
        Pool(0, neck.front + 0.6, neck.half * 1.1, neck.front * 0.75, -0.55, on="lining"),
        Pool(-neck.half * 0.9, neck.front * 0.4, neck.half * 0.4, neck.front * 0.7, -0.4, on="lining"),
        Rib(neck.line(neck.back, neck.band / 2), neck.band, band),
        Seam(neck.line(neck.back, neck.band), "lining", 0.1),
        NameTape(0, middle, label, -1.2),
    )
    return [Piece(outline, "lining", None, marks=marks, lift=0.5)]


def neck_band(neck: Neck, drop: float, on: str = "trim") -> tuple[Mark, ...]:
    """The ribbed band of a neckline, its seam, and the row of stitches that holds it down."""
    return (
        Rib(neck.line(drop, neck.band / 2), neck.band, on),
        Seam(neck.line(drop, neck.band), width=0.1),
        Stitch(neck.line(drop, neck.band + 0.32), width=0.075),
    )


def torso_creases(m: Measures, hem: float, luck: float = 0.0) -> tuple[Mark, ...]:
    """Roundness and the folds cloth takes when it is smoothed flat by hand."""
    half, arm = m.chest / 2, m.armhole
    return (
        Pool(-half * 0.30, arm * 1.1, half * 0.55, hem * 0.34, 0.34),
        Pool(half * 0.82, hem * 0.55, half * 0.34, hem * 0.44, -0.36),
        Pool(-half * 1.0, hem * 0.62, half * 0.22, hem * 0.36, -0.2),
        Pool(half * 0.1, hem * 0.92, half * 0.8, hem * 0.14, -0.22),
        Crease(half * 0.97, arm + 0.4, half * 0.36, arm * 1.42 + luck, 0.9, 0.9, 1),
        Crease(half * 1.0, arm + 1.8, half * 0.55, arm * 1.85, 0.7, 0.8, 1),
        Crease(-half * 0.98, arm + 0.3, -half * 0.42, arm * 1.36 - luck, 0.8, 0.8, -1),
        Crease(-half * 0.18 + luck, hem * 0.80, -half * 0.34, hem * 0.46, 1.0, 0.62, 1),
        Crease(half * 0.26, hem * 0.90, half * 0.34 + luck, hem * 0.60, 0.8, 0.6, -1),
    )


def armhole_seams(m: Measures, drop: float) -> tuple[Mark, ...]:
    """The seam the sleeves are set into, seen along the torso's own edge."""
    half, sh = m.chest / 2, m.shoulder / 2
    marks: list[Mark] = []
    for side in (1, -1):
        path = line((side * sh, drop), (side * (sh - 0.75), m.armhole * 0.55), (side * half, m.armhole))
        marks.append(Seam(path, width=0.12))
        inner = line(
            (side * (sh - 0.3), drop), (side * (sh - 1.08), m.armhole * 0.55), (side * (half - 0.4), m.armhole + 0.1)
        )
        marks.append(Stitch(inner, width=0.07))
    return tuple(marks)


def torso(m: Measures, neck: Neck, drop: float, lower: Half, *, shoulder_drop: float = 1.9) -> Path:
    """Front or back from the neckline over shoulder and armhole down to what the garment continues with."""
    half, sh = m.chest / 2, m.shoulder / 2
    return symmetric(
        [
            *neck.curve(drop),
            corner(sh, shoulder_drop),
            (sh - 0.75, m.armhole * 0.55),
            corner(half, m.armhole),
            *lower,
        ]
    )
