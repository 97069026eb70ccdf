"""A month on a test clock: who gets which letter at which hour, and what becomes of it when the worker is away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from kidspetite.foundation.notifications import operations as notifications
from kidspetite.foundation.notifications.models import Message
from kidspetite.foundation.notifications.rules import ending_token
from kidspetite.foundation.notifications.types import Topic, Wish
from kidspetite.goods.catalog.models import Variant
from kidspetite.goods.inventory import operations as inventory
from kidspetite.journeys.winback import operations as winback
from kidspetite.journeys.winback import queries
from kidspetite.journeys.winback.models import Round
from kidspetite.sales.cart import operations as carts
from kidspetite.sales.cart.models import Cart
from tests.factories.cart import a_cart
from tests.factories.checkout import a_selling_shop, bought
from tests.factories.inventory import put_on_shelf, stock_of
from tests.factories.winback import a_left_cart, a_member, an_address

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

MONDAY = datetime(2026, 11, 2, 9, tzinfo=UTC)
ALL = [(1, 1), (24, 2), (72, 3)]
NUMBERS = {"reminder-first": 1, "reminder-second": 2, "reminder-last": 3}


@dataclass
class Person:
    """Somebody, what they left, and the only piece on its shelf's five."""

    address: str
    variant: Variant
    carts: list[Cart] = field(default_factory=list)

    @property
    def cart(self) -> Cart:
        return self.carts[0]

    def comes_back(self) -> None:
        carts.touch_cart(Cart.objects.get(pk=self.cart.pk))

    def empties(self) -> None:
        carts.remove_line(self.cart, line_id=self.cart.lines.get().pk)

    def refills(self) -> None:
        carts.add_to_cart(Cart.objects.get(pk=self.cart.pk), sku=self.variant.sku)

    def fills_another(self) -> None:
        self.carts.append(a_left_cart(self.address.upper(), self.variant))

    def buys_elsewhere(self) -> None:
        bought(email=self.address)

    def unsubscribes(self) -> None:
        notifications.end_consent(ending_token(Wish(self.address, Topic.REMINDERS)))

    def sells_out(self) -> None:
        inventory.set_stock(self.variant.pk, on_hand=0, reason="moths", by="user:1")

    def is_stocked(self) -> None:
        put_on_shelf(self.variant, 3)


def ticked() -> Person:
    address, variant = an_address(), stock_of(5)
    return Person(address, variant, [a_left_cart(address, variant)])


def held_out() -> Person:
    address, variant = an_address(held_out=True), stock_of(5)
    return Person(address, variant, [a_left_cart(address, variant)])


def not_ticked() -> Person:
    address, variant = an_address(), stock_of(5)
    cart = a_left_cart(address, variant)
    winback.choose_reminder(cart, address, wanted=False)
    return Person(address, variant, [cart])


def said_no_before() -> Person:
    address, variant = an_address(), stock_of(5)
    notifications.end_consent(ending_token(Wish(address, Topic.REMINDERS)))
    return Person(address, variant, [a_left_cart(address, variant)])


def a_customer(*, has_bought: bool) -> Person:
    user, variant = a_member(), stock_of(5)
    if has_bought:
        with time_machine.travel(MONDAY - timedelta(days=60), tick=False):
            bought(email=user.email)
            user.orders.set(type(user).orders.rel.related_model.objects.filter(email=user.email))
    return Person(user.email, variant, [a_cart(variant, customer=user)])


@dataclass(frozen=True)
class Story:
    begins: Callable[[], Person]
    happens: dict[int, str]
    gets: list[tuple[int, int]]
    """(hour, letter)"""


