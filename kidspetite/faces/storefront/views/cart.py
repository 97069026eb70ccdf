"""The basket: a page, a drawer, and forms that work without script. htmx gets the part that changed."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kidspetite.faces.edge.shopper import cart_of, cart_to_fill, leave_hint
from kidspetite.faces.storefront.codes import code_context, enter_code
from kidspetite.faces.storefront.forms import Typed
from kidspetite.foundation.accounts.types import STATES
from kidspetite.foundation.kernel import clock
from kidspetite.foundation.kernel.errors import DomainError, Invalid, NotFound
from kidspetite.foundation.ui.jinja import render_block
from kidspetite.goods.pricing.types import Destination
from kidspetite.journeys.checkout import operations as checkout_commands
from kidspetite.journeys.checkout import rules
from kidspetite.journeys.checkout.types import BasketView
from kidspetite.sales.cart import operations as carts
from kidspetite.sales.cart import queries as cart_queries
from kidspetite.sales.cart.models import Cart
from kidspetite.sales.cart.rules import quantity_from_form

ESTIMATE, UNDO = "estimate", "undo"
UNDO_SECONDS = 30 * 60
TEMPLATE = "storefront/cart.html"


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The basket with what it costs so far; looking at it renews its holds. htmx gets the drawer's inside."""
    cart = cart_of(request)
    if cart:
        carts.touch_cart(cart)
    if request.headers.get("HX-Target") == "basket-drawer-body":
        return render_block(request, TEMPLATE, "drawer", _context(request, cart))
    return leave_hint(request, render(request, TEMPLATE, _context(request, cart)))


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Put a piece into the basket: with script the page stays, without it the basket opens."""
    sku = request.POST.get("sku", "").strip()
    back = _safe(request, request.POST.get("back", ""), "/cart")
    try:
        if not sku:
            raise Invalid(_("Choose a size first."))
        cart = cart_to_fill(request)
        carts.add_to_cart(cart, sku=sku, quantity=quantity_from_form(request.POST.get("quantity", "1")))
    except DomainError as error:
        if _wants_part(request):
            return _toast(str(error.message), status=200)
        messages.warning(request, str(error.message))
        return redirect(back)
    count = cart_queries.count_of(cart.token)
    if not _wants_part(request):
        return leave_hint(request, redirect("cart"))
    answer = HttpResponse(status=204)
    line = next((line for line in cart_queries.lines_of(cart) if line.sku == sku), None)
    told: dict[str, Any] = {"added": {"label": line.variant.size_label if line else sku, "count": count}}
    if line and line.is_past_cap:
        told["toast"] = {"text": _("In your basket, but not set aside. Checkout sets it aside.")}
    answer["HX-Trigger"] = json.dumps(told)
    return leave_hint(request, answer)


@require_POST
def change(request: HttpRequest, line_id: int) -> HttpResponse:
    """Make a line so many pieces; 0 takes it out."""
    try:
        pieces = quantity_from_form(request.POST.get("quantity", ""), least=0)
        cart = _cart(request)
        if pieces == 0:
            return _removed(request, cart, line_id)
        carts.change_quantity(cart, line_id=line_id, quantity=pieces)
    except DomainError as error:
        return _basket(request, notice=str(error.message), status=error.status)
    return _basket(request)


@require_POST
def remove(request: HttpRequest, line_id: int) -> HttpResponse:
    """Take a line out; the answer offers the way back."""
    try:
        return _removed(request, _cart(request), line_id)
    except DomainError as error:
        return _basket(request, notice=str(error.message), status=error.status)


@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Put back what was taken out last, as far as it is still there. What could not be put back stays on offer."""
    gone = _taken_out(request)
    if gone:
        try:
            carts.add_to_cart(cart_to_fill(request), sku=gone["sku"], quantity=gone["quantity"])
        except DomainError as error:
            return _basket(request, notice=str(error.message), status=error.status)
        del request.session[UNDO]
    return _basket(request)


@require_POST
def use_code(request: HttpRequest) -> HttpResponse:
    """Put a promotion code into the basket; what is wrong with one stands beside its field."""
    try:
        field = enter_code(request, _cart(request))
    except DomainError as error:
        return _basket(request, notice=str(error.message), status=error.status)
    return _basket(request, code=field)


