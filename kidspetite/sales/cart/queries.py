from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet, Sum

from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.kernel import clock
from kidspetite.foundation.plumbing.recipes import Given, Recipe, ask_kept
from kidspetite.goods.catalog.queries.pieces import PIECE_COLUMNS, PIECE_JOINED, facts_kept, piece_from
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
    """What `lines_from` reads, after `columns` that a room above wants to know of the same basket, `wanted.cart_id`."""
    return f"""
SELECT {columns} wanted.variant_id, wanted.id, wanted.quantity, {inventory.SHELF_COLUMNS}
  FROM cart_cartline AS wanted {inventory.SHELF_JOINED} {joined}
 WHERE wanted.cart_id = %(cart)s ORDER BY wanted.id
"""


_SHOWN = lines_statement()


def cart_by_token(token: str) -> Cart | None:
    """The open basket with this key. One that was ordered, merged or left alone for 90 days is not found."""
    found = cart_ever(token)
    return found if found and found.status == Cart.Status.OPEN else None


def cart_ever(token: str) -> Cart | None:
    """The basket with this key, also when it was bought, so that buying it again finds the order it has become. An open
    one that was left alone for 90 days is not found."""
    found = _WITH_TOKEN.row(token=token) if is_key(token) else None
    return None if found and is_forgotten(found) else found


def is_key(token: str) -> bool:
    """Whether a basket might have this key."""
    return token.isascii() and "\0" not in token


def is_forgotten(cart: Cart) -> bool:
    """Whether an open basket was left alone for so long that it is not found any more."""
    return cart.status == Cart.Status.OPEN and cart.touched_at <= clock.now() - KEPT


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
    return lines_from(ask_kept(_SHOWN, told_of(cart)))


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


def lines_from(rows: Sequence[Sequence[Any]]) -> list[LineView]:
    """The lines from what a `lines_statement` found of them."""
    facts = facts_kept([row[0] for row in rows]) if rows else {}
    return [_line(facts[variant_id], *told) for variant_id, *told in rows if variant_id in facts]


def _line(
    variant: VariantFacts, line_id: int, quantity: int, free: int | None, held: int | None, ends: datetime | None
) -> LineView:
    own = held or 0
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
