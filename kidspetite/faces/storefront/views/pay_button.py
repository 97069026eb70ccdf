"""The pay button, wherever it stands: one press is one purchase, and what comes of it is said where it was pressed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from kidspetite.faces.edge.client import traces_of
from kidspetite.faces.edge.shopper import CART_KEY, leave_hint
from kidspetite.faces.storefront.card_choice import YES
from kidspetite.faces.storefront.views import paying
from kidspetite.foundation.kernel.errors import DomainError, Invalid
from kidspetite.foundation.ui.formats import money
from kidspetite.goods.catalog.errors import UnknownSku
from kidspetite.goods.inventory.errors import OutOfStock
from kidspetite.goods.pricing.errors import MethodNotOffered
from kidspetite.journeys.checkout import operations as checkout
from kidspetite.journeys.checkout import queries, rules
from kidspetite.journeys.checkout.errors import CartClosed, CreditChanged, EmptyCart, PaymentRunning, PriceChanged
from kidspetite.journeys.checkout.types import NO_PAYMENT, Bought, DraftView, Purchase
from kidspetite.sales.cart import queries as cart_queries
from kidspetite.sales.cart.errors import NotForSale
from kidspetite.sales.cart.models import Cart
from kidspetite.sales.orders import queries as order_queries
from kidspetite.sales.payments.errors import PaymentDeclined, TooManyDeclines

NOTHING_TO_PAY = {"provider": NO_PAYMENT, "token": NO_PAYMENT}
REFUSALS = (
    PriceChanged,
    CreditChanged,
    OutOfStock,
    MethodNotOffered,
    NotForSale,
    UnknownSku,
    EmptyCart,
    Invalid,
    TooManyDeclines,
)
"""What is said where the pay button stands, so that it can be pressed again."""


def press_pay(request: HttpRequest) -> HttpResponse | None:
    """Press the pay button of checkout. None: show the review page again, with what has changed said on it."""
    cart = cart_queries.cart_ever(request.session.get(CART_KEY, ""))
    if cart is None:
        return redirect("cart")
    if cart.status != Cart.Status.OPEN:
        return bought_before(request, cart)
    draft = queries.draft_of(cart)
    attempt = request.POST.get("attempt", "") or draft.attempt_key
    if attempt != draft.attempt_key and not queries.is_begun(cart, attempt):
        messages.warning(request, _("Your details changed in another tab. Have another look; nothing was charged."))
        request.review_status = 409  # type: ignore[attr-defined]
        return None
    try:
        return bought(request, cart, _purchase(request, draft), key=attempt)
    except PaymentDeclined as error:
        messages.error(request, str(error.message))
        return redirect("checkout-payment")
    except REFUSALS as error:
        messages.warning(request, words_of(error))
        request.review_status = error.status  # type: ignore[attr-defined]
        return None


def bought(request: HttpRequest, cart: Cart, purchase: Purchase, *, key: str) -> HttpResponse:
    """Buy, and lead on: to the confirmation, to the bank, or to the order that this basket has become before. Raises
    PaymentDeclined and the REFUSALS."""
    try:
        found = checkout.buy(cart, replace(purchase, traces=traces_of(request)), key=key)
    except CartClosed:
        return bought_before(request, cart)
    except PaymentRunning as error:
        if order := order_queries.order_by_number(error.facts.get("order_number", "")):
            return redirect("checkout-complete", token=order.token)
        raise
    return after_buying(request, found)


def after_buying(request: HttpRequest, bought: Bought) -> HttpResponse:
    if bought.status == "requires_action":
        return paying.way_on(bought.next_action_url, bought.token)
    return leave_hint(request, redirect("checkout-complete", token=bought.token))


def bought_before(request: HttpRequest, cart: Cart) -> HttpResponse:
    """The basket went by an earlier click, or in another tab: its order is the answer."""
    order = order_queries.order_bought_from(cart.pk)
    if order:
        return redirect("checkout-complete", token=order.token)
    messages.warning(request, str(CartClosed.message))
    return redirect("cart")


def words_of(error: DomainError) -> str:
    """What is said of a refusal; of a price that changed, the difference that is to be accepted."""
    if not isinstance(error, PriceChanged):
        return str(error.message)
    before, after = error.facts["expected_total_cents"], error.facts["total_cents"]
    words = (
        _("The total is now %(after)s, %(by)s more than the %(before)s you saw.")
        if after > before
        else _("The total is now %(after)s, %(by)s less than the %(before)s you saw.")
    )
    told = words % {"after": money(after), "before": money(before), "by": money(abs(after - before))}
    return f"{told} {_('Nothing was charged. If that is fine, pay below.')}"


def _purchase(request: HttpRequest, draft: DraftView) -> Purchase:
    shown = request.POST.get("expected_total_cents", "")
    by_credit = request.POST.get("expected_credit_cents", "0")
    told = {
        "email": draft.email,
        "shipping_address": draft.address,
        "shipping_method": draft.shipping_method,
        "payment": NOTHING_TO_PAY if by_credit == shown else _payment(request, draft),
        "gift_message": draft.gift_message,
        "gift_receipt": draft.gift_receipt,
        "wants_news": draft.wants_news,
        "wants_texts": draft.wants_texts,
        "expected_total_cents": _whole(shown),
        "use_store_credit": request.user.is_authenticated and by_credit != "0",
        "expected_credit_cents": _whole(by_credit),
    }
    customer = request.user.pk if request.user.is_authenticated else None
    return rules.validate_purchase(told, customer_id=customer, address_note=draft.address.get("note", ""))


def _whole(text: str) -> int | str | None:
    """A number of cents; anything else as it came, to be refused with its field."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 13 else text or None


def _payment(request: HttpRequest, draft: DraftView) -> dict[str, Any]:
    """The way to pay that was chosen; a card is kept for whoever is signed in, also when they were not in between."""
    return dict(draft.payment) | {"save": request.user.is_authenticated and draft.payment.get("keep") == YES}
