from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet, Sum

from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.kernel import clock
from kidspetite.foundation.plumbing.recipes import Given, Recipe, ask_kept
from kidspetite.goods.catalog.queries.pieces import PIECE_COLUMNS, PIECE_JOINED, piece_from
from kidspetite.goods.catalog.types import VariantFacts
from kidspetite.goods.inventory import queries as inventory
from kidspetite.sales.cart.models import Cart, CartLine
from kidspetite.sales.cart.rules import KEPT
from kidspetite.sales.cart.types import LineView

_WITH_TOKEN = Recipe(lambda: Cart.objects.filter(token=Given("token")))
_LINES = Recipe(lambda: CartLine.objects.filter(cart=Given("cart")).order_by("pk"))
_WANTED = f"""
SELECT line.quantity, {PIECE_COLUMNS}
  FROM cart_cartline AS line JOIN catalog_variant AS v ON v.id = line.variant_id {PIECE_JOINED}
 WHERE line.cart_id = %s ORDER BY line.id
"""


def lines_statement(columns: str = "", joined: str = "") -> str:
    """What `lines_from` reads, besides `columns` that a room above wants to know of the same basket, `line.cart_id`."""
    return f"""
SELECT {columns} line.id, line.quantity, {inventory.SHELF_COLUMNS}, {PIECE_COLUMNS}
  FROM cart_cartline AS line JOIN catalog_variant AS v ON v.id = line.variant_id
  {PIECE_JOINED} {inventory.SHELF_JOINED} {joined}
 WHERE line.cart_id = %(cart)s ORDER BY line.id
"""


_SHOWN = lines_statement()


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
    """The lines in the order they were added, with today's prices and stock; one query for one as for fifty."""
    return [line_from(row) for row in ask_kept(_SHOWN, told_of(cart))]


def told_of(cart: Cart) -> dict[str, Any]:
    """What `lines_statement` is told."""
    return {"cart": cart.pk, "holder": cart.holder, "now": clock.now()}


def wanted_in(cart: Cart) -> list[tuple[VariantFacts, int]]:
    """The pieces of a basket and how many of each, in the order they were added."""
    return [(piece_from(row[1:]), row[0]) for row in ask_kept(_WANTED, [cart.pk])]


def idle_guest_carts(*, limit: int, but: QuerySet[Any]) -> list[int]:
    """Guests' baskets, bought or not, that nobody has touched for 90 days, the longest idle first, `but` those ids.

    Locks them, and leaves out those that somebody else has under lock: belongs inside the transaction that ends them.
    """
    idle = Cart.objects.filter(customer=None, touched_at__lte=clock.now() - KEPT).exclude(pk__in=but)
    return [cart.pk for cart in idle.select_for_update(skip_locked=True).order_by("touched_at")[:limit]]


def pieces_in(cart: Cart) -> dict[int, int]:
    """How many of each variant lie in a basket."""
    return {line.variant_id: line.quantity for line in _LINES.rows(cart=cart.pk)}


def line_from(row: Sequence[Any]) -> LineView:
    """A line from the last values of `lines_statement`."""
    line_id, quantity, free, held, ends = row[:5]
    variant, own = piece_from(row[5:]), held or 0
    return LineView(
        id=line_id,
        sku=variant.sku,
        variant=variant,
        quantity=quantity,
        unit_price=variant.price,
        line_total=variant.price * quantity,
        available=(free or 0) + own if variant.is_for_sale else 0,
        held=min(own, quantity),
        hold_expires_at=ends if own >= quantity else None,
    )
