"""A stock-take is applied while the shelf sells: what was sold meanwhile stays sold."""

import pytest
from django.db import transaction

from kidspetite.goods.catalog.models import Variant
from kidspetite.goods.inventory import operations as inventory
from kidspetite.goods.inventory import queries as stock
from tests.factories.inventory import soon, stock_of
from tests.harness.crowd import together

pytestmark = pytest.mark.django_db(transaction=True)

CROWD, ROUNDS = 16, 6


def sells(variant: Variant, number: int) -> None:
    order = f"order:{variant.pk}-{number}"
    inventory.make_firm({variant.pk: 1}, from_holder="cart:1", holder=order, until=soon())
    inventory.sell_held(holder=order, cause=order, wanted={variant.pk: 1})


def applies(variant: Variant, sheet: int) -> None:
    inventory.apply_sheet(sheet, reason="counted", by="user:1")


def sets_the_number(variant: Variant, sheet: int) -> None:
    """A naive twin: it makes the shelf what was counted."""
    with transaction.atomic():
        inventory.set_stock(variant.pk, on_hand=48, reason="counted", by="user:1")


@pytest.mark.parametrize(("apply", "is_naive"), [(applies, False), (sets_the_number, True)])
def test_two_missing_of_fifty_while_fifteen_are_sold_leave_thirty_three(apply, is_naive):
    left = []
    for _ in range(ROUNDS if is_naive else 2):
        coat = stock_of(50)
        sheet = inventory.open_sheet(kind="count", by="user:1").pk
        inventory.write_counts(sheet, {coat.pk: 48})

        def act(number: int, coat: Variant = coat, sheet: int = sheet) -> None:
            apply(coat, sheet) if number == 7 else sells(coat, number)

        together(CROWD, act)
        left.append(stock.stock_facts(coat.sku).on_hand)
    assert stock.broken_promises() == []
    if is_naive:
        assert set(left) != {33}, "the race is too tame: nothing was sold before the count was set"
    else:
        assert left == [33, 33]


def test_a_sheet_that_a_crowd_applies_changes_its_shelves_once():
    coat = stock_of(50)
    sheet = inventory.open_sheet(kind="count", by="user:1").pk
    inventory.write_counts(sheet, {coat.pk: 48})
    together(CROWD, lambda _: applies(coat, sheet))
    assert stock.stock_facts(coat.sku).on_hand == 48
    assert len(stock.timeline(coat.sku)) == 2
