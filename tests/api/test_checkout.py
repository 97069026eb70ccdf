"""Buying through the API: one call, one order, one answer."""

from __future__ import annotations

import pytest
from django.test import Client

from kidspetite.foundation.notifications.models import Consent
from kidspetite.foundation.notifications.types import Topic
from kidspetite.foundation.plumbing.models import IdempotencyRecord
from kidspetite.sales.orders.models import Order
from tests.api.conftest import Machine, fields_of
from tests.factories.checkout import ADDRESS, a_stocked_variant, told
from tests.factories.credit import a_customer

pytestmark = pytest.mark.usefixtures("shop")


def a_buyer(pieces: int = 5) -> Machine:
    return Machine().opens_a_cart().puts_in(a_stocked_variant(pieces, price=1800).sku)


def test_a_purchase_and_its_order():
    buyer = a_buyer()
    total = buyer.call("get", "cart?state=NY&postal_code=11201&shipping_method=standard").json()["total_cents"]
    answer = buyer.buys(told(expected_total_cents=total), key="first")
    bought = answer.json()
    assert (answer.status_code, bought["status"], bought["total_cents"]) == (201, "paid", total)
    assert bought["next_action"] is None
    order = buyer.call("get", f"orders/{bought['token']}").json()
    assert (order["order_number"], order["status"], order["total_cents"]) == (bought["order_number"], "paid", total)
    assert order["subtotal_cents"] + order["shipping_cents"] + order["tax_cents"] - order["discount_cents"] == total
    assert [(item["quantity"], item["unit_price_cents"]) for item in order["items"]] == [(1, 1800)]
    assert buyer.call("get", "cart").status_code == 404


@pytest.mark.parametrize(
    ("token", "reason"),
    [("tok_declined", None), ("tok_insufficient_funds", "insufficient_funds"), ("tok_expired", "expired_card")],
)
def test_a_declined_card_leaves_the_basket_open_and_a_new_key_pays(token, reason):
    buyer = a_buyer()
    declined = buyer.buys(told(token), key="first")
    assert (declined.status_code, declined.json()["code"]) == (402, "payments.declined")
    assert declined.json()["facts"]["reason"] == (reason or declined.json()["facts"]["reason"])
    assert len(buyer.call("get", "cart").json()["items"]) == 1
    again = buyer.buys(told(token), key="first")
    assert (again.status_code, again.content) == (402, declined.content)
    assert again["Idempotent-Replayed"] == "true"
    assert again["Content-Type"] == "application/problem+json"
    assert buyer.buys(told(), key="second").status_code == 201
    assert Order.objects.filter(status="paid").count() == 1


def test_a_key_whose_answer_is_forgotten_tells_of_the_order_as_it_is_now():
    buyer = a_buyer()
    first = buyer.buys(told(), key="first")
    IdempotencyRecord.objects.all().delete()
    Order.objects.update(status="shipped")
    again = buyer.buys(told(), key="first")
    assert (again.status_code, again.json()) == (201, first.json() | {"status": "shipped"})


def test_a_challenge_answers_202_with_its_address():
    answer = a_buyer().buys(told("tok_3ds"), key="first")
    assert (answer.status_code, answer.json()["status"]) == (202, "requires_action")
    assert answer.json()["next_action"]["url"].startswith("http://testserver/")


def test_a_bank_without_an_answer_is_202_and_the_order_can_be_polled():
    buyer = a_buyer()
    answer = buyer.buys(told("tok_timeout"), key="first")
    assert (answer.status_code, answer.json()["status"]) == (202, "payment_unknown")
    assert buyer.call("get", f"orders/{answer.json()['token']}").json()["status"] == "payment_unknown"


def test_a_total_that_changed_is_told_and_nothing_is_charged():
    buyer = a_buyer()
    answer = buyer.buys(told(expected_total_cents=1), key="first")
    assert (answer.status_code, answer.json()["code"]) == (409, "checkout.price_changed")
    total = answer.json()["facts"]["total_cents"]
    assert buyer.buys(told(expected_total_cents=total), key="second").status_code == 201


def test_a_refusal_is_not_stored_so_the_same_key_may_try_again():
    buyer = a_buyer()
    body = told(expected_total_cents=1)
    assert buyer.buys(body, key="first").status_code == 409
    again = buyer.buys(body, key="first")
    assert again.status_code == 409
    assert "Idempotent-Replayed" not in again


