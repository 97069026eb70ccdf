"""The choice beside the address, the switch in settings, and the way back from a letter to the basket."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.notifications import operations as notifications
from kidspetite.foundation.notifications import queries as letters
from kidspetite.foundation.notifications.models import Consent, Message
from kidspetite.foundation.notifications.rules import ending_token
from kidspetite.foundation.notifications.types import Topic, Wish
from kidspetite.goods.inventory import operations as inventory
from kidspetite.goods.inventory import queries as stock
from kidspetite.journeys.checkout import operations as checkout
from kidspetite.journeys.winback import operations as winback
from kidspetite.journeys.winback.models import Contact
from kidspetite.sales.cart import operations as carts
from kidspetite.sales.cart.models import Cart
from kidspetite.sales.orders.models import Order
from tests.factories.cart import a_cart
from tests.factories.checkout import ADDRESS, a_selling_shop, bought
from tests.factories.inventory import stock_of
from tests.factories.winback import a_left_cart, a_member, an_address

pytestmark = pytest.mark.django_db

MAYA = "maya@home.example"
WISH = Wish(MAYA, Topic.REMINDERS)
BOX = "Remind me if I leave this basket"
TYPED = {name: ADDRESS[name] for name in ("name", "line1", "city", "state", "postal_code")}


@pytest.fixture(autouse=True)
def shop():
    a_selling_shop()


def a_visit(client, variant=None) -> Cart:
    client.post("/cart/items", {"sku": (variant or stock_of(5)).sku})
    return Cart.objects.latest("pk")


def ship(client, **typed):
    return client.post("/checkout/shipping", {"email": MAYA, **TYPED, **typed})


def an_existing_customer():
    user = a_member(MAYA)
    number = bought(email=MAYA).order_number
    Order.objects.filter(number=number).update(customer=user)
    return user


class TestTheBox:
    def test_nobody_ticked_it_beforehand_and_without_a_tick_nothing_is_kept(self, client):
        a_visit(client)
        page = client.get("/checkout/shipping").text
        box = re.search(r"<input[^>]*remind_me[^>]*>", page).group()
        assert BOX in page
        assert "checked" not in box
        assert ship(client).status_code == 302
        assert not Contact.objects.exists()
        assert not letters.has_answered(WISH)

    def test_a_tick_follows_this_basket_and_stays_ticked(self, client):
        cart = a_visit(client)
        ship(client, email="Maya@Home.example", remind_me="on")
        assert Contact.objects.get(cart=cart).address == MAYA
        assert Consent.objects.get(topic=Topic.REMINDERS).source == "checkout"
        assert "checked" in re.search(r"<input[^>]*remind_me[^>]*>", client.get("/checkout/shipping").text).group()

    def test_the_latest_choice_stands(self, client):
        a_visit(client)
        ship(client, remind_me="on")
        ship(client)
        assert not Contact.objects.exists()

    @pytest.mark.parametrize("typed", ["", "maya", "maya@home.example\r\nBcc: all@x.example", "m" * 10_000])
    def test_what_is_no_address_is_not_followed(self, client, typed):
        a_visit(client)
        assert ship(client, email=typed, remind_me="on").status_code == 422
        assert not Contact.objects.exists()

    def test_a_strangers_tick_overrules_no_no(self, client):
        notifications.end_consent(ending_token(WISH))
        a_visit(client)
        ship(client, remind_me="on")
        assert not letters.is_welcome(WISH)

    def test_that_of_the_mailboxs_owner_does(self, client):
        client.force_login(a_member(MAYA))
        notifications.end_consent(ending_token(WISH))
        a_visit(client)
        ship(client, remind_me="on")
        assert letters.is_welcome(WISH)

    def test_a_customer_is_told_instead_and_can_change_it(self, client):
        client.force_login(an_existing_customer())
        a_visit(client)
        page = client.get("/checkout/shipping").text
        assert BOX not in page
        assert "we remind you of it, three letters at most" in page
        client.post("/account/settings", {"name": "Maya"})
        assert BOX in client.get("/checkout/shipping").text
        assert not letters.is_welcome(WISH)


class TestSettings:
    def test_the_switch_shows_how_it_stands_and_turns_it(self, client):
        client.force_login(an_existing_customer())
        assert "checked" in re.search(r"<input[^>]*reminders[^>]*>", client.get("/account/settings").text).group()
        client.post("/account/settings", {"name": "Maya"})
        assert "checked" not in re.search(r"<input[^>]*reminders[^>]*>", client.get("/account/settings").text).group()
        client.post("/account/settings", {"name": "Maya", "reminders": "on"})
        assert letters.is_welcome(WISH)

    def test_a_mailbox_that_may_be_anybodys_gets_none(self, client):
        user = a_member(MAYA)
        user.emailaddress_set.all().delete()
        client.force_login(user)
        page = client.post("/account/settings", {"name": "Maya", "reminders": "on"}, follow=True)
        assert "Confirm your mail address first" in page.text
        assert not letters.has_answered(WISH)


class TestTheWayBack:
    @pytest.fixture
    def variant(self):
        return stock_of(5)

    @pytest.fixture
    def left(self, variant) -> Cart:
        cart = a_left_cart(an_address(), variant, pieces=2)
        checkout.save_draft(cart, email=MAYA, address=dict(ADDRESS))
        return cart

    @pytest.fixture
    def link(self, left) -> str:
        with time_machine.travel(clock.now() + timedelta(hours=1), tick=False):
            assert winback.remind_due().written == 1
        return re.search(r"/cart/back/\S+", Message.objects.get(kind="reminder-first").text).group()

    def test_any_device_gets_the_pieces_and_nothing_else(self, client, left, link, variant):
        page = client.get(link)
        assert variant.sku in page.text
        assert "Put it into my basket" in page.text
        assert client.post(link).url == "/cart"
        mine = Cart.objects.get(token=client.session["cart"])
        assert mine.pk != left.pk
        assert dict(mine.lines.values_list("variant_id", "quantity")) == {variant.pk: 2}
        shown = page.text + client.get("/cart").text + client.get("/checkout/shipping").text
        for secret in (MAYA, "Fern Street", "Alvarez", left.token):
            assert secret not in shown

    def test_twice_is_once_and_it_joins_what_is_there(self, client, link, variant):
        other = stock_of(5)
        client.post("/cart/items", {"sku": other.sku})
        client.post("/cart/items", {"sku": variant.sku})
        for _ in range(2):
            client.post(link)
        mine = Cart.objects.get(token=client.session["cart"])
        assert dict(mine.lines.values_list("variant_id", "quantity")) == {other.pk: 1, variant.pk: 2}

    def test_the_basket_that_was_left_stays_as_it_is(self, client, left, link):
        before = (list(left.lines.values("variant_id", "quantity")), left.status)
        client.post(link)
        left.refresh_from_db()
        assert (list(left.lines.values("variant_id", "quantity")), left.status) == before

    def test_where_it_was_left_there_is_nothing_to_ask(self, client, left, link):
        session = client.session
        session["cart"] = left.token
        session.save()
        assert client.get(link).url == "/cart"
        assert client.post(link).url == "/cart"
        assert left.lines.get().quantity == 2

    def test_a_machine_that_follows_links_holds_nothing(self, link, variant):
        inventory.release_holds(holder=Cart.objects.get().holder)
        for method in ("get", "head"):
            getattr(Client(), method)(link)
        assert stock.available_pieces([variant.pk])[variant.pk] == 5
        assert Cart.objects.count() == 1

    def test_what_went_is_said_and_what_is_left_comes_over(self, client, left, link, variant):
        inventory.release_holds(holder=left.holder)
        a_cart(variant, pieces=4)
        page = client.get(link).text
        assert "The last one." in page
        client.post(link)
        assert Cart.objects.get(token=client.session["cart"]).lines.get().quantity == 1

    def test_all_gone(self, client, left, link, variant):
        inventory.release_holds(holder=left.holder)
        a_cart(variant, pieces=5)
        page = client.get(link).text
        assert "It is all gone." in page
        assert "Put it into my basket" not in page

    def test_somebody_elses_account_gets_it_too_and_learns_nothing(self, client, link):
        client.force_login(a_member())
        client.post(link)
        assert MAYA not in client.get("/checkout/shipping").text

    def test_a_link_runs_out_and_cannot_be_made_up(self, client, link):
        changed = link[:-1] + ("x" if link[-1] != "x" else "y")
        assert client.get(changed).status_code == client.post(changed).status_code == 404
        assert client.get("/cart/back/1:2:3").status_code == 404
        assert client.get(f"/cart/back/{ending_token(WISH)}").status_code == 404
        with time_machine.travel(clock.now() + timedelta(days=14, hours=2)):
            assert "This link has run out" in client.get(link).text
            assert client.post(link).status_code == 404

    def test_a_basket_that_was_bought_is_not_opened_again(self, client, left, link):
        carts.close_cart(left)
        assert client.get(link).status_code == client.post(link).status_code == 404
