from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Query, Router, Status

from kidspetite.faces.api import shapes
from kidspetite.faces.api.clients import (
    basket_to_put_into,
    is_signed_in,
    needed_cart,
    open_cart_for,
    telling_how_to_open_one,
)
from kidspetite.faces.api.documents import cart_document, code_document, quote_document, rates_document
from kidspetite.faces.api.errors import BadRequestBody
from kidspetite.faces.api.refusals import refusals
from kidspetite.faces.api.repetition import do_once
from kidspetite.faces.edge.shopper import cart_of
from kidspetite.foundation.kernel import clock
from kidspetite.foundation.kernel.errors import FieldError
from kidspetite.foundation.kernel.money import Money
from kidspetite.goods.catalog.errors import UnknownSku
from kidspetite.goods.pricing import queries as pricing
from kidspetite.goods.pricing.errors import MethodNotOffered
from kidspetite.goods.pricing.rules.delivery import leaving_day, offered_rates, zone_of
from kidspetite.goods.pricing.types import Destination, Rate
from kidspetite.journeys.checkout import operations as buying
from kidspetite.journeys.checkout import queries as checkout
from kidspetite.journeys.checkout.rules import ZIP, state_code, state_of_zip
from kidspetite.journeys.checkout.types import BasketView
from kidspetite.sales.cart import operations as carts
from kidspetite.sales.cart import rules as cart_rules
from kidspetite.sales.cart.models import Cart
from kidspetite.sales.shipping import queries as shipping

router = Router(tags=["Basket"])

State = Annotated[str, Query("", max_length=40, description="two letters, or the name of a state; a ZIP tells it too")]
PostalCode = Annotated[str, Query("", max_length=10, description="five digits, or nine; its state may be left out")]
Code = Annotated[str, Query("", max_length=60)]
Sku = Annotated[str, Query("", max_length=80, description="one piece of this, instead of the basket")]
Method = Annotated[str, Query("", max_length=30, description="code of a way to send")]


@router.post("cart", response={201: shapes.CartOut, **refusals()}, summary="Open a basket")
def open_cart(request: HttpRequest) -> Any:
    """The token in the answer is the basket's key: send it as `Authorization: Bearer …`."""
    return Status(201, _document(open_cart_for(request)))


@router.get("cart", response={200: shapes.CartOut, **refusals(404, 422)}, summary="Show the basket")
def show_cart(request: HttpRequest, state: State, postal_code: PostalCode, shipping_method: Method) -> Any:
    """With a ZIP, a state or both it is priced for delivery there; with neither shipping, tax and total are null. A ZIP
    that nobody knows, or that lies in another state than the one named, is refused. Looking renews the basket's holds,
    and makes those that have lapsed anew where the pieces are still there."""
    cart, there = needed_cart(request), _estimated_for(state, postal_code)
    basket = _priced(cart, there, shipping_method)
    if cart_rules.needs_touch(cart.touched_at, basket.lines, now=clock.now()):
        carts.touch_cart(cart)
        basket = _priced(cart, there, shipping_method)
    return cart_document(basket)


@router.post("cart/items", response={201: shapes.CartOut, **refusals(404, 409, 422)}, summary="Put a piece in")
def add_item(request: HttpRequest, item: shapes.ItemIn) -> Any:
    """The pieces are held for a while. The same SKU adds up. When there are too few, the basket stays as it was."""
    into = basket_to_put_into(request)
    with telling_how_to_open_one():
        line = do_once(request, lambda: carts.add_to_cart(into, sku=item.sku, quantity=item.quantity))
    return Status(201, _document(line.cart if line else needed_cart(request)))


@router.patch("cart/items/{int:id}", response={200: shapes.CartOut, **refusals(404, 409, 422)}, summary="Change a line")
def change_item(request: HttpRequest, id: int, change: shapes.QuantityIn) -> Any:
    cart = needed_cart(request)
    do_once(request, lambda: carts.change_quantity(cart, line_id=id, quantity=change.quantity))
    return _document(cart)


@router.delete("cart/items/{int:id}", response={200: shapes.CartOut, **refusals(404)}, summary="Take a line out")
def remove_item(request: HttpRequest, id: int) -> Any:
    cart = needed_cart(request)
    do_once(request, lambda: carts.remove_line(cart, line_id=id))
    return _document(cart)


@router.post("cart/promo-code", response={200: shapes.CartOut, **refusals(404, 422)}, summary="Use a promotion code")
def use_code(request: HttpRequest, given: shapes.CodeIn) -> Any:
    """The code is kept with the basket. One that has to wait (for a sum, or one more piece) is kept too; `promotions`
    says what became of it. Spaces, hyphens and case do not matter."""
    cart = needed_cart(request)
    buying.use_code(cart, given.code)
    return _document(cart)


