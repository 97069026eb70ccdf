"""A gateway that takes two seconds for every answer holds up whoever pays, and nobody else: every page is answered."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import pytest

from benchmarks.checkout import skus_of
from benchmarks.gateway import measured, slow
from tests.conftest import RUN
from tests.factories.checkout import a_selling_shop, a_stocked_variant
from tests.fakes.stripe_server import KEY, WEBHOOK_SECRET, fake_stripe
from tests.harness.server import ShopServer, running_shop


@pytest.fixture
def shop(django_db_setup, django_db_blocker) -> Iterator[ShopServer]:
    with fake_stripe() as stripe:
        stripe.mood_for = slow  # type: ignore[method-assign]
        keys = {
            "STRIPE_SECRET_KEY": KEY, "STRIPE_PUBLISHABLE_KEY": "pk_test_fake", "STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET,
            "STRIPE_API_BASE": stripe.url, "RATE_LIMITS": "off",
        }  # fmt: skip
        with running_shop(RUN, {**os.environ, **keys}, name="slow_gateway") as running:
            with django_db_blocker.unblock():
                _stock(running)
            _wait_for_goods(running)
            yield running


@pytest.mark.slow
def test_browsing_goes_on_while_eight_shoppers_wait_for_the_gateway(shop: ShopServer):
    found = measured(shop.url, seconds=6.0)
    assert not found["failures"]
    assert found["pressed_pay"] >= 8
    assert min(found["beside_per_second"]) > 0  # how fast it went on is what `./shop bench gateway` tells


def _wait_for_goods(shop: ShopServer) -> None:
    """Lists may lag two seconds behind the shelves."""
    until = time.monotonic() + 30
    while not skus_of(shop.url):
        assert time.monotonic() < until, "the goods never came up"
        time.sleep(0.2)


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
