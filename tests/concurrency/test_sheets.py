"""A stock-take is applied while the shelf sells: what was sold meanwhile stays sold."""

from collections.abc import Callable

import pytest
from django.db import transaction

from kidspetite.goods.catalog.models import Variant
from kidspetite.goods.inventory import operations as inventory
from kidspetite.goods.inventory import queries as stock
from tests.factories.inventory import soon, stock_of
from tests.harness.crowd import must_go_wrong, together

pytestmark = pytest.mark.django_db(transaction=True)

CROWD = 16


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


def left_of_fifty(apply: Callable[[Variant, int], None]) -> int:
    """Two are missing, and fifteen are sold while the sheet is applied."""
    coat = stock_of(50)
    sheet = inventory.open_sheet(kind="count", by="user:1").pk
    inventory.write_counts(sheet, {coat.pk: 48})
    together(CROWD, lambda number: apply(coat, sheet) if number == 7 else sells(coat, number))
    assert stock.broken_promises() == []
    return stock.stock_facts(coat.sku).on_hand


def test_two_missing_of_fifty_while_fifteen_are_sold_leave_thirty_three():
    assert [left_of_fifty(applies) for _ in range(2)] == [33, 33]


def test_a_naive_twin_that_sets_the_number_brings_sold_ones_back():
    must_go_wrong(lambda _: left_of_fifty(sets_the_number) != 33)


def test_a_sheet_that_a_crowd_applies_changes_its_shelves_once():
    coat = stock_of(50)
    sheet = inventory.open_sheet(kind="count", by="user:1").pk
    inventory.write_counts(sheet, {coat.pk: 48})
    together(CROWD, lambda _: applies(coat, sheet))
    assert stock.stock_facts(coat.sku).on_hand == 48
    assert len(stock.timeline(coat.sku)) == 2
