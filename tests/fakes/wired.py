"""Puts a gateway into the shop's wiring for one test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.fakes.paypal_server import CLIENT_ID, CLIENT_SECRET, WEBHOOK_ID, FakePayPal
from tests.fakes.stripe_server import KEY, WEBHOOK_SECRET, FakeStripe

if TYPE_CHECKING:
    from kidspetite.sales.payments.providers.paypal import PayPalGateway
    from kidspetite.sales.payments.providers.stripe import StripeGateway
    from kidspetite.sales.payments.providers.stripe_vault import StripeVault

TIMEOUT = 3.0  # seconds; a busy machine answers slowly


def stripe_gateway(fake: FakeStripe, *, timeout: float = TIMEOUT, secret_key: str = KEY) -> StripeGateway:
    from kidspetite.sales.payments.providers.stripe import StripeGateway  # conftests are read before Django is set up

    return StripeGateway(secret_key=secret_key, api_base=fake.url, webhook_secret=WEBHOOK_SECRET, timeout=timeout)


def stripe_vault(fake: FakeStripe, *, timeout: float = TIMEOUT) -> StripeVault:
    from kidspetite.sales.payments.providers.stripe_vault import StripeVault

    return StripeVault(secret_key=KEY, api_base=fake.url, timeout=timeout)


def paypal_gateway(fake: FakePayPal, *, timeout: float = TIMEOUT, client_secret: str = CLIENT_SECRET) -> PayPalGateway:
    from kidspetite.sales.payments.providers.paypal import PayPalGateway

    return PayPalGateway(
        client_id=CLIENT_ID, client_secret=client_secret, api_base=fake.url, webhook_id=WEBHOOK_ID, timeout=timeout
    )


def use_stripe(patch: pytest.MonkeyPatch, gateway: StripeGateway, vault: StripeVault | None = None) -> None:
    """Stripe first, the sandbox beside it, as in a development shop with Stripe's keys."""
    from kidspetite.sales.payments.providers.sandbox import SandboxGateway
    from kidspetite.sales.payments.providers.sandbox_vault import SandboxVault

    vaults: dict[str, Any] = {"stripe": vault} if vault else {}
    use(patch, "payments", {"stripe": gateway, "sandbox": SandboxGateway()})
    use(patch, "cards", vaults | {"sandbox": SandboxVault()})


def use_paypal(patch: pytest.MonkeyPatch, gateway: PayPalGateway) -> None:
    """The sandbox first, PayPal beside it, as in a development shop with PayPal's keys."""
    from kidspetite.sales.payments.providers.sandbox import SandboxGateway

    use(patch, "payments", {"sandbox": SandboxGateway(), "paypal": gateway})


def use(patch: pytest.MonkeyPatch, need: str, made: dict[str, Any]) -> None:
    """These adapters serve a need, the first of them by default."""
    from kidspetite.foundation.plumbing import wiring

    was, codes = wiring.provider, wiring.codes
    patch.setattr(wiring, "codes", lambda asked: list(made) if asked == need else codes(asked))

    def provider(asked: str, code: str | None = None) -> Any:
        return made[code or next(iter(made))] if asked == need else was(asked, code)

    patch.setattr(wiring, "provider", provider)
