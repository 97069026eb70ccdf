"""What a provider said becomes part of our books: payment, order, stock and basket in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import structlog
from django.conf import settings
from django.db import transaction

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.plumbing.publishing import publish
from kidspetite.foundation.plumbing.recipes import Given, Recipe, save_kept
from kidspetite.goods.inventory import operations as inventory
from kidspetite.goods.inventory.errors import OutOfStock
from kidspetite.sales.cart import operations as carts
from kidspetite.sales.cart.models import Cart
from kidspetite.sales.cart.queries import pieces_in
from kidspetite.sales.orders import operations as orders
from kidspetite.sales.orders import queries as order_queries
from kidspetite.sales.orders import rules as order_rules
from kidspetite.sales.orders.models import Order
from kidspetite.sales.orders.types import Tender, WayBack
from kidspetite.sales.payments import rules
from kidspetite.sales.payments.events import HoldNotNeeded
from kidspetite.sales.payments.models import Payment
from kidspetite.sales.payments.operations.cards import drop_gone, drop_payer, keep_card
from kidspetite.sales.payments.operations.companions import credit_stands, give_credit_back, take_credit
from kidspetite.sales.payments.operations.credit import lock_credit_of
from kidspetite.sales.payments.operations.refunding import intend_refund
from kidspetite.sales.payments.queries import as_tenders, paid_of, payment_and_order, tenders_told
from kidspetite.sales.payments.types import CARD_GONE, PAYER_GONE, Outcome, Paid, Result

log = structlog.get_logger(__name__)

JOB = "job:payments"

# Locks the order, then the payment.
_UNDER_LOCK = Recipe(
    lambda: Payment.objects.select_related("order").select_for_update(of=("order", "self")).filter(pk=Given("payment"))
)
TOLD = [
    "status", "reference", "label", "reason", "next_action_url", "card_print", "taken_as", "captured_minor",
    "asked_at", "settled_at",
]  # fmt: skip


@dataclass
class Books:
    """One payment and all that hangs on it, under lock in the house order: basket, stock, store credit, order,
    payment."""

    payment: Payment
    order: Order
    cart: Cart | None
    pieces: dict[int, int]
    levels: inventory.Levels


@transaction.atomic
def record_outcome(payment_id: int, outcome: Outcome, *, known: Payment | None = None) -> Paid:
    """Write down what the provider said, and what follows from it. Repeated and late news change nothing. `known` is
    the payment with its order as the caller has read them, which saves asking what has to be locked.

    A captured or held payment finishes its order, taking stock anew if its hold has lapsed; where that cannot be, the
    order is cancelled and the money goes back. News of another amount than ours is logged and left.
    """
    books = _locked(payment_id, known)
    payment = books.payment
    payment.asked_at = clock.now()
    if not rules.takes(payment.status, outcome.result) or _is_of_another(payment, outcome):
        save_kept(payment, "asked_at")
    else:
        payment.reference = outcome.reference or payment.reference
        payment.label = outcome.label or payment.label
        payment.next_action_url = outcome.next_action_url
        payment.reason = outcome.reason[:60]
        payment.card_print = outcome.card_print or payment.card_print
        payment.taken_as = outcome.taken_as or payment.taken_as
        if outcome.result is Result.CAPTURED:
            taken = payment.amount if outcome.captured is None else outcome.captured
            payment.captured_minor = taken.minor
        RECORDERS[outcome.result](books)
        _note_card(payment, outcome)
    payment.order = books.order
    return paid_of(payment)


@transaction.atomic
def record_void(payment_id: int) -> Paid:
    """The attempt is ended for good at the provider: its order waits for another one."""
    books = _locked(payment_id)
    if rules.takes(books.payment.status, Payment.Status.VOIDED):
        books.payment.settled_at = books.payment.asked_at = clock.now()
        books.payment.status = Payment.Status.VOIDED
        books.payment.save(update_fields=["status", "settled_at", "asked_at"])
        give_credit_back(books.payment)
        _back_to_the_basket(books)
    books.payment.order = books.order
    return paid_of(books.payment)


def _is_of_another(payment: Payment, outcome: Outcome) -> bool:
    if outcome.amount is None or outcome.amount == payment.amount:
        return False
    log.error("amount_differs", payment_id=payment.pk, ours=payment.amount_minor, theirs=outcome.amount.minor)
    return True


def _note_card(payment: Payment, outcome: Outcome) -> None:
    """A card that was to be kept enters the shopper's list; one that the provider keeps no more leaves it."""
    payer = payment.payer
    if payer is None:
        return
    if outcome.card and payment.keeps_card and payment.status in rules.SECURED:
        keep_card(payer, outcome.card)
    elif outcome.reason == CARD_GONE:
        drop_gone(payer, reference=payment.method)
    elif outcome.reason == PAYER_GONE:
        drop_payer(payer)


def _captured(books: Books) -> None:
    payment, order = books.payment, books.order
    payment.settled_at = clock.now()
    if payment.status == Payment.Status.AUTHORISED and order.status in order_rules.PATH:
        _keep(payment, Payment.Status.CAPTURED)
        _note_what_was_let_go(books)
    elif order.status not in order_rules.OPEN or not credit_stands(payment, order):
        _refund_what_is_not_owed(books)
    elif _finished(books, Payment.Status.CAPTURED):
        _note_what_was_let_go(books)
    elif taken := Money(payment.captured_minor, payment.currency):
        intend_refund(payment.pk, taken, key=f"sold-out:{payment.pk}", by=JOB, reason="sold out meanwhile")


