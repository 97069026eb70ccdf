"""Waiting for a shelf has an end, and then a word for people."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection, transaction

from kidspetite.foundation.kernel.errors import Busy
from kidspetite.goods.inventory import operations as inventory
from kidspetite.goods.inventory.models import Hold
from tests.factories.inventory import hold_for, soon, stock_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_connection():
    yield
    connection.close()


@pytest.fixture
def someone_at():
    """Another person locks these shelves until the test is over."""
    is_there, may_go = Event(), Event()

    def stand(variant_ids: list[int]) -> None:
        try:
            with transaction.atomic():
                inventory.lock_stock(variant_ids)
                is_there.set()
                may_go.wait()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:

        def begin(*variant_ids: int) -> None:
            pool.submit(stand, list(variant_ids))
            assert is_there.wait(10)

        yield begin
        may_go.set()


def test_a_shelf_that_cannot_be_had_in_time_is_busy(someone_at):
    coat = stock_of(5)
    someone_at(coat.pk)
    with connection.cursor() as cursor:
        cursor.execute("set lock_timeout = '100ms'")
    with pytest.raises(Busy) as refused:
        hold_for("cart:1", coat, 1)
    assert refused.value.status == 503
    assert refused.value.facts == {"reason": "LockNotAvailable"}


def test_a_statement_that_takes_too_long_is_busy():
    with connection.cursor() as cursor:
        cursor.execute("set statement_timeout = '50ms'")
        with pytest.raises(Busy):
            cursor.execute("select pg_sleep(5)")


def test_the_shop_waits_three_seconds_for_a_lock_and_no_more():
    with connection.cursor() as cursor:
        cursor.execute("show lock_timeout")
        assert cursor.fetchone() == ("3s",)


def test_the_sweep_waits_for_nobody_and_does_the_other_shelves(someone_at):
    coat, hat = stock_of(5), stock_of(5)
    for variant in (coat, hat):
        hold_for("cart:1", variant, 1)
    Hold.objects.update(expires_at=soon(-1))
    someone_at(coat.pk)
    assert inventory.release_expired() == 1  # who waited for the shelf would be sent away: `Busy`


def test_a_used_basket_extends_its_holds_without_waiting_for_a_shelf(someone_at):
    coat = stock_of(5)
    hold_for("cart:1", coat, 1)
    someone_at(coat.pk)
    inventory.extend_holds(holder="cart:1", until=soon(60))  # who waited would be sent away: `Busy`
    assert Hold.objects.get().expires_at > soon(55)
