"""What a phone is told of an order: asked first, then once for each state, and nothing after the order has ended."""

from datetime import UTC, datetime

import pytest
import time_machine

from kidspetite.foundation.accounts import operations as accounts
from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.notifications import operations as notifications
from kidspetite.foundation.notifications.models import Consent, Message
from kidspetite.foundation.notifications.rules import segments
from kidspetite.foundation.notifications.types import Said, TextAnswer, Topic, Wish
from kidspetite.sales.orders import operations as orders
from kidspetite.sales.orders import queries
from kidspetite.sales.orders.messages.texts import order_text
from kidspetite.sales.orders.models import Order
from kidspetite.sales.shipping import operations as shipping
from tests.factories.orders import a_paid_order

pytestmark = pytest.mark.django_db

PHONE = "+17185550134"
NOON = datetime(2026, 10, 1, 16, tzinfo=UTC)  # not ahead of the database, whose clock runs on
NIGHT = datetime(2026, 10, 1, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=True):
        yield


def says_yes(number: str = PHONE) -> None:
    notifications.set_consent(Wish(number, Topic.ORDER_TEXTS), wanted=True, source="test")


def texts() -> dict[str, str]:
    sent = Message.objects.filter(channel="text").order_by("pk")
    return dict(sent.values_list("kind", "status"))


def ship(order: Order) -> None:
    shipping.ship_order(order.pk, carrier="usps", tracking_number="9400111899560000000001", by="user:1")


def test_a_guest_who_ticked_is_asked_and_told_once_for_each_state(run_waiting_jobs):
    order = a_paid_order(wants_texts=True)
    run_waiting_jobs()
    assert (order.texts_to, texts()) == (PHONE, {"texts-question": "sent", "order-text-paid": "queued"})
    notifications.hear_answer(TextAnswer("SM1", PHONE, Said.YES, "yes"))
    run_waiting_jobs()
    assert texts() == {"texts-question": "sent", "order-text-paid": "sent", "texts-welcome": "sent"}
    ship(order)
    run_waiting_jobs()
    ship(order)
    run_waiting_jobs()
    orders.mark_delivered(order.pk, by="user:1")
    orders.mark_delivered(order.pk, by="user:1")
    run_waiting_jobs()
    told = Message.objects.filter(kind__startswith="order-text").order_by("pk")
    assert [(row.kind, row.status, row.to) for row in told] == [
        (f"order-text-{state}", "sent", PHONE) for state in ("paid", "shipped", "delivered")
    ]
    assert all(f"/orders/{order.token}" in row.text and order.number in row.text for row in told)
    assert "USPS" in told[1].text


def test_nobody_is_asked_who_ticked_nothing(run_waiting_jobs):
    order = a_paid_order()
    ship(order)
    run_waiting_jobs()
    assert (texts(), Consent.objects.count()) == ({}, 0)


def test_a_phone_that_says_yes_to_no_text_hears_nothing_of_orders_without_the_box(run_waiting_jobs):
    says_yes()
    a_paid_order()
    run_waiting_jobs()
    assert texts() == {}


def test_an_account_chooses_once_for_all_its_orders(run_waiting_jobs):
    maya = User.objects.create_user("maya@home.example", phone="718 555 0134")
    accounts.choose_texts(maya, wanted=True, number=maya.phone)
    notifications.hear_answer(TextAnswer("SM1", PHONE, Said.YES, "yes"))
    order = a_paid_order()
    Order.objects.filter(pk=order.pk).update(customer=maya)
    run_waiting_jobs()
    assert texts()["order-text-paid"] == "sent"
    accounts.choose_texts(maya, wanted=False, number="")
    ship(order)
    run_waiting_jobs()
    assert "order-text-shipped" not in texts()


def test_a_new_number_is_asked_and_the_old_one_left_alone(run_waiting_jobs):
    maya = User.objects.create_user("maya@home.example", phone=PHONE)
    says_yes()
    accounts.choose_texts(maya, wanted=True, number=PHONE)
    accounts.choose_texts(maya, wanted=True, number="212 555 0123")
    run_waiting_jobs()
    assert Consent.objects.get(address=PHONE).status == Consent.Status.ENDED
    assert list(Message.objects.values_list("to", "kind")) == [("+12125550123", "texts-question")]


def test_a_text_that_waited_for_the_morning_is_no_news_of_a_cancelled_order(run_waiting_jobs):
    says_yes()
    with time_machine.travel(NIGHT, tick=True):
        order = a_paid_order(wants_texts=True)
        run_waiting_jobs()
        orders.cancel_order(order.pk, by="user:1", reason="changed their mind")
    assert texts() == {"order-text-paid": "queued"}
    with time_machine.travel(NOON, tick=True):
        notifications.deliver_waiting()
    assert texts() == {"order-text-paid": "withdrawn"}


def test_nor_of_one_that_has_left_meanwhile(run_waiting_jobs):
    says_yes()
    with time_machine.travel(NIGHT, tick=True):
        order = a_paid_order(wants_texts=True)
        ship(order)
        run_waiting_jobs()
    with time_machine.travel(NOON, tick=True):
        notifications.deliver_waiting()
    assert texts() == {"order-text-paid": "withdrawn", "order-text-shipped": "sent"}


def test_each_is_one_segment_at_a_usual_address():
    order = queries.order_view(a_paid_order())
    for state in ("paid", "shipped", "delivered"):
        text = order_text(order, state, to=PHONE)
        assert segments(text.words) == 1, text.words


@pytest.mark.parametrize("phone", ["+44 20 7946 0958", "(800) 555-0134"])
def test_a_number_that_gets_no_texts_stops_no_order(run_waiting_jobs, phone):
    address = {"name": "Maya", "line1": "4 Tape Lane", "city": "Brooklyn", "state": "NY", "postal_code": "11201",
               "country": "US", "phone": phone}  # fmt: skip
    a_paid_order(wants_texts=True, shipping_address=address)
    run_waiting_jobs()
    assert texts() == {}
    assert Message.objects.filter(kind="order-confirmation").exists()
