"""Checkout: three plain pages and a confirmation. What was typed is kept with the basket from the first step on."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kidspetite.faces.storefront import reminding
from kidspetite.faces.storefront.cards import label_of
from kidspetite.faces.storefront.codes import enter_code, keep_for_the_next_page
from kidspetite.faces.storefront.forms import Typed
from kidspetite.faces.storefront.views import settling
from kidspetite.faces.storefront.views.cart import destination
from kidspetite.faces.storefront.views.pay_button import press_pay
from kidspetite.faces.storefront.views.steps import STEPS, address_stands, costs_nothing, filled_cart, step_context
from kidspetite.foundation.accounts import queries as people
from kidspetite.foundation.accounts.types import STATES
from kidspetite.foundation.kernel.errors import FieldError, Invalid
from kidspetite.foundation.notifications import operations as notifications
from kidspetite.foundation.notifications import queries as letters
from kidspetite.foundation.notifications.errors import NotAPhone
from kidspetite.foundation.notifications.types import Topic
from kidspetite.journeys.checkout import operations as checkout
from kidspetite.journeys.checkout import queries, rules
from kidspetite.journeys.checkout.types import AddressQuestion, DraftView
from kidspetite.sales.cart import operations as carts
from kidspetite.sales.cart.models import Cart

BESIDES = ("email", "shipping_method", "gift_message", "gift_receipt", "wants_news", "wants_texts", reminding.FIELD)
ADDRESS_FIELDS = ("name", "line1", "line2", "city", "state", "postal_code", "phone")


@require_http_methods(["GET", "POST"])
def shipping(request: HttpRequest) -> HttpResponse:
    """Step 1: who and where. Kept even when something in it needs another look."""
    cart = filled_cart(request)
    if cart is None:
        return redirect("cart")
    if request.method == "POST":
        return _keep_shipping(request, cart)
    carts.touch_cart(cart)
    draft = queries.draft_of(cart)
    return render(
        request, "storefront/checkout/shipping.html", _shipping_context(request, cart, _begun(request, cart, draft))
    )


@require_http_methods(["GET", "POST"])
def review(request: HttpRequest) -> HttpResponse:
    """Step 3: one look at everything, and the pay button."""
    if request.method == "POST" and (paid := press_pay(request)):
        return paid
    cart = filled_cart(request)
    if cart is None:
        return redirect("cart")
    draft = queries.draft_of(cart)
    if not address_stands(draft):
        return redirect("checkout-shipping")
    context = step_context(request, cart, 2) | {"card": _paid_with(draft), "address": draft.address}
    if not (context["card"] or context["credit"].pays_all or costs_nothing(context["basket"])):
        return redirect("checkout-payment")
    return render(request, "storefront/checkout/review.html", context, status=getattr(request, "review_status", 200))


@require_POST
def use_code(request: HttpRequest) -> HttpResponse:
    """Put a promotion code into the basket, from any of the steps; what is wrong with it is shown there."""
    cart = filled_cart(request)
    if cart and (field := enter_code(request, cart)):
        keep_for_the_next_page(request, field)
    return _back_to_step(request, cart)


@require_POST
def drop_code(request: HttpRequest) -> HttpResponse:
    """Take a promotion code off."""
    cart = filled_cart(request)
    if cart:
        checkout.drop_codes(cart, request.POST.get("code", ""))
    return _back_to_step(request, cart)


def _back_to_step(request: HttpRequest, cart: Cart | None) -> HttpResponse:
    step = request.POST.get("back", "").removeprefix("/checkout/")
    return redirect(f"checkout-{step if step in STEPS else STEPS[0]}" if cart else "cart")


def _keep_shipping(request: HttpRequest, cart: Cart) -> HttpResponse:
    typed = {name: request.POST.get(name, "") for name in (*ADDRESS_FIELDS, *BESIDES)}
    address = {name: typed[name] for name in ADDRESS_FIELDS}
    known = queries.draft_of(cart).address
    checkout.save_draft(
        cart, email=typed["email"], address=address, shipping_method=typed["shipping_method"],
        gift_message=typed["gift_message"], gift_receipt=bool(typed["gift_receipt"]),
        wants_news=bool(typed["wants_news"]), wants_texts=bool(typed["wants_texts"]),
    )  # fmt: skip
    reminding.keep(request, cart)
    faults: list[FieldError] = []
    for check in (lambda: rules.validate_email(typed["email"]), lambda: rules.validate_address(address)):
        try:
            check()
        except Invalid as error:
            faults += error.errors
    if typed["wants_texts"] and not any(fault.field.endswith("phone") for fault in faults):
        try:
            notifications.textable(typed["phone"])
        except NotAPhone as error:
            words = error.message if typed["phone"].strip() else _("Which number shall we text?")
            faults.append(FieldError("phone", words))
    if len(typed["gift_message"]) > rules.LIMITS["gift_message"]:
        faults.append(FieldError("gift_message", _("There is room for 300 characters.")))
    if not faults:
        basket = checkout.priced_basket(cart)
        if basket.quote.total is None:
            faults.append(FieldError("state", _("We do not send there yet. Write to us, and we look for a way.")))
        else:
            settled = settling.settled(request, address, known)
            if isinstance(settled, AddressQuestion):
                context = _shipping_context(request, cart, Typed(typed)) | {"question": settled}
                return render(request, "storefront/checkout/shipping.html", context)
            checkout.save_draft(cart, address=settled, shipping_method=basket.quote.method or "")
            return redirect("checkout-payment")
    form = Typed(typed, tuple(faults))
    return render(request, "storefront/checkout/shipping.html", _shipping_context(request, cart, form), status=422)


def _begun(request: HttpRequest, cart: Cart, draft: DraftView) -> Typed:
    """What the shipping form starts with: what was typed, else what the account or the basket already knows."""
    values = {
        "email": draft.email, "shipping_method": draft.shipping_method, "gift_message": draft.gift_message,
        "gift_receipt": "on" if draft.gift_receipt else "", "wants_news": "on" if draft.wants_news else "",
        "wants_texts": "on" if draft.wants_texts else "",
        **reminding.begun(cart),
    }  # fmt: skip
    known = dict(draft.address)
    if not known and request.user.is_authenticated:
        values["email"] = values["email"] or request.user.email
        if first := people.addresses_for(request.user).first():
            known = {name: getattr(first, name) for name in ADDRESS_FIELDS}
    if not known and (there := destination(request)):
        known = {"state": there.state, "postal_code": there.postal_code}
    return Typed(values | known)


def _shipping_context(request: HttpRequest, cart: Cart, form: Typed) -> dict[str, Any]:
    has_news = request.user.is_authenticated and Topic.NEWSLETTER in letters.wanted_by(request.user.email)
    return step_context(request, cart, 0) | {
        "form": form, "states": STATES, "suggests_streets": people.can_suggest_streets(), "offers_news": not has_news,
        "asks_to_remind": reminding.asks(request),
    }  # fmt: skip


def _paid_with(draft: DraftView) -> str:
    token = draft.payment.get("token")
    return (draft.payment.get("label") or label_of(token)) if token else ""