@require_POST
def drop_code(request: HttpRequest) -> HttpResponse:
    """Take a promotion code off."""
    try:
        checkout_commands.drop_codes(_cart(request), request.POST.get("code", ""))
    except DomainError as error:
        return _basket(request, notice=str(error.message), status=error.status)
    return _basket(request)


@require_POST
def estimate(request: HttpRequest) -> HttpResponse:
    """Where it would go, for shipping, tax and the day it arrives. Kept for this visit only."""
    state = request.POST.get("state", "").upper()
    digits = request.POST.get("postal_code", "").strip()
    if state and state not in dict(STATES):
        return _basket(request, notice=_("Choose a state."), status=422)
    if digits and not (digits.replace("-", "").isdecimal() and len(digits.replace("-", "")) in (5, 9)):
        return _basket(request, notice=_("A US ZIP has five digits."), status=422)
    state = state or rules.state_of_zip(digits)
    if digits and not state:
        return _basket(request, notice=_("We do not know the ZIP %(zip)s.") % {"zip": digits}, status=422)
    request.session[ESTIMATE] = {"state": state, "postal_code": digits, "method": request.POST.get("method", "")[:30]}
    return _basket(request)


def destination(request: HttpRequest) -> Destination | None:
    """What the shopper said in the basket about where it goes."""
    said = request.session.get(ESTIMATE) or {}
    return Destination(said["state"], said.get("postal_code", "")) if said.get("state") else None


def _removed(request: HttpRequest, cart: Cart, line_id: int) -> HttpResponse:
    line = next((line for line in cart_queries.lines_of(cart) if line.id == line_id), None)
    carts.remove_line(cart, line_id=line_id)
    if line:
        request.session[UNDO] = {
            "sku": line.sku, "quantity": line.quantity, "name": line.variant.name, "at": clock.now().timestamp(),
        }  # fmt: skip
    return _basket(request)


def _taken_out(request: HttpRequest) -> dict[str, Any] | None:
    """What was taken out last, while somebody may still remember it."""
    gone: dict[str, Any] | None = request.session.get(UNDO)
    return gone if gone and clock.now().timestamp() - gone.get("at", 0) < UNDO_SECONDS else None


def _basket(request: HttpRequest, *, notice: str = "", status: int = 200, code: Typed | None = None) -> HttpResponse:
    """The changed basket: its part for htmx, the page for a form that failed, a redirect for one that did not."""
    if _wants_part(request):
        context = _context(request, cart_of(request), notice=notice, code=code)
        block = "drawer" if request.headers.get("HX-Target") == "basket-drawer-body" else "basket"
        answer = render_block(request, TEMPLATE, block, context)
        answer["HX-Trigger"] = json.dumps({"me": {"cart_count": context["basket"].count if context["basket"] else 0}})
        return leave_hint(request, answer)
    if notice:
        page = render(request, TEMPLATE, _context(request, cart_of(request), notice=notice), status=status)
        return leave_hint(request, page)
    if code:
        page = render(request, TEMPLATE, _context(request, cart_of(request), code=code), status=422)
        return leave_hint(request, page)
    return leave_hint(request, redirect("cart"))


def _context(request: HttpRequest, cart: Cart | None, *, notice: str = "", code: Typed | None = None) -> dict[str, Any]:
    said = request.session.get(ESTIMATE) or {}
    basket: BasketView | None = None
    if cart:
        basket = checkout_commands.priced_basket(cart, destination(request), said.get("method") or None)
    return {
        "basket": basket if basket and not basket.is_empty else None,
        "notice": notice,
        "undo": _taken_out(request),
        "said": said,
        "states": STATES,
        **code_context(request, basket, code),
    }


def _cart(request: HttpRequest) -> Cart:
    if cart := cart_of(request):
        return cart
    raise NotFound(_("This basket is no longer open. Put what you want into a new one."))


def _toast(text: str, *, status: int) -> HttpResponse:
    return HttpResponse(status=status, headers={"HX-Trigger": json.dumps({"toast": {"text": text}})})


def _wants_part(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def _safe(request: HttpRequest, address: str, otherwise: str) -> str:
    """An address of ours to go back to; anything else is not followed."""
    is_ours = address.startswith("/") and url_has_allowed_host_and_scheme(address, {request.get_host()})
    return address if is_ours else otherwise
