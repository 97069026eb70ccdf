"""What happens to a basket when its shopper signs in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kidspetite.faces.edge.shopper import CART_KEY
from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.kernel.errors import DomainError
from kidspetite.sales.cart import operations as carts
from kidspetite.sales.cart import queries as cart_queries
from kidspetite.sales.cart.models import Cart


def carry_cart_over(sender: Any, request: HttpRequest, user: User, **rest: Any) -> None:
    """The basket of this visit becomes the customer's own, or joins the one they left elsewhere.

    Signing in never fails because of a basket: one that cannot come over stays where it is, and the page says so.
    """
    own = cart_queries.cart_for(user)
    here = cart_queries.cart_by_token(request.session.get(CART_KEY, ""))
    if here is None:
        if own:
            request.session[CART_KEY] = own.token
        return
    try:
        if own is None or own.pk == here.pk:
            carts.claim_cart(here, customer=user)
        else:
            _join(request, own, here)
    except DomainError as error:
        messages.warning(request, str(error.message))


def _join(request: HttpRequest, own: Cart, here: Cart) -> None:
    report = carts.merge_carts(own, here)
    request.session[CART_KEY] = own.token
    if report.added:
        pieces = sum(line.added for line in report.added)
        words = ngettext("%(n)s piece joined the basket you left.", "%(n)s pieces joined the basket you left.", pieces)
        messages.info(request, words % {"n": pieces})
    if report.capped:
        messages.warning(request, _("Some pieces could not come over: there are no more of them."))
