"""Around a payment: the way to the bank and back, another try, and what wallets ask of the domain."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from kidspetite.faces.edge.shopper import CART_KEY, cart_of
from kidspetite.sales.cart import queries as carts
from kidspetite.sales.cart.models import Cart
from kidspetite.sales.orders import queries as orders
from kidspetite.sales.orders.models import Order
from kidspetite.sales.payments import operations as payments
from kidspetite.sales.payments import queries as payment_queries


def is_ours(url: str) -> bool:
    """Whether an address lies in this shop."""
    return urlsplit(url).netloc == urlsplit(settings.BASE_URL).netloc


def way_on(url: str, order_token: str) -> HttpResponse:
    """To the bank. A policy of ours forbids forms to lead elsewhere, so that way goes over a page of our own."""
    if is_ours(url):
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
    return render(request, "storefront/checkout/bank.html", {"address": url, "number": order.number})


@require_safe
def apple_association(request: HttpRequest) -> HttpResponse:
    """What Apple fetches to see that this domain may show its button; absent until the owner has set it."""
    file = settings.APPLE_PAY_DOMAIN_FILE
    if file is None or not file.is_file():
        raise Http404
    return HttpResponse(file.read_bytes(), content_type="text/plain; charset=utf-8")


@require_GET
def turned_back(request: HttpRequest, token: str) -> HttpResponse:
    """A shopper left their bank's page, or PayPal's, without paying: nothing stays open there, and they choose anew."""
    order = orders.order_by_token(token)
    if order is None:
        raise Http404
    if payments.turn_back(order.pk) != "awaiting_payment":
        return redirect("checkout-complete", token=token)
    messages.warning(request, _("You came back without paying. Nothing was charged, and your basket is safe."))
    return _to_its_basket(request, order)


@require_POST
def try_again(request: HttpRequest, token: str) -> HttpResponse:
    """Pay an order anew: its basket, which is still there, goes back to the payment step. One that ended unpaid leaves
    its basket too."""
    order = orders.order_by_token(token)
    if order is None:
        raise Http404
    if order.status == "requires_action":
        return redirect("checkout-bank", token=token)
    if order.status not in ("awaiting_payment", "cancelled") or order.paid_at:
        return redirect("order", token=token)
    return _to_its_basket(request, order)


def _to_its_basket(request: HttpRequest, order: Order) -> HttpResponse:
    cart = Cart.objects.filter(pk=order.cart_id_was or 0, status=Cart.Status.OPEN).first()
    if cart is None or not carts.pieces_in(cart):
        messages.warning(request, _("The basket of this order is not kept any more."))
        return redirect("order", token=order.token)
    here = cart_of(request)
    if here and here.pk != cart.pk and carts.pieces_in(here):
        messages.warning(request, _("Your basket holds other things now. Buy or empty it first, then pay this order."))
        return redirect("cart")
    request.session[CART_KEY] = cart.token
    return redirect("checkout-payment")
