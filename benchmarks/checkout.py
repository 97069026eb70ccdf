"""Whole guest checkouts a second: a basket, two pieces, a look at the total, the order, paid at the sandbox bank.

    ./shop bench checkout
    ./shop bench checkout --url http://127.0.0.1:8000      a shop that runs already, RATE_LIMITS=off

Over HTTP, with 16 connections, from a process of its own. The database of the measured shop is one that may be filled
with orders. `healthz` a second, at the same number of connections, says how fast the machine was during the run.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import sys
import uuid
from contextlib import nullcontext
from dataclasses import asdict
from http.client import HTTPException
from typing import Any

from benchmarks.ground import Ground, ground
from benchmarks.inside import fill_shelves, statements_of_checkout
from benchmarks.load import Shopper, Tally, Unexpected, calibration, crowd
from benchmarks.options import MOST_CONNECTIONS, read_seconds, whole_number

ADDRESS = {
    "name": "Maya Alvarez", "line1": "12 Fern Street", "city": "Brooklyn", "state": "NY", "postal_code": "11201",
    "country": "US",
}  # fmt: skip
SANDBOX = {"provider": "sandbox", "token": "tok_visa"}
CALLS = ("open", "add", "look", "order")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./shop bench checkout", description=__doc__.splitlines()[0])
    parser.add_argument("--url", default="", help="a shop that runs already; else one of its own is started")
    connections = whole_number("connections", least=1, most=MOST_CONNECTIONS)
    parser.add_argument("--connections", type=connections, default=16)
    parser.add_argument("--seconds", type=read_seconds, default=15)
    parser.add_argument("--json", action="store_true", help="one JSON object and nothing else")
    wanted = parser.parse_args(arguments)
    try:
        with ground() if not wanted.url else nullcontext() as own:
            told = _measured(wanted, own)
    except (OSError, HTTPException, Unexpected) as error:
        print(f"{wanted.url or 'The shop'} gave no figures: {error}", file=sys.stderr)
        return 2
    print(json.dumps(told) if wanted.json else _table(told))
    return 0 if told["orders"] else 1


def _measured(wanted: argparse.Namespace, own: Ground | None) -> dict[str, Any]:
    url = own.url if own else wanted.url.rstrip("/")
    counted = prepared(own) if own else {}
    skus = skus_of(url)
    if not skus:
        raise SystemExit(f"{url} has nothing to sell.")
    before = calibration(url, shoppers=wanted.connections)
    story = story_of(skus)
    crowd(url, story, shoppers=wanted.connections, seconds=2.0)  # connections, caches, plans
    spent = own.processor_seconds() if own else {}
    tally = crowd(url, story, shoppers=wanted.connections, seconds=wanted.seconds)
    used = {part: seconds - spent[part] for part, seconds in own.processor_seconds().items()} if own else {}
    return _told(url, tally, used, counted, (before, calibration(url, shoppers=wanted.connections)))


def _told(
    url: str, tally: Tally, used: dict[str, float], counted: dict[str, int], healthz: tuple[float, float]
) -> dict[str, Any]:
    calm = sum(healthz) / 2
    return {
        "url": url,
        "load": [round(one, 2) for one in os.getloadavg()],
        "orders": tally.stories,
        "orders_per_second": round(tally.per_second, 1),
        "healthz_per_second": [round(one) for one in healthz],
        "orders_per_1000_healthz": round(1000 * tally.per_second / calm, 2) if calm else None,
        "cpu_ms_per_order": {part: round(1000 * s / max(tally.stories, 1), 1) for part, s in used.items()},
        "statements": counted,
        "failures": dict(tally.failures),
        "figures": [asdict(one) for one in sorted(tally.figures(), key=lambda one: CALLS.index(one.name))],
    }


def fill_basket(shopper: Shopper, turn: int, skus: list[str]) -> tuple[dict[str, str], int]:
    """A basket of two pieces and a look at what it costs; gives its key, as a header, and the total."""
    token = json.loads(shopper.call("open", "POST", "/api/cart", {}, wanted=(201,)))["token"]
    mine = {"Authorization": f"Bearer {token}"}
    for sku in (skus[turn % len(skus)], skus[(turn * 7 + 3) % len(skus)]):
        shopper.call("add", "POST", "/api/cart/items", {"sku": sku, "quantity": 1}, headers=mine, wanted=(201,))
    there = f"state={ADDRESS['state']}&postal_code={ADDRESS['postal_code']}"
    return mine, json.loads(shopper.call("look", "GET", f"/api/cart?{there}", headers=mine))["total_cents"]


def press_pay(
    shopper: Shopper, turn: int, mine: dict[str, str], total: int, payment: dict[str, str], *,
    wanted: tuple[int, ...] = (201,),
) -> None:  # fmt: skip
    """The order call."""
    sent = mine | {"Idempotency-Key": str(uuid.uuid4())}
    shopper.call("order", "POST", "/api/checkout", _purchase(turn, total, payment), wanted=wanted, headers=sent)


def _buy(shopper: Shopper, turn: int, skus: list[str]) -> None:
    press_pay(shopper, turn, *fill_basket(shopper, turn, skus), SANDBOX)


def story_of(skus: list[str]) -> Any:
    turns = itertools.count()
    return lambda shopper: _buy(shopper, next(turns), skus)


def _purchase(turn: int, total: int, payment: dict[str, str]) -> dict[str, Any]:
    return {
        "email": f"guest-{turn}@bench.example", "shipping_address": ADDRESS, "shipping_method": "standard",
        "payment": payment, "expected_total_cents": total,
    }  # fmt: skip


def skus_of(url: str) -> list[str]:
    shopper = Shopper(url, 0)
    goods = json.loads(shopper.call("goods", "GET", "/api/products"))["items"]
    details = [json.loads(shopper.call("goods", "GET", f"/api/products/{each['slug']}")) for each in goods]
    shopper.hang_up()
    return [piece["sku"] for each in details for piece in each["variants"] if piece["available"] > 0]


def prepared(own: Ground) -> dict[str, int]:
    """Fill the shelves, and count what one checkout asks of the database."""
    skus = skus_of(own.url)
    fill_shelves(own, skus)
    return statements_of_checkout(own, skus)


def _table(told: dict[str, Any]) -> str:
    pace = f"{told['orders_per_second']} orders/s ({told['orders']} orders)"
    calm = f"healthz/s {told['healthz_per_second']} · {told['orders_per_1000_healthz']} orders per 1,000 healthz"
    lines = [
        f"{pace} · load {told['load']} · {calm}",
        f"CPU ms an order {told['cpu_ms_per_order'] or 'not known'} · statements {told['statements'] or 'not known'}",
        f"{'':<8}{'count':>8}{'p50':>9}{'p95':>9}{'p99':>9}{'most':>9}   ms",
    ]
    lines += [
        f"{one['name']:<8}{one['count']:>8}{one['p50']:>9}{one['p95']:>9}{one['p99']:>9}{one['most']:>9}"
        for one in told["figures"]
    ]
    return "\n".join([*lines, *(f"failed: {count} × {words}" for words, count in told["failures"].items())])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
