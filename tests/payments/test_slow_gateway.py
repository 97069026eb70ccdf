"""A gateway that does not answer holds up whoever pays, and nobody else: every page is answered meanwhile."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest

from benchmarks.checkout import fill_basket, press_pay, skus_of
from benchmarks.gateway import CARD, PAGES
from benchmarks.load import Shopper
from kidspetite.faces.console.starting import THREADS
from tests.conftest import RUN
from tests.factories.checkout import a_selling_shop, a_stocked_variant
from tests.fakes.stripe_server import KEY, WEBHOOK_SECRET, FakeStripe, fake_stripe
from tests.harness.server import ShopServer, running_shop

WORKERS = 2
PAYERS = WORKERS * THREADS + 2  # more than there are threads: if all of them waited, nobody else would be answered
VISITS = 10
PATIENCE = 60.0


class Gateway:
    """Takes every question, and answers none before it is told to."""

    def __init__(self) -> None:
        self.asked = self.answered = 0
        self.may_answer = Event()

    def mood_for(self, _method: str, _path: str) -> str:
        self.asked += 1
        self.may_answer.wait(2 * PATIENCE)
        self.answered += 1
        return ""


@pytest.fixture
def stripe() -> Iterator[FakeStripe]:
    with fake_stripe() as stripe:
        yield stripe


@pytest.fixture
def gateway(stripe: FakeStripe, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    gateway = Gateway()
    monkeypatch.setattr(stripe, "mood_for", gateway.mood_for)
    yield gateway
    gateway.may_answer.set()


@pytest.fixture
def shop(stripe: FakeStripe, gateway: Gateway, django_db_setup, django_db_blocker) -> Iterator[ShopServer]:
    keys = {
        "STRIPE_SECRET_KEY": KEY, "STRIPE_PUBLISHABLE_KEY": "pk_test_fake", "STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET,
        "STRIPE_API_BASE": stripe.url, "RATE_LIMITS": "off", "PROVIDER_TIMEOUT_SECONDS": "120",
    }  # fmt: skip
    with running_shop(RUN, {**os.environ, **keys}, name="slow_gateway", workers=WORKERS) as running:
        with django_db_blocker.unblock():
            _stock(running)
        _wait_for(lambda: skus_of(running.url))  # lists may lag two seconds behind the shelves
        yield running
        gateway.may_answer.set()


@pytest.mark.slow
def test_browsing_goes_on_while_more_shoppers_than_threads_wait_for_the_gateway(shop: ShopServer, gateway: Gateway):
    skus = skus_of(shop.url)
    payers = [Shopper(shop.url, number) for number in range(PAYERS)]
    baskets = [fill_basket(payer, payer.number, skus) for payer in payers]

    def pays(payer: Shopper, basket: tuple[dict[str, str], int]) -> None:
        press_pay(payer, payer.number, *basket, CARD, wanted=(201, 202, 429))
        payer.hang_up()

    with ThreadPoolExecutor(PAYERS) as crowd:
        pressed = [crowd.submit(pays, *one) for one in zip(payers, baskets, strict=True)]
        try:
            _wait_for(lambda: gateway.asked)
            for number in range(VISITS):
                browses(Shopper(shop.url, number))
            assert gateway.answered == 0, "nobody was answered by the gateway while all pages were"
            assert not all(press.done() for press in pressed)
        finally:
            gateway.may_answer.set()
        for press in pressed:
            press.result()


def browses(visitor: Shopper) -> None:
    """On a connection of its own, because a connection stays with one worker."""
    for page in PAGES:
        visitor.call(page, "GET", page)
    visitor.hang_up()


def _wait_for(holds: Callable[[], Any]) -> None:
    until = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.1)


def _stock(shop: ShopServer) -> None:
    from django.db import connections

    default = connections["default"].settings_dict
    connections.close_all()
    own, default["NAME"] = default["NAME"], shop.database
    try:
        a_selling_shop()
        a_stocked_variant(500)
    finally:
        connections.close_all()
        default["NAME"] = own
