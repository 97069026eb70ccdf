"""Payments and credit as people look at them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kidspetite.foundation.kernel.money import Money
from kidspetite.sales.payments.types.charges import STORE_CREDIT
from kidspetite.sales.payments.types.refunds import RefundView


@dataclass(frozen=True, slots=True)
class DisputeView:
    """Money that a shopper's bank wants back, as staff see it; reason and status are the provider's words."""

    provider: str
    reference: str
    amount: Money
    reason: str
    status: str
    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class CreditMark:
    """A line in the history of somebody's store credit."""

    amount: Money
    cause: str
    words: str
    order_number: str
    reason: str
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PaymentView:
    """A tender of an order, as staff see it."""

    id: int
    provider: str
    label: str
    amount: Money
    captured: Money
    refunded: Money
    status: str
    reason: str
    reference: str
    at: datetime
    refunds: tuple[RefundView, ...]

    status_words: str

    @property
    def is_credit(self) -> bool:
        return self.provider == STORE_CREDIT

    @property
    def left(self) -> Money:
        """What of it may still go back."""
        return self.captured - self.refunded
