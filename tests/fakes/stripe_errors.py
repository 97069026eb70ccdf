"""What the fake Stripe refuses, and how it says so."""

from __future__ import annotations

from typing import Any

ASKS = {"authenticationRequired", "always3ds"}
DECLINES = {
    "chargeDeclined": "generic_decline",
    "chargeDeclinedInsufficientFunds": "insufficient_funds",
    "chargeDeclinedExpiredCard": "expired_card",
    "chargeDeclinedIncorrectCvc": "incorrect_cvc",
    "chargeDeclinedProcessingError": "processing_error",
}
OF_THE_CARD = {"expired_card", "incorrect_cvc", "processing_error"}


class Refused(Exception):
    """An answer that is an error, in Stripe's words."""

    def __init__(self, status: int, kind: str, words: str, code: str = "", **facts: Any) -> None:
        super().__init__(words)
        self.status, self.kind, self.words, self.code, self.facts = status, kind, words, code, facts
