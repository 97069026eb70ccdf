"""Crowds with one code. Usual runs send crowds of sixteen; the full run sends 500 baskets.

Seen: without the row lock a crowd of different people is refused places that are free, and a naive twin that counts
and then writes hands out more than there are.
"""

import os
import secrets
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from kidspetite.foundation.kernel import clock
from kidspetite.goods.pricing import operations as pricing
from kidspetite.goods.pricing import queries
from kidspetite.goods.pricing.errors import CodeUnknown
from kidspetite.goods.pricing.models import PromoCode, Redemption
from kidspetite.journeys.checkout import operations as checkout
from kidspetite.sales.cart.models import Cart
from kidspetite.sales.orders import operations as orders
from kidspetite.sales.orders import queries as order_queries
from kidspetite.sales.orders.models import Order
from tests.factories.checkout import a_basket, a_purchase, a_selling_shop, a_stocked_variant
from tests.factories.promotions import a_code
from tests.harness.crowd import must_go_wrong, together

pytestmark = pytest.mark.django_db(transaction=True)

CROWD = 16
BASKETS = 500 if os.environ.get("KP_FULL") else 32
TABS = 20


@pytest.fixture(autouse=True)
def shop() -> None:
    a_selling_shop()


def baskets_with(code: str, count: int) -> list[Cart]:
    variant = a_stocked_variant(count + 5)
    baskets = [a_basket(variant) for _number in range(count)]
    Cart.objects.filter(pk__in=[basket.pk for basket in baskets]).update(promo_codes=[code])
    return baskets


def buyers(baskets: list[Cart], email: Callable[[int], str]) -> Callable[[int], bool]:
    """Each member of the crowd buys every CROWD-th basket; a code that is gone is an answer, not a fault."""

    def buy(number: int) -> int:
        bought = 0
        for place in range(number, len(baskets), CROWD):
            try:
                checkout.buy(baskets[place], a_purchase(email=email(place)), key=secrets.token_hex(8))
                bought += 1
            except CodeUnknown:
                pass
        return bought

    return buy


def promises_hold() -> bool:
    return queries.broken_promises() == order_queries.broken_promises() == []


def test_of_many_baskets_with_a_code_for_one_exactly_one_is_bought_with_it():
    a_code("ONCE", limit=1)
    baskets = baskets_with("ONCE", BASKETS)
    assert sum(together(CROWD, buyers(baskets, lambda place: f"person{place}@home.example"))) == 1
    assert Order.objects.get().discount_minor > 0
    assert Redemption.objects.count() == 1
    assert promises_hold()
    orders.cancel_order(Order.objects.get().pk, by="test", reason="released for the next")
    again = [basket for basket in baskets if basket.pk != Order.objects.get().cart_id_was][:1]
    assert sum(together(1, buyers(again, lambda place: "next@home.example"))) == 1
    assert promises_hold()


def test_of_many_tabs_of_one_customer_one_is_bought_with_the_code():
    a_code("HELLO", limit_per_customer=1)
    baskets = baskets_with("HELLO", TABS)
    assert (
        sum(together(CROWD, buyers(baskets, lambda place: "Maya@home.example" if place % 2 else "maya@home.example")))
        == 1
    )
    assert Redemption.objects.count() == 1
    assert promises_hold()


def the_rush(limit: int) -> int:
    """A crowd of different people redeems one code, each for an order; how many could."""
    code = a_code(f"RUSH{secrets.token_hex(4)}", limit=limit)
    (promotion,) = [one for one in queries.live_promotions([code.code], at=clock.now()) if one.code]
    from kidspetite.foundation.kernel.money import Money
    from kidspetite.goods.pricing.types import Applied

    applied = Applied(promotion.id, promotion.name, promotion.code, promotion.code_id, Money(1), Money(0), (Money(1),))

    def redeem(number: int) -> bool:
        try:
            with transaction.atomic():
                pricing.redeem(
                    [applied], holder=f"order:{code.pk}-{number}", customer_id=None, email=f"p{number}@home.example"
                )
            return True
        except CodeUnknown:
            return False

    return sum(together(CROWD, redeem))


def test_every_place_of_a_code_is_taken_and_none_twice():
    assert the_rush(5) == 5


def test_without_the_lock_free_places_are_refused(without_locks):
    must_go_wrong(lambda _: the_rush(12) < 12)


def test_a_naive_twin_hands_out_more_than_there_are():
    """Counts, then writes: what every shop did that has a thread about it."""
    code = PromoCode.objects.get(pk=a_code("NAIVE", limit=1).pk)

    def redeem(number: int) -> bool:
        with transaction.atomic():
            if Redemption.objects.filter(code=code, released_at=None).count() >= 1:
                return False
            with connection.cursor() as cursor:
                cursor.execute("select pg_sleep(0.01)")
            Redemption.objects.create(
                promotion_id=code.promotion_id, code=code, holder=f"order:{secrets.token_hex(6)}", email_print="x" * 64,
                amount_minor=1, at=clock.now(),
            )  # fmt: skip
            return True

    must_go_wrong(lambda _: sum(together(CROWD, redeem)) > 1)
    assert [broken.promise for broken in queries.broken_promises()] == ["code_uses_within_limit"]
    Redemption.objects.all().delete()
