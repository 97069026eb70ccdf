"""Two legs and a waist: what leggings, joggers, shorts and dungarees share."""

from dataclasses import dataclass

from kidspetite.foundation.media.drawing.fasteners import NameTape
from kidspetite.foundation.media.drawing.geometry import Path, arch, corner, line, spline, symmetric
from kidspetite.foundation.media.drawing.marks import Crease, Mark, Pool, Seam, Stitch
from kidspetite.foundation.media.drawing.piece import Piece
from kidspetite.foundation.media.drawing.types import Fabric


@dataclass(frozen=True)
class Trousers:
    """Two legs from waist to ankle, laid flat: half widths and heights in centimetres."""

    waist: float
    hip: float
    rise: float
    length: float
    ankle: float
    gap: float  # from the middle to the inner ankle

    @property
    def outer(self) -> float:
        return self.gap + self.ankle

    def outline(self, top: float = 0.0) -> Path:
        leg = self.length - self.rise
        return symmetric(
            [
                (0, top + 0.15),
                corner(self.waist, top),
                (self.hip * 0.98, self.rise * 0.5),
                (self.hip, self.rise * 0.86),
                (self.outer + (self.hip - self.outer) * 0.42, self.rise + leg * 0.5),
                corner(self.outer, self.length - 0.15),
                (self.gap + self.ankle * 0.5, self.length + 0.12),
                corner(self.gap, self.length),
                (self.gap * 0.8 + 0.2, self.rise + leg * 0.5),
                (0.45, self.rise + 1.3),
                corner(0, self.rise),
            ]
        )

    def creases(self) -> tuple[Mark, ...]:
        leg = self.length - self.rise
        marks: list[Mark] = []
        for s in (-1, 1):
            knee = self.rise + leg * 0.48
            middle = (self.gap + self.outer) / 2
            marks += [
                Pool(s * middle - 0.2 * self.hip, self.rise + leg * 0.3, self.hip * 0.26, leg * 0.5, 0.32),
                Pool(s * (self.outer + 0.2), knee, self.hip * 0.2, leg * 0.5, -0.34 if s > 0 else -0.12),
                Pool(s * self.gap * 0.7, knee, self.hip * 0.2, leg * 0.5, -0.30 if s < 0 else -0.2),
                Crease(s * 0.3, self.rise + 0.3, s * self.hip * 0.66, self.rise * 0.80, 0.9, 0.9, s),
                Crease(s * 0.5, self.rise + 1.4, s * self.hip * 0.62, self.rise + leg * 0.12, 0.7, 0.8, s),
                Crease(
                    s * (middle + self.ankle * 0.5),
                    knee + 0.8,
                    s * (middle - self.ankle * 0.24),
                    knee - 0.4,
                    0.7,
                    0.7,
                    -s,
                ),
                Crease(
                    s * (middle - self.ankle * 0.5),
                    knee + leg * 0.2,
                    s * (middle + self.ankle * 0.2),
                    knee + leg * 0.14,
                    0.6,
                    0.7,
                    s,
                ),
            ]
        return tuple(marks)

    def waist_creases(self, top: float) -> tuple[Mark, ...]:
        return tuple(
            Crease(self.waist * x, top, self.waist * x * 1.06, top + 2.0 + (i * 5 % 3) * 0.9, 0.34, 0.9)
            for i, x in enumerate((-0.86, -0.66, -0.44, -0.22, 0.04, 0.26, 0.5, 0.7, 0.88))
        )

    def rise_seam(self, top: float, turn: int = 1) -> Seam:
        return Seam(line((0, top), (0.18 * turn, self.rise * 0.6), (0, self.rise)), width=0.1)


