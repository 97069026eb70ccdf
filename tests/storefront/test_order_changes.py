"""What its owner may change about an order until it has left."""

from __future__ import annotations

import re

import pytest

from kidspetite.faces.console.audit import audit
from kidspetite.foundation.accounts.types import AddressOutcome, AddressVerdict, PostalAddress
from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.notifications.models import Message
from kidspetite.foundation.plumbing import wiring
from kidspetite.goods.inventory.models import StockLevel
from kidspetite.sales.orders.models import Order
from kidspetite.sales.payments.models import SandboxCharge
from kidspetite.sales.payments.queries.credit import credit_of
from tests.factories.checkout import ADDRESS
from tests.factories.credit import a_customer, an_order_by_credit
from tests.factories.orders import a_paid_order, a_shipped_order
from tests.factories.payments import a_payment, reloaded

pytestmark = pytest.mark.django_db
HOME = {name: text for name, text in ADDRESS.items() if name != "country"}


class TestCancelling:
    def test_the_page_says_what_happens_tender_by_tender_and_does_it(self, client, run_waiting_jobs):
        user = a_customer(1000)
        order = an_order_by_credit(user)
        path = f"/orders/{order.token}/cancellation"
        page = client.get(path).text
        assert "$10.00 is back in your store credit" in page
        assert "$14.60 goes back to where it came from" in page
        assert "cancelled" in client.post(path, follow=True).text
        run_waiting_jobs()
        assert reloaded(order).refunded_minor == order.total_minor
        assert credit_of(user.pk) == Money(1000)
        assert StockLevel.objects.get().on_hand == 10
        assert audit() == []

    def test_an_unpaid_order_ends_with_its_payment(self, client):
        order = a_payment("tok_3ds").order
        client.post(f"/orders/{order.token}/cancellation")
        assert reloaded(order).status == "cancelled"
        assert SandboxCharge.objects.get().status == "voided"
        assert audit() == []

    def test_what_has_left_stays(self, client):
        order = a_shipped_order()
        page = client.get(f"/orders/{order.token}")
        assert "Cancel this order" not in page.text
        assert "cannot be cancelled" in client.post(f"/orders/{order.token}/cancellation", follow=True).text
        assert reloaded(order).status == "shipped"

    def test_twice_is_once_and_strangers_find_nothing(self, client, run_waiting_jobs):
        order = a_paid_order()
        for _ in range(2):
            client.post(f"/orders/{order.token}/cancellation")
        run_waiting_jobs()
        assert SandboxCharge.objects.get().refunded_minor == order.total_minor
        assert client.get("/orders/none/cancellation").status_code == 404


class TestAddress:
    def test_it_is_corrected_told_and_noted(self, client, run_waiting_jobs):
        order = a_paid_order()
        typed = HOME | {"line1": "14 Fern Street", "line2": ""}
        page = client.post(f"/orders/{order.token}/address", typed, follow=True).text
        assert "14 Fern Street" in page
        assert reloaded(order).events.filter(kind="readdressed", is_public=True).exists()
        run_waiting_jobs()
        assert "14 Fern Street" in Message.objects.get(kind="order-readdressed").text

    def test_another_state_is_refused_with_the_way_on(self, client):
        order = a_paid_order()
        typed = HOME | {"city": "Los Angeles", "state": "CA", "postal_code": "90001"}
        answer = client.post(f"/orders/{order.token}/address", typed)
        assert answer.status_code == 409
        assert "place it again" in answer.text
        assert 'value="Los Angeles"' in answer.text
        assert reloaded(order).shipping_address["state"] == "NY"

    def test_where_a_provider_told_the_local_rate_the_zip_stays_too(self, client):
        order = a_paid_order()
        typed = HOME | {"postal_code": "10001", "city": "New York"}
        Order.objects.update(tax_source="stripe")
        assert client.post(f"/orders/{order.token}/address", typed).status_code == 409
        Order.objects.update(tax_source="table")
        assert client.post(f"/orders/{order.token}/address", typed).status_code == 302

    def test_faults_stand_beside_their_fields(self, client):
        order = a_paid_order()
        answer = client.post(f"/orders/{order.token}/address", HOME | {"postal_code": "123", "name": ""})
        assert answer.status_code == 422
        assert "three digits" in answer.text
        assert reloaded(order).shipping_address["name"] == "Maya Alvarez"

    @pytest.mark.parametrize(("choice", "street"), [("better", "12 Fern St"), ("mine", "12 fern street")])
    def test_what_the_post_writes_otherwise_is_asked_once(self, client, monkeypatch, choice, street):
        class Post:
            def check(self, address: PostalAddress) -> AddressVerdict:
                better = PostalAddress("12 Fern St", address.line2, address.city, address.state, address.postal_code)
                return AddressVerdict(AddressOutcome.SUGGESTED, address, better, (), "post")

        order = a_paid_order()
        provided = wiring.provider
        monkeypatch.setattr(
            wiring, "provider", lambda need, *code: Post() if need == "addresses" else provided(need, *code)
        )
        path, typed = f"/orders/{order.token}/address", HOME | {"line1": "12 fern street"}
        page = client.post(path, typed).text
        assert "Is this the same place?" in page
        assert reloaded(order).shipping_address["line1"] == "12 Fern Street"
        asked = re.search(r'name="address_asked" value="(\w+)"', page)[1]
        client.post(path, typed | {"address_asked": asked, "address_choice": choice})
        assert reloaded(order).shipping_address["line1"] == street

    def test_a_parcel_that_left_keeps_its_address(self, client):
        order = a_shipped_order()
        assert "stays as it is" in client.get(f"/orders/{order.token}/address", follow=True).text


def test_a_failed_payment_is_tried_again_from_the_orders_page(client):
    order = a_payment("tok_3ds").order
    assert "Pay this order" in client.get(f"/orders/{order.token}").text
    assert client.post(f"/orders/{order.token}/payment")["Location"].startswith("/checkout/")
