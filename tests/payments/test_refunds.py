"""Money on its way back: never more than was paid, never twice, and to the cent."""

import pytest
from django.db import DatabaseError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kidspetite.faces.console.audit import audit
from kidspetite.foundation.kernel.errors import DomainError
from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.notifications.models import Message
from kidspetite.foundation.plumbing.models import AuditEntry
from kidspetite.goods.inventory.models import StockLevel
from kidspetite.sales.orders import operations as orders
from kidspetite.sales.orders.errors import CannotMove
from kidspetite.sales.payments import operations as payments
from kidspetite.sales.payments.errors import (
    GatewayRefused,
    GatewayUnreachable,
    NothingPaid,
    RefundTooLarge,
    RefundUnfit,
)
from kidspetite.sales.payments.models import Payment, Refund, SandboxCharge
from kidspetite.sales.payments.providers.sandbox import SandboxGateway
from kidspetite.sales.payments.types import GivenBack, Giving, RefundTo
from tests.factories.checkout import a_selling_shop, a_stocked_variant
from tests.factories.credit import a_customer, an_order_by_credit
from tests.factories.orders import a_paid_order, a_shipped_order
from tests.factories.payments import a_payment, reloaded
from tests.harness.crowd import must_go_wrong, together, without_locks


def refund(order, cents: int, *, key: str = "r1") -> GivenBack:
    return payments.refund_order(order.pk, Giving(amount=Money(cents)), key=key, by="user:1", reason="a torn seam")


@pytest.mark.django_db
class TestByStaff:
    def test_part_of_it_goes_back_and_everybody_knows(self, run_waiting_jobs):
        order = a_paid_order()
        done = refund(order, 500)
        run_waiting_jobs()
        order = reloaded(order)
        assert (done.status, order.status, order.refunded_minor) == ("done", "paid", 500)
        assert SandboxCharge.objects.get().refunded_minor == 500
        assert AuditEntry.objects.filter(verb="payments.refund", actor="user:1").exists()
        letter = Message.objects.get(kind="order-refunded")
        assert "$5.00" in letter.text

    def test_all_of_it_makes_the_order_refunded(self):
        order = a_paid_order()
        refund(order, 500, key="a")
        refund(order, order.total_minor - 500, key="b")
        assert reloaded(order).status == "refunded"
        assert audit() == []

    def test_the_same_key_gives_back_once(self):
        order = a_paid_order()
        assert refund(order, 500) == refund(order, 500)
        assert SandboxCharge.objects.get().refunded_minor == 500

    def test_more_than_was_paid_is_refused_with_what_is_left(self):
        order = a_paid_order()
        refund(order, 500, key="a")
        with pytest.raises(RefundTooLarge) as refused:
            refund(order, order.total_minor, key="b")
        assert refused.value.facts["left_cents"] == order.total_minor - 500

    @pytest.mark.parametrize("cents", [0, -1])
    def test_nothing_and_less_is_refused(self, cents):
        with pytest.raises(RefundTooLarge):
            refund(a_paid_order(), cents)

    def test_an_unpaid_order_has_nothing_to_give_back(self):
        with pytest.raises(NothingPaid):
            refund(a_payment("tok_3ds").order, 100)

    def test_without_an_answer_it_stays_intended_and_reconcile_sends_it(self, monkeypatch):
        order = a_paid_order()

        def silence(*_: object, **__: object) -> str:
            raise GatewayUnreachable()

        with monkeypatch.context() as patch:
            patch.setattr(SandboxGateway, "refund", silence)
            assert refund(order, 500).status == "intended"
        assert reloaded(order).refunded_minor == 0
        with pytest.raises(RefundTooLarge):
            refund(order, order.total_minor, key="b")
        assert payments.reconcile_now().refunds_sent == 1
        assert reloaded(order).refunded_minor == 500

    def test_refused_by_the_provider_it_can_be_tried_anew(self, monkeypatch):
        order = a_paid_order()

        def refuse(*_: object, **__: object) -> str:
            raise GatewayRefused()

        with monkeypatch.context() as patch:
            patch.setattr(SandboxGateway, "refund", refuse)
            assert refund(order, 500).status == "refused"
        assert refund(order, order.total_minor, key="b").status == "done"
        assert audit() == []


@pytest.mark.django_db
class TestCancelled:
    def test_a_paid_order_gives_back_stock_and_money(self, run_waiting_jobs):
        order = a_paid_order()
        orders.cancel_order(order.pk, by="user:1", reason="changed their mind")
        run_waiting_jobs()
        order = reloaded(order)
        assert (order.status, order.refunded_minor) == ("refunded", order.total_minor)
        assert StockLevel.objects.get().on_hand == 10
        assert [message.kind for message in Message.objects.order_by("pk")] == ["order-confirmation", "order-cancelled"]
        assert audit() == []

    def test_after_a_partial_refund_the_rest_goes_back(self, run_waiting_jobs):
        order = a_paid_order()
        refund(order, 500)
        orders.cancel_order(order.pk, by="user:1", reason="changed their mind")
        run_waiting_jobs()
        assert SandboxCharge.objects.get().refunded_minor == order.total_minor

    def test_twice_is_once(self, run_waiting_jobs):
        order = a_paid_order()
        for _ in range(2):
            orders.cancel_order(order.pk, by="user:1", reason="changed their mind")
        run_waiting_jobs()
        assert Refund.objects.count() == 1
        assert StockLevel.objects.get().on_hand == 10

    def test_what_has_left_the_house_cannot_be_cancelled(self):
        order = a_shipped_order()
        with pytest.raises(CannotMove):
            orders.cancel_order(order.pk, by="user:1", reason="too late")


