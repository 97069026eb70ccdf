"""Money as staff move it: each page shows the split before anything is sent, and each role may do what is its own."""

from __future__ import annotations

import re

import pytest

from kidspetite.faces.console.audit import audit
from kidspetite.foundation.accounts.models import User
from kidspetite.foundation.accounts.types import Role
from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.plumbing.models import AuditEntry
from kidspetite.foundation.ui import formats
from kidspetite.sales.orders.models import Order
from kidspetite.sales.payments.models import CreditEntry, Payment, Refund, SandboxCharge
from kidspetite.sales.payments.operations.disputes import record_dispute
from kidspetite.sales.payments.queries.credit import credit_of
from kidspetite.sales.payments.types import DisputeTold
from tests.factories.checkout import a_stocked_variant
from tests.factories.credit import a_customer, an_order_by_credit
from tests.factories.orders import a_paid_order
from tests.factories.payments import reloaded

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return a_customer(1000)


def _hidden(page, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', page.text)[1]


def _preview(client, order: Order, **typed: str):
    return client.post(f"/admin/orders/{order.number}/refund", {"reason": "returned", "note": "", **typed})


def _confirm(client, order: Order, **typed: str):
    preview = _preview(client, order, **typed)
    told = {"step": "confirm", "key": _hidden(preview, "key"), "amount_shown": _hidden(preview, "amount_shown")}
    return _preview(client, order, **typed, **told)


class TestRefunds:
    def test_the_preview_shows_the_split_and_sends_nothing(self, owner, user):
        order = an_order_by_credit(user)
        page = _preview(owner, order, how="all")
        assert "Back to Sandbox card ending 4242" in page.text
        assert "Back to Store credit" in page.text
        assert "$14.60" in page.text
        assert "$10.00" in page.text
        assert not Refund.objects.exists()

    def test_the_card_gives_back_first_then_the_credit(self, owner, user):
        order = an_order_by_credit(user)
        _confirm(owner, order, how="amount", amount="12.00")
        assert (SandboxCharge.objects.get().refunded_minor, credit_of(user.pk)) == (1200, Money(0))
        _confirm(owner, order, how="amount", amount="5.00")
        assert (SandboxCharge.objects.get().refunded_minor, credit_of(user.pk)) == (1460, Money(240))
        _confirm(owner, order, how="all")
        assert reloaded(order).status == "refunded"
        assert credit_of(user.pk) == Money(1000)
        assert audit() == []

    def test_it_goes_into_store_credit_by_choice(self, owner, user):
        order = an_order_by_credit(user)
        assert (
            "From Sandbox card ending 4242 into store credit"
            in _preview(owner, order, how="all", to="store_credit").text
        )
        _confirm(owner, order, how="all", to="store_credit")
        assert SandboxCharge.objects.get().refunded_minor == 0
        assert credit_of(user.pk) == Money(2460)
        assert reloaded(order).status == "refunded"
        assert audit() == []

    def test_a_guest_has_no_credit_to_put_it_in(self, owner):
        order = a_paid_order()
        assert "Into their store credit" not in owner.get(f"/admin/orders/{order.number}/refund").text
        answer = _confirm(owner, order, how="all", to="store_credit")
        assert answer.status_code == 409
        assert "without an account" in answer.text
        assert not Refund.objects.exists()

    def test_pieces_go_back_one_by_one_to_the_last_cent(self, owner, user):
        order = an_order_by_credit(user, a_stocked_variant(5, price=1099), quantity=3)
        line = order.lines.get()
        for _ in range(3):
            _confirm(owner, order, how="lines", **{f"line-{line.sku}": "1"})
        assert reloaded(order).refunded_minor == line.line_total.minor - line.discount_minor + line.tax_minor
        page = owner.get(f"/admin/orders/{order.number}/refund").text
        assert "3 went back" in page
        answer = _preview(owner, order, how="lines", **{f"line-{line.sku}": "1"})
        assert answer.status_code == 422
        assert "0 left to go back" in answer.text
        _confirm(owner, order, how="lines", shipping="1")
        assert reloaded(order).status == "refunded"
        assert "The shipping went back already" not in page
        assert audit() == []

    def test_all_pieces_after_goodwill_give_what_is_left(self, owner, user):
        order = an_order_by_credit(user)
        line = order.lines.get()
        _confirm(owner, order, how="amount", amount="7.00")
        ticked = {f"line-{line.sku}": "1", "shipping": "1"}
        assert "of which went back before" in _preview(owner, order, how="lines", **ticked).text
        _confirm(owner, order, how="lines", **ticked)
        assert reloaded(order).refunded_minor == order.total_minor
        assert audit() == []


class TestHeldMoney:
    @pytest.fixture
    def held(self, settings, user) -> Order:
        settings.PAYMENT_CAPTURE = "at_shipping"
        return an_order_by_credit(user)

    def test_what_the_bank_holds_and_what_credit_paid_are_told_apart(self, owner, held):
        page = owner.get(f"/admin/orders/{held.number}").text
        assert "The bank holds $14.60" in page
        assert "Let it go and cancel" in page
        cancel = owner.get(f"/admin/orders/{held.number}/cancellation").text
        assert "$14.60 that the bank holds" in cancel
        assert "$10.00 goes back to the customer by Store credit" in cancel

    def test_a_part_is_taken_after_a_look(self, owner, held):
        path, typed = f"/admin/orders/{held.number}/capture", {"amount": "10.00", "reason": "part", "note": "no hat"}
        preview = owner.post(path, typed)
        assert "Let go for good" in preview.text
        assert Payment.objects.get(order=held, account=None).status == "authorised"
        owner.post(path, typed | {"step": "confirm"})
        assert SandboxCharge.objects.get().captured_minor == 1000
        assert "no hat" in AuditEntry.objects.get(verb="payments.capture").facts["reason"]
        assert reloaded(held).refunded_minor == 460
        assert audit() == []

    @pytest.mark.parametrize("amount", ["", "0", "14.61", "x"])
    def test_more_than_is_held_and_nothing_is_refused(self, owner, held, amount):
        answer = owner.post(f"/admin/orders/{held.number}/capture", {"amount": amount, "reason": "part"})
        assert answer.status_code == 422
        assert Payment.objects.get(order=held, account=None).status == "authorised"

    def test_let_go_with_the_order(self, owner, held, user, run_waiting_jobs):
        owner.post(f"/admin/orders/{held.number}/cancellation", {"reason": "customer"})
        run_waiting_jobs()
        assert SandboxCharge.objects.get().status == "voided"
        assert credit_of(user.pk) == Money(1000)
        assert audit() == []


class TestCustomerPage:
    def test_credit_is_given_and_taken_with_a_reason_once(self, owner, user):
        path = f"/admin/customers/{user.pk}"
        key = _hidden(owner.get(path), "key")
        typed = {"how": "grant", "amount": "5.00", "reason": "a late parcel", "key": key}
        for _ in range(2):
            assert owner.post(f"{path}/credit", typed).status_code == 302
        assert credit_of(user.pk) == Money(1500)
        page = owner.get(path).text
        assert "a late parcel" in page
        assert "Owner" in page
        owner.post(f"{path}/credit", {"how": "take", "amount": "15.00", "reason": "a slip"})
        assert credit_of(user.pk) == Money(0)
        assert AuditEntry.objects.filter(subject=f"user:{user.pk}").count() == 3

    @pytest.mark.parametrize(
        "typed",
        [
            {"how": "grant", "amount": "5.00", "reason": ""},
            {"how": "grant", "amount": "0", "reason": "x"},
            {"how": "grant", "amount": "1000.01", "reason": "x"},
            {"how": "give", "amount": "5.00", "reason": "x"},
            {"how": "take", "amount": "10.01", "reason": "x"},
        ],
    )
    def test_what_cannot_be_changes_nothing_and_stays_typed(self, owner, user, typed):
        before = CreditEntry.objects.count()
        answer = owner.post(f"/admin/customers/{user.pk}/credit", typed)
        assert answer.status_code in (409, 422)
        assert f'value="{typed["amount"]}"' in answer.text
        assert CreditEntry.objects.count() == before

    def test_colleagues_have_no_such_page(self, owner):
        colleague = User.objects.create_user("boss@team.example", is_staff=True)
        assert owner.get(f"/admin/customers/{colleague.pk}").status_code == 404


class TestAddress:
    def test_staff_correct_it_on_record(self, owner):
        order = a_paid_order()
        typed = {name: str(order.shipping_address[name]) for name in ("name", "line2", "city", "state", "postal_code")}
        assert owner.post(f"/admin/orders/{order.number}/address", typed | {"line1": "14 Fern St"}).status_code == 302
        assert reloaded(order).shipping_address["line1"] == "14 Fern St"
        assert AuditEntry.objects.get(verb="orders.correct_address").actor.startswith("user:")
        refused = owner.post(f"/admin/orders/{order.number}/address", typed | {"line1": "1 Main St", "state": "NJ"})
        assert refused.status_code == 409
        assert "place it again" in refused.text


GIVES_MONEY = {Role.OWNER, Role.SUPPORT}
CHANGES_ORDERS = GIVES_MONEY | {Role.FULFILMENT}


@pytest.mark.parametrize("role", list(Role))
def test_each_role_moves_what_is_its_own(staff, role, user):
    order, client = an_order_by_credit(user), staff(role)
    answers = {
        "refund": _preview(client, order, how="all").status_code,
        "capture": client.get(f"/admin/orders/{order.number}/capture").status_code,
        "credit": client.post(f"/admin/customers/{user.pk}/credit", {"how": "grant"}).status_code,
        "cancel": client.get(f"/admin/orders/{order.number}/cancellation").status_code,
        "address": client.get(f"/admin/orders/{order.number}/address").status_code,
    }
    for what, allowed in (
        ("refund", GIVES_MONEY), ("capture", GIVES_MONEY), ("credit", GIVES_MONEY), ("cancel", CHANGES_ORDERS),
        ("address", CHANGES_ORDERS),
    ):  # fmt: skip
        assert (answers[what] != 403) == (role in allowed), (role, what, answers[what])
    if role in CHANGES_ORDERS:
        page = client.get(f"/admin/orders/{order.number}").text
        assert ("Refund</a>" in page) == (role in GIVES_MONEY)
        assert "Correct the address" in page


def test_a_dispute_is_found_where_staff_work(staff):
    support, order = staff(Role.SUPPORT), a_paid_order()
    payment_id = Payment.objects.get(order=order).pk

    def told(status: str) -> None:
        record_dispute(payment_id, DisputeTold("dp_1", order.total_minor, "fraudulent", status))

    def read(path: str) -> str:
        return " ".join(support.get(path, follow=True).content.decode().split())

    listed = "/admin/orders?view=disputed"
    assert listed not in read("/admin")
    told("needs_response")
    assert listed in read("/admin")
    assert order.number in read(listed)
    page = read(f"/admin/orders/{order.number}")
    assert f"The bank wants {formats.money(order.total)} back (Sandbox, dp_1). Fraudulent: needs response." in page
    assert "It is answered on the provider’s own desk." in page
    told("won")
    assert order.number not in read(listed)
    assert listed not in read("/admin")
    page = read(f"/admin/orders/{order.number}")
    assert "Fraudulent: won." in page
    assert "It is answered" not in page
