"""Dress, skirt, and the two-piece pajamas."""

from dataclasses import replace

from kidspetite.foundation.media.drawing.fasteners import Button, Flag
from kidspetite.foundation.media.drawing.geometry import Path, corner, line, spline
from kidspetite.foundation.media.drawing.marks import Crease, Mark, Pool, Seam, Stitch
from kidspetite.foundation.media.drawing.measures import Measures
from kidspetite.foundation.media.drawing.piece import Piece, Pile, Placed, straight
from kidspetite.foundation.media.drawing.shapes.bottoms import leggings
from kidspetite.foundation.media.drawing.shapes.parts import (
    Half,
    Neck,
    armhole_seams,
    inside_back,
    neck_band,
    neck_for,
    torso,
    torso_creases,
)
from kidspetite.foundation.media.drawing.shapes.tops import SHOULDER_DROP, sleeves, tee
from kidspetite.foundation.media.drawing.shapes.trousers import inside_waist, waistband
from kidspetite.foundation.media.drawing.types import Drawing, View


def dress(m: Measures, drawing: Drawing, view: View) -> Pile:
    """A round collar, a small bodice, and a skirt gathered into it; buttoned down the back."""
    back = view is View.BACK
    neck = neck_for(m, front=0.32, back=0.10, band=0.7, wide=1.0)
    half = m.chest / 2
    waist, length = m.armhole * 1.62, m.top * 1.52
    drop = neck.back if back else neck.front
    bodice_marks: list[Mark] = [
        *torso_creases(m, waist * 1.2)[:7],
        *armhole_seams(m, SHOULDER_DROP),
        Pool(0, waist, half, 1.0, -0.3),
    ]
    if back:
        bodice_marks += _back_buttons(neck.back, waist, drawing)
    bodice_marks += neck_band(neck, drop)[1:]
    lower: Half = [(half * 0.96, waist * 0.85), corner(half * 0.95, waist - 0.2), (0, waist + 0.3)]
    skirt_piece = _gathered(half * 0.94, half * 1.95, waist - 0.5, length)
    pieces = sleeves(m, drawing)
    if not back:
        pieces += inside_back(neck)
    pieces.append(skirt_piece)
    over = (Flag(half * 0.96 - 0.1, waist * 0.8),) if back else ()
    pieces.append(
        Piece(
            torso(m, neck, drop, lower),
            "main",
            straight(0, waist, half * 1.1),
            marks=tuple(bodice_marks),
            over=over,
            lift=0.6,
        )
    )
    pieces += [_collar(s, neck, drop, back) for s in (-1, 1)]
    return Pile(pieces, focus=(neck.half * 0.4, neck.front + 1.5), measured=(0, length))


def _collar(s: int, neck: Neck, drop: float, back: bool) -> Piece:
    """One half of a round collar, in the accent."""
    h = neck.half
    depth = 2.9
    gap = 0.15
    outline = spline(
        [
            corner(s * gap, drop - 0.35),
            (s * h * 0.5, drop - (drop - 0) * 0.18 - 0.3),
            (s * h * 0.86, drop * 0.46 - 0.2),
            corner(s * (h + 0.1), -0.25),
            (s * (h + depth * 0.75), 0.9),
            (s * (h + depth * 0.62), drop * 0.75 + 1.2),
            (s * h * 0.86, drop + depth * 0.72),
            (s * h * 0.4, drop + depth * 0.98),
            (s * (gap + 0.25), drop + depth * 0.62),
        ]
    )
    edge = line(
        (s * (h + depth * 0.42), 0.9),
        (s * (h + depth * 0.36), drop * 0.7 + 1.0),
        (s * h * 0.82, drop + depth * 0.45),
        (s * h * 0.42, drop + depth * 0.7),
        (s * (gap + 0.55), drop + depth * 0.5),
    )
    marks = (
        Stitch(edge, "accent", width=0.08),
        Pool(s * h * 0.5, drop, h * 0.5, 1.0, -0.2 if back else -0.25, on="accent"),
    )
    return Piece(outline, "accent", None, marks=marks, lift=0.7)


