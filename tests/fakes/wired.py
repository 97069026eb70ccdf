"""Puts a gateway into the shop's wiring for one test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.fakes.stripe_server import KEY, WEBHOOK_SECRET, FakeStripe

if TYPE_CHECKING:
    from kidspetite.sales.payments.providers.stripe import StripeGateway

TIMEOUT = 3.0  # seconds; a busy machine answers slowly


def stripe_gateway(fake: FakeStripe, *, timeout: float = TIMEOUT, secret_key: str = KEY) -> StripeGateway:
    from kidspetite.sales.payments.providers.stripe import StripeGateway  # conftests are read before Django is set up

    return StripeGateway(secret_key=secret_key, api_base=fake.url, webhook_secret=WEBHOOK_SECRET, timeout=timeout)


def use_stripe(patch: pytest.MonkeyPatch, gateway: StripeGateway) -> None:
    """Stripe first, the sandbox beside it, as in a development shop with Stripe's keys."""
    from kidspetite.foundation.plumbing import wiring
    from kidspetite.sales.payments.providers.sandbox import SandboxGateway

    made: dict[str, Any] = {"stripe": gateway, "sandbox": SandboxGateway()}
    was, codes = wiring.provider, wiring.codes
    patch.setattr(wiring, "codes", lambda need: list(made) if need == "payments" else codes(need))

    def provider(need: str, code: str | None = None) -> Any:
        return made[code or "stripe"] if need == "payments" else was(need, code)

    patch.setattr(wiring, "provider", provider)
