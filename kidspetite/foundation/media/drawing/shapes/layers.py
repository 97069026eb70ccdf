"""What goes on top: cardigan, hoodie, raincoat."""

from kidspetite.foundation.media.drawing.geometry import Path, arch, corner, line, spline, symmetric
from kidspetite.foundation.media.drawing.marks import Button, Cord, Crease, Flag, Mark, NameTape, Pool, Seam, Snap, Stitch
from kidspetite.foundation.media.drawing.measures import Measures
from kidspetite.foundation.media.drawing.piece import Piece, Pile, straight
from kidspetite.foundation.media.drawing.shapes.parts import armhole_seams, inside_back, neck_for, torso, torso_creases
from kidspetite.foundation.media.drawing.shapes.tops import SHOULDER_DROP, knit_body, knit_hem, sleeves
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
        [corner(-wide, top + 0.3), corner(wide, top + 0.3), (wide + 0.04, length * 0.6), corner(wide, length + 0.3), corner(-wide, length + 0.3),
         (-wide - 0.03, length * 0.6)]
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
        pieces += _open_hood(m, neck.half, neck.front)
    pieces.append(knit_hem(half, length, rib))
    body = knit_body(m, neck, drop, half, length, rib, flag=back, collar=back)
    pieces.append(body)
    if back:
        pieces.append(_hanging_hood(m, neck.half))
    else:
        pieces.append(_kangaroo(half, length - rib))
        cords = (
            Cord(line((-1.9, neck.front * 0.86), (-2.3, neck.front + 3), (-1.8, neck.front + 6.6)), 0.5, drawing.accent),
            Cord(line((1.9, neck.front * 0.86), (2.1, neck.front + 2.6), (2.6, neck.front + 5.6)), 0.5, drawing.accent),
        )
        eyes = (Snap(-1.9, neck.front * 0.84, 0.42, "#e9e7ee"), Snap(1.9, neck.front * 0.84, 0.42, "#e9e7ee"))
        pieces[-1] = _with_over(pieces[-1], (*cords, *eyes))
    return Pile(pieces, focus=(0.0, neck.front + 2.4), measured=(0, length))


def _with_over(piece: Piece, over: tuple[Mark, ...]) -> Piece:
    return Piece(**{**piece.__dict__, "over": (*piece.over, *over)})