@router.delete("cart/promo-code", response={200: shapes.CartOut, **refusals(404, 422)}, summary="Take a code off")
def drop_code(request: HttpRequest, code: Code) -> Any:
    """Without `code` all of them. One that is not there is off already."""
    cart = needed_cart(request)
    buying.drop_codes(cart, code)
    return _document(cart)


@router.post("promo-code/validate", response={200: shapes.CodeOut, **refusals(422)}, summary="Try a promotion code")
def validate_code(request: HttpRequest, given: shapes.CodeIn) -> Any:
    """What the code would do in this client's basket; nothing is changed. A code that is unknown, over, used up or
    somebody else's is refused with one and the same answer."""
    return code_document(buying.judge_code(cart_of(request), given.code))


@router.get("shipping/rates", response={200: shapes.RateList, **refusals(422)}, summary="Ways to send")
def list_rates(request: HttpRequest, state: State, postal_code: PostalCode) -> Any:
    """For the basket of this client, or for a small parcel when it has none; to a ZIP, a state or both, as with the
    basket. With neither: to the address typed in checkout so far, else nothing can be said."""
    destination, cart = _estimated_for(state, postal_code), cart_of(request)
    basket = checkout.basket_view(cart, destination) if cart else None
    if basket and not basket.is_empty:
        return rates_document(basket.quote.rates)
    return rates_document(_rates_of_a_small_parcel(destination))


@router.get("checkout/quote", response={200: shapes.QuoteOut, **refusals(404, 422)}, summary="What buying costs")
def quote_purchase(
    request: HttpRequest, sku: Sku, state: State, postal_code: PostalCode, shipping_method: Method
) -> Any:
    """Lines, ways to send and the total for an address, as a wallet's sheet asks for them: of this client's basket, or
    with `sku` of one piece alone. Nothing is held by asking. A way to send that does not go there is replaced. A ZIP
    tells its state; beside a state, the state decides, as a wallet knows its owner's address better than we do."""
    there, method = _destination(state, postal_code), shipping_method or None
    if not sku:
        return quote_document(buying.priced_basket(needed_cart(request), there, method))
    basket = buying.priced_piece(sku, there, method, customer_id=request.user.pk if is_signed_in(request) else None)
    if basket is None:
        raise UnknownSku(sku=sku)
    return quote_document(basket)


def _document(cart: Cart) -> dict[str, Any]:
    return cart_document(buying.priced_basket(cart))


def _priced(cart: Cart, destination: Destination | None, method: str) -> BasketView:
    """A way to send that was asked for and does not go there is refused, not replaced."""
    basket = buying.priced_basket(cart, destination, method or None)
    quote = basket.quote
    if method and quote.rates and quote.method != method:
        raise MethodNotOffered(method=method, offered=tuple(rate.method_code for rate in quote.rates))
    return basket


def _estimated_for(state: str, postal_code: str) -> Destination | None:
    """Where an estimate goes. Raises BadRequestBody for a ZIP that contradicts the state, besides what is no place."""
    there = _destination(state, postal_code)
    if there and there.postal_code and state and (lies_in := state_of_zip(there.postal_code)) != there.state:
        raise BadRequestBody(errors=(_odd_zip(there.postal_code, lies_in, there.state),))
    return there


def _destination(state: str, postal_code: str) -> Destination | None:
    """A state, or a ZIP, which has one. Raises BadRequestBody."""
    digits, faults = postal_code.strip(), []
    code = state_code(state) if state else state_of_zip(digits)
    if state and code is None:
        faults.append(FieldError("state", _("We know no such state. Send its two letters.")))
    if digits and not ZIP.fullmatch(digits):
        faults.append(FieldError("postal_code", _("A US ZIP has five digits, such as 94107.")))
    elif digits and not code and not faults:
        faults.append(_odd_zip(digits))
    if faults:
        raise BadRequestBody(errors=tuple(faults))
    return Destination(code, digits) if code else None


def _odd_zip(digits: str, lies_in: str = "", told: str = "") -> FieldError:
    if not lies_in:
        sentence = _("We do not know the ZIP %(zip)s. Check it, or send the state alone.")
    else:
        sentence = _("ZIP %(zip)s lies in %(lies_in)s, not in %(told)s. Send the one that is right.")
    return FieldError("postal_code", sentence % {"zip": digits, "lies_in": lies_in, "told": told})


def _rates_of_a_small_parcel(destination: Destination | None) -> tuple[Rate, ...]:
    zone = zone_of(destination) if destination else None
    if zone is None:
        return ()
    packing = pricing.packing()
    return offered_rates(
        shipping.rate_table(),
        zone=zone,
        weight_g=0,
        goods=Money.zero(),
        free_from=None,
        leaves=leaving_day(clock.now(), packing),
        packing=packing,
    )
