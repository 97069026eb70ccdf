from __future__ import annotations

from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest
from ninja import Query, Router

from kidspetite.faces.api import shapes
from kidspetite.faces.api.clients import customer_of
from kidspetite.faces.api.documents import saved_card_document, wish_document
from kidspetite.faces.api.refusals import refusals
from kidspetite.faces.edge.client import traces_of
from kidspetite.sales.payments import operations as payments
from kidspetite.sales.payments.queries import cards

router = Router(tags=["Saved cards"])

Name = Annotated[str, Query(..., min_length=1, max_length=40, description="the card's `id`")]


@router.get("user/payment-methods", response={200: shapes.CardList, **refusals(401)}, summary="Your saved cards")
def list_cards(request: HttpRequest) -> Any:
    """The cards of the signed-in customer, the default first. What is kept is the provider's id, the brand, four digits
    and the expiry; never a number."""
    return {"items": [saved_card_document(card) for card in cards.saved_cards_for(customer_of(request).pk)]}


@router.post(
    "user/payment-methods",
    response={201: shapes.WishOut, 202: shapes.WishOut, **refusals(401, 402, 409, 422)},
    summary="Save a card",
)
def save_card(request: HttpRequest, given: shapes.CardIn) -> Any:
    """201: kept. 202: the bank wants to be asked first, or has not answered yet. 402: refused, nothing was charged. A
    card that is there already is kept once."""
    customer = customer_of(request)
    wish = payments.add_card(
        customer, provider=given.provider, method=given.token, traces=traces_of(request),
        way_back=f"{settings.BASE_URL}/account/payments/wishes/{{wish}}",
    )  # fmt: skip
    document = wish_document(wish)
    if wish.card is None:
        return 202, document
    if given.default:
        document["card"] = saved_card_document(payments.make_default(customer, wish.card.name))
    return 201, document


@router.delete("user/payment-methods", response={204: None, **refusals(401, 404, 422)}, summary="Delete a card")
def delete_card(request: HttpRequest, id: Name) -> Any:
    """It is gone from the account at once, and forgotten at the provider by a job."""
    payments.remove_card(customer_of(request), id)
    return 204, None
