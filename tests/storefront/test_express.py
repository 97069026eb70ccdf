"""Buying at once with a wallet: the basket, or one piece alone; what goes wrong is said on the same page."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from kidspetite.faces.edge.shopper import CART_KEY
from kidspetite.goods.catalog.models import Variant
from kidspetite.goods.inventory import operations as inventory
from kidspetite.sales.cart.models import Cart, CartLine
from kidspetite.sales.orders.models import Order
from kidspetite.sales.payments.models import Payment
from tests.factories.cards import a_shopper
from tests.factories.checkout import a_basket, a_selling_shop, a_stocked_variant

pytestmark = pytest.mark.django_db

PATH = "/checkout/express"


@pytest.fixture
def piece() -> Variant:
    a_selling_shop()
    return a_stocked_variant()


@pytest.fixture
def own(client: Client, piece: Variant) -> Cart:
    """The shopper's own basket, with something else in it."""
    cart = a_basket(a_stocked_variant(pieces=5))
    session = client.session
    session[CART_KEY] = cart.token
    session.save()
    return cart


def sheet(client: Client, sku: str = "", **told: str) -> dict[str, str]:
    """Open the trial wallet; gives what its pay button sends."""
    page = client.get(PATH, {"wallet": "trial", **({"sku": sku} if sku else {}), **told})
    assert page.status_code == 200, page
    form = page.text.split('<form method="post" action="/checkout/express">')[1].split("</form>")[0]
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))


def the_order() -> Order:
    return Order.objects.get()


def test_looking_at_the_page_holds_nothing_and_opens_no_basket(client: Client, piece: Variant):
    page = client.get(PATH, {"sku": piece.sku, "wallet": "trial"})
    assert "Trial wallet" in page.text
    assert not Cart.objects.exists()
    assert piece.stock.reserved == 0


def test_one_piece_is_bought_alone_and_the_own_basket_stays(client: Client, piece: Variant, own: Cart):
    answer = client.post(PATH, sheet(client, piece.sku))
    order = the_order()
    assert answer["Location"] == f"/checkout/complete/{order.token}"
    assert [(line.sku, line.quantity) for line in order.lines.all()] == [(piece.sku, 1)]
    assert (order.status, order.email) == ("paid", "robin@trial.example")
    assert Payment.objects.get().label == "Trial wallet, card ending 4242"
    own.refresh_from_db()
    assert (own.status, own.lines.count()) == ("open", 1)
    assert client.session[CART_KEY] == own.token


def test_the_own_basket_is_bought_with_the_wallets_address(client: Client, own: Cart):
    told = sheet(client, to="or")
    assert client.post(PATH, told)["Location"].startswith("/checkout/complete/")
    order = the_order()
    assert (order.cart_id_was, order.shipping_address["state"], order.tax_minor) == (own.pk, "OR", 0)
    assert order.total_minor == int(told["expected_total_cents"])


def test_two_presses_on_one_page_are_one_order(client: Client, piece: Variant):
    told = sheet(client, piece.sku)
    first, second = client.post(PATH, told), client.post(PATH, told)
    assert first["Location"] == second["Location"]
    assert (Order.objects.count(), CartLine.objects.count()) == (1, 1)


def test_another_page_is_another_purchase(client: Client, piece: Variant):
    for _ in range(2):
        client.post(PATH, sheet(client, piece.sku))
    assert Order.objects.count() == 2


def test_a_signed_in_shopper_finds_the_order_in_the_account(client: Client, piece: Variant):
    maya = a_shopper()
    client.force_login(maya)
    client.post(PATH, sheet(client, piece.sku))
    assert the_order().customer == maya


@pytest.mark.parametrize("shown", ["1", "", "-5", "many"])
def test_another_total_than_the_one_shown_is_never_charged(client: Client, piece: Variant, shown: str):
    answer = client.post(PATH, sheet(client, piece.sku) | {"expected_total_cents": shown})
    assert answer.status_code in (409, 422)
    assert not Payment.objects.exists()


def test_a_price_that_changed_is_told_with_both_sums_and_the_new_one_pays(client: Client, piece: Variant):
    told = sheet(client, piece.sku)
    Variant.objects.filter(pk=piece.pk).update(price_minor=piece.price_minor + 100)
    answer = client.post(PATH, told)
    assert answer.status_code == 409
    assert "The total is now" in answer.text
    assert "Pay $" in answer.text, "and may be paid there"


def test_sold_out_is_said_on_the_spot_with_the_way_to_other_sizes(client: Client, piece: Variant):
    told = sheet(client, piece.sku)
    inventory.set_stock(piece.pk, on_hand=0, reason="counted", by="test")
    answer = client.post(PATH, told)
    assert answer.status_code == 409
    assert "See the other sizes" in answer.text
    assert not Order.objects.exists()


def test_a_declined_card_keeps_the_page_and_another_card_pays_the_same_basket(client: Client, piece: Variant):
    told = sheet(client, piece.sku, token="tok_declined")
    answer = client.post(PATH, told)
    assert answer.status_code == 402
    assert "nothing was charged" in answer.text
    form = answer.text.split('<form method="post" action="/checkout/express">')[1]
    again = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    assert again["side"] == told["side"]
    assert client.post(PATH, again | {"token": "tok_wallet"})["Location"].startswith("/checkout/complete/")
    assert (the_order().status, Cart.objects.count()) == ("paid", 1)


def test_a_bank_that_asks_is_answered_on_its_page(client: Client, piece: Variant):
    answer = client.post(PATH, sheet(client, piece.sku, token="tok_3ds"))
    assert answer["Location"].startswith("http://testserver/sandbox/3ds/") or "/sandbox/3ds/" in answer["Location"]
    assert the_order().status == "requires_action"


@pytest.mark.parametrize("name", ["email", "line1", "state", "postal_code"])
def test_what_the_wallet_did_not_tell_is_said(client: Client, piece: Variant, name: str):
    answer = client.post(PATH, sheet(client, piece.sku) | {name: ""})
    assert answer.status_code == 422
    assert not Order.objects.exists()


def test_a_forged_side_is_only_another_basket(client: Client, piece: Variant, own: Cart):
    answer = client.post(PATH, sheet(client, piece.sku) | {"side": own.token})
    assert answer.status_code == 302
    own.refresh_from_db()
    assert own.status == "open"


def test_without_anything_to_buy_there_is_no_page(client: Client, piece: Variant):
    assert client.get(PATH)["Location"] == "/cart"
    assert client.get(PATH, {"sku": "no-such"})["Location"] == "/products"
    assert client.post(PATH, {"token": "tok_wallet"}).status_code in (302, 404, 422)


def test_the_ways_there_stand_on_product_basket_and_checkout(client: Client, piece: Variant, own: Cart):
    product = client.get(f"/products/{piece.product.slug}").text
    assert 'formaction="/checkout/express"' in product
    assert "stripe.com" not in product
    for path in ("/cart", "/checkout/shipping"):
        assert 'href="/checkout/express"' in client.get(path).text, path


@pytest.mark.parametrize(("sku", "most"), [(True, 16), (False, 22)])
def test_how_many_questions_the_page_asks(
    client: Client, piece: Variant, own: Cart, django_assert_max_num_queries: Any, sku: bool, most: int
):
    where = {"wallet": "trial"} | ({"sku": piece.sku} if sku else {})
    client.get(PATH, where)
    with django_assert_max_num_queries(most):
        client.get(PATH, where)
