"""Tell me: from the sold-out size on the page to the basket, without script."""

import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.test import Client

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.notifications.models import Message
from kidspetite.goods.catalog import operations as catalog
from kidspetite.goods.catalog.models import Variant
from kidspetite.goods.inventory import operations as inventory
from kidspetite.goods.inventory import queries as stock
from kidspetite.goods.inventory.models import Hold, Wait
from kidspetite.sales.cart.models import Cart, CartLine
from tests.factories.checkout import a_selling_shop, bought
from tests.factories.inventory import hold_for, put_on_shelf, stock_of
from tests.factories.waiting import a_proven_customer, in_line, link_to_wait, told

pytestmark = pytest.mark.django_db

ANA = "ana@home.example"


@pytest.fixture
def coat() -> Variant:
    return stock_of(0)


@pytest.fixture
def link(coat, run_waiting_jobs) -> str:
    """The letter about the one coat that came back is in Ana's mail."""
    in_line(coat, ANA)
    put_on_shelf(coat, 1)
    run_waiting_jobs()
    return link_to_wait()


def read(client: Client, address: str) -> str:
    return re.sub(r"\s+", " ", unescape(client.get(address).text))


def take(client: Client, link: str):
    return client.post(link, {"do": "take"})


class TestAsking:
    def test_a_sold_out_size_leads_to_being_told_without_script(self, client, coat):
        page = client.get(f"/products/{coat.product.slug}").text
        assert re.search(r'<button[^>]*formaction="/back-in-stock" formmethod="get"', page)
        asked = read(client, f"/back-in-stock?sku={coat.sku}")
        assert "Tell me when 3–6 m is back" in asked
        assert client.post("/back-in-stock", {"sku": coat.sku, "email": ANA}).url == "/back-in-stock/asked"

    def test_the_mailbox_says_yes_and_a_followed_link_does_not(self, client, coat):
        client.post("/back-in-stock", {"sku": coat.sku, "email": ANA})
        link = link_to_wait("wait-confirmation")
        assert "Shall we tell you when 3–6 m in Clover is back?" in read(client, link)
        assert Wait.objects.get().status == "asked"
        client.post(link, {"do": "confirm"})
        assert Wait.objects.get().status == "waiting"
        assert "You are in line" in read(client, link)

    @pytest.mark.parametrize("typed", ["", "ana", "ana@home.example\r\nBcc: all@x.example", "a" * 10_000])
    def test_what_is_no_address_is_told_beside_the_field(self, client, coat, typed):
        answer = client.post("/back-in-stock", {"sku": coat.sku, "email": typed})
        assert answer.status_code == 422
        assert "not a mail address" in answer.text
        assert not Wait.objects.exists()

    def test_a_known_address_and_a_machine_get_the_same_answer(self, client, coat):
        in_line(coat, ANA)
        letters = Message.objects.count()
        for typed in ({"email": ANA}, {"email": "x", "website": "http://spam.example"}):
            assert client.post("/back-in-stock", {"sku": coat.sku, **typed}).url == "/back-in-stock/asked"
        assert Message.objects.count() == letters

    @pytest.mark.parametrize("sku", ["", "NOPE", "a\nb", "x" * 5000])
    def test_an_unknown_piece_is_not_found(self, client, sku):
        assert client.get("/back-in-stock", {"sku": sku}).status_code == 404
        assert client.post("/back-in-stock", {"sku": sku, "email": ANA}).status_code == 404

    def test_what_is_here_can_be_bought_at_once(self, client):
        coat = stock_of(2)
        assert "3–6 m is here." in read(client, f"/back-in-stock?sku={coat.sku}")
        assert client.post("/back-in-stock", {"sku": coat.sku, "email": ANA}).url.endswith(f"?sku={coat.sku}")

    def test_what_is_archived_is_not_waited_for(self, client, coat):
        catalog.archive_product(coat.product_id, by="user:1")
        assert "Not sold any more" in read(client, f"/back-in-stock?sku={coat.sku}")
        assert client.post("/back-in-stock", {"sku": coat.sku, "email": ANA}).status_code == 409

    def test_a_customer_asks_with_one_button_and_sees_and_ends_it_in_the_settings(self, client, coat):
        client.force_login(a_proven_customer())
        assert "id_email" not in client.get(f"/back-in-stock?sku={coat.sku}").text
        client.post("/back-in-stock", {"sku": coat.sku})
        page = read(client, "/account/settings")
        assert "You are in line for 3–6 m in Clover" in page
        assert "In line since" in page
        assert "You are in line." in read(client, f"/back-in-stock?sku={coat.sku}")
        wait = Wait.objects.get()
        client.post(f"/account/waits/{wait.pk}/removal")
        assert Wait.objects.get().status == "ended"
        assert "In line since" not in read(client, "/account/settings")

    def test_nobody_ends_or_sees_anothers(self, client, coat):
        [wait] = in_line(coat, ANA)
        client.force_login(a_proven_customer())
        assert client.post(f"/account/waits/{wait.pk}/removal").status_code == 404
        assert "In line since" not in read(client, "/account/settings")
        assert Wait.objects.get().status == "waiting"

    def test_a_basket_whose_piece_went_leads_there(self, client):
        coat = stock_of(1)
        client.post("/cart/items", {"sku": coat.sku})
        inventory.release_holds(holder=Cart.objects.get().holder)
        inventory.set_stock(coat.pk, on_hand=0, reason="counted", by="user:1")
        page = read(client, "/cart")
        assert "Your basket waited, but 3–6 m in Clover is gone." in page
        assert f"/back-in-stock?sku={coat.sku}" in page


