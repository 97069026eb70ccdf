"""Putting a basket right without leaving checkout, when something in it went."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kidspetite.faces.edge.shopper import cart_of
from kidspetite.faces.storefront.views.steps import STEPS
from kidspetite.foundation.kernel.errors import DomainError
from kidspetite.journeys.checkout import operations as checkout
from kidspetite.sales.cart import operations as carts
from kidspetite.sales.cart import queries as cart_queries


@require_POST
def swap(request: HttpRequest, line_id: int) -> HttpResponse:
    """Another size instead of the one that went."""
    if cart := cart_of(request):
        try:
            checkout.swap_piece(cart, line_id=line_id, sku=request.POST.get("sku", "")[:40])
        except DomainError as error:
            messages.warning(request, str(error.message))
    return _back(request)


@require_POST
def settle(request: HttpRequest, line_id: int) -> HttpResponse:
    """As many pieces as are left; with none left the line goes."""
    if cart := cart_of(request):
        line = next((each for each in cart_queries.lines_of(cart) if each.id == line_id), None)
        try:
            if line:
                left = max(line.available, 0) if line.is_for_sale else 0
                carts.change_quantity(cart, line_id=line_id, quantity=min(left, line.quantity))
        except DomainError as error:
            messages.warning(request, str(error.message))
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    cart, step = cart_of(request), request.POST.get("back", "")
    if cart is None or not cart_queries.pieces_in(cart):
        messages.warning(request, _("Nothing is left in your basket. What you typed is kept for the next one."))
        return redirect("cart")
    return redirect(f"checkout-{step if step in STEPS else 'review'}")
