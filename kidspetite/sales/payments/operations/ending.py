"""Ending an order before it leaves the house, whatever its payment is doing."""

from __future__ import annotations

from kidspetite.sales.orders import operations as orders
from kidspetite.sales.orders import queries as order_queries
from kidspetite.sales.orders import rules as order_rules
from kidspetite.sales.payments.operations.asking import abandon_order


def end_order(order_id: int, *, by: str, reason: str) -> str:
    """Cancel an order for its customer or for staff; gives its status. Calls providers: never inside a transaction.

    An attempt to pay is ended at its provider first. Should the money have come all the same, or the provider not
    answer, the order stays, and is told as it is. What was paid goes back by itself. Raises CannotMove for an order
    that has left.
    """
    if order_queries.order_by_id(order_id).status in order_rules.OPEN:
        return abandon_order(order_id, by=by, reason=reason)
    return orders.cancel_order(order_id, by=by, reason=reason).status
