from __future__ import annotations

from typing import Any

from django.db.models import QuerySet, Sum

from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.kernel import clock
from kidspetite.foundation.plumbing.recipes import Given, Recipe
from kidspetite.goods.catalog import queries as catalog
from kidspetite.goods.catalog.types import VariantFacts
from kidspetite.goods.inventory import queries as inventory
from kidspetite.goods.inventory.types import HoldFacts
from kidspetite.sales.cart.models import Cart, CartLine
from kidspetite.sales.cart.rules import KEPT
from kidspetite.sales.cart.types import LineView

_WITH_TOKEN = Recipe(lambda: Cart.objects.filter(token=Given("token")))
_LINES = Recipe(lambda: CartLine.objects.filter(cart=Given("cart")).order_by("pk"))


def cart_by_token(token: str) -> Cart | None:
    """The open basket with this key. One that was ordered, merged or left alone for 90 days is not found."""
    found = cart_ever(token)
    return found if found and found.status == Cart.Status.OPEN else None


def cart_ever(token: str) -> Cart | None:
    """The basket with this key, also when it was bought, so that buying it again finds the order it has become. An open
    one that was left alone for 90 days is not found."""
    if not token.isascii() or "\0" in token:
        return None
    found = _WITH_TOKEN.row(token=token)
    is_forgotten = found and found.status == Cart.Status.OPEN and found.touched_at <= clock.now() - KEPT
    return None if is_forgotten else found


def cart_for(customer: User) -> Cart | None:
    """The customer's own open basket, the one used last."""
    mine = Cart.objects.filter(customer=customer, status=Cart.Status.OPEN, touched_at__gt=clock.now() - KEPT)
    return mine.order_by("-touched_at", "-pk").first()


def count_of(token: str) -> int:
    """How many pieces lie in the open basket with this key."""
    lines = CartLine.objects.filter(cart__token=token, cart__status=Cart.Status.OPEN)
    return lines.aggregate(pieces=Sum("quantity"))["pieces"] or 0


def lines_of(cart: Cart) -> list[LineView]:
    """The lines in the order they were added, with today's prices and stock; as many queries for one as for fifty."""
    rows = _LINES.rows(cart=cart.pk)
    if not rows:
        return []
    variants = catalog.variants_for_sale([row.variant_id for row in rows])
    free = inventory.available_pieces(list(variants))
    held = inventory.holds_of(cart.holder)
    return [
        _line(row, variants[row.variant_id], free[row.variant_id], held.get(row.variant_id))
        for row in rows
        if row.variant_id in variants
    ]


def idle_guest_carts(*, limit: int, but: QuerySet[Any]) -> list[int]:
    """Guests' baskets, bought or not, that nobody has touched for 90 days, the longest idle first, `but` those ids.

    Locks them, and leaves out those that somebody else has under lock: belongs inside the transaction that ends them.
    """
    idle = Cart.objects.filter(customer=None, touched_at__lte=clock.now() - KEPT).exclude(pk__in=but)
    return [cart.pk for cart in idle.select_for_update(skip_locked=True).order_by("touched_at")[:limit]]


def pieces_in(cart: Cart) -> dict[int, int]:
    """How many of each variant lie in a basket."""
    return {line.variant_id: line.quantity for line in _LINES.rows(cart=cart.pk)}


def _line(row: CartLine, variant: VariantFacts, free: int, hold: HoldFacts | None) -> LineView:
    own = hold.quantity if hold else 0
    return LineView(
        id=row.pk,
        sku=variant.sku,
        variant=variant,
        quantity=row.quantity,
        unit_price=variant.price,
        line_total=variant.price * row.quantity,
        available=free + own if variant.is_for_sale else 0,
        held=min(own, row.quantity),
        hold_expires_at=hold.expires_at if hold and own >= row.quantity else None,
    )
