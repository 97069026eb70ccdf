"""Store credit as a tender: it stands beside the payment that completes an order's total, and shares its fate.

Everything here expects account, order and payments under lock, in that order.
"""

from __future__ import annotations

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.kernel.money import Money
from kidspetite.sales.orders.models import Order
from kidspetite.sales.payments.models import CreditAccount, CreditEntry, Payment
from kidspetite.sales.payments.operations.credit import lock_credit, write_entry
from kidspetite.sales.payments.types import STORE_CREDIT

HELD, TAKEN, LET_GO = Payment.Status.AUTHORISED, Payment.Status.CAPTURED, Payment.Status.VOIDED
JOB = "job:payments"


def cover_with_credit(payment_id: int, customer_id: int | None) -> Money:
    """Set store credit aside for a payment that was only just intended, as much as there is; the payment is for the
    rest, be it nothing. Gives how much was set aside. Expects the caller's transaction, and locks the account."""
    payment, account = Payment.objects.select_related("order").get(pk=payment_id), lock_credit(customer_id)
    if account is None:
        return Money.zero(payment.currency)
    credit = Money(min(account.balance_minor, payment.amount_minor), payment.currency)
    if credit:
        payment.amount_minor -= credit.minor
        payment.save(update_fields=["amount_minor"])
        hold_credit(payment, account, credit)
    return credit


def hold_credit(lead: Payment, account: CreditAccount, amount: Money) -> Payment:
    """Set credit aside for an order: it leaves the balance now, so that nobody can spend it twice. Raises
    NotEnoughCredit."""
    turn = lead.companions.count() + 1
    tender = Payment.objects.create(
        order_id=lead.order_id, provider=STORE_CREDIT, key=f"credit:{lead.pk}:{turn}", label=_("Store credit"),
        account=account, beside=lead, amount_minor=amount.minor, currency=amount.currency, status=HELD,
        created_at=clock.now(),
    )  # fmt: skip
    write_entry(
        account, -amount, cause=CreditEntry.Cause.SPENT, key=f"spent:{tender.pk}", by=JOB, subject=lead.order.number
    )
    return tender


def take_credit(lead: Payment) -> None:
    """The order is paid: what was set aside beside this payment is spent for good."""
    for tender in lead.companions.filter(status=HELD):
        tender.captured_minor = tender.amount_minor
        _settle(tender, TAKEN)


def give_credit_back(lead: Payment) -> None:
    """This payment came to nothing: what was set aside beside it is the customer's again, once."""
    for tender in lead.companions.filter(status=HELD):
        return_credit(tender)


def return_credit(tender: Payment) -> None:
    """Give back the credit that is set aside as this tender."""
    assert tender.account_id is not None
    account = CreditAccount.objects.select_for_update().get(pk=tender.account_id)
    write_entry(
        account, tender.amount, cause=CreditEntry.Cause.RETURNED, key=f"returned:{tender.pk}", by=JOB,
        subject=tender.order.number,
    )  # fmt: skip
    _settle(tender, LET_GO)


def credit_stands(lead: Payment, order: Order) -> bool:
    """Whether store credit still covers what this payment leaves of the total.

    A payment that was ended here may have been taken by its provider after all; then its credit has gone back, and is
    set aside anew if the customer still has it. What another attempt had set aside is free again.
    """
    missing = order.total_minor - lead.amount_minor
    if order.customer_id is None:
        return not missing
    for tender in held_credit(order.pk).exclude(beside=lead):
        return_credit(tender)
    missing -= lead.companions.filter(status=HELD).aggregate(held=Sum("amount_minor"))["held"] or 0
    if not missing:
        return True
    account = lock_credit(order.customer_id)
    if account is None or account.balance_minor < missing:
        return False
    hold_credit(lead, account, Money(missing, order.currency))
    return True


def held_credit(order_id: int) -> QuerySet[Payment]:
    return Payment.objects.filter(order_id=order_id, account__isnull=False, status=HELD).order_by("pk")


def _settle(tender: Payment, status: Payment.Status) -> None:
    tender.status, tender.settled_at = status, clock.now()
    tender.save(update_fields=["status", "settled_at", "captured_minor"])
