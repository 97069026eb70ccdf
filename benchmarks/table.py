"""What a run found out: cells, what they are held against, and how they are told."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.rows import Aim

MARGIN = 0.3
MOST_GROWTH = 1.5
MOST_MEMORY_MB, MEMORY_MARGIN = 600, 0.15
MOST_FAILED = 0.01
CROWD = 16
type Memory = Mapping[str, Mapping[str, float]]


class NoBaseline(Exception):
    """There is nothing to hold the run against; the message says how to make it."""


@dataclass(frozen=True)
class Cell:
    """One row at one number of connections. `constant` is what the constant page gave a second just before and after;
    `products` is 0 for another shop's."""

    products: int
    row: str
    connections: int
    count: int
    failed: int
    per_second: float
    p50: float
    p95: float
    p99: float
    constant: float
    statements: int | None = None
    cpu_ms: float | None = None

    @property
    def key(self) -> str:
        return f"{self.products}/{self.row}/{self.connections}"

    @property
    def ratio(self) -> float:
        """Answers for every answer of the constant page: the noise of the machine is in both."""
        return self.per_second / self.constant if self.constant else 0.0

    @property
    def is_broken(self) -> bool:
        return not self.count or self.failed > MOST_FAILED * self.count


def missed(cells: Iterable[Cell], aims: Mapping[str, Aim]) -> list[str]:
    """Each aim of the design that a cell did not reach, in a sentence."""
    told = []
    for cell in cells:
        aim = aims.get(cell.row)
        if aim is None or cell.connections != CROWD or not cell.products:
            continue
        where = f"{cell.row} at {cell.products:,} products"
        if aim.of_constant and cell.ratio < aim.of_constant:
            told.append(f"{where}: {cell.ratio:.2f} of the constant page; the aim is {aim.of_constant}")
        if cell.per_second < aim.per_second:
            told.append(f"{where}: {cell.per_second:,.0f}/s; the aim is {aim.per_second:,}/s")
        if aim.p95 and cell.p95 > aim.p95:
            told.append(f"{where}: p95 {cell.p95:,.1f} ms; the aim is {aim.p95:,} ms")
    return told


def growths(cells: Sequence[Cell]) -> dict[str, float]:
    """How much more a row costs with the most products than with the fewest, as ratios to the constant page."""
    sizes = sorted({cell.products for cell in cells})
    if len(sizes) < 2:
        return {}
    at = {(cell.products, cell.row): cell.ratio for cell in cells if cell.connections == CROWD}
    pairs = {row: (at[sizes[0], row], at.get((sizes[-1], row), 0.0)) for size, row in at if size == sizes[0]}
    return {row: round(few / many, 2) for row, (few, many) in pairs.items() if few and many}


def slower(cells: Iterable[Cell], memory: Memory, baseline: Mapping[str, Any], *, margin: float = MARGIN) -> list[str]:
    """What got worse than the baseline by more than the margin, each in a sentence. Rows that it lacks are new."""
    told = []
    for cell in cells:
        if cell.is_broken:
            told.append(f"{cell.key}: {cell.failed} of {cell.count} answers failed")
        was = baseline["cells"].get(cell.key)
        if was is None:
            continue
        if is_slower(cell, baseline, margin=margin):
            told.append(f"{cell.key}: {cell.ratio:.4f} of the constant page, and was {was['ratio']:.4f}")
        if was["statements"] is not None and cell.statements is not None and cell.statements > was["statements"]:
            told.append(f"{cell.key}: {cell.statements} statements, and were {was['statements']}")
    for size, parts in memory.items():
        before = sum(baseline["memory"].get(size, {}).values())
        if before and sum(parts.values()) > before * (1 + MEMORY_MARGIN):
            told.append(f"memory at {size} products: {sum(parts.values()):.0f} MB, and was {before:.0f} MB")
    return told


def is_slower(cell: Cell, baseline: Mapping[str, Any], *, margin: float) -> bool:
    was = baseline["cells"].get(cell.key)
    return was is not None and cell.ratio < was["ratio"] * (1 - margin)


def read_baseline(file: Path) -> dict[str, Any]:
    """Raises NoBaseline."""
    try:
        read: dict[str, Any] = json.loads(file.read_text())
        known = {key: (one["ratio"], one["statements"]) for key, one in read["cells"].items()}
    except FileNotFoundError:
        raise NoBaseline(f"There is no {file}; ./shop bench --save makes it.") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NoBaseline(f"{file} is no baseline ({error!r}); ./shop bench --save makes it anew.") from None
    if not known:
        raise NoBaseline(f"{file} holds no rows; ./shop bench --save makes it anew.")
    return read


def save_baseline(file: Path, cells: Iterable[Cell], memory: Memory, facts: Mapping[str, Any]) -> None:
    """Rows that were not measured stay as they are, if they were measured by the same driver."""
    try:
        old = read_baseline(file)
    except NoBaseline:
        old = {"facts": dict(facts)}
    same = old if old["facts"].get("driver") == facts["driver"] else {}
    kept = same.get("cells", {}) | {cell.key: told_cell(cell) for cell in cells}
    held = same.get("memory", {}) | {size: dict(parts) for size, parts in memory.items()}
    told = {"facts": dict(facts), "cells": dict(sorted(kept.items())), "memory": held}
    file.write_text(json.dumps(told, indent=1) + "\n")


def told_cell(cell: Cell) -> dict[str, Any]:
    return asdict(cell) | {"ratio": round(cell.ratio, 5)}


HEAD = ("row", "conn", "req/s", "p50", "p95", "p99", "of constant", "statements", "CPU ms", "to baseline")
WIDTHS = (12, 5, 9, 8, 8, 8, 12, 11, 8, 12)


def table(cells: Sequence[Cell], baseline: Mapping[str, Any] | None) -> list[str]:
    """A block for each size of the catalogue. Times are milliseconds."""
    lines = []
    for size in sorted({cell.products for cell in cells}):
        own = [cell for cell in cells if cell.products == size]
        lines += ["", f"{size:,} products" if size else "another shop", _line(HEAD)]
        lines += [_line(_words(cell, baseline)) for cell in own]
    return lines


def _words(cell: Cell, baseline: Mapping[str, Any] | None) -> tuple[str, ...]:
    was = (baseline or {"cells": {}})["cells"].get(cell.key)
    pace = f"{cell.per_second:,.0f}" if cell.per_second >= 100 else f"{cell.per_second:.1f}"
    return (
        cell.row, str(cell.connections), pace,
        f"{cell.p50:.1f}", f"{cell.p95:.1f}", f"{cell.p99:.1f}", f"{cell.ratio:.4f}",
        "–" if cell.statements is None else str(cell.statements), "–" if cell.cpu_ms is None else f"{cell.cpu_ms:.2f}",
        f"× {cell.ratio / was['ratio']:.2f}" if was and was["ratio"] else "–",
    )  # fmt: skip


def _line(words: Sequence[str]) -> str:
    first, *rest = (
        word.ljust(width) if number == 0 else word.rjust(width)
        for number, (word, width) in enumerate(zip(words, WIDTHS, strict=True))
    )
    return "".join((first, *rest))
