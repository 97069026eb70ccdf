"""Forty buyers and five pieces, in real threads on real PostgreSQL, with a twin that shows what the lock is for."""

from __future__ import annotations

from collections import Counter
from itertools import count

import pytest
from django.db import DatabaseError

from kidspetite.faces.console.audit import audit
from kidspetite.foundation.kernel.errors import DomainError
from kidspetite.goods.catalog.models import Variant
from kidspetite.goods.inventory.models import StockLevel
from kidspetite.journeys.checkout import operations as checkout
from kidspetite.sales.cart import operations as carts
from kidspetite.sales.orders.models import Order
from kidspetite.sales.payments import operations as payments
from kidspetite.sales.payments.models import SandboxCharge
from tests.factories.checkout import a_basket, a_purchase, a_selling_shop, a_stocked_variant
from tests.harness.crowd import must_go_wrong, together, without_locks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race, pytest.mark.slow]

BUYERS, PIECES = 40, 5
_rounds = count(1)


def race(shirt: Variant) -> Counter[str]:
    """Everybody puts one piece in a basket and buys it; gives how often each answer came."""
    turn, purchase = next(_rounds), a_purchase()

    def buyer(number: int) -> str:
        try:
            cart = carts.open_cart()
            carts.add_to_cart(cart, sku=shirt.sku)
            return checkout.buy(cart, purchase, key=f"{turn}-{number}").status
        except DomainError as refused:
            return refused.code
        except DatabaseError:
            return "crashed"

    return Counter(together(BUYERS, buyer))


def keeps_the_promise(shirt: Variant, answers: Counter[str]) -> bool:
    """As many orders as pieces, an empty shelf without holds, and everybody else refused in words."""
    sold = Order.objects.filter(lines__variant=shirt, status="paid").count()
    level = StockLevel.objects.get(variant=shirt)
    return (
        (sold, level.on_hand, level.reserved) == (PIECES, 0, 0)
        and set(answers) <= {"paid", "payment_unknown", "inventory.out_of_stock", "kernel.busy"}
        and not audit()
    )


def test_forty_buyers_after_five_pieces_give_five_orders_five_times_in_a_row():
    a_selling_shop()
    for _ in range(5):
        shirt = a_stocked_variant(PIECES)
        answers = race(shirt)
        payments.reconcile_now()
        assert keeps_the_promise(shirt, answers), answers
    paid = Order.objects.filter(status="paid").count()
    assert SandboxCharge.objects.filter(status="captured").count() == paid == 5 * PIECES


def test_the_control_without_locks_breaks_the_promise(monkeypatch):
    a_selling_shop()

    def breaks_it(_: int) -> bool:
        shirt = a_stocked_variant(PIECES)
        with without_locks(monkeypatch):
            answers = race(shirt)
        return not keeps_the_promise(shirt, answers)

    must_go_wrong(breaks_it)


def test_one_purchase_sent_by_twenty_clicks_is_one_order_and_one_charge():
    a_selling_shop()
    cart, purchase = a_basket(), a_purchase()

    def click(_number: int) -> str:
        return checkout.buy(cart, purchase, key="one key").order_number

    numbers = set(together(20, click))

    assert len(numbers) == Order.objects.count() == SandboxCharge.objects.count() == 1
    assert audit() == []


def test_twenty_tabs_of_one_basket_buy_it_once():
    a_selling_shop()
    cart, purchase = a_basket(a_stocked_variant(50)), a_purchase()

    def tab(number: int) -> str:
        try:
            return checkout.buy(cart, purchase, key=f"tab {number}").status
        except DomainError as refused:
            return refused.code

    answers = Counter(together(20, tab))

    assert Order.objects.filter(status="paid").count() == 1, answers
    assert SandboxCharge.objects.filter(status="captured").count() == 1
    assert set(answers) <= {"paid", "checkout.cart_closed", "checkout.payment_running", "kernel.busy"}, answers
    assert audit() == []


def test_baskets_with_the_same_shelves_in_another_order_never_wait_for_each_other():
    a_selling_shop()
    shelves = [a_stocked_variant(100) for _ in range(6)]
    baskets = [a_basket(*(shelves[turn:] + shelves[:turn])) for turn in [0, 3, 1, 5, 2, 4] * 3]
    purchase = a_purchase()

    def buyer(number: int) -> str:
        return checkout.buy(baskets[number], purchase, key=str(number)).status

    assert Counter(together(len(baskets), buyer)) == {"paid": len(baskets)}
    assert audit() == []
