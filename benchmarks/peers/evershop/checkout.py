"""Whole guest checkouts a second at an EverShop that fill.js filled, through its own API.

    .shop/venv/bin/python -m benchmarks.peers.evershop.checkout http://127.0.0.1:8101 16

A basket with a piece, a second piece, a look at the total and the ways to ship, the order, paid on delivery. Each
shopper comes from an address of its own, for EverShop takes at most 120 calls a minute from one.
"""

from __future__ import annotations

import itertools
import json
import sys
from dataclasses import asdict
from typing import Any

from benchmarks.load import Shopper, crowd

HOME = {
    "full_name": "Maya Alvarez", "telephone": "5550100", "address_1": "12 Fern Street", "city": "Brooklyn",
    "province": "US-NY", "postcode": "11201", "country": "US",
}  # fmt: skip
LOOK = """query Look($id: String!) { cart(id: $id) { grandTotal { value } availableShippingMethods(
country: "US", province: "US-NY", postcode: "11201") { code providerCode } } }"""
SECONDS, GOODS = 15.0, 500
TURNS = itertools.count()


def buy(shopper: Shopper) -> None:
    turn = next(TURNS)
    place = {"X-Forwarded-For": f"10.{turn // 62500 % 250}.{turn // 250 % 250}.{turn % 250 + 1}"}

    def said(name: str, path: str, body: Any) -> Any:
        return json.loads(shopper.call(name, "POST", path, body, headers=place))["data"]

    first, second = ({"sku": f"S{number % GOODS}", "qty": 1} for number in (turn, turn * 7 + 3))
    cart = said("open", "/api/carts", {"items": [first]})["cartId"]
    said("add", f"/api/cart/{cart}/items", second)
    seen = said("look", "/api/graphql", {"query": LOOK, "variables": {"id": cart}})["cart"]
    way = seen["availableShippingMethods"][0]
    order = said("order", f"/api/carts/{cart}/checkout", {
        "cart_id": cart, "customer": {"email": f"guest-{turn}@bench.example"}, "shippingAddress": HOME,
        "billingAddress": HOME, "paymentMethod": "cod", "shippingMethod": way["code"],
        "shippingProvider": way["providerCode"],
    })  # fmt: skip
    assert order["order_number"]


if __name__ == "__main__":
    url, shoppers = sys.argv[1], int(sys.argv[2])
    crowd(url, buy, shoppers=shoppers, seconds=4.0)  # connections, caches
    tally = crowd(url, buy, shoppers=shoppers, seconds=SECONDS)
    figures = [asdict(one) for one in tally.figures()]
    told = {"orders": tally.stories, "orders_per_second": round(tally.per_second, 1), "failures": dict(tally.failures)}
    print(json.dumps(told | {"figures": figures}, indent=1))
