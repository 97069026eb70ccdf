from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.notifications import operations as notifications
from kidspetite.foundation.plumbing.publishing import on
from kidspetite.goods.catalog import operations as catalog
from kidspetite.sales.orders import messages, queries
from kidspetite.sales.orders.events import OrderCancelled, OrderPaid, OrderRefunded, OrderShipped


@on(OrderPaid)
def confirm_order(event: OrderPaid) -> None:
    notifications.send_message(messages.order_confirmation(queries.order_view(queries.order_by_id(event.order_id))))


@on(OrderPaid)
def count_sales(event: OrderPaid) -> None:
    catalog.note_sold(queries.pieces_by_product(event.order_id))


@on(OrderShipped)
def tell_shipped(event: OrderShipped) -> None:
    notifications.send_message(messages.order_shipped(queries.order_view(queries.order_by_id(event.order_id))))


@on(OrderCancelled)
def tell_cancelled(event: OrderCancelled) -> None:
    """Only to those who paid, or to whom we said that we are checking: an attempt given up needs no letter."""
    order = queries.order_by_id(event.order_id)
    ended = queries.cancellation_of(order)
    if ended and (ended.money_comes_back or ended.was_being_checked):
        notifications.send_message(messages.order_cancelled(queries.order_view(order), ended))


@on(OrderRefunded)
def tell_refunded(event: OrderRefunded) -> None:
    """Unless the letter about the cancelled order has promised the money already."""
    order = queries.order_by_id(event.order_id)
    ended = queries.cancellation_of(order)
    if not (ended and ended.money_comes_back):
        letter = messages.order_refunded(queries.order_view(order), Money(event.amount_minor, order.currency))
        notifications.send_message(letter)
