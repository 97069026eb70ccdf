from kidspetite.foundation.plumbing.publishing import on
from kidspetite.journeys.checkout import operations
from kidspetite.sales.orders import queries as orders
from kidspetite.sales.orders.events import OrderPaid


@on(OrderPaid)
def tidy_up(event: OrderPaid) -> None:
    cart_id = orders.order_by_id(event.order_id).cart_id_was
    if cart_id is not None:
        operations.forget_draft(cart_id)
