"""Who is asking, as far as a basket goes: a session with a cart's token in it, or a bearer token."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from kidspetite.faces.edge.client import client_key
from kidspetite.sales.cart import operations as carts
from kidspetite.sales.cart import queries as cart_queries
from kidspetite.sales.cart.models import Cart

CART_KEY = "cart"
HINT_COOKIE = "kp_hint"
HINT_AGE = 30 * 24 * 3600


def bearer_token(request: HttpRequest) -> str | None:
    """The token of an `Authorization: Bearer` header, or None."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def cart_of(request: HttpRequest) -> Cart | None:
    """The open basket of this client, if there is one. A bearer token outranks the session."""
    token = bearer_token(request) or request.session.get(CART_KEY)
    return cart_queries.cart_by_token(token) if token else None


def cart_to_fill(request: HttpRequest) -> Cart:
    """The open basket of this session, opened now when there is none."""
    if found := cart_of(request):
        return found
    customer = request.user if request.user.is_authenticated else None
    cart = carts.open_cart(customer=customer, client=client_key(request))
    request.session[CART_KEY] = cart.token
    return cart


def leave_hint(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Tell the page's script whether there is anything personal to fetch. The cookie says that much and no more.

    Who only looks and has the cookie gets none: a browser keeps no page for the way back whose answer changes cookies.
    """
    is_known, is_told = request.session.get(CART_KEY) or request.user.is_authenticated, HINT_COOKIE in request.COOKIES
    if bool(is_known) == is_told and request.method == "GET":
        return response
    if is_known:
        response.set_cookie(
            HINT_COOKIE, "1", max_age=HINT_AGE, secure=request.is_secure(), samesite="Lax", httponly=False
        )
    else:
        response.delete_cookie(HINT_COOKIE)
    return response
