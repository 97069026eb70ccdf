"""The picture: a garment fitted to the frame, turned a little, laid on nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kidspetite.foundation.media.drawing.geometry import number
from kidspetite.foundation.media.drawing.ink import Ink, chance
from kidspetite.foundation.media.drawing.paint import piled, shadow
from kidspetite.foundation.media.drawing.piece import Piece, Pile
from kidspetite.foundation.media.drawing.shapes.pattern_book import cut
from kidspetite.foundation.media.drawing.tape_measure import tape
from kidspetite.foundation.media.drawing.types import Drawing, View

WIDTH, HEIGHT = 960, 1200
CLOSE = 3.0
MOST_PX = 34.0  # pixels to the centimetre beside the tape: a bootie stays a small thing


@dataclass(frozen=True)
class Frame:
    """Where on the sheet a garment may lie, and how far it is turned there."""

    x: float
    y: float
    width: float
    height: float
    turn: float = 0.0


WHOLE = Frame(95, 118, 770, 960)
BESIDE_TAPE = Frame(280, 110, 620, 960)
SETS = {
    2: (Frame(50, 60, 520, 660, -4), Frame(430, 560, 480, 580, 4)),
    3: (Frame(40, 50, 500, 560, -5), Frame(490, 330, 430, 500, 4), Frame(80, 680, 440, 470, -2)),
}


def draw(drawing: Drawing, view: View = View.FRONT) -> str:
    """The drawing as a complete SVG of 960×1200 on a transparent ground; the same drawing is always the same text."""
    ink = Ink(drawing, "a")
    pile = cut(drawing, view)
    match view:
        case View.DETAIL:
            body = _close(ink, pile)
        case View.TAPE:
            body = _beside_tape(ink, pile)
        case _:
            body = _in_frame(ink, pile, WHOLE, chance(drawing, "turn").uniform(-2, 2))
    return _document([ink], body)


def draw_set(drawings: Sequence[Drawing]) -> str:
    """Two or three garments on one sheet, overlapping by a tenth at most; refuses any other number."""
    if len(drawings) not in SETS:
        raise ValueError(f"A set is two or three pieces, not {len(drawings)}.")
    inks, body = [], ""
    for place, (drawing, frame) in enumerate(zip(drawings, SETS[len(drawings)], strict=True)):
        ink = Ink(drawing, "abc"[place])  # so that the ids of one piece never meet those of another
        body += _in_frame(ink, cut(drawing, View.FRONT), frame, frame.turn + chance(drawing, "turn").uniform(-1, 1))
        inks.append(ink)
    return _document(inks, body)


def _in_frame(ink: Ink, pile: Pile, frame: Frame, turn: float) -> str:
    left, top, right, foot = pile.box()
    ink.px = min(frame.width / (right - left), frame.height / (foot - top)) * pile.fill
    at = (frame.x + frame.width / 2, frame.y + frame.height / 2)
    return _placed(ink, pile, at, ((left + right) / 2, (top + foot) / 2), turn)


def _close(ink: Ink, pile: Pile) -> str:
    """Three times as near, on the fastening, the cuff or the knit."""
    left, top, right, foot = pile.box()
    ink.zoom = CLOSE
    ink.px = min(WHOLE.width / (right - left), WHOLE.height / (foot - top)) * pile.fill
    near = replace(pile, pieces=[piece for piece in pile.pieces if _in_sight(piece, pile.focus, ink.px * CLOSE)])
    return _placed(ink, near, (WIDTH / 2, HEIGHT / 2), pile.focus, chance(ink.drawing, "turn").uniform(-2, 2))


def _in_sight(piece: Piece, focus: tuple[float, float], px: float) -> bool:
    """Whether any of the piece can fall inside the frame, with a margin for turn, warp and shadow."""
    left, top, right, foot = piece.outline.box()
    across, down = WIDTH * 0.56 / px + 2, HEIGHT * 0.56 / px + 2
    return left < focus[0] + across and right > focus[0] - across and top < focus[1] + down and foot > focus[1] - down


def _beside_tape(ink: Ink, pile: Pile) -> str:
    """The garment beside the tape at the tape's own scale, its top at zero."""
    left, top, right, foot = pile.box()
    frame = BESIDE_TAPE
    ink.px = min(frame.width / (right - left), frame.height / (foot - top), MOST_PX)
    start, end = pile.measured or (top, foot)
    middle = (top + foot) / 2
    at = (frame.x + frame.width / 2, frame.y + frame.height / 2)
    zero = at[1] + (start - middle) * ink.px
    hang = min(HEIGHT - 24.0, zero + (end - start + 4) * ink.px)
    garment = _placed(ink, pile, at, ((left + right) / 2, middle), 0)
    return tape(ink, 64, zero, max(hang, zero + 260), end - start) + garment


def _placed(ink: Ink, pile: Pile, at: tuple[float, float], middle: tuple[float, float], turn: float) -> str:
    transform = (
        f"translate({number(at[0])} {number(at[1])}) rotate({number(turn)}) scale({ink.px * ink.zoom:.3f}) "
        f"translate({number(-middle[0])} {number(-middle[1])})"
    )
    return f'<g transform="{transform}">{shadow(ink, pile)}{piled(ink, pile)}</g>'


def _document(inks: Sequence[Ink], body: str) -> str:
    defs = "".join(markup for ink in inks for markup in ink.defs.values())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f"<defs>{defs}</defs>{body}</svg>"
    )
