"""The path of an order, cell by cell: it never goes back by a late event."""

import pytest

from kidspetite.sales.orders import rules
from kidspetite.sales.orders.models import Order

T, OLD, NO = rules.Step.TAKE, rules.Step.OLD_NEWS, rules.Step.REFUSE
STATES = [
    "awaiting_payment",
    "requires_action",
    "payment_unknown",
    "paid",
    "shipped",
    "delivered",
    "cancelled",
    "refunded",
]
TABLE = {  # from →            to: awaiting requires unknown paid shipped delivered cancelled refunded
    "awaiting_payment": [OLD, T, T, T, NO, NO, T, NO],
    "requires_action": [T, OLD, T, T, NO, NO, T, NO],
    "payment_unknown": [T, T, OLD, T, NO, NO, T, NO],
    "paid": [OLD, OLD, OLD, OLD, T, T, T, T],
    "shipped": [OLD, OLD, OLD, OLD, OLD, T, NO, T],
    "delivered": [OLD, OLD, OLD, OLD, OLD, OLD, NO, T],
    "cancelled": [OLD, OLD, OLD, NO, NO, NO, OLD, T],
    "refunded": [OLD, OLD, OLD, NO, NO, NO, NO, OLD],
}


@pytest.mark.parametrize("status", STATES)
def test_every_step_is_decided(status):
    assert [rules.step(status, to) for to in STATES] == TABLE[status]


def test_the_table_knows_every_state():
    assert set(STATES) == set(Order.Status.values) == set(rules.MOVES)


def test_only_what_is_in_the_house_can_be_cancelled():
    assert [state for state in STATES if rules.can_be_cancelled(state)] == STATES[:4]


def test_the_print_of_a_basket_knows_pieces_address_and_method_but_no_order():
    here = {"line1": "12 Fern Street"}
    same = rules.basket_print([(1, 2), (3, 1)], here, "standard")
    assert rules.basket_print([(3, 1), (1, 2)], dict(here), "standard") == same
    for other in (
        rules.basket_print([(1, 1), (3, 1)], here, "standard"),
        rules.basket_print([(1, 2), (3, 1)], {"line1": "13 Fern Street"}, "standard"),
        rules.basket_print([(1, 2), (3, 1)], here, "express"),
    ):
        assert other != same
