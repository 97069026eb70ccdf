"""Step 2 of checkout: how it is paid. A wallet pays at once; a card comes to the last look first."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kidspetite.faces.storefront.card_choice import (
    CARD_FIELDS,
    YES,
    cards_of,
    gateway,
    preselected,
    read_card,
    read_wallet,
)
from kidspetite.faces.storefront.cards import SANDBOX_CARDS
from kidspetite.faces.storefront.forms import Typed
from kidspetite.faces.storefront.views.pay_button import press_pay
from kidspetite.faces.storefront.views.paypal import paypal_way
from kidspetite.faces.storefront.views.steps import address_stands, costs_nothing, filled_cart, step_context
from kidspetite.faces.storefront.views.stripe_page import stripe_context, with_stripe_js
from kidspetite.foundation.kernel.errors import Invalid
from kidspetite.journeys.checkout import operations as checkout
from kidspetite.journeys.checkout import queries

TEMPLATE = "storefront/checkout/payment.html"


@require_http_methods(["GET", "POST"])
def payment(request: HttpRequest) -> HttpResponse:
    """Choose a wallet, a saved card, or another card. No card number is kept; what is, is a token."""
    cart = filled_cart(request)
    if cart is None:
        return redirect("cart")
    draft = queries.draft_of(cart)
    if not address_stands(draft):
        return redirect("checkout-shipping")
    context = step_context(request, cart, 1)
    if costs_nothing(context["basket"]):
        return redirect("checkout-review")
    if context["credit"].pays_all:
        return render(request, "storefront/checkout/payment_credit.html", context)
    cards = cards_of(request)
    form = Typed({"keep_card": str(draft.payment.get("keep", ""))})
    if request.method == "POST":
        try:
            chosen = read_wallet(request) if _is_wallet(request) else read_card(request, cards)
        except Invalid as error:
            typed = {name: request.POST.get(name, "") for name in (*CARD_FIELDS, "card", "keep_card")}
            form = Typed(typed, error.errors)
        else:
            checkout.save_draft(cart, payment=chosen.as_dict())
            return _on(request)
    told = form.value("card") or preselected(cards, str(draft.payment.get("token", "")))
    return _show(request, context | {"form": form, "saved_cards": cards, "chosen": told})


def _is_wallet(request: HttpRequest) -> bool:
    return request.POST.get("how") == "wallet"


def _on(request: HttpRequest) -> HttpResponse:
    """A wallet has everything, and pays; where its total is not ours any more, the last look says so."""
    return (_is_wallet(request) and press_pay(request)) or redirect("checkout-review")


def _show(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    code, form = gateway(), context["form"]
    context |= {
        "paypal": paypal_way() is not None,
        "gateway": code,
        "draft": context["basket"].draft,
        "keeps": form.value("keep_card") in (YES, "on"),
    }
    status = 422 if form.errors else 200
    if code == "stripe":
        return _with_elements(request, context | stripe_context(), status)
    return render(request, TEMPLATE, context | {"cards": SANDBOX_CARDS}, status=status)


@with_stripe_js
def _with_elements(request: HttpRequest, context: dict[str, Any], status: int) -> HttpResponse:
    return render(request, TEMPLATE, context, status=status)
