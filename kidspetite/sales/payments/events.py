from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PaymentPutOff:
    """Every line to the provider was taken; the charge is still to be sent."""

    payment_id: int


@dataclass(frozen=True, slots=True)
class RefundIntended:
    """Money is to go back; the provider has not been told yet."""

    refund_id: int


@dataclass(frozen=True, slots=True)
class RefundRefused:
    """The provider would not give back money of this payment; somebody may have done so at its desk before."""

    payment_id: int


@dataclass(frozen=True, slots=True)
class HoldNotNeeded:
    """The bank holds money for an order that has ended; it is to be let go."""

    payment_id: int


@dataclass(frozen=True, slots=True)
class CardDropped:
    """A card is ours no more: its customer took it out, or its newer twin took its place."""

    provider: str
    reference: str