def _back_buttons(top: float, waist: float, drawing: Drawing) -> list[Mark]:
    tone = drawing.accent if drawing.accent != drawing.cloth else "cocoa"
    edge = line((0.9, top), (0.9, waist + 0.2))
    step = (waist - top - 2.2) / 3
    return [
        Seam(edge, width=0.11),
        Stitch(edge.moved(-0.3, 0), width=0.075),
        *(Button(0, top + 1.5 + i * step, 0.62, tone, 25 * i) for i in range(4)),
    ]


def _gathered(top_half: float, foot_half: float, top: float, foot: float) -> Piece:
    """A skirt: gathers at the top fall into soft folds, and the hem waves with them."""
    tall = foot - top
    folds = (-0.86, -0.62, -0.36, -0.12, 0.14, 0.38, 0.63, 0.87)
    hem: list[tuple[float, float]] = []
    for i, x in enumerate(folds):
        sink = 0.9 * (1 - x * x)
        hem.append((foot_half * x, foot - 0.9 + sink + (0.42 if i % 2 else -0.12)))
    outline = spline(
        [
            corner(-top_half, top),
            corner(top_half, top),
            (top_half + (foot_half - top_half) * 0.36, top + tall * 0.28),
            (top_half + (foot_half - top_half) * 0.78, top + tall * 0.68),
            corner(foot_half, foot - 1.3),
            *reversed(hem),
            corner(-foot_half, foot - 1.3),
            (-top_half - (foot_half - top_half) * 0.78, top + tall * 0.68),
            (-top_half - (foot_half - top_half) * 0.36, top + tall * 0.28),
        ]
    )
    marks: list[Mark] = [
        Pool(-foot_half * 0.35, top + tall * 0.6, foot_half * 0.35, tall * 0.4, 0.3),
        Pool(foot_half * 0.8, top + tall * 0.6, foot_half * 0.3, tall * 0.5, -0.36),
    ]
    for i, x in enumerate(folds):
        marks.append(
            Crease(
                foot_half * x * 0.99,
                foot - 0.4,
                top_half * x * 1.02,
                top + tall * (0.12 + 0.1 * (i % 3)),
                1.3,
                1.0,
                1 if x > 0 else -1,
            )
        )
    for i in range(15):
        x = -0.95 + 1.9 * i / 14
        marks.append(
            Crease(top_half * x, top + 0.3, top_half * x * 1.22, top + tall * (0.18 + 0.09 * (i * 7 % 4)), 0.42, 0.9)
        )
    stitch = _lifted(hem, foot_half, foot, 1.25)
    marks += [
        Pool(0, top + 0.6, top_half * 1.1, 1.3, -0.4),
        Stitch(stitch, width=0.08),
        Seam(stitch.moved(0, -0.16), width=0.05, lip=0.08),
    ]
    return Piece(
        outline, "main", straight(top, foot, foot_half * 1.05, sag=0.9), marks=tuple(marks), split=top + tall * 0.55
    )


def _lifted(hem: list[tuple[float, float]], half: float, foot: float, up: float) -> Path:
    return spline([(-half, foot - 1.3 - up), *((x, y - up) for x, y in hem), (half, foot - 1.3 - up)], closed=False)


def skirt(m: Measures, drawing: Drawing, view: View) -> Pile:
    back = view is View.BACK
    half = m.waist / 2 * 0.9
    length = m.rise * 0.72 + m.inseam * 0.36 + 4
    body = _gathered(half * 0.98, half * 1.75, 2.2, length)
    if back:
        body = replace(body, over=(Flag(half * 1.3, 7.2, 12),))
    pieces = [body, waistband(half, 2.9)]
    if not back:
        pieces.insert(0, inside_waist(half))
    return Pile(pieces, focus=(0.6, 3.0), measured=(0, length), fill=0.9)


def pajamas(m: Measures, drawing: Drawing, view: View) -> Pile:
    """The top laid over the waist of the trousers."""
    upper, lower = tee(m, drawing, view), leggings(m, drawing, view)
    hem = m.top - 4.5
    legs = Placed(lower, 0.6, hem, -2.5)
    return Pile(upper.pieces, focus=upper.focus, measured=(0, m.top + m.rise + m.inseam - 4.5), under=[legs])
