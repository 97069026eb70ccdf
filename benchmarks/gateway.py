"""Browsing while a slow gateway keeps eight shoppers waiting: two seconds an answer must not be felt on other pages.

    ./shop bench gateway

The shop pays through a Stripe of our own, whose every answer takes two seconds. Browsers alone and browsers
while eight shoppers press the pay button again and again, by turns; the ratio of the two counts, and should be ≤ 1.2.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from benchmarks.checkout import fill_basket, prepared, press_pay, skus_of
from benchmarks.ground import ground
from benchmarks.load import Shopper, Tally, Unexpected, crowd
from benchmarks.options import read_seconds

BROWSERS, PAYERS, SECONDS_AN_ANSWER = 4, 8, 2.0
TURNS = 4
CARD = {"provider": "stripe", "token": "pm_card_visa"}
PAGES = ("/", "/products", "/size-guide", "/healthz")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./shop bench gateway", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--seconds", type=read_seconds, default=16, help="of browsing beside shoppers, in four turns, and as much alone"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object and nothing else")
    wanted = parser.parse_args(arguments)
    from tests.fakes.stripe_server import KEY, WEBHOOK_SECRET, fake_stripe

    with fake_stripe() as stripe:
        stripe.mood_for = slow  # type: ignore[method-assign, assignment]
        keys = {
            "STRIPE_SECRET_KEY": KEY, "STRIPE_PUBLISHABLE_KEY": "pk_test_fake", "STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET,
            "STRIPE_API_BASE": stripe.url,
        }  # fmt: skip
        with ground(**keys) as shop:
            prepared(shop)
            told = measured(shop.url, seconds=wanted.seconds, spent=shop.processor_seconds)
    print(json.dumps(told) if wanted.json else "  ".join(f"{name} {value}" for name, value in told.items()))
    return 0


def measured(url: str, *, seconds: float, spent: Callable[[], dict[str, float]] = dict) -> dict[str, Any]:
    """Browsing alone and beside shoppers who pay, by turns, because a machine changes its pace while it is measured:
    each turn beside is held against those alone before and after it, and the one in the middle is told.

    Baskets are filled beforehand: what is measured is the waiting for the gateway, not the work of filling baskets.
    """
    skus, turn = skus_of(url), seconds / TURNS
    baskets = TURNS * (int((turn + SECONDS_AN_ANSWER) / SECONDS_AN_ANSWER) + 1)
    payers = [_Payer(url, number, skus, baskets=baskets) for number in range(PAYERS)]
    cores: dict[str, dict[str, float]] = {"alone": defaultdict(float), "beside": defaultdict(float)}

    def browsing(when: str) -> Tally:
        before = spent()
        tally = crowd(url, _browse, shoppers=BROWSERS, seconds=turn)
        for part, after in spent().items():
            cores[when][part] += (after - before[part]) / seconds
        return tally

    crowd(url, _browse, shoppers=BROWSERS, seconds=2.0)
    alone, beside = [browsing("alone")], []
    for payer in payers:
        payer.start()
    for _ in range(TURNS):
        _Payer.may_pay.set()
        time.sleep(SECONDS_AN_ANSWER / 2)
        beside.append(browsing("beside"))
        _Payer.may_pay.clear()
        time.sleep(SECONDS_AN_ANSWER * 1.5)
        alone.append(browsing("alone"))
    for payer in payers:
        payer.stop()
    slower = [(before.per_second + after.per_second) / 2 / busy.per_second
              for before, busy, after in zip(alone, beside, alone[1:], strict=False)]  # fmt: skip
    return {
        "alone_per_second": [round(each.per_second, 1) for each in alone],
        "beside_per_second": [round(each.per_second, 1) for each in beside],
        "slower_by": round(statistics.median(slower), 2),
        "pressed_pay": sum(payer.pressed for payer in payers),
        "failures": {words: count for each in beside for words, count in each.failures.items()},
        "cores": {when: {part: round(used, 2) for part, used in parts.items()} for when, parts in cores.items()},
    }


class _Payer(threading.Thread):
    """A shopper at the pay button. One press takes as long as the gateway, also where the answer is "we are asking"."""

    may_pay = threading.Event()

    def __init__(self, url: str, number: int, skus: list[str], *, baskets: int) -> None:
        super().__init__()
        self.pressed = 0
        self._shopper, self._number, self._over = Shopper(url, number), number, threading.Event()
        self._baskets = [fill_basket(self._shopper, number * 100 + turn, skus) for turn in range(baskets)]

    def run(self) -> None:
        for turn, (mine, total) in enumerate(self._baskets):
            self.may_pay.wait()
            if self._over.is_set():
                break
            began = time.monotonic()
            try:
                press_pay(self._shopper, self._number * 100 + turn, mine, total, CARD, wanted=(201, 202, 429))
            except (Unexpected, OSError):
                self._shopper.hang_up()
            self.pressed += 1
            self._over.wait(max(SECONDS_AN_ANSWER - (time.monotonic() - began), 0))
        self._shopper.hang_up()

    def stop(self) -> None:
        self._over.set()
        self.may_pay.set()
        self.join()
        self.may_pay.clear()


def slow(_method: str, _path: str) -> str:
    time.sleep(SECONDS_AN_ANSWER)
    return ""


def _browse(shopper: Shopper) -> None:
    """A visit. Each comes on a connection of its own, because a connection stays with one worker, and four that happen
    to meet at the same one are half as fast."""
    for page in PAGES:
        shopper.call(page, "GET", page)
    shopper.hang_up()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
