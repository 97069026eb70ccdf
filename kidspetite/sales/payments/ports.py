from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from kidspetite.foundation.kernel.money import Money
from kidspetite.sales.payments.types import Charge, ChargeName, Outcome


class PaymentGateway(Protocol):
    """Takes money and gives it back. Called outside any transaction; every call may be repeated with its key.

    Raises GatewayUnreachable when no answer came (the outcome is then unknown) and GatewayRefused when the provider
    refused us, not the shopper.
    """

    code: str

    def accepts(self, method: str) -> bool:
        """Whether this can be one of its tokens, by its looks; asks nobody."""
        ...

    def charge(self, charge: Charge) -> Outcome:
        """Take the amount now, or say what is missing."""
        ...

    def outcome_of(self, *, key: str, reference: str) -> Outcome | None:
        """What became of a charge; None when the provider never heard of it."""
        ...

    def refund(self, reference: str, amount: Money, *, key: str) -> str:
        """Give back part or all of a captured charge; returns the provider's id of the refund."""
        ...

    def give_up(self, *, key: str, reference: str) -> Outcome | None:
        """End an unfinished charge so that it can never be captured; tells the final state (it may have been paid)."""
        ...

    def named_in(self, message: Mapping[str, Any]) -> ChargeName | None:
        """Which charge a verified webhook is about; None for news of other things."""
        ...
