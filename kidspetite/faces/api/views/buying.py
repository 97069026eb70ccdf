from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from ninja import Router

from kidspetite.faces.api import shapes
from kidspetite.faces.api.clients import cart_being_bought, customer_id_of, is_signed_in
from kidspetite.faces.api.documents import bought_document
from kidspetite.faces.api.refusals import refusals
from kidspetite.faces.api.repetition import key_of, ticket_of
from kidspetite.faces.edge.client import traces_of
from kidspetite.faces.edge.limits import count_code
from kidspetite.foundation.kernel.errors import FieldError
from kidspetite.foundation.notifications import operations as notifications
from kidspetite.foundation.notifications.errors import NotAPhone
from kidspetite.journeys.checkout import operations as checkout
from kidspetite.journeys.checkout.errors import CreditNeedsAccount, PurchaseInvalid
from kidspetite.journeys.checkout.rules import validate_purchase
from kidspetite.journeys.checkout.types import Purchase
from kidspetite.sales.orders import queries as orders
from kidspetite.sales.orders.errors import NoSuchOrder
from kidspetite.sales.orders.rules import OPEN

router = Router(tags=["Buying"])


@router.post(
    "checkout",
    response={201: shapes.CheckoutOut, 202: shapes.CheckoutOut, **refusals(400, 402, 403, 404, 409, 422)},
    summary="Buy the basket",
)
def buy(request: HttpRequest, purchase: shapes.CheckoutIn) -> Any:
    """201: paid. 202: the bank wants to be asked at `next_action.url`, or has not answered yet; poll the order.
    402: declined, nothing was charged, and the basket stays open. Send an `Idempotency-Key`, and repeat the call with
    the same one until there is an answer."""
    cart = cart_being_bought(request)
    if purchase.promo_code:
        count_code(request)
    wanted = validate_purchase(purchase.model_dump(), customer_id=customer_id_of(request, cart))
    wanted = replace(wanted, traces=traces_of(request))
    _see_that_phone_is_one(wanted)
    if purchase.use_store_credit and not is_signed_in(request):
        raise CreditNeedsAccount()
    bought = checkout.buy(cart, wanted, key=key_of(request), ticket=ticket_of(request))
    return 202 if bought.status in OPEN else 201, bought_document(bought)


@router.get("orders/{token}", response={200: shapes.OrderOut, **refusals(404)}, summary="Show an order")
def show_order(request: HttpRequest, token: str) -> Any:
    """Whoever has the token may see the order. Poll it while the payment is open."""
    order = orders.order_by_token(token)
    if order is None:
        raise NoSuchOrder()
    return orders.status_document(orders.order_view(order))


def _see_that_phone_is_one(purchase: Purchase) -> None:
    """Who asks for texts says where to. Raises PurchaseInvalid."""
    if not purchase.wants_texts:
        return
    try:
        notifications.textable(purchase.texts_to)
    except NotAPhone as error:
        raise PurchaseInvalid(errors=(FieldError("shipping_address.phone", error.message),)) from error
