"""A Stripe of our own on a free port, and the shop wired to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from tests.fakes.stripe_server import FakeStripe, fake_stripe, signed
from tests.fakes.wired import stripe_gateway, stripe_vault, use_stripe


@pytest.fixture
def stripe(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeStripe]:
    with fake_stripe() as fake:
        use_stripe(monkeypatch, stripe_gateway(fake), stripe_vault(fake))
        yield fake


@pytest.fixture
def deliver() -> Callable[..., Any]:
    """`deliver(event)` as Stripe would; keywords go to `signed`. Gives the shop's answer."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)

    def send(event: dict[str, Any], **how: Any) -> Any:
        raw, signature = signed(event, **how)
        return post(raw, signature)

    def post(raw: bytes, signature: str) -> Any:
        headers = {"Stripe-Signature": signature} if signature else {}
        return client.post("/api/webhooks/stripe", raw, content_type="application/json", headers=headers)

    send.raw = post  # type: ignore[attr-defined]
    return send
