"""What goes while its shopper is paying is named, and other sizes are one tap away; the basket never empties itself."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from kidspetite.faces.edge.shopper import CART_KEY
from kidspetite.goods.catalog.models import Variant
from kidspetite.goods.inventory import operations as inventory
from kidspetite.journeys.checkout import operations as checkout
from kidspetite.sales.cart.models import Cart
from kidspetite.sales.orders.models import Order
from tests.factories.catalog import Band, a_product
from tests.factories.checkout import ADDRESS, a_basket, a_selling_shop, a_stocked_variant
from tests.factories.inventory import put_on_shelf

pytestmark = pytest.mark.django_db


@pytest.fixture
def style() -> list[Variant]:
    a_selling_shop()
    product = a_product("Leaving bodysuit", sizes=("3m", "6m", "9m"), band=Band.SOLD_OUT)
    pieces = list(product.variants.order_by("pk"))
    for variant in pieces[:2]:
        put_on_shelf(variant, 5)
    return pieces


@pytest.fixture
def cart(style: list[Variant]) -> Cart:
    cart = a_basket(style[0], a_stocked_variant(), quantity=2)
    checkout.save_draft(
        cart, email="maya@home.example", address={name: text for name, text in ADDRESS.items() if name != "country"},
        shipping_method="standard", payment={"provider": "sandbox", "token": "tok_visa"},
    )  # fmt: skip
    return cart


@pytest.fixture
def shopper(client: Client, cart: Cart) -> Client:
    session = client.session
    session[CART_KEY] = cart.token
    session.save()
    return client


def leave(variant: Variant, pieces: int) -> None:
    """The shelf is counted, and what baskets hold beyond it lapses."""
    inventory.set_stock(variant.pk, on_hand=pieces, reason="counted", by="test")


def test_the_item_is_named_with_its_other_sizes(shopper: Client, style):
    leave(style[0], 0)
    page = shopper.get("/checkout/review").text
    assert "Leaving bodysuit" in page
    assert "sold out in this size" in page
    assert re.findall(r'name="sku" value="([^"]+)"', page) == [style[1].sku]


def test_another_size_takes_its_place_and_the_order_goes_on(shopper: Client, cart, style):
    leave(style[0], 0)
    line = cart.lines.get(variant=style[0])
    answer = shopper.post(f"/checkout/lines/{line.pk}/size", {"sku": style[1].sku, "back": "review"})
    assert answer["Location"] == "/checkout/review"
    assert dict(cart.lines.values_list("variant_id", "quantity"))[style[1].pk] == 2
    attempt = re.search(r'name="attempt" value="([^"]+)"', shopper.get("/checkout/review").text)[1]
    assert shopper.post("/checkout/review", {"attempt": attempt})["Location"].startswith("/checkout/complete/")
    assert style[1].sku in Order.objects.get().lines.values_list("sku", flat=True)


def test_what_is_left_is_taken_and_what_is_gone_goes(shopper: Client, cart, style):
    line = cart.lines.get(variant=style[0])
    leave(style[0], 1)
    shopper.post(f"/checkout/lines/{line.pk}/settled", {"back": "payment"})
    assert cart.lines.get(pk=line.pk).quantity == 1
    leave(style[0], 0)
    assert shopper.post(f"/checkout/lines/{line.pk}/settled", {"back": "payment"})["Location"] == "/checkout/payment"
    assert not cart.lines.filter(pk=line.pk).exists()


def test_a_size_that_went_too_changes_nothing(shopper: Client, cart, style):
    line = cart.lines.get(variant=style[0])
    shopper.post(f"/checkout/lines/{line.pk}/size", {"sku": style[2].sku, "back": "review"})
    assert cart.lines.get(pk=line.pk).quantity == 2
    assert cart.lines.count() == 2


def test_somebody_elses_line_is_not_touched(shopper: Client, style):
    other = a_basket(style[1])
    shopper.post(f"/checkout/lines/{other.lines.get().pk}/settled", {"back": "review"})
    shopper.post(f"/checkout/lines/{other.lines.get().pk}/size", {"sku": style[0].sku, "back": "review"})
    assert other.lines.get().variant_id == style[1].pk


def test_paying_for_what_is_gone_buys_nothing_and_keeps_the_basket(shopper: Client, cart, style):
    attempt = re.search(r'name="attempt" value="([^"]+)"', shopper.get("/checkout/review").text)[1]
    leave(style[0], 0)
    answer = shopper.post("/checkout/review", {"attempt": attempt})
    assert answer.status_code == 409
    assert "Leaving bodysuit" in answer.text
    assert style[1].sku in answer.text
    assert cart.lines.count() == 2
    assert not Order.objects.exists()


def test_a_basket_that_is_empty_now_leads_to_the_basket_page(shopper: Client, cart, style):
    cart.lines.exclude(variant=style[0]).delete()
    leave(style[0], 0)
    line = cart.lines.get()
    assert shopper.post(f"/checkout/lines/{line.pk}/settled", {"back": "review"})["Location"] == "/cart"
