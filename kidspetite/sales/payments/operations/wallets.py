"""Wallets are shown only on domains that the provider knows."""

from __future__ import annotations

from typing import Any

from kidspetite.foundation.plumbing import wiring
from kidspetite.sales.payments.errors import UnknownMethod


def register_wallet_domain(domain: str) -> dict[str, str]:
    """Register a domain for Apple Pay, Google Pay and Link; gives how each stands. Every subdomain counts on its own.
    Asking twice is harmless. Raises UnknownMethod where Stripe is off, GatewayRefused, GatewayUnreachable."""
    if "stripe" not in wiring.codes("payments"):
        raise UnknownMethod("stripe")
    gateway: Any = wiring.provider("payments", "stripe")
    found: dict[str, str] = gateway.register_domain(domain)
    return found
