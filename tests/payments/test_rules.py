"""The path of a payment, cell by cell."""

import pytest

from kidspetite.sales.payments import rules
from kidspetite.sales.payments.models import Payment

SETTLED = {"authorised", "captured", "declined", "voided", "surplus"}

FORWARD = {
    "intended": {"requires_action", "unknown", "authorised", "captured", "declined", "voided", "surplus"},
    "requires_action": {"unknown", "authorised", "captured", "declined", "voided", "surplus"},
    "unknown": {"requires_action", "authorised", "captured", "declined", "voided", "surplus"},
    "authorised": {"captured", "declined", "voided", "surplus"},
    "declined": {"authorised", "captured", "surplus"},
    "voided": {"authorised", "captured", "surplus"},
    "captured": set(),
    "surplus": set(),
}


@pytest.mark.parametrize("status", Payment.Status.values)
@pytest.mark.parametrize("to", Payment.Status.values)
def test_every_step_is_decided(status, to):
    assert rules.takes(status, to) == (to in FORWARD[status])


def test_unsettled_and_settled_are_all_there_is():
    assert set(Payment.Status.values) == rules.UNSETTLED | SETTLED


def test_nobody_pays_for_pieces_that_went_before_the_attempt_is_given_up():
    assert rules.HELD_WHILE_PAYING > rules.ABANDONED_AFTER


@pytest.mark.parametrize(
    ("amount", "paid", "refunded", "is_fine"),
    [(1, 100, 0, True), (100, 100, 0, True), (101, 100, 0, False), (60, 100, 40, True), (61, 100, 40, False),
     (0, 100, 0, False), (-1, 100, 0, False), (1, 100, 100, False)],
)  # fmt: skip
def test_what_may_go_back(amount, paid, refunded, is_fine):
    assert rules.may_refund(amount, paid=paid, refunded=refunded) is is_fine
