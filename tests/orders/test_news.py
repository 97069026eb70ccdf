"""How the team hears of new orders: each, one letter a day, or none; and what customers hear when one arrives."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group

from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.accounts.types import Role
from kidspetite.foundation.notifications.models import Message
from kidspetite.sales.orders import operations, rules
from kidspetite.sales.orders.errors import NewsUnclear
from kidspetite.sales.orders.models import NewsChoice, Order
from kidspetite.sales.orders.queries import news
from kidspetite.sales.shipping import operations as shipping
from tests.factories.orders import a_paid_order, a_shipped_order

How = NewsChoice.How
MONDAY = datetime(2026, 12, 7, 15, tzinfo=UTC)  # ten in the morning, by the shop's clock


def one_of_the_team(role: Role, mail: str = "") -> User:
    user = User.objects.create_user(mail or f"{role.name.lower()}@team.example", is_staff=True)
    user.groups.add(Group.objects.get(name=role.value))
    return user


def letters(kind: str) -> dict[str, str]:
    return dict(Message.objects.filter(kind=kind).values_list("to", "status"))


@pytest.mark.parametrize(("now", "told_until"), [
    ("2026-12-07T12:00", "2026-12-07T12:00"), ("2026-12-07T11:59", "2026-12-06T12:00"),
    ("2026-12-08T04:59", "2026-12-07T12:00"), ("2026-03-08T11:00", "2026-03-08T11:00"),
    ("2026-11-01T11:59", "2026-10-31T11:00"),
])  # fmt: skip
def test_the_day_of_the_team_begins_at_seven_by_the_shops_clock(now, told_until):
    moments = [datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (now, told_until)]
    assert rules.last_telling(moments[0], "America/New_York") == moments[1]


@pytest.mark.django_db
class TestEach:
    def test_owners_hear_of_each_order_and_others_only_if_they_choose(self, run_waiting_jobs):
        one_of_the_team(Role.OWNER)
        one_of_the_team(Role.SUPPORT)
        operations.choose_news(one_of_the_team(Role.FULFILMENT), How.EACH)
        order = a_paid_order(gift_message="For Ada")
        run_waiting_jobs()
        assert letters("new-order") == {"owner@team.example": "sent", "fulfilment@team.example": "sent"}
        letter = Message.objects.filter(kind="new-order").first()
        assert order.number in letter.subject
        assert f"/admin/orders/{order.number}" in letter.text
        assert "For Ada" in letter.text

    def test_told_twice_it_is_one_letter(self, run_waiting_jobs):
        from kidspetite.sales.orders.events import OrderPaid
        from kidspetite.sales.orders.handlers import tell_team

        one_of_the_team(Role.OWNER)
        order = a_paid_order()
        tell_team(OrderPaid(order.pk))
        run_waiting_jobs()
        assert Message.objects.filter(kind="new-order").count() == 1

    def test_whoever_says_none_before_it_leaves_gets_none(self, run_waiting_jobs):
        from kidspetite.sales.orders.events import OrderPaid
        from kidspetite.sales.orders.handlers import tell_team

        owner = one_of_the_team(Role.OWNER)
        tell_team(OrderPaid(a_paid_order().pk))
        operations.choose_news(owner, How.OFF)
        run_waiting_jobs()
        assert letters("new-order") == {"owner@team.example": "withdrawn"}

    @pytest.mark.parametrize("change", [{"is_active": False}, {"is_staff": False}])
    def test_nor_does_who_works_here_no_more(self, run_waiting_jobs, change):
        from kidspetite.sales.orders.events import OrderPaid
        from kidspetite.sales.orders.handlers import tell_team

        owner = one_of_the_team(Role.OWNER)
        tell_team(OrderPaid(a_paid_order().pk))
        User.objects.filter(pk=owner.pk).update(**change)
        run_waiting_jobs()
        assert letters("new-order") == {"owner@team.example": "withdrawn"}

    def test_marketing_sees_no_orders_and_hears_of_none(self):
        operations.choose_news(one_of_the_team(Role.MARKETING), How.EACH)
        assert news.readers(How.EACH) == []

    def test_orders_of_the_demo_are_no_news(self, run_waiting_jobs):
        one_of_the_team(Role.OWNER)
        Order.objects.filter(pk=a_paid_order().pk).update(is_demo=True)
        run_waiting_jobs()
        assert letters("new-order") == {}


@pytest.mark.django_db
class TestDaily:
    def reader(self) -> User:
        with time_machine.travel(MONDAY, tick=False):
            reader = one_of_the_team(Role.SUPPORT)
            operations.choose_news(reader, How.DAILY)
        return reader

    def paid_at(self, *moments: datetime) -> list[Order]:
        orders = [a_paid_order() for _moment in moments]
        for order, moment in zip(orders, moments, strict=True):
            Order.objects.filter(pk=order.pk).update(paid_at=moment)
        return orders

    def told(self, at: datetime) -> list[str]:
        """The daily letters that the clock writes at a moment."""
        before = set(Message.objects.values_list("pk", flat=True))
        with time_machine.travel(at, tick=False):
            operations.write_daily_letters()
        return [letter.text for letter in Message.objects.filter(kind="daily-orders").exclude(pk__in=before)]

    def test_each_order_stands_in_exactly_one_letter_whatever_the_clock_does(self):
        self.reader()
        hours = (1, 20, 22, 45, 120)
        orders = self.paid_at(*(MONDAY + timedelta(hours=hour) for hour in hours))
        numbers = [order.number for order in orders]
        runs = {  # hours after Monday morning, and whose numbers stand in the letter then
            2: [], 21: [[0, 1]], 21.5: [], 15: [], 46: [[2]], 3: [], 21.7: [], 69: [[3]], 150: [[4]], 151: [],
        }  # fmt: skip
        for hour, expected in runs.items():
            texts = self.told(MONDAY + timedelta(hours=hour))
            found = [[place for place, number in enumerate(numbers) if number in text] for text in texts]
            assert found == expected, hour

    def test_a_day_without_orders_has_no_letter(self):
        self.reader()
        assert self.told(MONDAY + timedelta(days=1)) == []

    def test_a_clock_that_ran_ahead_silences_nobody_for_ever(self):
        self.reader()
        self.told(MONDAY + timedelta(days=400))
        assert self.told(MONDAY + timedelta(days=1)) == []
        (order,) = self.paid_at(MONDAY + timedelta(days=1, hours=2))
        (text,) = self.told(MONDAY + timedelta(days=2))
        assert order.number in text
        assert "7:00 am" in text, "by the shop's clock, not by the server's"

    def test_of_a_great_many_the_first_are_named_and_all_are_counted(self, monkeypatch):
        monkeypatch.setattr("kidspetite.sales.orders.messages.staff.MOST_LINES", 2)
        self.reader()
        orders = self.paid_at(*[MONDAY + timedelta(hours=1)] * 4)
        (text,) = self.told(MONDAY + timedelta(days=1))
        assert sum(order.number in text for order in orders) == 2
        assert "2 more" in text
        assert text.startswith("4 orders, ")


@pytest.mark.django_db
class TestChoosing:
    def test_everybody_chooses_for_themselves(self, client):
        one, other = one_of_the_team(Role.OWNER), one_of_the_team(Role.SUPPORT)
        client.force_login(one, backend="django.contrib.auth.backends.ModelBackend")
        assert 'value="each" checked' in client.get("/admin/my-letters").text
        assert client.post("/admin/my-letters", {"orders": "daily"}).status_code == 302
        assert (news.choice_of(one), news.choice_of(other)) == (How.DAILY, How.OFF)

    @pytest.mark.parametrize("typed", ["", "hourly", "each\r\n", "e" * 10_000])
    def test_what_is_no_choice_is_refused(self, client, typed):
        owner = one_of_the_team(Role.OWNER)
        client.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
        answer = client.post("/admin/my-letters", {"orders": typed})
        assert answer.status_code == 422
        assert "Choose how" in answer.text
        with pytest.raises(NewsUnclear):
            operations.choose_news(owner, typed)


@pytest.mark.django_db
def test_when_it_arrives_the_customer_hears_once(run_waiting_jobs):
    order: Any = a_shipped_order()
    parcel = order.shipments.get()
    for _told in range(2):
        shipping.mark_delivered(parcel.pk, by="user:1")
    run_waiting_jobs()
    letter = Message.objects.get(kind="order-delivered")
    assert (letter.to, letter.status) == (order.email, "sent")
    assert order.number in letter.text
    assert "60 days" in letter.text