class TestTheLink:
    def test_it_says_until_when_and_puts_the_piece_into_this_basket(self, client, coat, link):
        page = read(client, link)
        assert re.search(r"One is set aside until \d+:\d\d [ap]m\.", page)
        assert not Cart.objects.exists(), "a mail program that follows links takes nothing"
        assert take(client, link).url == "/cart"
        assert CartLine.objects.get().variant_id == coat.pk
        assert list(Hold.objects.values_list("quantity", flat=True)) == [1]
        assert "The last one in 3–6 m. It is yours until" in read(client, "/cart")
        assert stock.broken_promises() == []

    def test_used_twice_it_tells_the_truth_to_both(self, client, coat, link):
        take(client, link)
        assert "It is in your basket." in read(client, link)
        other = Client()
        assert "has been put into a basket already" in read(other, link)
        assert take(other, link).status_code == 409
        assert CartLine.objects.count() == 1
        assert take(client, link).status_code == 409
        assert CartLine.objects.get().quantity == 1

    def test_late_and_gone_it_says_so_and_offers_the_line_again(self, client, coat, link):
        with time_machine.travel(clock.now() + timedelta(minutes=31)):
            hold_for("cart:9", coat, 1)
            page = read(client, link)
            assert "It was set aside until" in page
            assert "is gone again" in page
            assert take(client, link).status_code == 409
            client.post(link, {"do": "confirm"})
            assert Wait.objects.get().status == "waiting"

    def test_late_and_still_there_it_is_taken_like_any_other(self, client, coat, link):
        with time_machine.travel(clock.now() + timedelta(minutes=31)):
            assert "One is still here" in read(client, link)
            assert take(client, link).url == "/cart"
            assert Wait.objects.get().status == "taken"
            assert stock.stock_facts(coat.sku).available == 0

    def test_not_wanted_any_more_it_frees_the_piece(self, client, coat, link):
        client.post(link, {"do": "end"})
        assert "We do not write about this one any more." in read(client, link)
        assert stock.stock_facts(coat.sku).available == 1

    def test_archived_meanwhile_it_says_so(self, client, coat, link):
        catalog.archive_product(coat.product_id, by="user:1")
        assert "Not sold any more." in read(client, link)
        assert take(client, link).status_code == 409

    def test_a_changed_link_is_not_found(self, client, link):
        assert client.get(link[:-1] + ("x" if link[-1] != "x" else "y")).status_code == 404

    def test_a_purchase_ends_the_wait_and_frees_what_was_set_aside(self, coat, run_waiting_jobs):
        in_line(coat, ANA)
        put_on_shelf(coat, 2)
        inventory.offer_pieces([coat.pk])
        a_selling_shop()
        bought(coat, email=ANA)
        assert (Wait.objects.get().status, Wait.objects.get().why) == ("ended", "bought")
        run_waiting_jobs()
        assert told() == []
        assert stock.stock_facts(coat.sku).available == 1
        assert stock.broken_promises() == []
