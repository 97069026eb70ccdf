"""Crowds at one balance and one order: credit is spent once, given back once, and never below zero. Each race also
runs with its row locks taken out, and breaks the promise then."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import count

import pytest
from django.db import DatabaseError

from kidspetite.faces.console.audit import audit
from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.kernel.errors import DomainError
from kidspetite.foundation.kernel.money import Money
from kidspetite.journeys.checkout import operations as checkout
from kidspetite.sales.cart import operations as carts
from kidspetite.sales.orders.models import Order
from kidspetite.sales.payments import operations as payments
from kidspetite.sales.payments.models import CreditAccount, Payment, SandboxCharge
from kidspetite.sales.payments.queries.credit import credit_of
from kidspetite.sales.payments.types import Giving, Outcome, Result
from tests.factories.checkout import a_selling_shop, a_stocked_variant
from tests.factories.credit import a_customer, an_order_by_credit, by_credit
from tests.harness.crowd import must_go_wrong, together, without_locks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race, pytest.mark.slow]

TABS, TOTAL = 20, 2460
_rounds = count(1)


def answered(act: Callable[[], str]) -> str:
    try:
        return act()
    except DomainError as refused:
        return refused.code
    except DatabaseError:
        return "crashed"


def tabs_of(user: User) -> Counter[str]:
    """Twenty baskets of one customer, each bought with nothing but store credit, at one moment."""
    shirt, turn = a_stocked_variant(TABS), next(_rounds)
    baskets = [carts.open_cart(customer=user) for _ in range(TABS)]
    for basket in baskets:
        carts.add_to_cart(basket, sku=shirt.sku)
    purchase = by_credit(user, provider="none", token="none")

    def tab(number: int) -> str:
        return answered(lambda: checkout.buy(baskets[number], purchase, key=f"{turn}-{number}").status)

    return Counter(together(TABS, tab))


def spends_what_there_is(user: User, answers: Counter[str], *, orders: int) -> bool:
    """As many orders as the balance pays for, the rest of it still there, and everybody else refused in words."""
    paid = Order.objects.filter(customer=user, status="paid").count()
    allowed = {"paid", "checkout.invalid", "kernel.busy"}
    return (paid, credit_of(user.pk)) == (orders, Money(100)) and set(answers) <= allowed and not audit()


def test_twenty_tabs_spend_a_balance_as_often_as_it_is_enough():
    a_selling_shop()
    user = a_customer(3 * TOTAL + 100)
    answers = tabs_of(user)
    for _ in range(5):
        if answers["kernel.busy"] and Order.objects.filter(status="paid").count() < 3:
            answers = tabs_of(user)
    assert spends_what_there_is(user, answers, orders=3), answers


def test_the_control_without_locks_spends_it_twice(monkeypatch):
    a_selling_shop()

    def overspends(_: int) -> bool:
        user = a_customer(3 * TOTAL + 100)
        with without_locks(monkeypatch):
            answers = tabs_of(user)
        return not spends_what_there_is(user, answers, orders=3)

    must_go_wrong(overspends)


def test_cancelling_while_the_money_comes_ends_in_one_truth(run_waiting_jobs):
    """Ten clerks cancel, ten messages say that it was paid: the order is paid or refunded, and no cent is lost."""
    a_selling_shop()
    for _ in range(3):
        user = a_customer(1000)
        order = an_order_by_credit(user, token="tok_3ds")
        lead = Payment.objects.get(order=order, account=None)
        charge = SandboxCharge.objects.get(key=lead.key)
        SandboxCharge.objects.filter(pk=charge.pk).update(status="captured", captured_minor=lead.amount_minor)
        news = Outcome(Result.CAPTURED, charge.reference, amount=lead.amount)

        def somebody(number: int, order=order, lead=lead, news=news) -> str:
            if number % 2:
                return answered(lambda: payments.end_order(order.pk, by="user:1", reason="changed their mind"))
            return answered(lambda: payments.record_outcome(lead.pk, news).order)

        together(TABS, somebody)
        run_waiting_jobs()
        order.refresh_from_db()
        charge.refresh_from_db()
        kept = order.status == "paid"
        assert order.status in ("paid", "refunded"), order.status
        assert charge.captured_minor - charge.refunded_minor == (order.total_minor - 1000 if kept else 0)
        assert credit_of(user.pk) == Money(0 if kept else 1000)
        assert audit() == []


def test_refunds_racing_a_cancellation_give_everything_back_once(run_waiting_jobs):
    a_selling_shop()
    for turn in range(3):
        user = a_customer(1000)
        order = an_order_by_credit(user)

        def somebody(number: int, order=order, turn=turn) -> str:
            if number % 4 == 0:
                return answered(lambda: payments.end_order(order.pk, by="user:1", reason="changed their mind"))
            wanted = Giving(amount=Money(300))
            key = f"{turn}-{number}"
            return answered(lambda: payments.refund_order(order.pk, wanted, key=key, by="user:1", reason="x").status)

        together(TABS, somebody)
        run_waiting_jobs()
        order.refresh_from_db()
        charge = SandboxCharge.objects.get(key=Payment.objects.get(order=order, account=None).key)
        assert (order.status, order.refunded_minor) == ("refunded", TOTAL)
        assert charge.refunded_minor == TOTAL - 1000
        assert credit_of(user.pk) == Money(1000)
        assert audit() == []


def clerks(order: Order) -> int:
    """Twenty who each give a third of an order back at one moment; how many were told that it is done."""
    third, turn = Giving(amount=Money(order.total_minor // 3)), next(_rounds)

    def clerk(number: int) -> bool:
        key = f"clerk {turn}-{number}"
        return (
            answered(lambda: payments.refund_order(order.pk, third, key=key, by="user:1", reason="x").status) == "done"
        )

    return sum(together(TABS, clerk))


def stays_within(user: User, order: Order, done: int) -> bool:
    order.refresh_from_db()
    return done == 3 and order.refunded_minor == TOTAL // 3 * 3 and credit_of(user.pk) == Money(1000) and not audit()


def test_twenty_refunds_over_two_tenders_give_back_no_more_than_each_took():
    a_selling_shop()
    user = a_customer(1000)
    order = an_order_by_credit(user)
    assert stays_within(user, order, clerks(order))


def test_the_control_without_locks_gives_back_too_much_or_loses_count(monkeypatch):
    a_selling_shop()

    def gives_wrongly(_: int) -> bool:
        user = a_customer(1000)
        order = an_order_by_credit(user)
        with without_locks(monkeypatch):
            done = clerks(order)
        return not stays_within(user, order, done)

    must_go_wrong(gives_wrongly)


def test_granting_and_taking_back_at_once_never_falls_below_nothing():
    user = a_customer(1000)

    def clerk(number: int) -> str:
        command = payments.grant_credit if number % 2 else payments.take_credit_back
        return answered(lambda: str(command(user.pk, Money(300), key=f"k{number}", by="user:1", reason="x").cause))

    answers = Counter(together(TABS, clerk))
    assert answers["granted"] == TABS // 2
    assert CreditAccount.objects.get().balance_minor == 1000 + 300 * (answers["granted"] - answers["taken_back"]) >= 0
    assert audit() == []
