"""Money on its way back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kidspetite.foundation.kernel.money import Money


@dataclass(frozen=True, slots=True)
class RefundView:
    id: int
    amount: Money
    status: str
    reason: str
    actor: str
    reference: str
    at: datetime
    to_credit: bool = False
    """Whether it goes into store credit, and not back the way it came."""


class RefundTo(StrEnum):
    """Where staff send money back to."""

    SAME_WAY = "same_way"
    STORE_CREDIT = "store_credit"


@dataclass(frozen=True, slots=True)
class Giving:
    """What is to go back of an order: pieces by SKU and the sending, or an amount; all that is left when neither."""

    pieces: tuple[tuple[str, int], ...] = ()
    shipping: bool = False
    amount: Money | None = None
    to: RefundTo = RefundTo.SAME_WAY

    @property
    def is_everything(self) -> bool:
        return self.amount is None and not self.pieces and not self.shipping


@dataclass(frozen=True, slots=True)
class RefundPart:
    """What a refund is made of: pieces of a line, or the sending where `sku` is empty. `worth` is with discount and
    tax."""

    sku: str
    pieces: int
    worth: Money


@dataclass(frozen=True, slots=True)
class RefundShare:
    """What of a refund goes back by one tender."""

    payment_id: int
    label: str
    amount: Money
    to_credit: bool


@dataclass(frozen=True, slots=True)
class RefundPlan:
    """A refund before it is sent: the sum, what it is made of, and how it is shared out among the tenders.

    `before` is what the parts are worth beyond the sum, because it went back earlier.
    """

    amount: Money
    parts: tuple[RefundPart, ...]
    shares: tuple[RefundShare, ...]
    before: Money


@dataclass(frozen=True, slots=True)
class GivenBack:
    """What became of a refund: `done` when every tender has given its share, `intended` while a provider owes an
    answer, `refused` when one would not."""

    amount: Money
    status: str
    refunds: tuple[RefundView, ...]
