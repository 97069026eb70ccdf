"""Store credit as its customer meets it: at the payment step, on the last look, in the account."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from kidspetite.faces.edge.shopper import CART_KEY
from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.kernel.money import Money
from kidspetite.journeys.checkout import operations as checkout
from kidspetite.sales.cart import operations as carts
from kidspetite.sales.cart.models import Cart
from kidspetite.sales.orders.models import Order
from kidspetite.sales.payments import operations as payments
from kidspetite.sales.payments.queries.credit import credit_of
from tests.factories.checkout import ADDRESS, a_selling_shop, a_stocked_variant
from tests.factories.credit import a_customer, an_order_by_credit

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def user() -> User:
    return a_customer(1240)


@pytest.fixture
def shopper(client: Client, user: User) -> Client:
    """Signed in, with a shirt in the basket and everything typed but the card."""
    a_selling_shop()
    client.force_login(user, backend=BACKEND)
    cart = carts.open_cart(customer=user)
    carts.add_to_cart(cart, sku=a_stocked_variant().sku)
    address = {name: text for name, text in ADDRESS.items() if name != "country"}
    checkout.save_draft(
        cart, email=user.email, address=address, shipping_method="standard",
        payment={"provider": "sandbox", "token": "tok_visa"},
    )  # fmt: skip
    session = client.session
    session[CART_KEY] = cart.token
    session.save()
    return client


def look(shopper: Client) -> dict[str, str]:
    """The last look's hidden fields, as its pay button sends them."""
    page = shopper.get("/checkout/review").text
    return dict(re.findall(r'name="(attempt|expected_\w+)" value="([^"]*)"', page))


def test_the_box_is_ticked_and_the_rest_is_shown(shopper):
    page = shopper.get("/checkout/payment").text
    assert "Use $12.40 of store credit" in page
    assert re.search(r'name="use_store_credit"[^>]* checked', page)
    assert "$12.20" in page
    review = shopper.get("/checkout/review").text
    assert "Pay $12.20" in review


def test_both_tenders_pay_and_every_page_tells(shopper, user):
    answer = shopper.post("/checkout/review", look(shopper))
    order = Order.objects.get()
    assert answer["Location"] == f"/checkout/complete/{order.token}"
    for path in (answer["Location"], f"/orders/{order.token}", f"/account/orders/{order.number}"):
        page = shopper.get(path).text
        assert "Paid with Store credit" in page, path
        assert "$12.20" in page, path
    assert not credit_of(user.pk)


def test_unticked_it_is_kept(shopper, user):
    shopper.post("/checkout/store-credit", {})
    page = shopper.get("/checkout/payment").text
    assert not re.search(r'name="use_store_credit"[^>]* checked', page)
    shopper.post("/checkout/review", look(shopper))
    assert Order.objects.get().tenders[0]["amount_minor"] == 2460
    assert credit_of(user.pk) == Money(1240)
    assert Cart.objects.get().status != Cart.Status.OPEN


def test_credit_that_pays_all_asks_for_no_card(shopper, user):
    payments.grant_credit(user.pk, Money(5000), key="more", by="user:1", reason="kind")
    checkout.save_draft(Cart.objects.get(), payment={})
    page = shopper.get("/checkout/payment").text
    assert "It pays all of this order" in page
    assert "Card number" not in page
    shopper.post("/checkout/review", look(shopper))
    assert Order.objects.get().status == "paid"


def test_credit_spent_in_another_tab_is_said_before_anything_is_charged(shopper, user):
    seen = look(shopper)
    payments.take_credit_back(user.pk, Money(240), key="tab", by="user:1", reason="another tab")
    answer = shopper.post("/checkout/review", seen)
    assert answer.status_code == 409
    assert "store credit has changed" in answer.text
    assert "Pay $14.60" in answer.text
    assert not Order.objects.exists()


def test_a_guest_sees_no_box_and_can_spend_nobodys(shopper, user):
    cart = Cart.objects.get()
    stranger = Client()
    session = stranger.session
    session[CART_KEY] = cart.token
    session.save()
    assert "store credit" not in stranger.get("/checkout/payment").text
    stranger.post("/checkout/review", {**look(stranger), "expected_credit_cents": "1240"})
    assert credit_of(user.pk) == Money(1240)


def test_the_account_tells_balance_and_history(client, user):
    client.force_login(user, backend=BACKEND)
    order = an_order_by_credit(user)
    page = client.get("/account/credit").text
    assert "You have $0.00" in page
    assert order.number in page
    assert "+$12.40" in page
    assert "a late parcel" in page
    assert "Store credit</h2>" not in client.get("/account").text
    payments.grant_credit(user.pk, Money(300), key="k", by="user:1", reason="kind")
    assert "You have $3.00" in client.get("/account").text


def test_others_do_not_see_it(client):
    assert client.get("/account/credit").status_code == 302
    client.force_login(a_customer(), backend=BACKEND)
    assert "Nothing here yet" in client.get("/account/credit").text
