"""The boxes for texts, at checkout and in the settings: never ticked for anybody, plain forms, and the truth about
where a phone stands."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client

from kidspetite.faces.edge.shopper import CART_KEY
from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.notifications import operations as notifications
from kidspetite.foundation.notifications import queries
from kidspetite.foundation.notifications.models import Message, Suppression
from kidspetite.foundation.notifications.types import Said, TextAnswer, TextState
from kidspetite.sales.orders.models import Order
from tests.factories.checkout import ADDRESS, a_basket, a_selling_shop

pytestmark = pytest.mark.django_db

PHONE = "+17185550134"
TYPED = {"email": "maya@home.example", **{name: text for name, text in ADDRESS.items() if name != "country"}}
CARD = {"card_number": "4242424242424242", "card_expiry": "08/30", "card_code": "123"}


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(datetime(2026, 10, 1, 16, tzinfo=UTC), tick=True):  # not ahead of the database
        yield


@pytest.fixture
def shopper(client: Client) -> Client:
    a_selling_shop()
    session = client.session
    session[CART_KEY] = a_basket().token
    session.save()
    return client


@pytest.fixture
def maya(client: Client) -> Client:
    client.force_login(
        User.objects.create_user("maya@home.example"), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


def box(page: str, name: str) -> str:
    return re.search(rf'<input[^>]*name="{name}"[^>]*>', page).group()


class TestCheckout:
    def test_the_box_stands_beside_the_phone_and_is_not_ticked(self, shopper: Client):
        page = shopper.get("/checkout/shipping").text
        assert "checked" not in box(page, "wants_texts")
        assert 0 < page.index('name="wants_texts"') - page.index('name="phone"') < 2500
        for words in ("rates may apply", "STOP", "HELP", "YES"):
            assert words in page

    def test_ticked_it_goes_with_the_order_and_the_phone_is_asked_once_it_is_paid(
        self, shopper: Client, run_waiting_jobs
    ):
        shopper.post("/checkout/shipping", TYPED | {"wants_texts": "on"})
        assert "checked" in box(shopper.get("/checkout/shipping").text, "wants_texts")
        shopper.post("/checkout/payment", CARD)
        run_waiting_jobs()
        assert not Message.objects.exists(), "a step forward is no purchase"
        attempt = re.search(r'name="attempt" value="([^"]+)"', shopper.get("/checkout/review").text)[1]
        done = shopper.post("/checkout/review", {"attempt": attempt})["Location"]
        run_waiting_jobs()
        assert Order.objects.get().texts_to == PHONE
        assert queries.text_state(PHONE) is TextState.ASKED
        assert "Answer YES" in shopper.get(done).text
        notifications.hear_answer(TextAnswer("SM1", PHONE, Said.YES, "Yes"))
        assert "Answer YES" not in shopper.get(done).text

    @pytest.mark.parametrize("phone", ["", "12", "+44 20 7946 0000", "(800) 555-0134"])
    def test_a_ticked_box_needs_a_phone_that_gets_texts(self, shopper: Client, phone: str):
        answer = shopper.post("/checkout/shipping", TYPED | {"wants_texts": "on", "phone": phone})
        assert answer.status_code == 422
        assert 'href="#id_phone"' in answer.text
        assert "checked" in box(answer.text, "wants_texts")
        assert shopper.post("/checkout/shipping", TYPED | {"phone": ""}).status_code == 302


class TestSettings:
    def save(self, maya: Client, **typed: str):
        return maya.post("/account/settings", {"name": "Maya", "phone": "(718) 555-0134"} | typed)

    def test_a_ticked_box_asks_the_phone_and_then_says_where_it_stands(self, maya: Client, run_waiting_jobs):
        assert "checked" not in box(maya.get("/account/settings").text, "texts")
        assert self.save(maya, texts="on").status_code == 302
        run_waiting_jobs()
        assert Message.objects.get().kind == "texts-question"
        page = maya.get("/account/settings").text
        assert "checked" in box(page, "texts")
        assert "Answer YES there" in page
        notifications.hear_answer(TextAnswer("SM1", PHONE, Said.YES, "Yes"))
        assert "Texts go to (718) 555-0134" in maya.get("/account/settings").text
        notifications.hear_answer(TextAnswer("SM2", PHONE, Said.STOP, "STOP"))
        assert "answered STOP" in maya.get("/account/settings").text
        self.save(maya, texts="on")
        assert queries.text_state(PHONE) is TextState.STOPPED
        self.save(maya)
        assert "texts-state" not in maya.get("/account/settings").text

    @pytest.mark.parametrize("phone", ["", "call me", "+49 151 12345678"])
    def test_a_phone_that_gets_no_texts_is_said_beside_the_field_and_nothing_is_saved(self, maya: Client, phone: str):
        answer = self.save(maya, texts="on", phone=phone, name="Somebody else")
        assert answer.status_code == 422
        assert 'href="#id_phone"' in answer.text
        assert "Somebody else" in answer.text
        assert User.objects.get().name == ""

    def test_a_landline_is_told(self, maya: Client):
        Suppression.objects.create(address=PHONE, cause=Suppression.Cause.NO_TEXTS)
        self.save(maya, texts="on")
        assert "gets no texts" in maya.get("/account/settings").text


class TestOutbox:
    def test_a_text_lies_there_and_can_be_answered(self, shopper: Client, run_waiting_jobs):
        from kidspetite.foundation.accounts import operations as accounts

        accounts.ask_for_texts(PHONE, source="checkout")
        run_waiting_jobs()
        row = Message.objects.get()
        assert row.headline[:60] in shopper.get("/_outbox").text
        assert "Reply YES" in shopper.get(f"/_outbox/{row.pk}").text
        assert shopper.post(f"/_outbox/{row.pk}", {"words": "Yes"})["Location"] == "/_outbox"
        assert queries.text_state(PHONE) is TextState.GIVEN