FAULTS = [
    ({"email": ""}, "email"),
    ({"email": "mia"}, "email"),
    ({"email": None}, "email"),
    ({"shipping_address": ADDRESS | {"postal_code": "1"}}, "shipping_address.postal_code"),
    ({"shipping_address": ADDRESS | {"state": "ZZ"}}, "shipping_address.state"),
    ({"shipping_address": ADDRESS | {"name": "a\0b"}}, "shipping_address.name"),
    ({"shipping_address": ADDRESS | {"planet": "Mars"}}, "shipping_address.planet"),
    ({"shipping_address": {k: v for k, v in ADDRESS.items() if k != "city"}}, "shipping_address.city"),
    ({"shipping_address": "12 Fern Street"}, "shipping_address"),
    ({"shipping_method": "sledge"}, "shipping_method"),
    ({"payment": {"provider": "sandbox"}}, "payment.token"),
    ({"payment": {"provider": "barter", "token": "tok_visa"}}, "payment.provider"),
    ({"expected_total_cents": "4210"}, "expected_total_cents"),
    ({"expected_total_cents": 42.1}, "expected_total_cents"),
    ({"expected_total_cents": -1}, "expected_total_cents"),
    ({"expected_total_cents": True}, "expected_total_cents"),
    ({"gift_message": "x" * 5_000}, "gift_message"),
    ({"promo_code": "SPRING"}, "promo_code"),
    ({"wants_texts": True, "shipping_address": ADDRESS | {"phone": ""}}, "shipping_address.phone"),
    ({"wants_texts": True, "shipping_address": ADDRESS | {"phone": "+44 7700 900123"}}, "shipping_address.phone"),
    ({"wants_news": "perhaps"}, "wants_news"),
    ({"status": "paid"}, "status"),
    ({"total_cents": 1}, "total_cents"),
    ({"customer_id": 1}, "customer_id"),
]


@pytest.mark.parametrize(("change", "field"), FAULTS)
def test_what_is_wrong_is_named_and_nothing_happens(change, field):
    buyer = a_buyer()
    answer = buyer.buys(told(**change), key="first")
    assert answer.status_code == 422
    assert field in fields_of(answer)
    assert not Order.objects.exists()
    assert buyer.buys(told(), key="first").status_code == 201


def test_boxes_that_were_ticked_ask_the_mailbox_first_and_note_the_phone():
    phone = ADDRESS | {"phone": "718 555 0143"}
    a_buyer().buys(told(wants_news=True, wants_texts=True, shipping_address=phone), key="first")
    assert Order.objects.get().texts_to == "+17185550143"
    assert Consent.objects.get(topic=Topic.NEWSLETTER).status == Consent.Status.ASKED


def test_boxes_that_nobody_ticked_ask_nobody():
    a_buyer().buys(told(shipping_address=ADDRESS | {"phone": "718 555 0143"}), key="first")
    assert Order.objects.get().texts_to == ""
    assert not Consent.objects.exists()


def test_an_empty_basket_cannot_be_bought():
    answer = Machine().opens_a_cart().buys(told(), key="first")
    assert (answer.status_code, answer.json()["code"]) == (409, "checkout.empty_cart")


def test_the_key_is_needed():
    answer = a_buyer().call("post", "checkout", told())
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency.key_missing")


@pytest.mark.parametrize("key", ["", " ", "é", "x" * 256, "a\tb"])
def test_a_key_that_cannot_be_is_refused(key):
    answer = a_buyer().call("post", "checkout", told(), Idempotency_Key=key)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency.key_unfit")


