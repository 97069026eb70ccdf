"""Clothes for the legs: leggings, joggers, shorts."""

from dataclasses import replace

from kidspetite.foundation.media.drawing.fasteners import Cord, Flag
from kidspetite.foundation.media.drawing.geometry import line
from kidspetite.foundation.media.drawing.marks import Crease, Pool
from kidspetite.foundation.media.drawing.measures import Measures
from kidspetite.foundation.media.drawing.piece import Piece, Pile, straight
from kidspetite.foundation.media.drawing.shapes.trousers import (
    Trousers,
    ankle_cuff,
    hem_rows,
    inside_waist,
    patch_pockets,
    slant_pockets,
    waistband,
)
from kidspetite.foundation.media.drawing.types import Drawing, Fabric, View


def leggings(m: Measures, drawing: Drawing, view: View) -> Pile:
    back = view is View.BACK
    half = m.waist / 2 * 0.94
    cut = Trousers(half, m.hip / 2, m.rise, m.rise + m.inseam, m.ankle * 0.98, 1.1)
    hems = hem_rows(cut, 1.2)
    marks = (*cut.creases(), *cut.waist_creases(2.8), cut.rise_seam(2.8), *hems)
    body = Piece(
        cut.outline(1.5),
        "main",
        straight(1, cut.length, cut.hip * 1.05),
        marks=marks,
        split=cut.rise + (cut.length - cut.rise) * 0.45,
    )
    pieces = [body, waistband(half, 2.8)]
    if back:
        body = replace(body, over=(Flag(cut.hip - 0.25, m.rise * 0.6),))
        pieces = [body, waistband(half, 2.8)]
    else:
        pieces.insert(0, inside_waist(half))
    return Pile(pieces, focus=(0.5, 2.2), measured=(0, cut.length))


def joggers(m: Measures, drawing: Drawing, view: View) -> Pile:
    """Loose trousers into ribbed cuffs, with a drawcord and slant pockets."""
    back = view is View.BACK
    half, cuff = m.waist / 2 * 0.96, 3.0
    length = m.rise + m.inseam
    cut = Trousers(half, m.hip / 2 * 1.12, m.rise + 0.8, length - cuff + 0.2, m.ankle * 1.3, 1.0)
    marks = [*cut.creases(), *cut.waist_creases(3.0), cut.rise_seam(3.0)]
    marks += patch_pockets(cut) if back else slant_pockets(cut)
    for s in (-1, 1):
        marks += [
            Crease(
                s * (cut.gap + cut.ankle * x),
                cut.length,
                s * (cut.gap + cut.ankle * (0.08 + 0.84 * x)),
                cut.length - 1.6 - (i % 2) * 0.8,
                0.36,
                0.9,
            )
            for i, x in enumerate((0.12, 0.32, 0.5, 0.7, 0.88))
        ]
    body = Piece(
        cut.outline(1.5),
        "main",
        straight(1, cut.length, cut.hip * 1.05),
        marks=tuple(marks),
        split=cut.rise + (cut.length - cut.rise) * 0.45,
        over=(Flag(cut.hip - 0.3, m.rise * 0.7),) if back else (),
    )
    cuffs = [ankle_cuff(s, cut, cuff) for s in (-1, 1)]
    band = waistband(half, 3.0, "trim", Fabric.RIB)
    if not back:
        tone = drawing.accent if drawing.accent != drawing.cloth else "milk"
        cords = (
            Cord(line((-0.7, 1.6), (-1.6, 3.6), (-1.2, 5.8), (-1.9, 8.0)), 0.5, tone),
            Cord(line((0.7, 1.6), (1.3, 3.4), (2.2, 5.0), (2.0, 7.0)), 0.5, tone),
        )
        band = replace(band, over=cords)
    pieces = [*cuffs, body, band]
    if not back:
        pieces.insert(0, inside_waist(half))
    return Pile(pieces, focus=(0.8, 4.0), measured=(0, length))


def shorts(m: Measures, drawing: Drawing, view: View) -> Pile:
    back = view is View.BACK
    half = m.waist / 2 * 0.96
    length = m.rise + m.inseam * 0.2 + 2.0
    cut = Trousers(half, m.hip / 2 * 1.12, m.rise, length, m.thigh * 1.02, 0.9)
    marks = [*cut.waist_creases(3.0), cut.rise_seam(3.0), *hem_rows(cut, 1.4)]
    marks += patch_pockets(cut) if back else slant_pockets(cut)
    for s in (-1, 1):
        marks += [
            Pool(s * cut.hip * 0.5 - 1, cut.rise * 0.8, cut.hip * 0.3, length * 0.4, 0.34),
            Crease(s * 0.4, cut.rise + 0.2, s * cut.hip * 0.6, cut.rise * 0.78, 0.9, 0.9, s),
            Crease(s * cut.hip * 0.56, length, s * cut.hip * 0.5, cut.rise * 0.9, 0.9, 0.7, s),
            Pool(s * cut.hip, cut.rise, cut.hip * 0.2, length * 0.4, -0.34 if s > 0 else -0.12),
        ]
    body = Piece(
        cut.outline(1.5),
        "main",
        straight(1, length, cut.hip * 1.1),
        marks=tuple(marks),
        split=cut.rise * 0.8,
        over=(Flag(cut.hip - 0.2, m.rise * 0.7),) if back else (),
    )
    band = waistband(half, 3.0)
    if not back:
        tone = drawing.accent if drawing.accent != drawing.cloth else "milk"
        band = replace(
            band,
            over=(
                Cord(line((-0.6, 1.7), (-2.2, 2.6), (-2.6, 4.6), (-0.6, 3.2), (0.5, 2.2)), 0.42, tone),
                Cord(line((0.6, 1.7), (2.3, 2.4), (2.9, 4.2), (0.8, 3.4), (-0.4, 2.3)), 0.42, tone),
                Cord(line((-0.2, 2.5), (-0.9, 4.5), (-0.7, 6.6)), 0.42, tone),
                Cord(line((0.2, 2.5), (1.2, 4.6), (1.6, 6.2)), 0.42, tone),
            ),
        )
    pieces = [body, band] if back else [inside_waist(half), body, band]
    return Pile(pieces, focus=(0.4, 3.6), measured=(0, length), fill=0.88)
