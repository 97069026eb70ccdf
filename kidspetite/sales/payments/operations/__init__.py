"""The only writers of money. Providers are called between transactions, never inside one."""

from kidspetite.sales.payments.operations.asking import (
    abandon_order,
    ask,
    ask_about_order,
    give_up,
    hear,
    turn_back,
)
from kidspetite.sales.payments.operations.capturing import capture_order, capture_shipped
from kidspetite.sales.payments.operations.cards import (
    add_card,
    finish_card,
    forget_card,
    keep_card,
    make_default,
    remove_card,
    settle_card,
)
from kidspetite.sales.payments.operations.companions import cover_with_credit
from kidspetite.sales.payments.operations.credit import grant_credit, lock_credit, take_credit_back
from kidspetite.sales.payments.operations.demo import forget_demo_payments
from kidspetite.sales.payments.operations.ending import end_order
from kidspetite.sales.payments.operations.guarding import check_pace, watches_pace
from kidspetite.sales.payments.operations.hearing import take_message
from kidspetite.sales.payments.operations.reconciling import reconcile, reconcile_now
from kidspetite.sales.payments.operations.recording import record_outcome, record_void
from kidspetite.sales.payments.operations.refund_news import book_refund, hear_refunds
from kidspetite.sales.payments.operations.refunding import intend_refund, refund_cancelled, refund_order, send_refund
from kidspetite.sales.payments.operations.sandbox import challenge, decide, settle_late
from kidspetite.sales.payments.operations.taking import authorise, check_method, intend, take_put_off
from kidspetite.sales.payments.operations.wallets import register_wallet_domain

__all__ = [
    "abandon_order",
    "add_card",
    "ask",
    "ask_about_order",
    "authorise",
    "book_refund",
    "capture_order",
    "capture_shipped",
    "challenge",
    "check_method",
    "check_pace",
    "cover_with_credit",
    "decide",
    "end_order",
    "finish_card",
    "forget_card",
    "forget_demo_payments",
    "give_up",
    "grant_credit",
    "hear",
    "hear_refunds",
    "intend",
    "intend_refund",
    "keep_card",
    "lock_credit",
    "make_default",
    "reconcile",
    "reconcile_now",
    "record_outcome",
    "record_void",
    "refund_cancelled",
    "refund_order",
    "register_wallet_domain",
    "remove_card",
    "send_refund",
    "settle_card",
    "settle_late",
    "take_credit_back",
    "take_message",
    "take_put_off",
    "turn_back",
    "watches_pace",
]
