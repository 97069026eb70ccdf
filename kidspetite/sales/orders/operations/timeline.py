"""Every change of an order: under its lock, along its path, with a mark on its timeline."""

from __future__ import annotations

from typing import Any

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.plumbing.recipes import Given, Recipe, save_kept, write_kept
from kidspetite.sales.orders import rules
from kidspetite.sales.orders.errors import CannotMove
from kidspetite.sales.orders.models import Order, OrderEvent

SHOPPER = "shopper"

_UNDER_LOCK = Recipe(lambda: Order.objects.select_for_update().filter(pk=Given("order")))


def lock_order(order_id: int) -> Order:
    """Hold the order until the end of the caller's transaction. Its stock, if wanted, is locked before."""
    if order := _UNDER_LOCK.row(order=order_id):
        return order
    raise Order.DoesNotExist(order_id)


def locked(known: Order | int) -> Order:
    """The order under lock: as the caller holds it already, or by its id."""
    return known if isinstance(known, Order) else lock_order(known)


def takes(order: Order, to: str) -> bool:
    """Whether this step is to be taken; False for old news. Raises CannotMove where it must not."""
    found = rules.step(order.status, to)
    if found is rules.Step.REFUSE:
        raise CannotMove(order=order.number, status=str(order.status), wanted=str(to))
    return found is rules.Step.TAKE


def move(order: Order, to: Order.Status, *others: str) -> None:
    order.status = to
    save_kept(order, "status", *others)


def move_and_note(order: Order, to: Order.Status, *others: str, text: str) -> None:
    """A step that the shopper sees, in one statement."""
    order.status = to
    mark = OrderEvent(order=order, kind=str(to), text=text, is_public=True, at=clock.now())
    save_kept(order, "status", *others, beside=mark)


def note(
    order: Order,
    kind: str,
    text: str,
    *,
    is_public: bool = False,
    actor: str = "",
    facts: dict[str, Any] | None = None,
) -> OrderEvent:
    mark = OrderEvent(
        order=order, kind=kind, text=text, is_public=is_public, actor=actor, facts=facts or {}, at=clock.now()
    )
    write_kept(mark)
    return mark
