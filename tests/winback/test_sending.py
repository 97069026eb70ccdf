"""Right before a letter leaves; what it says of the shelves; and what is counted afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.notifications import operations as notifications
from kidspetite.foundation.notifications import queries as letters
from kidspetite.foundation.notifications.models import Message
from kidspetite.foundation.notifications.rules import ending_token
from kidspetite.foundation.notifications.types import Topic, Wish
from kidspetite.goods.inventory import operations as inventory
from kidspetite.journeys.winback import operations as winback
from kidspetite.journeys.winback import queries, rules
from kidspetite.journeys.winback.models import Round
from kidspetite.sales.cart import operations as carts
from kidspetite.sales.cart.models import Cart
from kidspetite.sales.orders.models import Order
from tests.factories.cart import a_cart
from tests.factories.checkout import a_selling_shop, bought
from tests.factories.inventory import stock_of
from tests.factories.winback import a_left_cart, an_address

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

LEFT = clock.now() - timedelta(days=120)  # behind the database's own clock, which says what is on sale


@pytest.fixture(autouse=True)
def hour():
    """An hour after the basket was left; `.shift` moves on."""
    with time_machine.travel(LEFT, tick=False) as moving:
        a_selling_shop()
        yield moving


@pytest.fixture
def left(hour) -> Cart:
    cart = a_left_cart(an_address(), stock_of(5))
    hour.shift(timedelta(hours=1))
    return cart


def address_of(cart: Cart) -> str:
    return str(cart.contact.address)


def written() -> Message:
    winback.remind_due()
    return Message.objects.get(kind="reminder-first")


def written_to() -> list[str]:
    return list(Message.objects.filter(guard=queries.GUARD).values_list("to", flat=True))


def sells_out(cart: Cart) -> None:
    inventory.set_stock(cart.lines.get().variant_id, on_hand=0, reason="moths", by="user:1")


def ends_it(cart: Cart) -> None:
    notifications.end_consent(ending_token(Wish(address_of(cart), Topic.REMINDERS)))


@pytest.mark.parametrize(
    ("minutes", "happens"),
    [
        (0, lambda cart: bought(email=address_of(cart).upper())),
        (0, lambda cart: bought(email=address_of(cart), token="tok_3ds")),
        (5, carts.touch_cart),
        (0, sells_out),
        (0, ends_it),
        (0, lambda cart: carts.remove_line(cart, line_id=cart.lines.get().pk)),
        (13 * 60, lambda cart: None),
    ],
    ids=["bought", "at the bank", "is back", "sold out", "unsubscribed", "emptied", "half a day late"],
)
def test_between_writing_and_sending(minutes, happens: Callable[[Cart], None], left, hour, run_waiting_jobs):
    message = written()
    hour.shift(timedelta(minutes=minutes))
    happens(Cart.objects.get(pk=left.pk))
    run_waiting_jobs()
    message.refresh_from_db()
    assert message.status == "withdrawn"


def test_otherwise_it_leaves_with_its_way_out(left, run_waiting_jobs):
    message = written()
    run_waiting_jobs()
    message.refresh_from_db()
    assert message.status == "sent"
    assert letters.unsubscribe_url(Wish(address_of(left), Topic.REMINDERS)) in message.text


def test_it_tells_what_is_there_what_is_last_and_what_is_gone(hour):
    plenty, last, gone = stock_of(9, name="Fern bodysuit"), stock_of(1, name="Moss coat"), stock_of(1, name="Dune hat")
    cart = a_left_cart(an_address(), plenty, last, gone)
    hour.shift(timedelta(hours=1))
    inventory.release_expired()
    a_cart(gone)
    text = written().text
    assert "1 × Fern bodysuit" in text
    assert "Moss coat in 3–6 m, Clover is the last one" in text
    assert "Dune hat, 3–6 m, Clover, went meanwhile" in text
    assert "1 × Dune hat" not in text
    assert str(cart.token) not in text


def test_pieces_that_somebody_knows_to_be_unwanted_are_left_out(left, monkeypatch, run_waiting_jobs):
    monkeypatch.setitem(rules._askers, "registry", lambda cart_id, variants: variants)
    assert winback.remind_due().written == 0
    monkeypatch.setitem(rules._askers, "registry", lambda cart_id, variants: set())
    message = written()
    monkeypatch.setitem(rules._askers, "registry", lambda cart_id, variants: variants)
    run_waiting_jobs()
    message.refresh_from_db()
    assert message.status == "withdrawn"


def test_one_persons_trouble_is_no_others(left, monkeypatch):
    unlucky = a_left_cart(an_address(), stock_of(5))
    Cart.objects.filter(pk=unlucky.pk).update(touched_at=LEFT - timedelta(minutes=5))
    asked = queries.what_is_there

    def fails_once(what):
        if unlucky.pk in what.cart_ids:
            raise RuntimeError("a broken row")
        return asked(what)

    monkeypatch.setattr(queries, "what_is_there", fails_once)
    done = winback.remind_due()
    assert (done.written, done.failed) == (1, 1)
    assert written_to() == [address_of(left)]


class TestCounting:
    def test_a_purchase_within_a_week_counts_for_either_group(self, hour):
        addresses = [an_address(), an_address(), an_address(held_out=True), an_address(held_out=True)]
        for address in addresses:
            a_left_cart(address, stock_of(5))
        hour.shift(timedelta(hours=1))
        winback.remind_due()
        assert Message.objects.filter(guard=queries.GUARD).count() == 2
        now = clock.now()
        for address in addresses[::2]:
            winback.note_purchase(email=address, customer_id=None, paid_at=now + timedelta(days=6))
            winback.note_purchase(email=address, customer_id=None, paid_at=now + timedelta(days=6))
        winback.note_purchase(email=addresses[1], customer_id=None, paid_at=now + timedelta(days=8))
        assert queries.figures().running == 4
        hour.shift(timedelta(days=8))
        told = queries.figures()
        assert (told.reminded.people, told.reminded.bought) == (2, 1)
        assert (told.held_out.people, told.held_out.bought) == (2, 1)
        assert told.running == 0

    def test_after_90_days_only_counts_are_left(self, left, hour):
        written()
        assert winback.forget_rounds() == 0
        hour.shift(timedelta(days=91))
        winback.remind_due()
        assert winback.forget_rounds() == 1
        assert Round.objects.get().address == ""


class TestPromises:
    def sent(self, one: Round, key: str, *, at) -> None:
        Message.objects.create(
            key=key, kind="reminder-first", to=one.address, subject="", text="", subject_key=one.subject_key,
            guard=queries.GUARD, status="sent", sent_at=at,
        )  # fmt: skip

    def broken(self) -> set[str]:
        return {one.promise for one in queries.broken_promises()}

    @pytest.fixture
    def one(self, left) -> Round:
        winback.remind_due()
        Message.objects.all().delete()
        return Round.objects.get()

    def test_the_same_letter_twice(self, one):
        self.sent(one, "a", at=clock.now())
        assert self.broken() == set()
        self.sent(one, "b", at=clock.now() + timedelta(days=2))
        assert self.broken() == {"reminded_once_a_letter"}

    def test_a_letter_after_buying(self, one):
        number = bought(email=one.address).order_number
        paid_at = Order.objects.get(number=number).paid_at
        self.sent(one, "a", at=paid_at + timedelta(minutes=1))
        assert self.broken() == set()
        Message.objects.update(sent_at=paid_at + timedelta(minutes=10))
        assert self.broken() == {"no_reminder_after_buying"}

    def test_a_letter_to_somebody_held_out(self, one):
        Round.objects.update(is_held_out=True)
        self.sent(one, "a", at=clock.now())
        assert self.broken() == {"held_out_means_no_letter"}
