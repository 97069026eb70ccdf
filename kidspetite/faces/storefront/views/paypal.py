"""PayPal: a button of our own that leads to PayPal's page. Nothing of PayPal's runs on ours."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from kidspetite.faces.storefront.views.pay_button import press_pay
from kidspetite.faces.storefront.views.steps import address_stands, filled_cart
from kidspetite.journeys.checkout import operations as checkout
from kidspetite.journeys.checkout import queries
from kidspetite.sales.payments import queries as payments

LABEL = "PayPal"
REAL, TRIAL = ("paypal", "paypal"), ("sandbox", "tok_paypal")


def paypal_way() -> tuple[str, str] | None:
    """Who takes money by PayPal, and its token for that: PayPal, or its stand-in where the sandbox is what a shop pays
    with. None where neither is on."""
    on = payments.providers()
    if REAL[0] in on:
        return REAL
    return TRIAL if on[:1] == [TRIAL[0]] else None


@require_POST
def pay(request: HttpRequest) -> HttpResponse:
    """Choose PayPal and press Pay at once, as with a wallet: the last look is PayPal's own page."""
    cart, way = filled_cart(request), paypal_way()
    if cart is None:
        return redirect("cart")
    if way is None:
        return redirect("checkout-payment")
    if not address_stands(queries.draft_of(cart)):
        return redirect("checkout-shipping")
    provider, token = way
    checkout.save_draft(cart, payment={"provider": provider, "token": token, "label": LABEL})
    return press_pay(request) or redirect("checkout-review")
