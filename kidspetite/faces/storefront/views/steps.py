"""What the steps of checkout have in common: the basket of this visit, and where the shopper stands."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from kidspetite.faces.edge.shopper import cart_of
from kidspetite.faces.storefront.codes import code_context
from kidspetite.faces.storefront.gone import gone_from
from kidspetite.faces.storefront.views.cart import destination
from kidspetite.foundation.kernel.errors import Invalid
from kidspetite.foundation.ui.types import Step
from kidspetite.journeys.checkout import operations as checkout
from kidspetite.journeys.checkout import queries, rules
from kidspetite.journeys.checkout.types import BasketView, DraftView
from kidspetite.sales.cart import queries as cart_queries
from kidspetite.sales.cart.models import Cart

STEPS = ("shipping", "payment", "review")


def filled_cart(request: HttpRequest) -> Cart | None:
    """The basket of this visit, if there is anything in it."""
    cart = cart_of(request)
    return cart if cart and cart_queries.pieces_in(cart) else None


def step_context(request: HttpRequest, cart: Cart, current: int) -> dict[str, Any]:
    names = (_("Where"), _("Pay"), _("Look"))
    steps = [Step(name, f"/checkout/{STEPS[i]}" if i < current else "") for i, name in enumerate(names)]
    basket = checkout.priced_basket(cart, destination(request) if current == 0 else None)
    credit = queries.credit_offer(basket, request.user.pk if request.user.is_authenticated else None)
    return {
        "basket": basket, "credit": credit, "steps": steps, "current": current + 1, "gone": gone_from(basket),
        **code_context(request, basket),
    }  # fmt: skip


def address_stands(draft: DraftView) -> bool:
    try:
        rules.validate_email(draft.email)
        rules.validate_address(draft.address)
    except Invalid:
        return False
    return True


def costs_nothing(basket: BasketView) -> bool:
    """Promotions leave nothing to pay: no card is asked for."""
    return basket.quote.total is not None and not basket.quote.total
