"""Checkout: three plain pages and a confirmation. What was typed is kept with the basket from the first step on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kidspetite.faces.edge.client import traces_of
from kidspetite.faces.edge.shopper import CART_KEY, cart_of, leave_hint
from kidspetite.faces.storefront.cards import SANDBOX_CARDS, label_of, sandbox_token
from kidspetite.faces.storefront.codes import code_context, enter_code, keep_for_the_next_page
from kidspetite.faces.storefront.forms import Typed
from kidspetite.faces.storefront.views import paying, settling
from kidspetite.faces.storefront.views.cart import destination
from kidspetite.foundation.accounts import queries as people
from kidspetite.foundation.accounts.types import STATES
from kidspetite.foundation.kernel.errors import DomainError, FieldError, Invalid
from kidspetite.foundation.ui.formats import money
from kidspetite.foundation.ui.types import Step
from kidspetite.goods.inventory.errors import OutOfStock
from kidspetite.goods.pricing.errors import MethodNotOffered
from kidspetite.journeys.checkout import operations as checkout
from kidspetite.journeys.checkout import queries, rules
from kidspetite.journeys.checkout.errors import CartClosed, PaymentRunning, PriceChanged
from kidspetite.journeys.checkout.types import NO_PAYMENT, BasketView, Bought, DraftView
from kidspetite.sales.cart import operations as carts
from kidspetite.sales.cart import queries as cart_queries
from kidspetite.sales.cart.models import Cart
from kidspetite.sales.orders import queries as order_queries
from kidspetite.sales.orders import rules as order_rules
from kidspetite.sales.payments import operations as payments
from kidspetite.sales.payments.errors import PaymentDeclined, TooManyDeclines

ADDRESS_FIELDS = ("name", "line1", "line2", "city", "state", "postal_code", "phone")
STEPS = ("shipping", "payment", "review")


@require_http_methods(["GET", "POST"])
def shipping(request: HttpRequest) -> HttpResponse:
    """Step 1: who and where. Kept even when something in it needs another look."""
    cart = _filled_cart(request)
    if cart is None:
        return redirect("cart")
    if request.method == "POST":
        return _keep_shipping(request, cart)
    carts.touch_cart(cart)
    draft = queries.draft_of(cart)
    return render(
        request, "storefront/checkout/shipping.html", _shipping_context(request, cart, _begun(request, draft))
    )


@require_http_methods(["GET", "POST"])
def payment(request: HttpRequest) -> HttpResponse:
    """Step 2: how it is paid. The sandbox takes test cards; their numbers are turned into tokens and not kept. Where
    Stripe is on, a wallet in its elements pays at once, everything else comes to the last look first."""
    cart = _filled_cart(request)
    if cart is None:
        return redirect("cart")
    if not _address_stands(queries.draft_of(cart)):
        return redirect("checkout-shipping")
    if _costs_nothing(queries.basket_view(cart)):
        return redirect("checkout-review")
    if paying.pays_with_stripe():
        return _with_stripe(request, cart)
    typed = Typed({name: request.POST.get(name, "") for name in ("card_number", "card_expiry", "card_code")})
    status = 200
    if request.method == "POST":
        try:
            token = sandbox_token(*(typed.value(name) for name in typed.values))
        except Invalid as error:
            typed, status = typed.having(error.errors), 422
        else:
            checkout.save_draft(cart, payment={"provider": "sandbox", "token": token})
            return redirect("checkout-review")
    context = _step(request, cart, 1) | {"form": typed, "cards": SANDBOX_CARDS}
    return render(request, "storefront/checkout/payment.html", context, status=status)


def _with_stripe(request: HttpRequest, cart: Cart) -> HttpResponse:
    if request.method != "POST":
        return paying.show_elements(request, _step(request, cart, 1))
    if not paying.keep_token(request, cart):
        return paying.show_elements(request, _step(request, cart, 1), status=422)
    return (request.POST.get("how") == "wallet" and _pay(request)) or redirect("checkout-review")


@require_http_methods(["GET", "POST"])
def review(request: HttpRequest) -> HttpResponse:
    """Step 3: one look at everything, and the pay button."""
    if request.method == "POST" and (paid := _pay(request)):
        return paid
    cart = _filled_cart(request)
    if cart is None:
        return redirect("cart")
    draft = queries.draft_of(cart)
    if not _address_stands(draft):
        return redirect("checkout-shipping")
    context = _step(request, cart, 2) | {"card": _paid_with(draft), "address": draft.address}
    if not context["card"] and not _costs_nothing(context["basket"]):
        return redirect("checkout-payment")
    return render(request, "storefront/checkout/review.html", context, status=getattr(request, "review_status", 200))


@require_POST
def use_code(request: HttpRequest) -> HttpResponse:
    """Put a promotion code into the basket, from any of the steps; what is wrong with it is shown there."""
    cart = _filled_cart(request)
    if cart and (field := enter_code(request, cart)):
        keep_for_the_next_page(request, field)
    return _back_to_step(request, cart)


@require_POST
def drop_code(request: HttpRequest) -> HttpResponse:
    """Take a promotion code off."""
    cart = _filled_cart(request)
    if cart:
        checkout.drop_codes(cart, request.POST.get("code", ""))
    return _back_to_step(request, cart)


def _back_to_step(request: HttpRequest, cart: Cart | None) -> HttpResponse:
    step = request.POST.get("back", "").removeprefix("/checkout/")
    return redirect(f"checkout-{step if step in STEPS else STEPS[0]}" if cart else "cart")


@require_safe
def complete(request: HttpRequest, token: str) -> HttpResponse:
    """What became of it: paid, being checked, waiting for the bank, or not to be."""
    order = order_queries.order_by_token(token)
    if order is None:
        raise Http404
    if order.status in order_rules.OPEN:
        payments.ask_about_order(order.pk)
        order.refresh_from_db()
    view = order_queries.order_view(order)
    can_join = not request.user.is_authenticated and order.customer_id is None and view.is_settled
    return leave_hint(
        request, render(request, "storefront/checkout/complete.html", {"order": view, "can_join": can_join})
    )


def _keep_shipping(request: HttpRequest, cart: Cart) -> HttpResponse:
    typed = {name: request.POST.get(name, "") for name in (*ADDRESS_FIELDS, "email", "shipping_method", "gift_message")}
    address = {name: typed[name] for name in ADDRESS_FIELDS}
    known = queries.draft_of(cart).address
    checkout.save_draft(
        cart, email=typed["email"], address=address, shipping_method=typed["shipping_method"],
        gift_message=typed["gift_message"],
    )  # fmt: skip
    faults: list[FieldError] = []
    for check in (lambda: rules.validate_email(typed["email"]), lambda: rules.validate_address(address)):
        try:
            check()
        except Invalid as error:
            faults += error.errors
    if len(typed["gift_message"]) > rules.LIMITS["gift_message"]:
        faults.append(FieldError("gift_message", _("There is room for 300 characters.")))
    if not faults:
        basket = checkout.priced_basket(cart)
        if basket.quote.total is None:
            faults.append(FieldError("state", _("We do not send there yet. Write to us, and we look for a way.")))
        else:
            settled = settling.settled(request, address, known)
            if isinstance(settled, settling.Question):
                context = _shipping_context(request, cart, Typed(typed)) | {"question": settled}
                return render(request, "storefront/checkout/shipping.html", context)
            checkout.save_draft(cart, address=settled, shipping_method=basket.quote.method or "")
            return redirect("checkout-payment")
    form = Typed(typed, tuple(faults))
    return render(request, "storefront/checkout/shipping.html", _shipping_context(request, cart, form), status=422)


def _begun(request: HttpRequest, draft: DraftView) -> Typed:
    """What the shipping form starts with: what was typed, else what the account or the basket already knows."""
    values = {"email": draft.email, "shipping_method": draft.shipping_method, "gift_message": draft.gift_message}
    known = dict(draft.address)
    if not known and request.user.is_authenticated:
        values["email"] = values["email"] or request.user.email
        if first := people.addresses_for(request.user).first():
            known = {name: getattr(first, name) for name in ADDRESS_FIELDS}
    if not known and (there := destination(request)):
        known = {"state": there.state, "postal_code": there.postal_code}
    return Typed(values | known)


def _shipping_context(request: HttpRequest, cart: Cart, form: Typed) -> dict[str, Any]:
    streets = people.can_suggest_streets()
    return _step(request, cart, 0) | {"form": form, "states": STATES, "suggests_streets": streets}


def _step(request: HttpRequest, cart: Cart, current: int) -> dict[str, Any]:
    names = (_("Where"), _("Pay"), _("Look"))
    steps = [Step(name, f"/checkout/{STEPS[i]}" if i < current else "") for i, name in enumerate(names)]
    basket = checkout.priced_basket(cart, destination(request) if current == 0 else None)
    return {"basket": basket, "steps": steps, "current": current + 1, **code_context(request, basket)}


def _costs_nothing(basket: BasketView) -> bool:
    """Promotions leave nothing to pay: no card is asked for."""
    return basket.quote.total is not None and not basket.quote.total


def _paid_with(draft: DraftView) -> str:
    token = draft.payment.get("token")
    return (draft.payment.get("label") or label_of(token)) if token else ""


def _address_stands(draft: DraftView) -> bool:
    try:
        rules.validate_email(draft.email)
        rules.validate_address(draft.address)
    except Invalid:
        return False
    return True


def _filled_cart(request: HttpRequest) -> Cart | None:
    """The basket of this visit, if there is anything in it."""
    cart = cart_of(request)
    return cart if cart and cart_queries.pieces_in(cart) else None


def _pay(request: HttpRequest) -> HttpResponse | None:
    """Press the pay button. None: show the review page again, with what has changed said on it."""
    cart = cart_queries.cart_ever(request.session.get(CART_KEY, ""))
    if cart is None:
        return redirect("cart")
    if cart.status != Cart.Status.OPEN:
        return _bought_before(request, cart)
    draft = queries.draft_of(cart)
    attempt = request.POST.get("attempt", "") or draft.attempt_key
    if attempt != draft.attempt_key and not queries.is_begun(cart, attempt):
        messages.warning(request, _("Your details changed in another tab. Have another look; nothing was charged."))
        request.review_status = 409  # type: ignore[attr-defined]
        return None
    try:
        bought = checkout.buy(cart, replace(_purchase(request, draft), traces=traces_of(request)), key=attempt)
    except PaymentDeclined as error:
        messages.error(request, str(error.message))
        return redirect("checkout-payment")
    except CartClosed:
        return _bought_before(request, cart)
    except PaymentRunning as error:
        if order := order_queries.order_by_number(error.facts.get("order_number", "")):
            return redirect("checkout-complete", token=order.token)
        raise
    except (PriceChanged, OutOfStock, MethodNotOffered, Invalid, TooManyDeclines) as error:
        messages.warning(request, _said(error))
        request.review_status = error.status  # type: ignore[attr-defined]
        return None
    return _after(request, bought)


def _purchase(request: HttpRequest, draft: DraftView) -> Any:
    shown = request.POST.get("expected_total_cents", "")
    is_number = shown.isascii() and shown.isdecimal() and len(shown) < 13
    told = {
        "email": draft.email,
        "shipping_address": draft.address,
        "shipping_method": draft.shipping_method,
        "payment": draft.payment if shown != "0" else {"provider": NO_PAYMENT, "token": NO_PAYMENT},
        "gift_message": draft.gift_message,
        "expected_total_cents": int(shown) if is_number else shown or None,
    }
    customer = request.user.pk if request.user.is_authenticated else None
    return rules.validate_purchase(told, customer_id=customer, address_note=draft.address.get("note", ""))


def _after(request: HttpRequest, bought: Bought) -> HttpResponse:
    if bought.status == "requires_action":
        return paying.way_on(bought.next_action_url, bought.token)
    return leave_hint(request, redirect("checkout-complete", token=bought.token))


def _bought_before(request: HttpRequest, cart: Cart) -> HttpResponse:
    """The basket went by an earlier click, or in another tab: its order is the answer."""
    order = order_queries.order_bought_from(cart.pk)
    if order:
        return redirect("checkout-complete", token=order.token)
    messages.warning(request, str(CartClosed.message))
    return redirect("cart")


def _said(error: DomainError) -> str:
    if isinstance(error, PriceChanged):
        before, after = error.facts["expected_total_cents"], error.facts["total_cents"]
        return _("The total is now %(after)s; you saw %(before)s. Nothing was charged. If that is fine, pay below.") % {
            "after": money(after),
            "before": money(before),
        }
    return str(error.message)