def waistband(half: float, depth: float, on: str = "main", fabric: Fabric | None = None) -> Piece:
    """An elastic waist in its casing: drawn in, so it ripples."""
    outline = spline(
        [
            corner(-half, 0),
            (-half * 0.5, 0.18),
            (0, 0.12),
            (half * 0.5, 0.2),
            corner(half, 0),
            (half * 0.985, depth * 0.5),
            corner(half * 1.01, depth),
            (0, depth + 0.25),
            corner(-half * 1.01, depth),
            (-half * 0.985, depth * 0.5),
        ]
    )
    ripples = tuple(
        Crease(half * x, depth + 0.1, half * (x + 0.02), 0.3, 0.42, 0.9, on=on)
        for x in (-0.88, -0.72, -0.55, -0.38, -0.2, 0.0, 0.16, 0.34, 0.52, 0.7, 0.87)
    )
    marks: tuple[Mark, ...] = (
        *(() if fabric is Fabric.RIB else ripples),
        Pool(half * 0.86, depth * 0.5, half * 0.3, depth * 0.8, -0.3, on=on),
        Pool(0, depth, half * 1.1, 0.6, -0.3, on=on),
        Stitch(arch([(0, depth - 0.12), (half, depth - 0.36)]), on, width=0.075),
    )
    return Piece(outline, on, None, 0, fabric, marks, lift=0.3)


def inside_waist(half: float, label: float = 2.8) -> Piece:
    """The back of the waist, a finger higher than the front, with the name tape."""
    outline = symmetric([(0, -1.5), (half * 0.7, -1.3), corner(half * 0.99, 0.1), (0, 0.6)])
    marks = (
        Pool(0, 0.2, half, 0.7, -0.5, on="lining"),
        Stitch(arch([(0, -1.2), (half * 0.96, 0.1)]), "lining", width=0.07),
        NameTape(0, -0.72, label * 0.9, 1),
    )
    return Piece(outline, "lining", None, marks=marks, lift=0.4)


def hem_rows(cut: Trousers, depth: float) -> tuple[Mark, ...]:
    marks: list[Mark] = []
    for s in (-1, 1):
        for up in (depth, depth + 0.42):
            marks.append(
                Stitch(
                    line(
                        (s * (cut.gap - 0.3), cut.length - up),
                        (s * (cut.gap + cut.ankle / 2), cut.length - up + 0.14),
                        (s * (cut.outer + 0.4), cut.length - up),
                    ),
                    width=0.075,
                )
            )
    return tuple(marks)


def ankle_cuff(s: int, cut: Trousers, depth: float) -> Piece:
    x, half, y = s * (cut.gap + cut.ankle / 2), cut.ankle * 0.36, cut.length - 0.3
    outline = spline(
        [
            corner(x - half * 1.05, y),
            corner(x + half * 1.05, y),
            (x + half, y + depth * 0.5),
            corner(x + half * 1.02, y + depth),
            (x, y + depth + 0.14),
            corner(x - half * 1.02, y + depth),
            (x - half, y + depth * 0.5),
        ]
    )
    marks = (
        Pool(x, y, half * 1.2, 0.9, -0.42, on="trim"),
        Pool(x + half * 0.8, y + depth / 2, half * 0.5, depth, -0.3, on="trim"),
    )
    return Piece(outline, "trim", None, 0, Fabric.RIB, marks, lift=0.5)


def slant_pockets(cut: Trousers) -> list[Mark]:
    marks: list[Mark] = []
    for s in (-1, 1):
        edge = line(
            (s * cut.waist * 0.62, 2.8), (s * cut.hip * 0.8, cut.rise * 0.42), (s * (cut.hip + 0.2), cut.rise * 0.62)
        )
        marks += [
            Pool(s * cut.hip * 0.9, cut.rise * 0.44, 1.2, 2.0, -0.3),
            Seam(edge, width=0.14),
            Stitch(edge.moved(-s * 0.42, 0.05), width=0.08),
        ]
    return marks


def patch_pockets(cut: Trousers) -> list[Mark]:
    marks: list[Mark] = []
    for s in (-1, 1):
        x, y, w, h = s * cut.hip * 0.5, cut.rise * 0.38, cut.hip * 0.24, cut.hip * 0.5
        edge = spline(
            [
                corner(x - w, y),
                corner(x + w, y),
                corner(x + w, y + h * 0.75),
                corner(x, y + h),
                corner(x - w, y + h * 0.75),
            ]
        )
        inner = spline(
            [
                corner(x - w + 0.3, y + 0.3),
                corner(x + w - 0.3, y + 0.3),
                corner(x + w - 0.3, y + h * 0.73),
                corner(x, y + h - 0.34),
                corner(x - w + 0.3, y + h * 0.73),
            ]
        )
        marks += [Seam(edge, width=0.11), Stitch(inner, width=0.075)]
    return marks
