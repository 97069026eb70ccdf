"""Who is calling: the basket of a bearer token, or else of the session."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kidspetite.faces.api.errors import NotSignedIn
from kidspetite.faces.edge.client import client_key
from kidspetite.faces.edge.shopper import CART_KEY, bearer_token, cart_of, cart_to_fill
from kidspetite.faces.edge.staff import lacks_second_factor
from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.kernel.errors import Forbidden
from kidspetite.sales.cart import operations as carts
from kidspetite.sales.cart import queries as cart_queries
from kidspetite.sales.cart.errors import NoSuchCart
from kidspetite.sales.cart.models import Cart

NO_CART = _("There is no open basket here. POST /api/cart opens one; send its token as a bearer token.")


def open_cart_for(request: HttpRequest) -> Cart:
    """A new basket; a client with a session keeps the one it has.

    A call without a session cookie never gets one: it has passed no origin check, so another site may have sent it,
    and a cookie in the answer would replace the session that the visitor's browser held back.
    """
    return cart_to_fill(request) if _has_session(request) else carts.open_cart(client=client_key(request))


def basket_to_put_into(request: HttpRequest) -> Cart | str:
    """The open basket of this client, or the key that it gave; a session without a basket gets one. Raises
    NoSuchCart."""
    if token := bearer_token(request):
        return token
    return cart_to_fill(request) if _has_session(request) else needed_cart(request)


@contextmanager
def telling_how_to_open_one() -> Iterator[None]:
    """Whoever has a key that opens no basket is told how to get one."""
    try:
        yield
    except NoSuchCart as gone:
        raise NoSuchCart(NO_CART) from gone


def needed_cart(request: HttpRequest) -> Cart:
    """The open basket of this client. Raises NoSuchCart."""
    found = cart_of(request)
    if found is None:
        raise NoSuchCart(NO_CART)
    return found


def cart_being_bought(request: HttpRequest) -> Cart:
    """The same, but a basket that was bought is found too: a repeated checkout must meet the order it made."""
    token = bearer_token(request) or request.session.get(CART_KEY)
    found = cart_queries.cart_ever(token) if token else None
    if found is None:
        raise NoSuchCart(NO_CART)
    return found


def customer_id_of(request: HttpRequest, cart: Cart) -> int | None:
    """Whose order it becomes. A bearer token speaks for its basket alone, never for the session beside it."""
    if is_signed_in(request):
        return request.user.pk
    return cart.customer_id


def customer_of(request: HttpRequest) -> User:
    """Who is signed in here. Raises NotSignedIn."""
    if is_signed_in(request) and isinstance(request.user, User):
        return request.user
    raise NotSignedIn()


def see_that_staff_may(request: HttpRequest, permission: str) -> None:
    """Whoever calls works here, with the second factor that the back office asks for, and their role grants this.
    Raises NotSignedIn or Forbidden."""
    user = customer_of(request)
    if not user.is_staff or not user.has_perm(permission) or lacks_second_factor(user):
        raise Forbidden()


def is_signed_in(request: HttpRequest) -> bool:
    """Whether a customer calls with their own session; a bearer token speaks for a basket, for nobody."""
    return bearer_token(request) is None and request.user.is_authenticated


def scope_of(request: HttpRequest) -> str:
    """The client that an Idempotency-Key belongs to: who holds a token or a session, else whoever calls from there."""
    if token := bearer_token(request):
        return f"bearer:{_digest(token)}"
    if session := request.session.session_key:
        return f"session:{_digest(session)}"
    return f"client:{client_key(request)}:{_digest(request.headers.get('User-Agent', ''))[:16]}"


def is_known(request: HttpRequest) -> bool:
    """Whether the client holds something of ours. One that does not is told from its neighbours by nothing but its
    address and browser, so that its key alone must keep their answers apart."""
    return bool(bearer_token(request) or request.session.session_key)


def _has_session(request: HttpRequest) -> bool:
    return bearer_token(request) is None and settings.SESSION_COOKIE_NAME in request.COOKIES


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:40]
