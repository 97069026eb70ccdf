"""Curves in centimetres: outlines through knots, mirrored, moved and turned."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from math import cos, hypot, radians, sin
from typing import NamedTuple


class Point(NamedTuple):
    x: float
    y: float


class Knot(NamedTuple):
    """A point the outline passes through; a sharp one is a corner of the cloth."""

    x: float
    y: float
    sharp: bool = False


class Curve(NamedTuple):
    """One cubic piece of a path, from where the last one ended."""

    out: Point
    into: Point
    end: Point


type Mapping = Callable[[Point], Point]


def corner(x: float, y: float) -> Knot:
    return Knot(x, y, True)


def number(value: float) -> str:
    """Two decimals are a fifth of a pixel; more would only be weight."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


@dataclass(frozen=True)
class Path:
    start: Point
    curves: tuple[Curve, ...]
    closed: bool = True

    @property
    def d(self) -> str:
        """Relative commands from rounded points: shorter to write, and rounding never adds up."""
        x, y = round(self.start.x, 2), round(self.start.y, 2)
        parts = [f"M{_pair(x, y)}"]
        for curve in self.curves:
            straight = _is_straight(Point(x, y), curve)
            steps = [curve.end] if straight else [curve.out, curve.into, curve.end]
            numbers = [_pair(round(p.x, 2) - x, round(p.y, 2) - y) for p in steps]
            parts.append(("l" if straight else "c") + reduce(_after, numbers))
            x, y = round(curve.end.x, 2), round(curve.end.y, 2)
        return "".join(parts) + ("z" if self.closed else "")

    def mapped(self, mapping: Mapping) -> "Path":
        return Path(
            mapping(self.start),
            tuple(Curve(mapping(c.out), mapping(c.into), mapping(c.end)) for c in self.curves),
            self.closed,
        )

    def moved(self, dx: float, dy: float) -> "Path":
        return self.mapped(lambda p: Point(p.x + dx, p.y + dy))

    def points(self, steps: int = 8) -> list[Point]:
        """The path walked in small steps, for boxes and offsets."""
        walked, last = [self.start], self.start
        for curve in self.curves:
            walked += [_at(last, curve, i / steps) for i in range(1, steps + 1)]
            last = curve.end
        return walked

    def box(self) -> tuple[float, float, float, float]:
        return box_of(self.points())


def box_of(points: Iterable[Point]) -> tuple[float, float, float, float]:
    walked = list(points)
    xs, ys = [p.x for p in walked], [p.y for p in walked]
    return min(xs), min(ys), max(xs), max(ys)


def spline(knots: Sequence[tuple[float, float] | Knot], closed: bool = True) -> Path:
    """A smooth path through the knots; tangents follow the neighbours, corners keep their point."""
    chain = [k if isinstance(k, Knot) else Knot(*k) for k in knots]
    count = len(chain)
    tangents = [_tangent(chain, i, closed) for i in range(count)]
    curves = []
    for i in range(count if closed else count - 1):
        here, there = chain[i], chain[(i + 1) % count]
        reach = hypot(there.x - here.x, there.y - here.y) / 3
        leave, arrive = tangents[i], tangents[(i + 1) % count]
        into = Point(there.x - arrive[0] * reach, there.y - arrive[1] * reach) if arrive else None
        out = (
            Point(here.x + leave[0] * reach, here.y + leave[1] * reach)
            if leave
            else _toward(here, into or there, reach)
        )
        curves.append(Curve(out, into or _toward(there, out, reach), Point(there.x, there.y)))
    return Path(Point(chain[0].x, chain[0].y), tuple(curves), closed)


def symmetric(half: Sequence[tuple[float, float] | Knot]) -> Path:
    """A closed outline from its right half, read from the top of the middle line to its foot."""
    right = [k if isinstance(k, Knot) else Knot(*k) for k in half]
    left = [Knot(-k.x, k.y, k.sharp) for k in reversed(right) if abs(k.x) > 1e-6]
    return spline([*right, *left])


def rounded(points: Sequence[tuple[float, float]], radius: float) -> Path:
    """A closed outline of straight sides whose corners are rounded off."""
    count, curves, last = len(points), [], Point(0, 0)
    start: Point | None = None
    for i, (x, y) in enumerate(points):
        entry = _short_of((x, y), points[i - 1], radius)
        leave = _short_of((x, y), points[(i + 1) % count], radius)
        if start is None:
            start = entry
        else:
            curves.append(Curve(last, entry, entry))
        mid_in = Point(entry.x + (x - entry.x) * 0.56, entry.y + (y - entry.y) * 0.56)
        mid_out = Point(leave.x + (x - leave.x) * 0.56, leave.y + (y - leave.y) * 0.56)
        curves.append(Curve(mid_in, mid_out, leave))
        last = leave
    assert start is not None
    return Path(start, tuple(curves))


