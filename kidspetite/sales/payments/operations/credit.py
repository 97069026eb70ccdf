"""Store credit: entry and balance change together, under the lock of the account. Nobody else writes either."""

from __future__ import annotations

from django.db import transaction

from kidspetite.foundation.kernel import clock
from kidspetite.foundation.kernel.money import Money
from kidspetite.foundation.plumbing import audit
from kidspetite.sales.orders.models import Order
from kidspetite.sales.payments.errors import BadCredit, NotEnoughCredit
from kidspetite.sales.payments.models import CreditAccount, CreditEntry
from kidspetite.sales.payments.rules import MOST_CREDIT_AT_ONCE

Cause = CreditEntry.Cause


@transaction.atomic
def grant_credit(customer_id: int, amount: Money, *, key: str, by: str, reason: str) -> CreditEntry:
    """Give a customer store credit. The same key again changes nothing. Raises BadCredit without an amount or a
    reason. Locks the account."""
    _check(amount, reason)
    return _book(customer_id, amount, cause=Cause.GRANTED, verb="payments.grant_credit", key=key, by=by, reason=reason)


@transaction.atomic
def take_credit_back(customer_id: int, amount: Money, *, key: str, by: str, reason: str) -> CreditEntry:
    """Take store credit back from a customer, as after a mistake. The same key again changes nothing. Raises BadCredit
    as above, and NotEnoughCredit for more than there is. Locks the account."""
    _check(amount, reason)
    verb = "payments.take_credit_back"
    return _book(customer_id, -amount, cause=Cause.TAKEN_BACK, verb=verb, key=key, by=by, reason=reason)


def open_account(customer_id: int) -> CreditAccount:
    """The locked account of a customer, made with the first credit."""
    CreditAccount.objects.bulk_create([CreditAccount(customer_id=customer_id)], ignore_conflicts=True)
    return CreditAccount.objects.select_for_update().get(customer_id=customer_id)


def lock_credit(customer_id: int | None) -> CreditAccount | None:
    """Hold a customer's account until the end of the caller's transaction, before any order; None where there is
    none."""
    if customer_id is None:
        return None
    return CreditAccount.objects.select_for_update().filter(customer_id=customer_id).first()


def lock_credit_of(order: Order) -> None:
    """The same for whoever may move the credit that an order was paid with. Guests have none."""
    lock_credit(order.customer_id)


def write_entry(
    account: CreditAccount,
    amount: Money,
    *,
    cause: CreditEntry.Cause,
    key: str,
    by: str,
    subject: str = "",
    reason: str = "",
) -> CreditEntry:
    """Move credit, expecting the account under lock. The same key again gives the first entry and moves nothing."""
    if known := CreditEntry.objects.filter(key=key).first():
        return known
    after = account.balance + amount
    if after.minor < 0:
        raise NotEnoughCredit(left_cents=account.balance_minor)
    account.balance_minor = after.minor
    account.save(update_fields=["balance_minor"])
    return CreditEntry.objects.create(
        account=account, amount_minor=amount.minor, cause=cause, subject=subject, reason=reason[:200], actor=by,
        key=key, at=clock.now(),
    )  # fmt: skip


def _book(
    customer_id: int, moved: Money, *, cause: CreditEntry.Cause, verb: str, key: str, by: str, reason: str
) -> CreditEntry:
    account = open_account(customer_id)
    if known := CreditEntry.objects.filter(key=key).first():
        return known
    entry = write_entry(account, moved, cause=cause, key=key, by=by, reason=reason)
    audit.record(actor=by, verb=verb, subject=f"user:{customer_id}", amount_cents=moved.minor, reason=reason)
    return entry


def _check(amount: Money, reason: str) -> None:
    if not reason.strip():
        raise BadCredit("reason")
    if not 0 < amount.minor <= MOST_CREDIT_AT_ONCE:
        raise BadCredit("amount")
