"""What a customer has of store credit, and where it came from and went."""

from __future__ import annotations

from django.db.models import QuerySet

from kidspetite.foundation.kernel.money import Money
from kidspetite.sales.payments.models import CreditAccount, CreditEntry
from kidspetite.sales.payments.types import CreditMark

NEWEST = 50


def credit_of(customer_id: int | None) -> Money:
    """The balance; nothing for a guest."""
    if customer_id is None:
        return Money.zero()
    found = CreditAccount.objects.filter(customer_id=customer_id).values_list("balance_minor", "currency").first()
    return Money(*found) if found else Money.zero()


def credit_entries(customer_id: int) -> QuerySet[CreditEntry]:
    """A customer's own ledger, the newest first."""
    return CreditEntry.objects.filter(account__customer_id=customer_id).order_by("-at", "-pk")


def credit_history(customer_id: int, *, limit: int = NEWEST) -> list[CreditMark]:
    """The newest lines of it, in words."""
    return [credit_mark(row) for row in credit_entries(customer_id)[:limit]]


def credit_mark(row: CreditEntry) -> CreditMark:
    return CreditMark(
        Money(row.amount_minor), row.cause, str(row.get_cause_display()), row.subject, row.reason, row.actor, row.at
    )
