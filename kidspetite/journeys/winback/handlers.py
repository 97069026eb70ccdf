from kidspetite.foundation.notifications.rules import still_wanted
from kidspetite.foundation.plumbing.publishing import on
from kidspetite.journeys.winback import operations, queries
from kidspetite.sales.orders import queries as orders
from kidspetite.sales.orders.events import OrderPaid


@on(OrderPaid)
def end_round(event: OrderPaid) -> None:
    order = orders.order_by_id(event.order_id)
    if order.paid_at:
        operations.note_purchase(email=order.email, customer_id=order.customer_id, paid_at=order.paid_at)


@still_wanted(queries.GUARD)
def is_reminder_wanted(subject_key: str) -> bool:
    return queries.may_leave(subject_key)
