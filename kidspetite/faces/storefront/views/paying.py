"""The payment step where Stripe is on: its elements in the page, its hosted page without JavaScript. No card data
ever comes to us; what comes is a token."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_POST, require_safe

from kidspetite.faces.edge.middleware import PERMISSIONS
from kidspetite.faces.edge.shopper import CART_KEY, cart_of
from kidspetite.foundation.plumbing import wiring
from kidspetite.journeys.checkout import operations as checkout
from kidspetite.journeys.checkout.types import BasketView
from kidspetite.sales.cart import queries as carts
from kidspetite.sales.cart.models import Cart
from kidspetite.sales.orders import queries as orders
from kidspetite.sales.payments import operations as payments
from kidspetite.sales.payments import queries as payment_queries
from kidspetite.sales.payments.errors import UnknownMethod

HOSTED = "hosted"
STRIPE_JS = "https://js.stripe.com/endive/stripe.js"
# What docs.stripe.com/security/guide asks for, on the pages that pay and on no other.
STRIPE_POLICY = settings.SECURE_CSP | {
    "script-src": [*settings.SECURE_CSP["script-src"], "https://js.stripe.com", "https://*.js.stripe.com"],
    "frame-src": ["https://js.stripe.com", "https://*.js.stripe.com", "https://hooks.stripe.com"],
    "connect-src": [*settings.SECURE_CSP["connect-src"], "https://api.stripe.com"],
    "img-src": [*settings.SECURE_CSP["img-src"], "https://*.stripe.com"],
}

type View = Callable[..., HttpResponse]


def pays_with_stripe() -> bool:
    """Whether Stripe is what this shop takes money with."""
    return wiring.codes("payments")[:1] == ["stripe"]


def with_stripe_js(view: View) -> View:
    """Let a page run Stripe's script and open its wallets; Stripe's words for what that takes."""

    @wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cross-Origin-Opener-Policy"] = "same-origin-allow-popups"
        response["Permissions-Policy"] = PERMISSIONS.replace("payment=(self)", 'payment=(self "https://js.stripe.com")')
        return response

    return csp_override(STRIPE_POLICY)(opened)


@with_stripe_js
def show_elements(request: HttpRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """The payment step with Stripe's elements; `context` is that of every step."""
    basket: BasketView = context["basket"]
    return render(
        request, "storefront/checkout/payment_stripe.html",
        context
        | {
            "stripe_js": STRIPE_JS,
            "key": settings.STRIPE_PUBLISHABLE_KEY,
            "capture": "manual" if settings.PAYMENT_CAPTURE == "at_shipping" else "automatic",
            "draft": basket.draft,
        },
        status=status,
    )  # fmt: skip


def keep_token(request: HttpRequest, cart: Cart) -> bool:
    """Keep what Stripe's elements made of the card, or the wish for the hosted page; False for neither."""
    token = request.POST.get("token", "")
    try:
        payments.check_method("stripe", token)
    except UnknownMethod:
        messages.error(request, _("The card did not come through; nothing was charged. Type it once more."))
        return False
    label = request.POST.get("label", "")[:60] or (_("A card or wallet, on Stripe’s page") if token == HOSTED else "")
    checkout.save_draft(cart, payment={"provider": "stripe", "token": token, "label": label})
    return True


def way_on(url: str, order_token: str) -> HttpResponse:
    """To the bank. A policy of ours forbids forms to lead elsewhere, so that way goes over a page of our own."""
    if urlsplit(url).netloc == urlsplit(settings.BASE_URL).netloc:
        return redirect(url)
    return redirect("checkout-bank", token=order_token)


@require_safe
def bank(request: HttpRequest, token: str) -> HttpResponse:
    """On to the bank's page, or to the hosted one; when there is nothing to do there any more, to the order."""
    order = orders.order_by_token(token)
    if order is None:
        raise Http404
    url = payment_queries.next_action_of(order.pk)
    if not url:
        return redirect("checkout-complete", token=token)
    return render(request, "storefront/checkout/bank.html", {"url": url, "number": order.number})


@require_safe
def apple_association(request: HttpRequest) -> HttpResponse:
    """What Apple fetches to see that this domain may show its button; absent until the owner has set it."""
    file = settings.APPLE_PAY_DOMAIN_FILE
    if file is None or not file.is_file():
        raise Http404
    return HttpResponse(file.read_bytes(), content_type="text/plain; charset=utf-8")


@require_POST
def try_again(request: HttpRequest, token: str) -> HttpResponse:
    """Pay an order anew: its basket, which is still there, goes back to the payment step."""
    order = orders.order_by_token(token)
    if order is None:
        raise Http404
    if order.status == "requires_action":
        return redirect("checkout-bank", token=token)
    cart = Cart.objects.filter(pk=order.cart_id_was or 0, status=Cart.Status.OPEN).first()
    if order.status != "awaiting_payment" or cart is None:
        return redirect("order", token=token)
    here = cart_of(request)
    if here and here.pk != cart.pk and carts.pieces_in(here):
        messages.warning(request, _("Your basket holds other things now. Buy or empty it first, then pay this order."))
        return redirect("cart")
    request.session[CART_KEY] = cart.token
    return redirect("checkout-payment")
