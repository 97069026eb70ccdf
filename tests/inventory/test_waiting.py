"""Being told when a size is back: who stands in line, who is served, and what ends it."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.notifications import operations as notifications
from kidspetite.foundation.notifications import rules as letter_rules
from kidspetite.foundation.notifications.models import Message
from kidspetite.foundation.notifications.types import Topic, Wish
from kidspetite.foundation.ui import formats
from kidspetite.goods.catalog import operations as catalog
from kidspetite.goods.catalog.models import Variant
from kidspetite.goods.inventory import jobs
from kidspetite.goods.inventory import operations as inventory
from kidspetite.goods.inventory import queries as stock
from kidspetite.goods.inventory.errors import HereAlready, NotSoldAnyMore, OfferGone, TooManyWaits
from kidspetite.goods.inventory.models import Hold, Wait
from kidspetite.goods.inventory.queries import waiting
from tests.factories.inventory import hold_for, put_on_shelf, soon, stock_of
from tests.factories.waiting import a_proven_customer, in_line, people, told

pytestmark = pytest.mark.django_db

ANA, MAYA, LEO = "ana@home.example", "maya@home.example", "leo@home.example"


@pytest.fixture
def coat() -> Variant:
    return stock_of(0)


def states(variant: Variant) -> list[str]:
    return list(Wait.objects.filter(variant=variant).order_by("pk").values_list("status", flat=True))


class TestAsking:
    def test_a_guest_stands_in_line_only_after_the_mailbox_said_yes(self, coat, run_waiting_jobs):
        inventory.ask_to_wait(coat.sku, address=" Ana@HOME.example ")
        assert states(coat) == ["asked"]
        put_on_shelf(coat, 1)
        run_waiting_jobs()
        assert told() == []
        assert [m.kind for m in Message.objects.all()] == ["wait-confirmation"]

    def test_asked_ten_times_it_is_one_row_and_one_mail_a_day(self, coat):
        today = clock.now()
        with time_machine.travel(today, tick=False):
            for _ in range(10):
                inventory.ask_to_wait(coat.sku, address=ANA)
        assert states(coat) == ["asked"]
        assert Message.objects.count() == 1
        with time_machine.travel(today + timedelta(days=1)):
            inventory.ask_to_wait(coat.sku, address=ANA)
        assert Message.objects.count() == 2

    def test_who_stands_in_line_keeps_the_place_when_asking_again(self, coat):
        [first, _] = in_line(coat, ANA, MAYA)
        inventory.ask_to_wait(coat.sku, address=ANA)
        inventory.confirm_wait(first.pk)
        again = Wait.objects.get(pk=first.pk)
        assert (again.status, again.since) == ("waiting", first.since)

    def test_a_customer_whose_mailbox_is_known_stands_in_line_at_once(self, coat):
        assert inventory.wait_for(coat.sku, customer=a_proven_customer())
        assert states(coat) == ["waiting"]
        assert not Message.objects.exists()

    def test_a_customer_whose_mailbox_is_not_is_asked_there(self, coat):
        customer = a_proven_customer()
        customer.emailaddress_set.update(verified=False)
        assert not inventory.wait_for(coat.sku, customer=customer)
        assert states(coat) == ["asked"]
        assert [wait.state for wait in waiting.waits_for(customer)] == ["asked"]

    def test_what_is_here_or_not_sold_is_refused(self, coat):
        with pytest.raises(HereAlready):
            inventory.ask_to_wait(stock_of(1).sku, address=ANA)
        catalog.archive_product(coat.product_id, by="user:1")
        with pytest.raises(NotSoldAnyMore):
            inventory.ask_to_wait(coat.sku, address=ANA)

    def test_a_held_size_can_be_waited_for(self, run_waiting_jobs):
        coat = stock_of(1)
        hold_for("cart:1", coat, 1)
        in_line(coat, ANA)
        inventory.release_holds(holder="cart:1")
        run_waiting_jobs()
        assert told() == [ANA]

    def test_one_mailbox_is_not_flooded(self):
        for _ in range(10):
            inventory.ask_to_wait(stock_of(0).sku, address=ANA)
        with pytest.raises(TooManyWaits):
            inventory.ask_to_wait(stock_of(0).sku, address=ANA)

    def test_the_database_keeps_one_row_an_address_and_variant(self, coat):
        [wait] = in_line(coat, ANA)
        with pytest.raises(IntegrityError), transaction.atomic():
            Wait.objects.create(variant=coat, address=ANA, status="asked", since=wait.since)
        with pytest.raises(IntegrityError), transaction.atomic():
            Wait.objects.create(variant=coat, address="Ana@home.example", status="asked", since=wait.since)


class TestWaves:
    def test_a_wave_is_as_large_as_what_came_and_first_come_is_first_served(self, coat, run_waiting_jobs):
        in_line(coat, *people(10))
        put_on_shelf(coat, 3)
        run_waiting_jobs()
        assert told() == people(3)
        assert stock.stock_facts(coat.sku).available == 0
        assert Variant.objects.get(pk=coat.pk).band == "held"

    def test_a_restock_during_a_wave_serves_the_next_and_nobody_twice(self, coat, run_waiting_jobs):
        in_line(coat, *people(10))
        put_on_shelf(coat, 3)
        put_on_shelf(coat, 2)
        run_waiting_jobs()
        put_on_shelf(coat, 1)
        run_waiting_jobs()
        jobs.serve_waits(timestamp=0)
        run_waiting_jobs()
        assert told() == people(6)

    def test_more_than_are_waiting_leaves_the_rest_to_everybody(self, coat, run_waiting_jobs):
        in_line(coat, *people(2))
        put_on_shelf(coat, 5)
        run_waiting_jobs()
        assert told() == people(2)
        assert stock.stock_facts(coat.sku).available == 3

    def test_a_piece_nobody_came_for_goes_to_the_next_in_line(self, coat, run_waiting_jobs):
        in_line(coat, *people(3))
        put_on_shelf(coat, 1)
        run_waiting_jobs()
        with time_machine.travel(clock.now() + timedelta(minutes=31)):
            inventory.release_expired()
            jobs.serve_waits(timestamp=0)
            run_waiting_jobs()
            assert told() == people(2)
            assert states(coat) == ["missed", "offered", "waiting"]

    def test_whoever_could_not_be_told_keeps_the_place(self, coat, run_waiting_jobs):
        in_line(coat, *people(2))
        put_on_shelf(coat, 1)
        inventory.offer_pieces([coat.pk])
        with time_machine.travel(clock.now() + timedelta(minutes=31)):
            inventory.release_expired()
            jobs.serve_waits(timestamp=0)
            run_waiting_jobs()
            assert told() == [people(1)[0]]
            assert states(coat) == ["offered", "waiting"]

    def test_somebody_who_cannot_be_reached_does_not_keep_a_piece_back_for_ever(self, coat):
        in_line(coat, *people(1))
        put_on_shelf(coat, 1)
        for half_hours in range(3):
            with time_machine.travel(clock.now() + timedelta(minutes=31 * half_hours)):
                inventory.release_expired()
                inventory.settle_offers()
                inventory.offer_pieces([coat.pk])
        with time_machine.travel(clock.now() + timedelta(minutes=31 * 3)):
            inventory.settle_offers()
        assert states(coat) == ["missed"]

    def test_whoever_comes_when_it_is_back_already_is_told_at_once(self, coat, run_waiting_jobs):
        inventory.ask_to_wait(coat.sku, address=ANA)
        put_on_shelf(coat, 1)
        inventory.confirm_wait(Wait.objects.get().pk)
        run_waiting_jobs()
        assert told() == [ANA]

    def test_the_job_serves_what_an_event_has_missed(self, coat, run_waiting_jobs):
        put_on_shelf(coat, 2)
        hold_for("cart:1", coat, 1)
        [wait] = [Wait.objects.create(variant=coat, address=ANA, status="waiting", since=clock.now())]
        notifications.set_consent(Wish(ANA, Topic.BACK_IN_STOCK), wanted=True, source="mail")
        jobs.serve_waits(timestamp=0)
        run_waiting_jobs()
        assert told() == [wait.address]

    def test_nothing_that_is_not_for_sale_is_offered(self, coat, run_waiting_jobs):
        in_line(coat, ANA)
        Variant.objects.filter(pk=coat.pk).update(is_active=False)
        put_on_shelf(coat, 1)
        run_waiting_jobs()
        jobs.serve_waits(timestamp=0)
        assert told() == []
        assert stock.stock_facts(coat.sku).available == 1

    def test_a_wave_passes_over_mailboxes_that_want_no_letters(self, coat, run_waiting_jobs):
        in_line(coat, *people(3))
        notifications.end_consent(letter_rules.ending_token(Wish(people(1)[0], Topic.BACK_IN_STOCK)))
        put_on_shelf(coat, 1)
        run_waiting_jobs()
        assert told() == [people(2)[1]]
        assert states(coat) == ["ended", "offered", "waiting"]


class TestTheLetter:
    def offered(self, coat) -> Message:
        in_line(coat, ANA)
        put_on_shelf(coat, 1)
        inventory.offer_pieces([coat.pk])
        wait = Wait.objects.get()
        inventory.tell_of_offer(wait.pk, wait.offers)
        return Message.objects.get(kind="back-in-stock")

    def delivered(self, letter: Message) -> str:
        notifications.deliver(letter.pk)
        letter.refresh_from_db()
        return letter.status

    def test_it_leaves_while_the_piece_is_set_aside(self, coat):
        letter = self.offered(coat)
        assert "is back" in letter.subject
        assert "unsubscribe" in letter.text
        with timezone.override("America/New_York"):
            assert formats.clock_time(Wait.objects.get().offered_until) in letter.text
        assert self.delivered(letter) == "sent"

    def test_told_twice_it_is_one_letter(self, coat):
        self.offered(coat)
        inventory.tell_of_offer(Wait.objects.get().pk, 1)
        assert Message.objects.filter(kind="back-in-stock").count() == 1

    @pytest.mark.parametrize("meanwhile", ["unsubscribed", "ended", "bought", "late", "archived", "counted", "taken"])
    def test_it_stays_when_it_would_not_be_true_or_wanted(self, coat, meanwhile):
        letter = self.offered(coat)
        wait = Wait.objects.get()
        if meanwhile == "unsubscribed":
            notifications.end_consent(letter_rules.ending_token(Wish(ANA, Topic.BACK_IN_STOCK)))
        elif meanwhile == "ended":
            inventory.end_wait(wait.pk)
        elif meanwhile == "bought":
            inventory.end_waits_of(ANA, [coat.pk], customer_id=None)
        elif meanwhile == "archived":
            catalog.archive_product(coat.product_id, by="user:1")
        elif meanwhile == "counted":
            inventory.set_stock(coat.pk, on_hand=0, reason="counted", by="user:1")
        elif meanwhile == "taken":
            inventory.hand_over(wait.pk, to="cart:7", until=soon())
        late = timedelta(minutes=31 if meanwhile == "late" else 0)
        with time_machine.travel(clock.now() + late):
            assert self.delivered(letter) == "withdrawn"

    def test_an_older_offers_letter_stays_when_a_newer_one_stands(self, coat):
        letter = self.offered(coat)
        with time_machine.travel(clock.now() + timedelta(minutes=31)):
            inventory.release_expired()
            inventory.settle_offers()
            inventory.offer_pieces([coat.pk])
            assert Wait.objects.get().status == "offered"
            assert self.delivered(letter) == "withdrawn"


class TestTaking:
    @pytest.fixture
    def wait(self, coat) -> Wait:
        [wait] = in_line(coat, ANA)
        put_on_shelf(coat, 1)
        inventory.offer_pieces([coat.pk])
        wait.refresh_from_db()
        return wait

    def test_the_piece_goes_to_the_basket_and_is_held_as_long_as_promised(self, coat, wait):
        inventory.hand_over(wait.pk, to="cart:7", until=soon(5))
        assert dict(Hold.objects.values_list("holder", "quantity")) == {"cart:7": 1}
        assert Hold.objects.get().expires_at == wait.offered_until
        assert stock.broken_promises() == []

    def test_it_goes_once(self, coat, wait):
        inventory.hand_over(wait.pk, to="cart:7", until=soon())
        with pytest.raises(OfferGone):
            inventory.hand_over(wait.pk, to="cart:8", until=soon())
        assert not Hold.objects.filter(holder="cart:8").exists()

    def test_it_adds_to_what_the_basket_holds(self, coat, wait):
        put_on_shelf(coat, 2)
        hold_for("cart:7", coat, 2)
        inventory.hand_over(wait.pk, to="cart:7", until=soon())
        assert Hold.objects.get(holder="cart:7").quantity == 3
        assert stock.broken_promises() == []

    def test_late_it_is_gone_though_the_sweep_has_not_come_by(self, coat, wait):
        with time_machine.travel(clock.now() + timedelta(minutes=31)), pytest.raises(OfferGone):
            inventory.hand_over(wait.pk, to="cart:7", until=soon())


class TestEnding:
    def test_ending_an_offer_frees_its_piece_for_the_next(self, coat, run_waiting_jobs):
        [first, _] = in_line(coat, ANA, MAYA)
        put_on_shelf(coat, 1)
        run_waiting_jobs()
        inventory.end_wait(first.pk)
        inventory.end_wait(first.pk)
        run_waiting_jobs()
        assert told() == [ANA, MAYA]
        assert stock.broken_promises() == []

    def test_the_nightly_tidying_ends_what_is_archived_and_forgets_what_is_over(self, coat):
        hat = stock_of(0)
        in_line(coat, ANA)
        inventory.ask_to_wait(hat.sku, address=LEO)
        catalog.archive_product(coat.product_id, by="user:1")
        inventory.tidy_waits()
        assert states(coat) == ["ended"]
        assert states(hat) == ["asked"]
        with time_machine.travel(clock.now() + timedelta(days=15)):
            inventory.tidy_waits()
        assert states(hat) == []
        assert states(coat) == ["ended"]
        with time_machine.travel(clock.now() + timedelta(days=91)):
            inventory.tidy_waits()
        assert not Wait.objects.exists()
