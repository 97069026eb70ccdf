"""Pieces that are being paid for are for sale again after a stated time, whatever bank and shopper do or leave."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings

from kidspetite.foundation.plumbing import lines
from kidspetite.goods.inventory import queries as stock
from kidspetite.goods.inventory.models import Hold
from kidspetite.sales.payments import operations as payments
from kidspetite.sales.payments import rules
from kidspetite.sales.payments.errors import GatewayUnreachable
from kidspetite.sales.payments.models import Payment
from kidspetite.sales.payments.providers.sandbox import SandboxGateway
from kidspetite.sales.payments.queries.refunds import given_back
from kidspetite.sales.payments.types import Giving
from tests.factories.checkout import a_selling_shop, a_stocked_variant, bought
from tests.factories.payments import a_payment, reloaded

pytestmark = pytest.mark.django_db


@contextmanager
def a_silent_bank() -> Iterator[None]:
    """A provider that cannot be reached any more."""

    def silence(*_: object, **__: object) -> None:
        raise GatewayUnreachable(gateway="sandbox")

    with pytest.MonkeyPatch.context() as patch:
        for method in ("charge", "outcome_of", "give_up", "refund"):
            patch.setattr(SandboxGateway, method, silence)
        yield


def test_a_bank_page_nobody_comes_back_from(pass_time):
    a_selling_shop()
    shirt = a_stocked_variant(1)
    bought(shirt, token="tok_3ds")
    payment = Payment.objects.select_related("order").get()
    assert stock.available_pieces([shirt.pk]) == {shirt.pk: 0}
    pass_time(minutes=29)
    payments.reconcile()
    assert reloaded(payment.order).status == "requires_action"
    pass_time(minutes=2)
    payments.reconcile()
    assert reloaded(payment.order).status == "cancelled"
    assert not Hold.objects.filter(holder=payment.order.holder).exists()
    pass_time(seconds=settings.RESERVATION_TTL_SECONDS)  # as long as the basket holds them softly, as before
    assert stock.available_pieces([shirt.pk]) == {shirt.pk: 1}


def test_a_bank_that_says_nothing_at_all(pass_time, run_waiting_jobs):
    payment = a_payment("tok_timeout")
    shirt = payment.order.lines.get().variant_id
    with a_silent_bank():
        pass_time(minutes=46)
        payments.reconcile()
        assert reloaded(payment.order).status == "payment_unknown"
        assert stock.available_pieces([shirt]) == {shirt: 10}  # long before the order itself ends
        pass_time(hours=24)
        payments.reconcile()
        assert reloaded(payment.order).status == "cancelled"
    pass_time(minutes=1)
    payments.reconcile()
    run_waiting_jobs()
    payment.refresh_from_db()
    assert payment.refunded_minor == payment.amount_minor  # it had been captured after all
    assert reloaded(payment.order).status == "refunded"


def test_a_young_attempt_on_an_old_order_is_waited_for(pass_time):
    payment = a_payment("tok_timeout")
    pass_time(hours=25)
    Payment.objects.update(created_at=datetime.now(UTC) - timedelta(minutes=31))
    with a_silent_bank():
        payments.reconcile()
    assert reloaded(payment.order).status == "payment_unknown"


def test_pieces_come_free_before_the_order_ends_and_after_the_attempt_is_given_up():
    assert rules.ABANDONED_AFTER < rules.HELD_WHILE_PAYING < rules.SILENT_FOR


def test_with_all_lines_taken_nothing_is_given_up_and_nothing_sent_back(monkeypatch):
    waiting = a_payment("tok_3ds")
    monkeypatch.setattr(lines, "_lines", threading.BoundedSemaphore(1))
    with lines.a_line(1):
        assert payments.give_up(waiting.pk).payment == "requires_action"
    assert payments.give_up(waiting.pk).payment == "voided"


def test_a_refund_from_the_desk_waits_for_a_line_and_is_sent_by_its_job(monkeypatch, run_waiting_jobs):
    paid = a_payment("tok_visa")
    monkeypatch.setattr(lines, "_lines", threading.BoundedSemaphore(1))
    with lines.a_line(1):
        asked = payments.refund_order(paid.order_id, Giving(amount=paid.amount), key="r", by="user:1", reason="kind")
        assert asked.status == "intended"
    run_waiting_jobs()
    assert given_back("r").status == "done"
