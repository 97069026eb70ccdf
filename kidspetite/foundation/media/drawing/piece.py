"""A piece of cloth as a cutter knows it, and a garment as a pile of pieces."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from kidspetite.foundation.media.drawing.geometry import Mapping, Path, Point, box_of, mirrored, turned
from kidspetite.foundation.media.drawing.marks import Mark
from kidspetite.foundation.media.drawing.types import Fabric


@dataclass(frozen=True)
class Course:
    """How the cloth runs in a piece: where its rows lie, so that a pattern bends with it.

    `row(u, v)` is the point `u` down the piece and `v` across it; `turn_at(u)` is how far the cloth is turned there.
    On the wearer's far side `v` runs the other way: `side` is −1.
    """

    row: Callable[[float, float], Point]
    first: float
    last: float
    half: float
    turn: float = 0.0
    sag: float = 0.0
    side: int = 1
    angle: Callable[[float], float] | None = None

    def turn_at(self, u: float) -> float:
        return self.angle(u) if self.angle else self.turn


def straight(first: float, last: float, half: float, x: float = 0.0, sag: float = 0.35) -> Course:
    """Rows straight across, hanging a little in the middle."""
    return Course(lambda u, v: Point(x + v, u), first, last, half, 0.0, sag)


@dataclass(frozen=True)
class Piece:
    outline: Path
    on: str = "main"
    course: Course | None = None  # None: the pattern stays off this piece
    turn: float = 0.0  # of the grain, when there is no course
    fabric: Fabric | None = None
    marks: tuple[Mark, ...] = ()  # kept inside the outline
    over: tuple[Mark, ...] = ()  # may cross the outline
    lift: float = 1.0  # how far it stands off what lies below: 0 is sewn flat
    split: float | None = None  # colour block: the row where the accent begins
    round: float = 1.0  # how strongly its rim turns away from the light


@dataclass(frozen=True)
class Placed:
    """A pile laid down somewhere: the second sock, the trousers under the pajama top."""

    pile: "Pile"
    dx: float = 0.0
    dy: float = 0.0
    turn: float = 0.0

    def mapping(self) -> Mapping:
        turn = turned(self.turn)
        return lambda p: Point(turn(p).x + self.dx, turn(p).y + self.dy)


@dataclass
class Pile:
    """A garment: pieces from the lowest to the topmost, its length line, and where a close look pays."""

    pieces: list[Piece] = field(default_factory=list)
    focus: tuple[float, float] = (0.0, 0.0)
    measured: tuple[float, float] | None = None  # top and foot of the length on the tape
    fill: float = 1.0  # share of the frame it takes

    under: list[Placed] = field(default_factory=list)  # drawn first

    def outlines(self) -> list[Path]:
        below = [path.mapped(placed.mapping()) for placed in self.under for path in placed.pile.outlines()]
        return below + [piece.outline for piece in self.pieces]

    def box(self) -> tuple[float, float, float, float]:
        return box_of(p for path in self.outlines() for p in path.points())


def mirror_image(pile: Pile) -> Pile:
    """The pile as its other side: the left shoe for the right. Light does not turn with it."""
    return replace(
        pile,
        pieces=[_mirrored_piece(piece) for piece in pile.pieces],
        focus=(-pile.focus[0], pile.focus[1]),
        under=[Placed(mirror_image(p.pile), -p.dx, p.dy, -p.turn) for p in pile.under],
    )


def _mirrored_piece(piece: Piece) -> Piece:
    course = piece.course
    if course is not None:
        course = replace(course, row=_mirrored_row(course), turn=-course.turn, side=-course.side)
    return replace(
        piece,
        outline=piece.outline.mapped(mirrored),
        course=course,
        turn=-piece.turn,
        marks=tuple(mark.mirrored() for mark in piece.marks),
        over=tuple(mark.mirrored() for mark in piece.over),
    )


def _mirrored_row(course: Course) -> Callable[[float, float], Point]:
    return lambda u, v: mirrored(course.row(u, v))
