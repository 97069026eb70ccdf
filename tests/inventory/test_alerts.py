"""What runs low: noticed once a fall, told once to each who wants to know, and true on the desk and in the API."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction

from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.content.models import ShopSettings
from kidspetite.foundation.kernel import clock
from kidspetite.foundation.notifications import operations as notifications
from kidspetite.foundation.notifications.models import Message
from kidspetite.goods.catalog import operations as catalog
from kidspetite.goods.catalog.models import Variant
from kidspetite.goods.inventory import jobs
from kidspetite.goods.inventory import operations as inventory
from kidspetite.goods.inventory.errors import BadCount, LowNewsUnclear
from kidspetite.goods.inventory.models import LowStock
from kidspetite.goods.inventory.queries import alerts
from kidspetite.goods.inventory.rules import cover_of, last_morning
from tests.factories.inventory import hold_for, put_on_shelf, soon, stock_of
from tests.factories.waiting import in_line

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon():
    """The middle of a day that is past, so that all is on sale by then and a morning comes when a test says so."""
    with time_machine.travel("2025-12-10T17:00:00Z", tick=False) as traveller:
        yield traveller


def set_on_hand(variant: Variant, pieces: int) -> None:
    inventory.set_stock(variant.pk, on_hand=pieces, reason="counted", by="user:1")


def one_of_the_team(mail: str = "kit@shop.example", how: str = "") -> User:
    person = User.objects.create_superuser(mail, "measure-twice-cut-once", name="Kit")
    if how:
        inventory.choose_low_news(person, how)
    return person


def in_role(role: str, mail: str) -> None:
    person = User.objects.create_user(mail, name=role, is_staff=True)
    person.groups.add(Group.objects.get(name=role))


def look() -> None:
    jobs.watch_stock(timestamp=0)


def letters(to: str = "kit@shop.example") -> list[str]:
    return list(Message.objects.filter(kind="low-stock", to=to).order_by("pk").values_list("subject", flat=True))


def states() -> dict[str, str]:
    return {one.sku: one.state.value for one in alerts.alerts_of(alerts.watched())}


class TestMarks:
    @pytest.mark.parametrize(("pieces", "state"), [(0, "out"), (1, "low"), (5, "low"), (6, None)])
    def test_the_shops_own_number_is_five(self, pieces, state):
        coat = stock_of(pieces)
        assert states().get(coat.sku) == state

    def test_a_variant_may_have_its_own_and_give_it_back(self):
        coat = stock_of(9)
        inventory.set_low_mark(coat.pk, 9, by="user:1")
        assert states() == {coat.sku: "low"}
        inventory.set_low_mark(coat.pk, 0, by="user:1")
        assert states() == {}
        set_on_hand(coat, 3)
        inventory.set_low_mark(coat.pk, None, by="user:1")
        assert states() == {coat.sku: "low"}

    def test_the_shop_may_change_its_number(self):
        coat = stock_of(9)
        ShopSettings.objects.create(valid_from=clock.now(), low_stock_at=9)
        assert states() == {coat.sku: "low"}

    @pytest.mark.parametrize("pieces", [-1, 10_000_000])
    def test_a_mark_that_cannot_be_is_refused(self, pieces):
        with pytest.raises(BadCount):
            inventory.set_low_mark(stock_of(1).pk, pieces, by="user:1")

    def test_a_piece_in_a_basket_is_still_on_hand(self):
        coat = stock_of(6)
        hold_for("cart:1", coat, 6)
        assert states() == {}

    def test_what_is_not_on_sale_is_nobodys_alert(self):
        gone, off = stock_of(0), stock_of(0)
        catalog.archive_product(gone.product_id, by="user:1")
        Variant.objects.filter(pk=off.pk).update(is_active=False)
        assert states() == {}


class TestOnceACrossing:
    def test_a_fall_is_one_row_and_one_letter_however_often_one_looks(self):
        one_of_the_team(how="each")
        coat = stock_of(9)
        look()
        set_on_hand(coat, 5)
        for pieces in (5, 4, 0):
            set_on_hand(coat, pieces)
            look()
            look()
        assert letters() == ["1 size runs low"]
        assert LowStock.objects.count() == 1

    def test_filled_up_and_fallen_again_it_is_told_again(self):
        one_of_the_team(how="each")
        coat = stock_of(2)
        look()
        put_on_shelf(coat, 20)
        look()
        assert LowStock.objects.get().ended_at is not None
        set_on_hand(coat, 1)
        look()
        assert letters() == ["1 size runs low", "1 size runs low"]

    def test_the_database_keeps_one_open_crossing_a_variant(self):
        coat = stock_of(1)
        look()
        with pytest.raises(IntegrityError), transaction.atomic():
            LowStock.objects.create(variant=coat, since=clock.now())

    def test_what_was_filled_up_before_the_letter_is_not_in_it(self, noon):
        one_of_the_team(how="daily")
        look()
        coat, _hat = stock_of(1), stock_of(1)
        look()
        put_on_shelf(coat, 20)
        noon.shift(timedelta(days=1))
        look()
        assert letters() == ["1 size runs low"]

    def test_a_daily_letter_comes_in_the_morning_with_all_of_the_day(self, noon):
        one_of_the_team(how="daily")
        look()
        for _ in range(3):
            stock_of(1)
            look()
        assert letters() == []
        noon.shift(timedelta(days=1))
        look()
        look()
        assert letters() == ["3 sizes run low"]
        noon.shift(timedelta(days=9))
        look()
        assert letters() == ["3 sizes run low"]


class TestWhoHears:
    def test_each_chooses_for_themselves(self):
        one_of_the_team("off@shop.example", how="off")
        one_of_the_team("each@shop.example", how="each")
        one_of_the_team("unchosen@shop.example")
        in_role("Fulfilment", "pack@shop.example")
        in_role("Marketing", "words@shop.example")
        stock_of(1)
        look()
        told = set(Message.objects.filter(kind="low-stock").values_list("to", flat=True))
        assert told == {"each@shop.example", "unchosen@shop.example", "pack@shop.example"}

    @pytest.mark.parametrize("meanwhile", ["chose none", "left"])
    def test_it_is_asked_again_at_the_moment_of_sending(self, meanwhile):
        person = one_of_the_team(how="each")
        stock_of(1)
        look()
        if meanwhile == "left":
            User.objects.filter(pk=person.pk).update(is_active=False)
        else:
            inventory.choose_low_news(person, "off")
        letter = Message.objects.get(kind="low-stock")
        notifications.deliver(letter.pk)
        letter.refresh_from_db()
        assert letter.status == "withdrawn"

    def test_a_choice_that_there_is_not_is_refused(self):
        with pytest.raises(LowNewsUnclear):
            inventory.choose_low_news(one_of_the_team(), "hourly")


def test_cover_is_what_is_on_hand_at_the_pace_of_thirty_days():
    assert [cover_of(10, 30), cover_of(10, 7), cover_of(0, 3), cover_of(5, 0)] == [10, 42, 0, None]


def test_an_alert_counts_sales_of_thirty_days_holds_and_those_who_wait(noon):
    coat = stock_of(6)
    for order in ("order:A", "order:B"):
        inventory.make_firm({coat.pk: 1}, from_holder="cart:1", holder=order, until=soon())
        inventory.sell_held(holder=order, cause=order)
        noon.shift(timedelta(days=20))
    hold_for("cart:2", coat, 4)
    in_line(coat, "ana@home.example")
    [alert] = alerts.alerts_of(alerts.watched())
    assert (alert.on_hand, alert.held, alert.available, alert.sold, alert.cover, alert.waiting) == (4, 4, 0, 1, 120, 1)
    summary = alerts.stock_summary()
    assert (summary.low, summary.out, summary.negative, summary.in_baskets, summary.baskets) == (1, 0, 0, 4, 1)
    assert (summary.waiting, summary.waited_for) == (1, 1)


def test_the_morning_is_the_shops():
    from zoneinfo import ZoneInfo

    new_york = ZoneInfo("America/New_York")
    assert last_morning(clock.now(), new_york).isoformat() == "2025-12-10T07:00:00-05:00"
    early = clock.now() - timedelta(hours=6)
    assert last_morning(early, new_york).isoformat() == "2025-12-09T07:00:00-05:00"


def test_a_list_of_many_costs_as_many_queries_as_one(django_assert_max_num_queries):
    for pieces in range(6):
        stock_of(pieces)
    with django_assert_max_num_queries(4):
        assert len(alerts.alerts_of(alerts.watched())) == 6
