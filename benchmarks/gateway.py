"""Browsing while a slow gateway keeps eight shoppers waiting: two seconds an answer must not be felt on other pages.

    ./shop bench gateway

The shop pays through a Stripe of our own, whose every answer takes two seconds. First only browsers, then browsers
while eight shoppers press the pay button again and again; the ratio of the two is what counts, and should be ≤ 1.2.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
import time
from typing import Any

from benchmarks.checkout import fill_basket, press_pay, skus_of
from benchmarks.ground import ground
from benchmarks.load import Shopper, Unexpected, crowd

BROWSERS, PAYERS, SECONDS_AN_ANSWER = 4, 8, 2.0
CARD = {"provider": "stripe", "token": "pm_card_visa"}
PAGES = ("/", "/products", "/size-guide", "/healthz")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./shop bench gateway", description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=10.0, help="of browsing, alone and then beside shoppers")
    parser.add_argument("--json", action="store_true", help="one JSON object and nothing else")
    wanted = parser.parse_args(arguments)
    from tests.fakes.stripe_server import KEY, WEBHOOK_SECRET, fake_stripe

    with fake_stripe() as stripe:
        stripe.mood_for = slow  # type: ignore[method-assign]
        keys = {
            "STRIPE_SECRET_KEY": KEY, "STRIPE_PUBLISHABLE_KEY": "pk_test_fake", "STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET,
            "STRIPE_API_BASE": stripe.url,
        }  # fmt: skip
        with ground(**keys) as shop:
            told = measured(shop.url, seconds=wanted.seconds)
    print(json.dumps(told) if wanted.json else "  ".join(f"{name} {value}" for name, value in told.items()))
    return 0


def measured(url: str, *, seconds: float) -> dict[str, Any]:
    """Browsing alone, beside shoppers who pay, and alone again, so that a machine that changes its pace is seen.

    Baskets are filled beforehand: what is measured is the waiting for the gateway, not the work of filling baskets.
    """
    skus = skus_of(url)
    payers = [_Payer(url, number, skus, baskets=int(seconds / SECONDS_AN_ANSWER) + 2) for number in range(PAYERS)]
    crowd(url, _browse, shoppers=BROWSERS, seconds=2.0)
    alone = crowd(url, _browse, shoppers=BROWSERS, seconds=seconds)
    for payer in payers:
        payer.start()
    time.sleep(SECONDS_AN_ANSWER / 2)
    beside = crowd(url, _browse, shoppers=BROWSERS, seconds=seconds)
    for payer in payers:
        payer.stop()
    again = crowd(url, _browse, shoppers=BROWSERS, seconds=seconds)
    usual = (alone.per_second + again.per_second) / 2
    return {
        "alone_per_second": round(alone.per_second, 1),
        "beside_per_second": round(beside.per_second, 1),
        "again_per_second": round(again.per_second, 1),
        "slower_by": round(usual / beside.per_second, 2) if beside.per_second else None,
        "pressed_pay": sum(payer.pressed for payer in payers),
        "failures": dict(beside.failures),
    }


class _Payer(threading.Thread):
    """A shopper at the pay button. One press takes as long as the gateway, also where the answer is "we are asking"."""

    def __init__(self, url: str, number: int, skus: list[str], *, baskets: int) -> None:
        super().__init__()
        self.pressed = 0
        self._shopper, self._number, self._over = Shopper(url, number), number, threading.Event()
        self._baskets = [fill_basket(self._shopper, number * 100 + turn, skus) for turn in range(baskets)]

    def run(self) -> None:
        for turn, (mine, total) in enumerate(self._baskets):
            began = time.monotonic()
            try:
                press_pay(self._shopper, self._number * 100 + turn, mine, total, CARD, wanted=(201, 202, 429))
            except (Unexpected, OSError):
                self._shopper.hang_up()
            self.pressed += 1
            if self._over.wait(max(SECONDS_AN_ANSWER - (time.monotonic() - began), 0)):
                break
        self._shopper.hang_up()

    def stop(self) -> None:
        self._over.set()
        self.join()


def slow(_method: str, _path: str) -> str:
    time.sleep(SECONDS_AN_ANSWER)
    return ""


def _browse(shopper: Shopper) -> None:
    for page in PAGES:
        shopper.call(page, "GET", page)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