@pytest.mark.django_db
class TestSums:
    @pytest.mark.slow
    @settings(
        max_examples=25,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(sums=st.lists(st.integers(min_value=1, max_value=1600), min_size=1, max_size=7))
    def test_any_sequence_of_refunds_stays_within_what_was_paid(self, sums):
        order = a_paid_order()
        given_back = 0
        for number, cents in enumerate(sums):
            if cents <= order.total_minor - given_back:
                refund(order, cents, key=f"{order.number}-{number}")
                given_back += cents
            else:
                with pytest.raises(RefundTooLarge):
                    refund(order, cents, key=f"{order.number}-{number}")
        if left := order.total_minor - given_back:
            refund(order, left, key=f"{order.number}-rest")
        payment = Payment.objects.get(order=order)
        assert reloaded(order).refunded_minor == payment.refunded_minor == payment.amount_minor == order.total_minor
        assert SandboxCharge.objects.get(key=payment.key).refunded_minor == order.total_minor
        assert reloaded(order).status == "refunded"


WISHES = st.lists(
    st.one_of(
        st.tuples(st.just("amount"), st.integers(min_value=1, max_value=4000)),
        st.tuples(st.just("pieces"), st.integers(min_value=1, max_value=3)),
        st.tuples(st.just("shipping"), st.just(1)),
    ),
    max_size=6,
)


@pytest.mark.django_db
@pytest.mark.slow
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    credit=st.sampled_from([0, 1, 700, 2500, 9000]),
    price=st.integers(min_value=500, max_value=1999),
    wishes=WISHES,
    ways=st.lists(st.sampled_from(RefundTo), min_size=7, max_size=7),
)
def test_any_mix_of_tenders_and_any_sequence_of_refunds_ends_with_everything_back(credit, price, wishes, ways):
    """By amounts, by pieces, by the sending, the way it came or into credit: within what each tender took at any time,
    and all pieces with the sending give back what is left, to the cent."""
    user = a_customer(credit)
    order = an_order_by_credit(user, a_stocked_variant(3, price=price), quantity=3)
    sku, left, sent = order.lines.get().sku, 3, False
    for turn, (kind, count) in enumerate(wishes):
        wish = {
            "amount": Giving(amount=Money(count), to=ways[turn]),
            "pieces": Giving(pieces=((sku, count),), to=ways[turn]),
            "shipping": Giving(shipping=True, to=ways[turn]),
        }[kind]
        try:
            payments.refund_order(order.pk, wish, key=f"{order.number}-{turn}", by="user:1", reason="x")
        except (RefundTooLarge, RefundUnfit):
            continue
        left, sent = left - (count if kind == "pieces" else 0), sent or kind == "shipping"
        for row in Payment.objects.filter(order=order):
            assert 0 <= row.refunded_minor <= row.captured_minor
    rest = Giving(pieces=((sku, left),) if left else (), shipping=not sent)
    if not rest.is_everything and reloaded(order).refunded_minor < order.total_minor:
        payments.refund_order(order.pk, rest, key=f"{order.number}-rest", by="user:1", reason="x")
    assert reloaded(order).refunded_minor == order.total_minor
    for row in Payment.objects.filter(order=order):
        assert row.refunded_minor == row.captured_minor
    assert not [broken for broken in audit() if order.number in broken.ids]


def twenty_clerks(order) -> int:
    """Twenty who each give a third back at one moment; how many were told that it is done."""
    third = order.total_minor // 3

    def clerk(number: int) -> bool:
        try:
            return refund(order, third, key=f"{order.number} clerk {number}").status == "done"
        except (DomainError, DatabaseError):
            return False

    return sum(together(20, clerk))


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_twenty_refunds_at_once_give_back_no_more_than_was_paid():
    a_selling_shop()
    order = a_paid_order()
    assert twenty_clerks(order) == 3
    assert SandboxCharge.objects.get().refunded_minor == order.total_minor // 3 * 3 == reloaded(order).refunded_minor
    assert audit() == []


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_the_control_without_locks_breaks_the_promise(monkeypatch):
    """The same code with its row locks taken out gives back too much, or loses count of it."""
    a_selling_shop()

    def breaks_it(_: int) -> bool:
        order = a_paid_order()
        with without_locks(monkeypatch):
            broke = twenty_clerks(order) != 3
        return broke or bool(audit())

    must_go_wrong(breaks_it)