STORIES = {
    "leaves": Story(ticked, {}, ALL),
    "is held out": Story(held_out, {}, []),
    "did not tick": Story(not_ticked, {}, []),
    "said no before, and somebody ticked": Story(said_no_before, {}, []),
    "a customer, who ticked nothing": Story(lambda: a_customer(has_bought=True), {}, ALL),
    "an account that never bought": Story(lambda: a_customer(has_bought=False), {}, []),
    "buys at once, elsewhere": Story(ticked, {0: "buys_elsewhere"}, []),
    "buys after the first letter, elsewhere": Story(ticked, {10: "buys_elsewhere"}, ALL[:1]),
    "unsubscribes after the second": Story(ticked, {30: "unsubscribes"}, ALL[:2]),
    "what they left sells out": Story(ticked, {20: "sells_out"}, ALL[:1]),
    "sells out, and comes again": Story(ticked, {20: "sells_out", 50: "is_stocked"}, [(1, 1), (50, 2), (72, 3)]),
    "empties the basket": Story(ticked, {10: "empties"}, ALL[:1]),
    "empties it, and fills it again": Story(ticked, {10: "empties", 30: "refills"}, [(1, 1), (54, 2), (102, 3)]),
    "comes back after the second": Story(ticked, {25: "comes_back"}, [(1, 1), (24, 2), (97, 3)]),
    "comes back every day": Story(ticked, {day * 24 - 1: "comes_back" for day in range(1, 30)}, ALL[:1]),
    "leaves two baskets on two devices": Story(ticked, {5: "fills_another"}, [(1, 1), (29, 2), (77, 3)]),
    "leaves another one three weeks later": Story(ticked, {500: "fills_another"}, ALL),
}


def letters_to(person: Person) -> list[tuple[int, int]]:
    rows = Message.objects.filter(to__iexact=person.address, kind__in=NUMBERS, status="sent").order_by("sent_at")
    return [(round((row.sent_at - MONDAY) / timedelta(hours=1)), NUMBERS[row.kind]) for row in rows]


def test_a_month_hour_by_hour(run_waiting_jobs, scale):
    """Everybody leaves at the same moment; the job runs every hour of thirty days (in the usual run every fifth after
    the first week); exactly these letters leave."""
    hours = sorted(
        {*range(7 * 24), *range(0, 30 * 24, scale(5, 1)), *(h for one in STORIES.values() for h in one.happens)}
    )
    a_selling_shop()
    with time_machine.travel(MONDAY, tick=False) as clock:
        people = {name: story.begins() for name, story in STORIES.items()}
        run_waiting_jobs()
        for hour in hours:
            clock.move_to(MONDAY + timedelta(hours=hour))
            for name, story in STORIES.items():
                if hour in story.happens:
                    getattr(people[name], story.happens[hour])()
            winback.remind_due()
            run_waiting_jobs()
        assert {name: letters_to(people[name]) for name in STORIES} == {name: one.gets for name, one in STORIES.items()}
        assert queries.broken_promises() == []
        assert not Round.objects.filter(ended_at=None).exists()
        why = {one.address: one.why for one in Round.objects.all()}
    assert why[people["is held out"].address] == "told"
    assert why[people["buys after the first letter, elsewhere"].address] == "bought"
    assert why[people["unsubscribes after the second"].address] == "unwanted"
    assert why[people["comes back every day"].address] == "late"


@pytest.mark.parametrize(
    ("runs", "gets"),
    [
        ([1, 24, 72], ALL),
        ([1, 1, 24, 24, 72, 72], ALL),
        ([30, 72], [(30, 2), (72, 3)]),
        ([1, 31, 72], [(1, 1), (31, 2), (72, 3)]),
        ([1, 71, 72, 91, 92], [(1, 1), (71, 2), (91, 3)]),
        ([100, 101], [(100, 3)]),
        ([168, 169], []),
        ([1, 24, 2, 1, 24, 25, 72, 0, 72], ALL),
        ([1, 5000, 24, 72], ALL[:1]),
    ],
    ids=[
        "in time", "twice each", "away for 30 hours from the start", "away for 30 hours between", "away for three days",
        "away for four days", "away for a week", "a clock that jumps back", "a clock that jumps ahead",
    ],
)  # fmt: skip
def test_a_worker_that_was_away_sends_one_letter_the_right_one(runs, gets, run_waiting_jobs):
    with time_machine.travel(MONDAY, tick=False) as clock:
        person = ticked()
        run_waiting_jobs()
        for hour in runs:
            clock.move_to(MONDAY + timedelta(hours=hour))
            before = Message.objects.count()
            winback.remind_due()
            assert Message.objects.count() <= before + 1
            run_waiting_jobs()
    assert letters_to(person) == gets


def test_after_a_months_rest_a_new_round_may_begin(run_waiting_jobs):
    with time_machine.travel(MONDAY, tick=False) as clock:
        person = ticked()
        clock.move_to(MONDAY + timedelta(hours=1))
        winback.remind_due()
        clock.move_to(MONDAY + timedelta(days=31))
        person.fills_another()
        clock.move_to(MONDAY + timedelta(days=31, hours=1))
        assert winback.remind_due().begun == 1
        run_waiting_jobs()
    assert Round.objects.filter(address=person.address).count() == 2
