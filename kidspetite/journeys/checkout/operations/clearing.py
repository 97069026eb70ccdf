from __future__ import annotations

from django.db import transaction

from kidspetite.sales.cart import operations as carts
from kidspetite.sales.cart import queries as cart_queries
from kidspetite.sales.orders import queries as order_queries

AT_ONCE = 500


@transaction.atomic
def forget_idle_baskets(*, limit: int = AT_ONCE) -> int:
    """Delete up to `limit` guests' baskets that nobody has touched for as long as a basket is kept, with what was
    typed into them; gives how many. One whose order still waits for money stays.

    Nothing is lost by it: such a basket is not found any more, and a bought one lives on in its order. Locks those
    baskets, and leaves one that somebody is at for another time.
    """
    idle = cart_queries.idle_guest_carts(limit=limit, but=order_queries.baskets_with_open_orders())
    carts.forget_carts(idle)
    return len(idle)
