from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PaymentPutOff:
    """Every line to the provider was taken; the charge is still to be sent."""

    payment_id: int


@dataclass(frozen=True, slots=True)
class RefundIntended:
    """Money is to go back; the provider has not been told yet."""

    refund_id: int
