"""Paying with a wallet, in one step: it brings name, address and card. The basket is bought, or one piece alone, in a
basket of its own beside the shopper's. Only this page and the payment step run Stripe's script."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kidspetite.faces.edge.client import client_key
from kidspetite.faces.edge.shopper import CART_KEY, cart_of
from kidspetite.faces.storefront import trial_wallet
from kidspetite.faces.storefront.card_choice import gateway, read_wallet
from kidspetite.faces.storefront.views.cart import destination
from kidspetite.faces.storefront.views.pay_button import REFUSALS, bought, words_of
from kidspetite.faces.storefront.views.stripe_page import stripe_context, with_stripe_js
from kidspetite.foundation.accounts import operations as people
from kidspetite.foundation.kernel import ids
from kidspetite.foundation.kernel.errors import DomainError
from kidspetite.goods.pricing.types import Destination
from kidspetite.journeys.checkout import operations as checkout
from kidspetite.journeys.checkout import rules
from kidspetite.journeys.checkout.types import BasketView, Purchase
from kidspetite.sales.cart import operations as carts
from kidspetite.sales.cart import queries as cart_queries
from kidspetite.sales.cart.errors import NoSuchCart
from kidspetite.sales.cart.models import Cart
from kidspetite.sales.orders.types import ShipTo
from kidspetite.sales.payments.errors import PaymentDeclined

TEMPLATE = "storefront/checkout/express.html"
PLACE = ("line1", "line2", "city", "state", "postal_code")
FIELDS = ("name", *PLACE, "phone")
SIDE = "express.side"
LONGEST_SKU = 80


@require_http_methods(["GET", "POST"])
def express(request: HttpRequest) -> HttpResponse:
    """The wallet page: of the basket, or with `?sku=` of one piece. Looking at it holds nothing and changes nothing."""
    if not gateway():
        return redirect("checkout-shipping")
    sku = (request.POST.get("sku") or request.GET.get("sku", ""))[:LONGEST_SKU]
    if request.method == "POST":
        try:
            return _buy(request, sku)
        except (PaymentDeclined, NoSuchCart, *REFUSALS) as error:
            return _show(request, sku, refused=error)
    return _show(request, sku)


def _buy(request: HttpRequest, sku: str) -> HttpResponse:
    """What the wallet told, through the same door as every purchase. It is kept with the basket, so that nothing has to
    be typed where the bank says no."""
    chosen, address = read_wallet(request), {name: request.POST.get(name, "") for name in FIELDS}
    purchase = _purchase(request, address, chosen.as_dict())
    cart = _side_cart(request, sku) if sku else cart_queries.cart_ever(request.session.get(CART_KEY, ""))
    if cart is None:
        raise NoSuchCart()
    if cart.status == Cart.Status.OPEN:
        kept = {name: getattr(purchase.ship_to, name) for name in FIELDS}
        checkout.save_draft(
            cart, email=purchase.email, address=kept, shipping_method=purchase.shipping_method,
            payment=chosen.as_dict(),
        )  # fmt: skip
    return bought(request, cart, purchase, key=request.POST.get("attempt", "")[:40] or ids.token())


def _purchase(request: HttpRequest, address: dict[str, str], payment: dict[str, Any]) -> Purchase:
    shown = request.POST.get("expected_total_cents", "")
    told = {
        "email": request.POST.get("email", ""),
        "shipping_address": address,
        "shipping_method": request.POST.get("shipping_method", ""),
        "payment": payment,
        "expected_total_cents": int(shown) if shown.isascii() and shown.isdecimal() and len(shown) < 13 else -1,
    }
    customer = request.user.pk if request.user.is_authenticated else None
    purchase = rules.validate_purchase(told, customer_id=customer)
    return replace(purchase, ship_to=_noted(purchase.ship_to))


def _noted(ship_to: ShipTo) -> ShipTo:
    """The address with what the packer should know of it. A wallet's is never asked about: it was chosen there."""
    verdict = people.check_address(rules.validate_place({name: getattr(ship_to, name) for name in PLACE}))
    return replace(ship_to, note=",".join(verdict.notes))


def _side_cart(request: HttpRequest, sku: str) -> Cart:
    """The basket of this page's one piece: two presses on one page are one purchase, and the own basket stays."""
    try:
        token = signing.loads(request.POST.get("side", ""), salt=SIDE, max_age=24 * 3600)
    except signing.BadSignature:
        token = ids.token()
    return carts.side_cart(token, sku=sku, client=client_key(request))


def _show(request: HttpRequest, sku: str, *, refused: DomainError | None = None) -> HttpResponse:
    sheet = _sheet(request) if gateway() == "sandbox" else None
    basket = _basket(request, sku, sheet)
    if basket is None or basket.is_empty:
        return redirect("products" if sku else "cart")
    context = {
        "basket": basket,
        "sku": sku,
        "side": request.POST.get("side") or (signing.dumps(ids.token(), salt=SIDE) if sku else ""),
        "attempt": ids.token(),
        "gateway": gateway(),
        "sheet": sheet,
        "trial": trial_wallet,
        "refused": words_of(refused) if refused else "",
    }
    status = refused.status if refused else 200
    if gateway() == "stripe":
        return _with_elements(request, context | stripe_context(), status)
    return render(request, TEMPLATE, context, status=status)


@with_stripe_js
def _with_elements(request: HttpRequest, context: dict[str, Any], status: int) -> HttpResponse:
    return render(request, TEMPLATE, context, status=status)


def _sheet(request: HttpRequest) -> dict[str, Any] | None:
    """What is chosen in the trial wallet, once it is open."""
    told = request.POST if request.method == "POST" else request.GET
    if told.get("wallet") != "trial":
        return None
    card = told.get("token", "")
    known = [token for token, _words in trial_wallet.CARDS]
    return {
        "address": trial_wallet.address_of(told.get("to", "")),
        "method": told.get("method") or told.get("shipping_method", ""),
        "card": card if card in known else known[0],
    }


def _basket(request: HttpRequest, sku: str, sheet: dict[str, Any] | None) -> BasketView | None:
    there = Destination(sheet["address"].state, sheet["address"].postal_code) if sheet else destination(request)
    method = sheet["method"] if sheet else None
    if sku:
        customer = request.user.pk if request.user.is_authenticated else None
        return checkout.priced_piece(sku, there, method, customer_id=customer)
    cart = cart_of(request)
    return checkout.priced_basket(cart, there, method) if cart else None