def test_the_same_key_gives_the_same_bytes_after_the_basket_is_gone():
    buyer = a_buyer()
    first = buyer.buys(told(), key="first")
    again = buyer.buys(told(), key="first")
    assert (again.status_code, again.content) == (201, first.content)
    assert again["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first
    assert Order.objects.count() == 1


def test_the_same_key_for_something_else_is_refused():
    buyer = a_buyer()
    buyer.buys(told(), key="first")
    answer = buyer.buys(told(gift_message="For Mia"), key="first")
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency.key_reused")


def test_a_key_belongs_to_its_client_and_path():
    one, other = a_buyer(), a_buyer()
    first, second = one.buys(told(), key="same"), other.buys(told(), key="same")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["order_number"] != second.json()["order_number"]
    sku = a_stocked_variant().sku
    fresh = Machine().opens_a_cart()
    assert fresh.call("post", "cart/items", {"sku": sku}, key="same").status_code == 201


def test_a_key_makes_any_unsafe_call_harmless():
    buyer, sku = Machine().opens_a_cart(), a_stocked_variant().sku
    answers = [buyer.call("post", "cart/items", {"sku": sku, "quantity": 2}, key="add") for _ in range(3)]
    assert {answer.status_code for answer in answers} == {201}
    assert {answer.content for answer in answers} == {answers[0].content}
    assert buyer.call("get", "cart").json()["items"][0]["quantity"] == 2
    line = answers[0].json()["items"][0]["id"]
    removed = [buyer.call("delete", f"cart/items/{line}", key="drop").status_code for _ in range(2)]
    assert removed == [200, 200]


def test_a_key_on_opening_a_basket_gives_one_basket():
    tokens = {Machine().call("post", "cart", key="open-7f3k-0c9d-a1").json()["token"] for _ in range(3)}
    assert len(tokens) == 1


def test_a_twin_at_work_is_told_to_ask_again():
    from kidspetite.faces.api.clients import _digest
    from kidspetite.foundation.plumbing import idempotency

    buyer = a_buyer()
    body = b'{"sku": "A-1"}'
    idempotency.begin(scope=f"bearer:{_digest(buyer.token)}", path="POST /api/cart/items", key="twin", body=body)
    answer = buyer.call("post", "cart/items", body, key="twin")
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency.in_flight")
    assert answer["Retry-After"] == "1"
    mark = IdempotencyRecord.objects.get(key="twin")
    host, pid, born = mark.holder.rsplit(":", 2)
    mark.holder = f"{host}:{pid}:{int(born) - 1}"  # as told before the clock was put right by a second
    mark.save(update_fields=["holder"])
    assert buyer.call("post", "cart/items", body, key="twin").status_code == 409
    mark.holder = f"{host}:{pid}:{int(born) - 60}"  # a process that had this number before
    mark.save(update_fields=["holder"])
    assert buyer.call("post", "cart/items", body, key="twin").status_code == 404


@pytest.mark.parametrize("token", ["nonsense", "x" * 80, "x" * 500, "é"])
def test_an_order_opens_with_its_token_only(token):
    answer = Machine().call("get", f"orders/{token}")
    assert answer.status_code in {404, 422}
    assert answer["Content-Type"] == "application/problem+json"


def test_a_signed_in_customer_owns_the_order(django_user_model):
    user = django_user_model.objects.create(email="mia@mail.example")
    buyer = Machine()
    buyer.http.force_login(user)
    ours = {"Sec_Fetch_Site": "same-origin"}
    buyer.call("post", "cart/items", {"sku": a_stocked_variant().sku}, **ours)
    assert buyer.call("post", "checkout", told(), key="first", **ours).status_code == 201
    assert Order.objects.get().customer == user


def test_a_bearer_token_never_buys_in_the_name_of_the_session_beside_it(django_user_model):
    buyer = a_buyer()
    buyer.http.force_login(django_user_model.objects.create(email="mia@mail.example"))
    assert buyer.buys(told(), key="first").status_code == 201
    assert Order.objects.get().customer is None


class TestStoreCredit:
    def test_a_session_spends_it_and_the_order_tells_its_tenders(self):
        user = a_customer(1000)
        buyer = Machine()
        buyer.http = Client()
        buyer.http.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        buyer.call("post", "cart")
        buyer.puts_in(a_stocked_variant(5, price=1800).sku)
        answer = buyer.buys(told(use_store_credit=True), key="first")
        assert answer.status_code == 201, answer.content
        order = buyer.call("get", f"orders/{answer.json()['token']}").json()
        assert [(one["provider"], one["amount_cents"]) for one in order["tenders"]] == [
            ("sandbox", order["total_cents"] - 1000), ("store_credit", 1000),
        ]  # fmt: skip

    def test_a_bearer_token_speaks_for_nobody(self):
        refused = a_buyer().buys(told(use_store_credit=True), key="first")
        assert (refused.status_code, refused.json()["code"]) == (403, "checkout.credit_needs_account")
        assert not Order.objects.exists()
