from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from kidspetite.foundation.kernel.money import Money
from kidspetite.sales.payments.types import (
    CardAnswer,
    CardWish,
    Charge,
    ChargeName,
    DisputeTold,
    KnownCharge,
    Outcome,
    ProviderMessage,
    RefundTold,
)


class PaymentGateway(Protocol):
    """Takes money and gives it back. Called outside any transaction; every call may be repeated with its key.

    Raises GatewayUnreachable when no answer came (the outcome is then unknown) and GatewayRefused when the provider
    refused us, not the shopper. Answers, or gives up, within PROVIDER_TIMEOUT_SECONDS.
    """

    code: str

    def accepts(self, method: str) -> bool:
        """Whether this can be one of its tokens, by its looks; asks nobody."""
        ...

    def charge(self, charge: Charge) -> Outcome:
        """Take the amount, or have the bank hold it, or say what is missing. Sent again with its reference, it takes
        what the shopper has approved meanwhile."""
        ...

    def outcome_of(self, known: KnownCharge) -> Outcome | None:
        """What became of a charge; None when the provider never heard of it."""
        ...

    def capture(self, known: KnownCharge, amount: Money, *, key: str) -> Outcome:
        """Take what the bank holds, or a part of it; the rest is let go."""
        ...

    def give_up(self, known: KnownCharge) -> Outcome | None:
        """End an unfinished or held charge so that it can never be captured; tells the final state (it may have been
        paid)."""
        ...

    def refund(self, known: KnownCharge, amount: Money, *, key: str) -> str:
        """Give back part or all of a captured charge; returns the provider's id of the refund."""
        ...

    def refunds_of(self, known: KnownCharge) -> tuple[RefundTold, ...]:
        """Everything that went back of a charge, or failed to, whoever asked for it."""
        ...


class CardVault(Protocol):
    """Keeps shoppers' cards at the provider that charges them; what we hold are its names for them. Called outside any
    transaction; raises as PaymentGateway does, and every call may be repeated."""

    code: str

    def open_payer(self, customer_id: int, *, email: str, key: str) -> str:
        """The provider's id for a customer of ours, under which it keeps their cards; a new one for every key."""
        ...

    def keep(self, wish: CardWish) -> CardAnswer:
        """Keep a card for later purchases, or say what is missing."""
        ...

    def answer_to(self, reference: str, *, payer: str) -> CardAnswer:
        """How a wish stands now, such as after the shopper's bank has asked."""
        ...

    def forget(self, card: str) -> None:
        """Keep a card no longer; one that is not kept is forgotten already."""
        ...


class ProviderNews(Protocol):
    """Reads what a provider sends by itself. A message is a hint: what is true is asked at the gateway."""

    def opened(self, raw: bytes, headers: Mapping[str, str]) -> ProviderMessage:
        """The message, once its signature is found right for these very bytes. Raises MessageRefused, and
        GatewayUnreachable where the provider has to be asked and does not answer."""
        ...

    def named_in(self, message: Mapping[str, Any]) -> ChargeName | None:
        """Which charge a stored message is about; None for news of other things."""
        ...

    def dispute_in(self, message: Mapping[str, Any]) -> DisputeTold | None:
        """The dispute that a stored message tells of, if it tells of one."""
        ...

    def is_about_refund(self, message: Mapping[str, Any]) -> bool:
        """Whether a stored message tells of money that went back, or came back from there."""
        ...

    def told_between(self, since: datetime, until: datetime) -> Sequence[ProviderMessage] | None:
        """What it has told of money that came or went and of disputes, whether it arrived or not, the oldest first; not
        what it told at `until` itself. None where a provider keeps no such list, so that its charges have to be looked
        at one by one. Raises as PaymentGateway does."""
        ...
