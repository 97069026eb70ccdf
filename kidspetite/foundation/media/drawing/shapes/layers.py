"""What goes on top: cardigan and hoodie."""

from dataclasses import replace

from kidspetite.foundation.media.drawing.fasteners import Button, Cord, Snap
from kidspetite.foundation.media.drawing.geometry import corner, line, spline, symmetric
from kidspetite.foundation.media.drawing.marks import Mark, Pool, Stitch
from kidspetite.foundation.media.drawing.measures import Measures
from kidspetite.foundation.media.drawing.piece import Piece, Pile, straight
from kidspetite.foundation.media.drawing.shapes.hoods import hanging_hood, open_hood
from kidspetite.foundation.media.drawing.shapes.parts import inside_back, neck_for
from kidspetite.foundation.media.drawing.shapes.tops import knit_body, knit_hem, sleeves
from kidspetite.foundation.media.drawing.types import Drawing, Fabric, View


def cardigan(m: Measures, drawing: Drawing, view: View) -> Pile:
    """A buttoned cardigan: V neck, rib all round, five buttons."""
    back = view is View.BACK
    neck = neck_for(m, front=0.30 if back else 0.62, back=0.05, band=1.9, wide=0.96)
    rib, length, half = 3.2, m.top + 0.6, m.chest / 2 * 1.1
    drop = neck.back if back else neck.front
    pieces = sleeves(m, drawing, cuff=3.4, ease=1.12)
    if not back:
        pieces += inside_back(neck)
    pieces.append(knit_hem(half, length, rib))
    pieces.append(knit_body(m, neck, drop, half, length, rib, flag=back))
    if not back:
        pieces.append(_button_band(neck.front, length, drawing))
    return Pile(pieces, focus=(0.4, neck.front + 2.6), measured=(0, length))


def _button_band(top: float, length: float, drawing: Drawing) -> Piece:
    wide = 1.25
    outline = spline(
        [
            corner(-wide, top + 0.3),
            corner(wide, top + 0.3),
            (wide + 0.04, length * 0.6),
            corner(wide, length + 0.3),
            corner(-wide, length + 0.3),
            (-wide - 0.03, length * 0.6),
        ]
    )
    count = 5
    step = (length - top - 3.2) / (count - 1)
    tone = "milk" if drawing.cloth in ("milk", "oat", "butter") and drawing.accent == "milk" else drawing.accent
    tone = "cocoa" if tone == drawing.cloth or (tone == "milk" and drawing.cloth in ("milk", "oat")) else tone
    buttons = tuple(Button(0.05, top + 1.7 + i * step, 0.78, tone, 12 + 31 * i) for i in range(count))
    marks = (Pool(0.8, (top + length) / 2, 0.7, length * 0.5, -0.25, on="trim"),)
    return Piece(outline, "trim", None, 90, Fabric.RIB, marks, buttons, lift=0.6)


def hoodie(m: Measures, drawing: Drawing, view: View) -> Pile:
    """A hooded sweatshirt: the hood lies open above, a kangaroo pocket in front."""
    back = view is View.BACK
    neck = neck_for(m, front=0.36, back=0.05, band=0.9, wide=1.0)
    rib, length, half = 3.2, m.top + 0.8, m.chest / 2 * 1.1
    drop = neck.back if back else neck.front
    pieces = sleeves(m, drawing, cuff=3.2, ease=1.12)
    if not back:
        pieces += open_hood(m, neck.half, neck.front)
    pieces.append(knit_hem(half, length, rib))
    body = knit_body(m, neck, drop, half, length, rib, flag=back, collar=back)
    if back:
        pieces += [body, hanging_hood(m, neck.half)]
    else:
        pieces += [replace(body, over=_drawcords(neck.front, drawing)), _kangaroo(half, length - rib)]
    return Pile(pieces, focus=(0.6, neck.front + 4.6), measured=(0, length))


def _drawcords(top: float, drawing: Drawing) -> tuple[Mark, ...]:
    """Two cords out of eyelets at the throat, never quite the same length."""
    y = top + 1.0
    left = line((-1.9, y), (-2.3, y + 2.4), (-1.8, y + 5.4))
    right = line((1.9, y), (2.1, y + 2.1), (2.6, y + 4.6))
    tone = drawing.accent
    return (
        Cord(left, 0.5, tone),
        Cord(right, 0.5, tone),
        Snap(-1.9, y, 0.42, "#e9e7ee"),
        Snap(1.9, y, 0.42, "#e9e7ee"),
    )


def _kangaroo(half: float, foot: float) -> Piece:
    top, wide = foot - 8.2, half * 0.66
    outline = symmetric(
        [
            (0, top),
            corner(wide * 0.62, top),
            (wide * 0.78, top + 3.0),
            corner(wide, top + 5.0),
            corner(wide, foot + 0.2),
            (0, foot + 0.4),
        ]
    )
    marks: list[Mark] = [Pool(-wide * 0.3, top + 3, wide * 0.5, 2.6, 0.3), Pool(0, foot - 0.4, wide, 1.4, -0.3)]
    for side in (-1, 1):
        edge = line((side * wide * 0.56, top), (side * (wide * 0.72), top + 3.1), (side * (wide * 0.93), top + 5.2))
        marks += [Stitch(edge, width=0.08), Stitch(edge.moved(-side * 0.4, 0), width=0.08)]
    marks.append(Stitch(line((-wide * 0.6, top + 0.4), (wide * 0.6, top + 0.4)), width=0.08))
    return Piece(outline, "main", straight(top, foot, wide), marks=tuple(marks), lift=0.6)
