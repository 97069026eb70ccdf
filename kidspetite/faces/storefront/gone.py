"""What went while its shopper was on the way to pay: named, with the sizes that are still there."""

from __future__ import annotations

from dataclasses import dataclass

from kidspetite.goods.catalog import queries as catalog
from kidspetite.goods.catalog.types import PieceView
from kidspetite.journeys.checkout.types import BasketView
from kidspetite.sales.cart.types import LineView


@dataclass(frozen=True, slots=True)
class Gone:
    """A line that cannot be bought as it is. `left` pieces could be; `sizes` are those of the same style and color."""

    line: LineView
    left: int
    sizes: tuple[PieceView, ...]


def gone_from(basket: BasketView) -> list[Gone]:
    """The lines that stand in the way of paying; asks for other sizes only where there is one."""
    return [
        Gone(line, max(line.available, 0) if line.is_for_sale else 0, _other_sizes(line))
        for line in basket.lines
        if not line.can_be_bought
    ]


def _other_sizes(line: LineView) -> tuple[PieceView, ...]:
    product = catalog.product_page(line.variant.product_slug)
    if product is None:
        return ()
    pieces = product.pieces_in(line.variant.colour_slug)
    return tuple(piece for piece in pieces if piece.is_available and piece.sku != line.sku)
