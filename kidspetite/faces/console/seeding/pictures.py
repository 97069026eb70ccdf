"""Draws the demo goods on all cores. Drawing is pure, so every process may do it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

from kidspetite.faces.console.demo.wares import Product, ProductColour, Size
from kidspetite.foundation.media.drawing import (
    Drawing,
    Fabric,
    Garment,
    Pattern,
    Sleeve,
    View,
    describe,
    draw,
    wash_for,
)
from kidspetite.foundation.media.types import NewDrawing

AT_ONCE = 12


@dataclass(frozen=True, slots=True)
class Sheet:
    """One picture to be drawn: which product and colour it belongs to, and what it shows."""

    product: str
    colour: str
    view: View
    drawing: Drawing


def sheets_of(product: Product, sizes: dict[str, Size]) -> list[Sheet]:
    """Front, back and tape in every colour, and a detail of the first."""
    sheets = []
    for number, in_colour in enumerate(product.colours):
        views = [View.FRONT, View.BACK, View.TAPE, *([View.DETAIL] if number == 0 else [])]
        drawing = drawing_of(product, in_colour, sizes)
        sheets += [Sheet(product.slug, in_colour.colour, view, drawing) for view in views]
    return sheets


def drawing_of(product: Product, in_colour: ProductColour, sizes: dict[str, Size]) -> Drawing:
    """In the middle size, at its true proportions."""
    middle = sizes[product.sizes[len(product.sizes) // 2]]
    return Drawing(
        garment=Garment(product.garment),
        cloth=in_colour.colour,
        accent=in_colour.accent,
        pattern=Pattern(in_colour.pattern),
        fabric=Fabric(product.fabric),
        sleeve=Sleeve(product.sleeve),
        height_cm=middle.height_cm,
        seed=product.slug,
    )


def drawn(sheets: Sequence[Sheet]) -> Iterator[list[tuple[Sheet, NewDrawing]]]:
    """The sheets with their pictures, a dozen at a time and in order."""
    batches = [sheets[start : start + AT_ONCE] for start in range(0, len(sheets), AT_ONCE)]
    if cores() < 2 or len(batches) < 4:
        yield from map(_draw, batches)
        return
    # Spawned, not forked: a database connection and a server thread must not be copied.
    with ProcessPoolExecutor(min(cores(), 4), mp_context=get_context("spawn")) as pool:
        yield from pool.map(_draw, batches)


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _draw(batch: Sequence[Sheet]) -> list[tuple[Sheet, NewDrawing]]:
    return [(sheet, _picture(sheet)) for sheet in batch]


def _picture(sheet: Sheet) -> NewDrawing:
    words = describe(sheet.drawing, sheet.view)
    return NewDrawing(draw(sheet.drawing, sheet.view), words, wash_for(sheet.drawing.cloth))
