"""Crowds around what came back: a wave is exactly as large as what came, whoever starts it and however often.

Each race also runs with its row locks taken out, where it must fail.
"""

from collections.abc import Callable

import pytest
from django.db import Error

from kidspetite.foundation.kernel.errors import Busy, DomainError
from kidspetite.goods.catalog.models import Variant
from kidspetite.goods.inventory import operations as inventory
from kidspetite.goods.inventory import queries as stock
from kidspetite.goods.inventory.models import Hold, Wait
from kidspetite.goods.inventory.queries.waiting import wait_view
from kidspetite.sales.cart import operations as carts
from kidspetite.sales.cart.models import CartLine
from tests.factories.cart import a_cart
from tests.factories.inventory import hold_for, put_on_shelf, stock_of
from tests.factories.waiting import in_line, people
from tests.harness.crowd import must_go_wrong, together

pytestmark = pytest.mark.django_db(transaction=True)

CROWD = 8


def a_line_of_ten() -> Variant:
    coat = stock_of(0)
    in_line(coat, *people(10))
    return coat


def offered(coat: Variant) -> list[str]:
    rows = Wait.objects.filter(variant=coat, status="offered").order_by("since", "pk")
    return list(rows.values_list("address", flat=True))


def offers(coat: Variant) -> Callable[[int], int]:
    def act(_: int) -> int:
        try:
            return inventory.offer_pieces([coat.pk])
        except (Busy, Error):
            return 0

    return act


def test_a_wave_for_three_pieces_and_ten_who_wait_offers_exactly_three_however_many_start_it():
    coat = a_line_of_ten()
    put_on_shelf(coat, 3)
    assert sum(together(CROWD, offers(coat))) == 3
    assert offered(coat) == people(3)
    assert stock.available_pieces([coat.pk])[coat.pk] == 0


def test_two_deliveries_at_once_serve_each_piece_to_one_person():
    for _ in range(3):
        coat = a_line_of_ten()

        def act(number: int, coat: Variant = coat) -> int:
            if number < 2:
                put_on_shelf(coat, 3)
            return inventory.offer_pieces([coat.pk])

        served = sum(together(CROWD, act)) + inventory.offer_pieces([coat.pk])
        assert served == 6
        assert offered(coat) == people(6)
        assert Hold.objects.filter(level__variant=coat).count() == 6


def test_a_wave_and_a_crowd_of_baskets_share_what_came():
    coat = a_line_of_ten()
    put_on_shelf(coat, 5)

    def act(number: int) -> int:
        if number % 2:
            return inventory.offer_pieces([coat.pk])
        try:
            hold_for(f"cart:{number}", coat, 1)
            return 1
        except DomainError:
            return 0

    assert sum(together(CROWD, act)) == 5
    assert stock.broken_promises() == []


def test_without_the_lock_the_same_piece_is_offered_twice(without_locks):
    def offers_wrongly(_: int) -> bool:
        coat = a_line_of_ten()
        put_on_shelf(coat, 3)
        return sum(together(CROWD, offers(coat))) != 3 or bool(stock.broken_promises())

    must_go_wrong(offers_wrongly)


def link_pressed_by_many(coat: Variant) -> list[bool]:
    [wait] = in_line(coat, people(1)[0])
    put_on_shelf(coat, 1)
    inventory.offer_pieces([coat.pk])
    view = wait_view(wait.pk)
    baskets = [a_cart() for _ in range(CROWD)]

    def act(number: int) -> bool:
        try:
            carts.take_offered(baskets[number], view)
            return True
        except (DomainError, Error):
            return False

    return together(CROWD, act)


def test_one_link_opened_by_many_fills_one_basket():
    coat = stock_of(0)
    assert sum(link_pressed_by_many(coat)) == 1
    assert CartLine.objects.filter(variant=coat).count() == 1
    assert Hold.objects.get().quantity == 1


def test_without_the_lock_one_link_fills_several_baskets(without_locks):
    must_go_wrong(lambda _: sum(link_pressed_by_many(stock_of(0))) > 1)
