"""The audit finds nothing after honest work, and finds each kind of row that somebody breaks by hand."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from kidspetite.faces.console.audit import audit, rooms_that_promise
from kidspetite.sales.payments import operations as payments
from kidspetite.sales.payments.types import Giving, RefundTo
from tests.factories.checkout import a_basket, a_purchase, a_selling_shop, a_stocked_variant
from tests.factories.credit import a_customer, an_order_by_credit
from tests.factories.orders import a_paid_order, a_shipped_order
from tests.factories.payments import a_payment

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

BY_HAND = {
    "order_lines_make_the_subtotal": "update orders_orderline set unit_price_minor = unit_price_minor - 1",
    "paid_orders_know_when": "update orders_order set paid_at = null",
    "refunded_orders_gave_all_back": "update orders_order set status = 'refunded'",
    "paid_orders_are_paid_in_full": "update payments_payment set amount_minor = amount_minor + 1",
    "orders_tell_their_tenders": "update orders_order set tenders = '[]'",
    "payments_have_an_order": "update orders_order set status = 'awaiting_payment', paid_at = null",
    "refunds_add_up": "update payments_payment set refunded_minor = 1",
    "orders_know_their_refunds": "update orders_order set refunded_minor = 1",
    "paid_orders_are_sold": "update inventory_movement set cause = 'order:KP-00000000' where kind = 'sold'",
    "the_bank_agrees": "update payments_payment set status = 'declined'",
    "sent_letters_know_when": """insert into notifications_message (key, kind, "to", subject, text, html, subject_key,
        status, attempts, provider, provider_id, error, is_demo, guard,
        topic, fields)
        values ('k', 'k', 'a@b.example', '', '', '', '', 'sent', 0, '', '', '', false, '', '', '{}')""",
    "texts_go_to_those_who_said_yes": """insert into notifications_message (key, kind, "to", subject, text, html,
        subject_key, status, sent_at, attempts, provider, provider_id, error, is_demo, guard, topic, channel, fields)
        values ('k', 'k', '+12125550123', '', '', '', '', 'sent', now(), 0, '', '', '', false, '', 'order_texts',
        'text', '{}')""",
    "movements_make_the_stock": "update inventory_stocklevel set on_hand = on_hand + 1",
    "movements_make_the_promised": "update inventory_movement set promised = promised - 1 where kind = 'sold'",
}


CREDIT_BY_HAND = {
    "paid_orders_are_paid_in_full": "update payments_payment set status = 'voided' where account_id is not null",
    "orders_tell_their_tenders": "update orders_order set tenders = tenders - 1",
    "credit_entries_make_the_balance": "update payments_creditaccount set balance_minor = balance_minor + 1",
    "credit_moves_with_its_tender": "update payments_creditentry set amount_minor = -999 where cause = 'spent'",
    "credit_waits_for_a_payment": "update payments_payment set status = 'authorised' where account_id is not null",
    "credit_refunds_reach_the_ledger": "delete from payments_creditentry where cause = 'refunded'",
    "no_piece_goes_back_twice": "update payments_refundedpieces set pieces = 2",
    "refunds_add_up": "update payments_refund set amount_minor = amount_minor + 1 where account_id is not null",
}


def run(*arguments: str) -> tuple[int, dict]:
    out = StringIO()
    try:
        call_command("audit_integrity", "--json", *arguments, stdout=out)
        code = 0
    except SystemExit as end:
        code = int(end.code or 0)
    return code, json.loads(out.getvalue())


def test_honest_work_of_every_kind_leaves_nothing_broken(run_waiting_jobs):
    a_paid_order()
    a_shipped_order()
    for token in ("tok_3ds", "tok_timeout", "tok_late_webhook"):
        a_payment(token)
    a_basket(a_stocked_variant(2), quantity=2)
    run_waiting_jobs()
    assert run() == (0, {"ok": True, "broken": []})


@pytest.mark.parametrize("promise", BY_HAND)
def test_a_row_broken_by_hand_is_found(promise):
    a_paid_order()
    with connection.cursor() as cursor:
        cursor.execute(BY_HAND[promise])
    code, answer = run()
    assert code == 1
    found = {one["promise"]: one for one in answer["broken"]}
    assert promise in found, sorted(found)
    assert found[promise]["ids"]
    assert found[promise]["detail"]


@pytest.mark.parametrize("promise", CREDIT_BY_HAND)
def test_a_tender_broken_by_hand_is_found(promise):
    """An order of two tenders, its piece refunded into store credit: all of it is right, until somebody touches it."""
    order = an_order_by_credit(a_customer(1000))
    piece = Giving(pieces=((order.lines.get().sku, 1),), to=RefundTo.STORE_CREDIT)
    payments.refund_order(order.pk, piece, key="r", by="user:1", reason="a torn seam")
    assert audit() == []
    with connection.cursor() as cursor:
        cursor.execute(CREDIT_BY_HAND[promise])
    assert promise in {one.promise for one in audit()}


def test_pieces_still_promised_to_a_cancelled_order_are_found():
    order = a_payment("tok_3ds").order
    with connection.cursor() as cursor:
        cursor.execute("update orders_order set status = 'cancelled' where id = %s", [order.pk])
    assert "holds_end_with_their_order" in {one.promise for one in audit()}


def test_every_room_with_something_to_promise_is_asked():
    asked = {name.removeprefix("kidspetite.") for name in rooms_that_promise()}
    assert {"goods.inventory", "sales.orders", "sales.payments", "foundation.notifications"} <= asked


def test_the_order_command_shows_money_and_timeline():
    a_selling_shop()
    order = a_paid_order()
    out = StringIO()
    call_command("order", order.number, "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert (told["order_number"], told["status"], told["total_cents"]) == (order.number, "paid", order.total_minor)
    assert [payment["status"] for payment in told["payments"]] == ["captured"]
    assert told["refunds"] == []
    assert [mark["kind"] for mark in told["timeline"]] == ["placed", "paid"]
    call_command("order", order.number.lower(), stdout=out)
    assert a_purchase().ship_to.line1 in out.getvalue()
