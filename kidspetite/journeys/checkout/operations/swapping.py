from __future__ import annotations

from django.db import transaction

from kidspetite.sales.cart import operations as carts
from kidspetite.sales.cart.errors import NoSuchLine
from kidspetite.sales.cart.models import Cart, CartLine


@transaction.atomic
def swap_piece(cart: Cart, *, line_id: int, sku: str) -> None:
    """Put as many pieces of another SKU into a basket instead of a line, as when a size went while its shopper was
    paying. Raises what add_to_cart raises, and NoSuchLine; then the basket is as it was."""
    line = CartLine.objects.filter(cart=cart, pk=line_id).select_related("variant").first()
    if line is None:
        raise NoSuchLine()
    if line.variant.sku != sku:
        carts.add_to_cart(cart, sku=sku, quantity=line.quantity)
        carts.remove_line(cart, line_id=line_id)
