from kidspetite.sales.orders.operations.changing import add_note, check_new_address, correct_address, give_to_customer
from kidspetite.sales.orders.operations.ending import cancel_order, cancel_sold_out, forget_demo_orders
from kidspetite.sales.orders.operations.opening import basket_print, discounts_of, open_order
from kidspetite.sales.orders.operations.paying import (
    mark_awaiting_payment,
    mark_paid,
    mark_payment_unknown,
    mark_requires_action,
    note_left_unpaid,
    note_refund,
    note_refund_failed,
    note_turned_back,
)
from kidspetite.sales.orders.operations.sending import mark_delivered, mark_shipped
from kidspetite.sales.orders.operations.telling import choose_news, write_daily_letters
from kidspetite.sales.orders.operations.timeline import SHOPPER, lock_order

__all__ = [
    "SHOPPER",
    "add_note",
    "basket_print",
    "cancel_order",
    "cancel_sold_out",
    "check_new_address",
    "choose_news",
    "correct_address",
    "discounts_of",
    "forget_demo_orders",
    "give_to_customer",
    "lock_order",
    "mark_awaiting_payment",
    "mark_delivered",
    "mark_paid",
    "mark_payment_unknown",
    "mark_requires_action",
    "mark_shipped",
    "note_left_unpaid",
    "note_refund",
    "note_refund_failed",
    "note_turned_back",
    "open_order",
    "write_daily_letters",
]
