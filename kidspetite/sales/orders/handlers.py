from contextlib import suppress
from functools import partial
from threading import local

from kidspetite.foundation.accounts import operations as accounts
from kidspetite.foundation.accounts import queries as people
from kidspetite.foundation.content import queries as content
from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.notifications import operations as notifications
from kidspetite.foundation.notifications.errors import NotAPhone
from kidspetite.foundation.notifications.rules import still_wanted
from kidspetite.foundation.plumbing.publishing import calls_out, on
from kidspetite.goods.catalog import operations as catalog
from kidspetite.goods.pricing import operations as pricing
from kidspetite.goods.pricing import queries as price_facts
from kidspetite.sales.orders import messages, queries
from kidspetite.sales.orders.events import (
    OrderCancelled,
    OrderDelivered,
    OrderLeftUnpaid,
    OrderPaid,
    OrderReaddressed,
    OrderRefunded,
    OrderRefundFailed,
    OrderShipped,
)
from kidspetite.sales.orders.messages import staff as staff_letters
from kidspetite.sales.orders.messages import texts
from kidspetite.sales.orders.models import NewsChoice, Order
from kidspetite.sales.orders.queries import news
from kidspetite.sales.orders.rules import PATH
from kidspetite.sales.orders.types import OrderView, WayBack

How = NewsChoice.How


class _Paid(local):
    """The order of the event that is at hand, for all of its handlers: one after the other they get the same event."""

    event: OrderPaid | None = None
    order: Order
    view: OrderView

    def look_up(self, event: OrderPaid) -> None:
        if self.event is not event:
            self.order = queries.order_by_id(event.order_id)
            self.view, self.event = queries.order_view(self.order), event


_paid = _Paid()


@on(OrderPaid)
def confirm_order(event: OrderPaid) -> None:
    _paid.look_up(event)
    notifications.send_message(messages.order_confirmation(_paid.view))


@on(OrderShipped)
def tell_shipped(event: OrderShipped) -> None:
    notifications.send_message(messages.order_shipped(queries.order_view(queries.order_by_id(event.order_id))))


@on(OrderDelivered)
def tell_delivered(event: OrderDelivered) -> None:
    view = queries.order_view(queries.order_by_id(event.order_id))
    notifications.send_message(messages.order_delivered(view, return_days=content.shop_settings().return_days))


@on(OrderPaid)
def text_paid(event: OrderPaid) -> None:
    """Whoever typed a number and paid; its phone is asked first. Nobody is texted for an order that nobody paid."""
    _paid.look_up(event)
    order = _paid.order
    if order.texts_to:
        with suppress(NotAPhone):  # it was one when it was typed; the owner has closed its country since
            accounts.ask_for_texts(order.texts_to, source="checkout", place=order.shipping_address["postal_code"])
    _text(order, "paid")


@on(OrderShipped)
def text_shipped(event: OrderShipped) -> None:
    _text(queries.order_by_id(event.order_id), "shipped")


@on(OrderDelivered)
def text_delivered(event: OrderDelivered) -> None:
    _text(queries.order_by_id(event.order_id), "delivered")


def _text(order: Order, state: str) -> None:
    """To the number of the order, else to that of its customer's settings; to neither when neither asked."""
    number = order.texts_to or (people.texts_number_of(order.customer_id) if order.customer_id else "")
    if number:
        with suppress(NotAPhone):
            notifications.send_message(texts.order_text(queries.order_view(order), state, to=number))


def _is_in(state: str, subject_key: str) -> bool:
    """A text that waited for the morning is no news of an order that has been cancelled or moved on since."""
    order = queries.order_by_number(subject_key.removeprefix("order:"))
    return order is not None and order.status == state


for _state in PATH:
    still_wanted(texts.guard_of(_state))(partial(_is_in, _state))


@on(OrderCancelled)
def tell_cancelled(event: OrderCancelled) -> None:
    """Only to those who paid, or who would not know what became of it: whoever ended it themselves needs no letter."""
    order = queries.order_by_id(event.order_id)
    ended = queries.cancellation_of(order)
    if ended and (ended.money_comes_back or ended.leaves_a_question):
        notifications.send_message(messages.order_cancelled(queries.order_view(order), ended))


@on(OrderReaddressed)
def tell_readdressed(event: OrderReaddressed) -> None:
    """Whoever bought it hears of it, should it have been somebody else."""
    view = queries.order_view(queries.order_by_id(event.order_id))
    notifications.send_message(messages.order_readdressed(view, mark_id=event.mark_id))


@on(OrderRefunded)
def tell_refunded(event: OrderRefunded) -> None:
    """Unless the letter about the cancelled order has promised the money already."""
    order = queries.order_by_id(event.order_id)
    ended = queries.cancellation_of(order)
    if not (ended and ended.money_comes_back):
        letter = messages.order_refunded(
            queries.order_view(order), Money(event.amount_minor, order.currency),
            so_far=Money(event.so_far_minor or order.refunded_minor, order.currency), way=WayBack(event.way),
        )  # fmt: skip
        notifications.send_message(letter)


@on(OrderLeftUnpaid)
def tell_unpaid(event: OrderLeftUnpaid) -> None:
    order = queries.order_by_id(event.order_id)
    if order.status == order.Status.AWAITING_PAYMENT:
        notifications.send_message(messages.payment_failed(queries.order_view(order)))


@on(OrderRefundFailed)
def tell_staff(event: OrderRefundFailed) -> None:
    """Only people can find another way for this money."""
    if to := content.shop_settings().email:
        order, amount = queries.order_by_id(event.order_id), event.amount_minor
        notifications.send_message(
            messages.refund_failed(queries.order_view(order), Money(amount, order.currency), to=to, mark=event.mark_id)
        )


@on(OrderPaid)
def tell_team(event: OrderPaid) -> None:
    """Whoever of the team wants a letter for each order."""
    _paid.look_up(event)
    if not _paid.order.is_demo:
        for reader in news.readers(How.EACH):
            notifications.send_message(staff_letters.new_order(_paid.view, reader))


@still_wanted(staff_letters.GUARD)
def still_reads_news(subject: str) -> bool:
    """Whether they work here, may see orders, and have not said that they want no such letters."""
    return news.is_reader(staff_letters.reader_of(subject))


@on(OrderPaid)
def count_sales(event: OrderPaid) -> None:
    """Locks products that many orders sell, so it comes after the letters."""
    catalog.note_sold(queries.pieces_by_product(event.order_id))


@calls_out(OrderPaid)
def book_sale(event: OrderPaid) -> None:
    _paid.look_up(event)
    _file_tax(_paid.order)


@calls_out(OrderRefunded)
def book_return(event: OrderRefunded) -> None:
    _file_tax(queries.order_by_id(event.order_id))


@calls_out(OrderRefundFailed)
def book_sale_anew(event: OrderRefundFailed) -> None:
    _file_tax(queries.order_by_id(event.order_id))


def _file_tax(order: Order) -> None:
    """The provider of local rates keeps books of its own; an order by the state's table is in none of them."""
    if order.paid_at and order.tax_source in price_facts.tax_offices():
        pricing.file_tax(
            order.holder, calculation=order.tax_reference, total=order.total,
            returned=Money(order.refunded_minor, order.currency),
        )  # fmt: skip
