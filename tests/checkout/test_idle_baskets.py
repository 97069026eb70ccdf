"""Baskets nobody comes back to are forgotten, with what was typed into them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.kernel import clock
from kidspetite.goods.inventory import queries as stock
from kidspetite.goods.inventory.models import Hold
from kidspetite.journeys.checkout import jobs
from kidspetite.journeys.checkout import operations as checkout
from kidspetite.journeys.checkout.models import Draft
from kidspetite.sales.cart import queries as basket
from kidspetite.sales.cart.models import Cart, CartLine
from kidspetite.sales.cart.rules import KEPT
from kidspetite.sales.orders.models import Order
from tests.factories.checkout import a_basket, a_purchase, a_selling_shop

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shop() -> None:
    a_selling_shop()


def idle(cart: Cart, *, days: int = KEPT.days + 1) -> Cart:
    Cart.objects.filter(pk=cart.pk).update(touched_at=clock.now() - timedelta(days=days))
    return cart


def left() -> set[int]:
    return set(Cart.objects.values_list("pk", flat=True))


def test_an_idle_guests_basket_goes_with_its_lines_draft_and_holds():
    gone, fresh = idle(a_basket()), a_basket()
    almost = idle(a_basket(), days=KEPT.days - 1)
    checkout.save_draft(gone, email="maya@home.example")
    assert checkout.forget_idle_baskets() == 1
    assert left() == {fresh.pk, almost.pk}
    assert not Draft.objects.exists()
    assert CartLine.objects.count() == 2
    assert not Hold.objects.filter(holder=gone.holder).exists()
    assert stock.broken_promises() == []
    assert checkout.forget_idle_baskets() == 0


def test_a_customers_basket_stays_and_what_was_typed_into_it_goes():
    maya = User.objects.create_user("maya@home.example")
    mine = a_basket()
    Cart.objects.filter(pk=mine.pk).update(customer=maya)
    checkout.save_draft(idle(mine), email="maya@home.example")
    Draft.objects.update(updated_at=clock.now() - KEPT - timedelta(days=1))
    jobs.forget_idle_baskets.func(timestamp=0)
    assert left() == {mine.pk}
    assert not Draft.objects.exists()


@pytest.mark.parametrize("token", ["tok_3ds", "tok_timeout"])
def test_a_basket_whose_order_still_waits_for_money_stays(token: str):
    cart = a_basket()
    checkout.buy(cart, a_purchase(token), key="k")
    idle(cart)
    assert checkout.forget_idle_baskets() == 0
    Order.objects.update(status="cancelled")
    assert checkout.forget_idle_baskets() == 1


def test_a_basket_that_was_bought_goes_and_its_order_stays():
    cart = a_basket()
    checkout.buy(cart, a_purchase(), key="k")
    idle(cart)
    assert checkout.forget_idle_baskets() == 1
    assert Order.objects.get().cart_id_was == cart.pk


def test_the_job_goes_on_until_all_are_gone_however_late_it_runs():
    for _ in range(5):
        idle(a_basket())
    assert checkout.forget_idle_baskets(limit=2) == 2
    jobs.forget_idle_baskets.func(timestamp=0)
    jobs.forget_idle_baskets.func(timestamp=0)
    assert left() == set()


def test_an_idle_basket_cannot_be_bought_any_more():
    cart = idle(a_basket())
    assert basket.cart_ever(cart.token) is None
    Cart.objects.filter(pk=cart.pk).update(status=Cart.Status.ORDERED)
    assert basket.cart_ever(cart.token) == cart  # its order is still the answer