def _authorised(books: Books) -> None:
    """The bank holds the money: the order may be packed. A hold that nobody needs any more is let go."""
    stands = books.order.status in order_rules.OPEN and credit_stands(books.payment, books.order)
    if not stands or not _finished(books, Payment.Status.AUTHORISED):
        _keep(books.payment, Payment.Status.UNKNOWN)
        publish(HoldNotNeeded(books.payment.pk))


def _finished(books: Books, status: Payment.Status) -> bool:
    """Sell the pieces and call the order paid; False, with the order cancelled, when the pieces went before."""
    order = books.order
    _keep(books.payment, status)
    try:
        inventory.sell_held(holder=order.holder, cause=order.holder, wanted=books.pieces, locked=books.levels)
    except OutOfStock:
        give_credit_back(books.payment)
        books.order = orders.cancel_sold_out(order.pk)
        return False
    books.order = orders.mark_paid(order, tenders=_tenders_taken(books), pieces=books.pieces)
    _close_basket(books)
    return True


def _tenders_taken(books: Books) -> list[Tender]:
    """What the order is paid with; store credit that was set aside is spent now. Guests have none."""
    payment = books.payment
    if books.order.customer_id is None:
        return as_tenders([payment])
    take_credit(payment)
    return tenders_told(payment.order_id)


def _note_what_was_let_go(books: Books) -> None:
    """Less was taken than the order costs: the difference never came, which for the order is as if it went back."""
    let_go = books.payment.amount_minor - books.payment.captured_minor
    if let_go:
        amount = Money(let_go, books.payment.currency)
        books.order = orders.note_refund(books.order.pk, amount, by=JOB, way=WayBack.LET_GO)


def _refund_what_is_not_owed(books: Books) -> None:
    """The order was cancelled meanwhile, or paid by another attempt, or waits for one because the credit beside this
    one is gone: what came in late goes back."""
    payment = books.payment
    give_credit_back(payment)
    others = Payment.objects.filter(order_id=payment.order_id, status__in=rules.SECURED, account=None)
    is_owed = books.order.status in order_rules.OPEN or others.exclude(pk=payment.pk).exists()
    _keep(payment, Payment.Status.SURPLUS if is_owed else Payment.Status.CAPTURED)
    if taken := Money(payment.captured_minor, payment.currency):
        intend_refund(payment.pk, taken, key=f"late:{payment.pk}", by=JOB, reason="paid after the order had ended")
    _back_to_the_basket(books)


def _declined(books: Books) -> None:
    books.payment.settled_at = clock.now()
    _keep(books.payment, Payment.Status.DECLINED)
    give_credit_back(books.payment)
    _back_to_the_basket(books)


def _requires_action(books: Books) -> None:
    _keep(books.payment, Payment.Status.REQUIRES_ACTION)
    books.order = orders.mark_requires_action(books.order)


def _unknown(books: Books) -> None:
    _keep(books.payment, Payment.Status.UNKNOWN)
    books.order = orders.mark_payment_unknown(books.order)


def _keep(payment: Payment, status: Payment.Status) -> None:
    payment.status = status
    save_kept(payment, *TOLD)


RECORDERS = {
    Result.AUTHORISED: _authorised,
    Result.CAPTURED: _captured,
    Result.DECLINED: _declined,
    Result.REQUIRES_ACTION: _requires_action,
    Result.UNKNOWN: _unknown,
}


def _locked(payment_id: int, known: Payment | None = None) -> Books:
    known = known or payment_and_order(payment_id)
    cart_id = known.order.cart_id_was
    cart = carts.lock_cart(cart_id) if cart_id else None
    pieces = order_queries.pieces_of(known.order_id)
    levels = inventory.lock_stock(pieces)
    lock_credit_of(known.order)
    if payment := _UNDER_LOCK.row(payment=payment_id):
        return Books(payment, payment.order, cart, pieces, levels)
    raise Payment.DoesNotExist(payment_id)


def _back_to_the_basket(books: Books) -> None:
    """The order may be paid anew; meanwhile the basket holds what lies in it now, as softly and as little as before."""
    if books.order.status not in order_rules.OPEN:
        return
    books.order = orders.mark_awaiting_payment(books.order, reason=books.payment.reason or books.payment.status)
    if books.cart and books.cart.status == Cart.Status.OPEN:
        until = clock.now() + timedelta(seconds=settings.RESERVATION_TTL_SECONDS)
        here = pieces_in(books.cart)
        inventory.keep_holds(
            {variant_id: here.get(variant_id, 0) for variant_id in books.pieces},
            holder=books.cart.holder,
            instead_of=books.order.holder,
            until=until,
            at_most=settings.RATE_HOLD_PIECES,
            client=books.cart.client if settings.RATE_LIMITS_ON else "",
        )
    else:
        inventory.release_holds(holder=books.order.holder)


def _close_basket(books: Books) -> None:
    """A basket that was bought is closed; what was put into it meanwhile stays for another time."""
    cart = books.cart
    if cart is not None and cart.status == Cart.Status.OPEN and not carts.close_bought(cart, books.pieces):
        carts.take_out(cart, books.pieces)
