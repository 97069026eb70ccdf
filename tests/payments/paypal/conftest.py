"""A PayPal of our own on a free port, the shop wired to it, and a shopper who has chosen it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from tests.fakes.paypal_server import FakePayPal, fake_paypal, signed
from tests.fakes.wired import paypal_gateway, use_paypal


@pytest.fixture
def paypal(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakePayPal]:
    with fake_paypal() as fake:
        use_paypal(monkeypatch, paypal_gateway(fake))
        yield fake


@pytest.fixture
def shopper(paypal: FakePayPal, client: Client) -> Client:
    """Somebody before the pay button."""
    from kidspetite.faces.edge.shopper import CART_KEY  # conftests are read before Django is set up
    from kidspetite.journeys.checkout import operations as checkout
    from tests.factories.checkout import ADDRESS, a_basket, a_selling_shop

    a_selling_shop()
    cart = a_basket()
    address = {name: text for name, text in ADDRESS.items() if name != "country"}
    checkout.save_draft(
        cart, email="maya@home.example", address=address, shipping_method="standard",
        payment={"provider": "paypal", "token": "paypal"},
    )  # fmt: skip
    session = client.session
    session[CART_KEY] = cart.token
    session.save()
    return client


@pytest.fixture
def press_pay(shopper: Client) -> Callable[[], str]:
    """Presses the pay button; gives the page that comes after it."""
    from kidspetite.sales.cart.models import Cart

    def press() -> str:
        attempt = Cart.objects.get().draft.attempt_key
        return shopper.post("/checkout/review", {"attempt": attempt}, follow=True).text

    return press


@pytest.fixture
def deliver() -> Callable[..., Any]:
    """`deliver(event)` as PayPal would; keywords go to `signed`. Gives the shop's answer."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)

    def send(event: dict[str, Any], **how: Any) -> Any:
        return post(*signed(event, **how))

    def post(raw: bytes, headers: dict[str, str]) -> Any:
        return client.post("/api/webhooks/paypal", raw, content_type="application/json", headers=headers)

    send.raw = post  # type: ignore[attr-defined]
    return send