def arch(half: Sequence[tuple[float, float] | Knot]) -> Path:
    """An open line across the middle from its right half, read outward from the middle."""
    right = [k if isinstance(k, Knot) else Knot(*k) for k in half]
    left = [Knot(-k.x, k.y, k.sharp) for k in reversed(right) if abs(k.x) > 1e-6]
    return spline([*left, *right], closed=False)


def line(*knots: tuple[float, float] | Knot) -> Path:
    return spline(knots, closed=False)


def beside(path: Path, distance: float) -> Path:
    """The line that runs beside an open path, to its right hand when the distance is positive."""
    walked = path.points(4)
    moved = []
    for i, p in enumerate(walked):
        before, after = walked[max(0, i - 1)], walked[min(len(walked) - 1, i + 1)]
        length = hypot(after.x - before.x, after.y - before.y) or 1.0
        moved.append((p.x - (after.y - before.y) / length * distance, p.y + (after.x - before.x) / length * distance))
    return spline(moved, closed=False)


def band(path: Path, width: float) -> Path:
    """The closed strip between an open path and the line beside it."""
    other = beside(path, width)
    back = Path(other.start, other.curves, False)
    return joined(path, reverse(back))


def joined(first: Path, second: Path) -> Path:
    """Two open lines made into one outline: along the first, across, along the second, home."""
    last = first.curves[-1].end
    across = Curve(last, second.start, second.start)
    return Path(first.start, (*first.curves, across, *second.curves), True)


def reverse(path: Path) -> Path:
    starts = [path.start, *(c.end for c in path.curves)]
    curves = tuple(Curve(c.into, c.out, starts[i]) for i, c in reversed(list(enumerate(path.curves))))
    return Path(starts[-1], curves, path.closed)


def turned(degrees: float, about: tuple[float, float] = (0, 0)) -> Mapping:
    c, s = cos(radians(degrees)), sin(radians(degrees))
    ox, oy = about
    return lambda p: Point(ox + (p.x - ox) * c - (p.y - oy) * s, oy + (p.x - ox) * s + (p.y - oy) * c)


def mirrored(p: Point) -> Point:
    return Point(-p.x, p.y)


def _short_of(tip: tuple[float, float], toward: tuple[float, float], reach: float) -> Point:
    length = hypot(toward[0] - tip[0], toward[1] - tip[1]) or 1e-6
    share = min(0.5, reach / length)
    return Point(tip[0] + (toward[0] - tip[0]) * share, tip[1] + (toward[1] - tip[1]) * share)


def _pair(x: float, y: float) -> str:
    return _after(number(x), number(y))


def _after(before: str, text: str) -> str:
    """A minus sign parts two numbers as well as a space does; so does a second point."""
    last = max(before.rfind(sign) for sign in " -")
    parts_itself = text.startswith("-") or (text.startswith(".") and "." in before[last + 1 :])
    return f"{before}{text}" if parts_itself else f"{before} {text}"


def _is_straight(start: Point, curve: Curve) -> bool:
    return all(_off(start, curve.end, p) < 0.006 for p in (curve.out, curve.into))


def _off(a: Point, b: Point, p: Point) -> float:
    length = hypot(b.x - a.x, b.y - a.y)
    if length < 1e-9:
        return hypot(p.x - a.x, p.y - a.y)
    return abs((b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x)) / length


def _at(start: Point, curve: Curve, t: float) -> Point:
    u = 1 - t
    a, b, c, d = u**3, 3 * u * u * t, 3 * u * t * t, t**3
    return Point(
        a * start.x + b * curve.out.x + c * curve.into.x + d * curve.end.x,
        a * start.y + b * curve.out.y + c * curve.into.y + d * curve.end.y,
    )


def _tangent(chain: Sequence[Knot], i: int, closed: bool) -> tuple[float, float] | None:
    here, count = chain[i], len(chain)
    if here.sharp or (not closed and i in (0, count - 1)):
        return None
    before, after = chain[i - 1], chain[(i + 1) % count]
    first = hypot(here.x - before.x, here.y - before.y) or 1e-6
    second = hypot(after.x - here.x, after.y - here.y) or 1e-6
    # Each side's direction weighs by the other side's length, so that a short edge keeps its own direction.
    x = (here.x - before.x) / first * second + (after.x - here.x) / second * first
    y = (here.y - before.y) / first * second + (after.y - here.y) / second * first
    length = hypot(x, y) or 1e-6
    return x / length, y / length


def _toward(start: Knot, aim: Point | Knot, reach: float) -> Point:
    length = hypot(aim.x - start.x, aim.y - start.y) or 1e-6
    return Point(start.x + (aim.x - start.x) / length * reach, start.y + (aim.y - start.y) / length * reach)