def _open_hood(m: Measures, neck: float, front: float) -> list[Piece]:
    """The hood lying up behind the neck, its opening toward us, its edges crossing at the throat."""
    wide, tall = max(m.head * 0.42, neck * 1.32), m.head * 0.62
    outer = symmetric(
        [
            (0, -tall), (wide * 0.50, -tall * 0.955), (wide * 0.88, -tall * 0.66), (wide * 1.0, -tall * 0.26), (neck * 1.34, 0.9),
            corner(neck * 1.2, 2.6), (0, front + 1),
        ]
    )
    opening = symmetric(
        [
            (0, -tall * 0.80), (wide * 0.42, -tall * 0.73), (wide * 0.66, -tall * 0.42), (wide * 0.68, -tall * 0.05), (wide * 0.46, front * 0.55),
            (wide * 0.2, front * 0.92), corner(0, front + 0.6),
        ]
    )
    rim = arch(
        [
            (0, -tall * 0.80), (wide * 0.42, -tall * 0.73), (wide * 0.66, -tall * 0.42), (wide * 0.68, -tall * 0.05), (wide * 0.46, front * 0.55),
            (wide * 0.2, front * 0.92),
        ]
    )
    shell = Piece(
        outer, "main", straight(-tall, front, wide),
        marks=(
            Pool(-wide * 0.55, -tall * 0.7, wide * 0.4, tall * 0.3, 0.35),
            Pool(wide * 0.8, -tall * 0.3, wide * 0.3, tall * 0.5, -0.35),
            Crease(wide * 0.75, -tall * 0.75, wide * 0.9, -tall * 0.2, 0.7, 0.8, 1),
            Crease(-wide * 0.92, -tall * 0.2, -wide * 0.66, -tall * 0.7, 0.6, 0.6, 1),
        ),
    )
    inside = Piece(
        opening, "lining", None,
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
    half = [(0, -tall * 0.88), (wide * 0.48, -tall * 0.80), (wide * 0.76, -tall * 0.45), (wide * 0.78, -tall * 0.04), (wide * 0.56, front * 0.6)]
    return arch(half)


def _hanging_hood(m: Measures, neck: float) -> Piece:
    wide, tall = m.head * 0.46, m.head * 0.60
    outline = symmetric([(0, -0.5), (neck * 0.6, -0.35), corner(neck * 1.04, 0.5), (wide * 0.96, tall * 0.45), (wide * 0.66, tall * 0.88), (0, tall)])
    seam = line((0, -0.4), (0.12, tall * 0.5), (0, tall))
    marks = (
        Pool(-wide * 0.4, tall * 0.35, wide * 0.4, tall * 0.4, 0.4),
        Pool(wide * 0.6, tall * 0.6, wide * 0.4, tall * 0.5, -0.4),
        Pool(0, tall * 0.95, wide * 0.8, tall * 0.2, -0.3),
        Seam(seam, width=0.12), Stitch(seam.moved(0.35, 0), width=0.08), Stitch(seam.moved(-0.35, 0), width=0.08),
        Crease(neck * 0.9, 0.9, wide * 0.4, tall * 0.5, 0.8, 0.8, 1),
        Crease(-neck * 0.9, 0.9, -wide * 0.45, tall * 0.52, 0.8, 0.8, -1),
    )
    return Piece(outline, "main", straight(0, tall, wide), marks=marks, lift=1.2)


def _kangaroo(half: float, foot: float) -> Piece:
    top, wide = foot - 8.2, half * 0.66
    outline = symmetric([(0, top), corner(wide * 0.62, top), (wide * 0.78, top + 3.0), corner(wide, top + 5.0), corner(wide, foot + 0.2), (0, foot + 0.4)])
    marks: list[Mark] = [Pool(-wide * 0.3, top + 3, wide * 0.5, 2.6, 0.3), Pool(0, foot - 0.4, wide, 1.4, -0.3)]
    for side in (-1, 1):
        edge = line((side * wide * 0.56, top), (side * (wide * 0.72), top + 3.1), (side * (wide * 0.93), top + 5.2))
        marks += [Stitch(edge, width=0.08), Stitch(edge.moved(-side * 0.4, 0), width=0.08)]
    marks.append(Stitch(line((-wide * 0.6, top + 0.4), (wide * 0.6, top + 0.4)), width=0.08))
    return Piece(outline, "main", straight(top, foot, wide), marks=tuple(marks), lift=0.6)


def raincoat(m: Measures, drawing: Drawing, view: View) -> Pile:
    """An A-line coat of oilskin: hood, snapped placket, two flapped pockets."""
    back = view is View.BACK
    neck = neck_for(m, front=0.36, back=0.05, band=0.9, wide=1.0)
    half, length = m.chest / 2 * 1.14, m.top * 1.22
    drop = neck.back if back else neck.front
    pieces = sleeves(m, drawing, cuff=0, ease=1.16)
    if not back:
        pieces += _open_hood(m, neck.half, neck.front)
    lower = [(half * 1.06, length * 0.55), (half * 1.2, length * 0.82), corner(half * 1.3, length - 0.5), (half * 0.7, length + 0.25), (0, length + 0.35)]
    hem = [arch([(0, length - up), (half * 0.7, length - up - 0.1), (half * 1.34, length - up - 0.8)]) for up in (1.2, 1.7)]
    marks = (
        *torso_creases(m, length),
        Crease(-half * 0.7, length, -half * 0.62, length * 0.6, 1.2, 1.0, 1),
        Crease(half * 0.8, length, half * 0.66, length * 0.62, 1.2, 1.0, -1),
        *armhole_seams(m, SHOULDER_DROP),
        *(Stitch(path, width=0.08) for path in hem),
        *((_yoke(m) if back else ())),
    )
    over = (Flag(half * 1.2 - 0.2, length * 0.78),) if back else ()
    pieces.append(Piece(torso(m, neck, drop, lower), "main", straight(0, length, half * 1.35), marks=marks, over=over, split=length * 0.5))
    if back:
        pieces.append(_hanging_hood(m, neck.half))
    else:
        pieces += [_placket(neck.front, length), *(_flap_pocket(side, half, length) for side in (-1, 1))]
    return Pile(pieces, focus=(half * 0.35, length * 0.62), measured=(0, length))


def _yoke(m: Measures) -> tuple[Mark, ...]:
    path = arch([(0, m.armhole * 0.7), (m.chest * 0.5, m.armhole * 0.62)])
    return (Seam(path), Stitch(path.moved(0, -0.4), width=0.08))


def _placket(top: float, length: float) -> Piece:
    wide = 1.7
    outline = spline([corner(-wide, top + 0.2), corner(wide, top + 0.2), (wide + 0.1, length * 0.6), corner(wide + 0.1, length + 0.3), corner(-wide, length + 0.3)])
    count = 4
    snaps = tuple(Snap(0, top + 1.8 + i * (length - top - 4.6) / (count - 1), 0.62, "#e9e7ee") for i in range(count))
    marks = (
        Stitch(line((wide - 0.4, top), (wide - 0.3, length)), width=0.08), Stitch(line((-wide + 0.4, top), (-wide + 0.4, length)), width=0.08),
        Pool(-0.3, length * 0.5, 0.7, length * 0.4, 0.4), Crease(0.6, length * 0.72, 0.2, length * 0.55, 0.6, 0.7, 1),
    )
    return Piece(outline, "main", straight(top, length, wide), marks=marks, over=snaps, lift=0.7)


def _flap_pocket(side: int, half: float, length: float) -> Piece:
    x, y, wide, tall = side * half * 0.68, length * 0.66, half * 0.42, length * 0.2
    bag = spline([corner(x - wide, y), corner(x + wide, y), (x + wide * 1.02, y + tall * 0.7), (x + wide * 0.8, y + tall), (x - wide * 0.8, y + tall), (x - wide * 1.02, y + tall * 0.7)])
    edge = line((x - wide * 0.92, y + 0.3), (x - wide * 0.86, y + 1.45), (x, y + 2.1), (x + wide * 0.86, y + 1.45), (x + wide * 0.92, y + 0.3))
    lid = (Seam(spline([(x - wide * 1.06, y), (x - wide, y + 1.75), (x, y + 2.55), (x + wide, y + 1.75), (x + wide * 1.06, y)], closed=False), width=0.13, lip=-0.1),
           Stitch(edge, width=0.08), Snap(x, y + 1.45, 0.5, "#e9e7ee"))
    return Piece(bag, "main", straight(y, y + tall, wide, x), marks=(Pool(x, y + 2.9, wide, 1.0, -0.45), Pool(x - wide * 0.3, y + tall * 0.7, wide * 0.5, 1.2, 0.3)),
                 over=lid, lift=0.6)

