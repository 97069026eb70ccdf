"""The rows of the table: what each of them asks of a shop, and which aim it has."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice, product
from typing import Literal
from urllib.parse import urlencode

import httpx

from benchmarks.catalog import SORTS, beginnings, different, mistyped
from benchmarks.drivers import Request

PRODUCTS, LISTS, QUERIES, BASKETS, LINES, PIECES = 200, 120, 400, 64, 40, 3
UNKEPT = "bench"
"""A parameter that no page reads: whatever has one is answered by Django and never by the page cache."""
BROWSER = {"Accept-Encoding": "br", "Accept": "text/html"}
BY_BROWSER = {"Accept-Encoding": "gzip, deflate, br, zstd", "Accept": "text/html"}

type Kind = Literal["kept", "page", "write", "visit"]


class Unmeasurable(Exception):
    """The shop lacks what a row needs; the message says what and what to do."""


@dataclass(frozen=True)
class Aim:
    """On two cores at 16 connections; 0 where the design names none. `of_constant` binds, the others orient."""

    per_second: float = 0
    p95: float = 0
    of_constant: float = 0


@dataclass(frozen=True)
class Row:
    name: str
    words: str
    kind: Kind
    asked: Callable[[Goods], list[Request]]
    aim: Aim = Aim()


@dataclass
class Goods:
    """What is asked for is what the shop really has."""

    url: str
    total: int
    slugs: list[str]
    names: list[str]
    skus: list[str]
    sizes: list[str]
    seed: int = 7
    found: httpx.Client = field(default_factory=httpx.Client, repr=False)

    @property
    def chance(self) -> random.Random:
        """The same chances for every row, whichever rows are measured beside it."""
        return random.Random(self.seed)


def goods_of(url: str, *, seed: int = 7) -> Goods:
    """What a Kids Petite shop tells of itself. Raises Unmeasurable."""
    client = httpx.Client(base_url=url, timeout=60)
    try:
        first = client.get("/api/products").raise_for_status().json()
        slugs, names = _of_lists(client, first["pages"])
        pieces = [one for slug in slugs[:16] for one in client.get(f"/api/products/{slug}").json()["variants"]]
    except (httpx.HTTPError, ValueError, KeyError) as error:
        raise Unmeasurable(f"{url} does not answer as a Kids Petite shop does: {error}") from None
    skus = [piece["sku"] for piece in pieces if piece["available"] > 0]
    if len(skus) < LINES:
        raise Unmeasurable(f"{url} has {len(skus)} pieces to sell among its first styles; {LINES} are needed.")
    return Goods(url, first["total"], slugs, names, skus, sorted({one["size"] for one in pieces}), seed, client)


def _of_lists(client: httpx.Client, pages: int) -> tuple[list[str], list[str]]:
    """Some styles from the front and from deep inside."""
    found: dict[str, str] = {}
    wanted = sorted({*range(1, 6), *(max(1, pages * part // 10) for part in range(1, 11))})
    for page, sort in product(wanted, SORTS[:2]):
        answer = client.get("/api/products", params={"page": min(page, pages), "sort": sort}).raise_for_status().json()
        found |= {item["slug"]: item["name"] for item in answer["items"]}
    slugs = list(found)[:PRODUCTS]
    return slugs, sorted(set(found.values()))


def _product_path(goods: Goods) -> str:
    return f"/products/{goods.slugs[0]}"


def _kept(encoding: str) -> Callable[[Goods], list[Request]]:
    def asked(goods: Goods) -> list[Request]:
        return [Request(_product_path(goods), headers={**BROWSER, "Accept-Encoding": encoding})]

    return asked


def _known(goods: Goods) -> list[Request]:
    answer = goods.found.get(_product_path(goods), headers=BROWSER)
    if "etag" not in answer.headers:
        raise Unmeasurable(f"{goods.url}{_product_path(goods)} has no ETag; is PAGE_CACHE_MB=0?")
    return [Request(_product_path(goods), headers={**BROWSER, "If-None-Match": answer.headers["etag"]})]


def _home(goods: Goods) -> list[Request]:
    return [Request(f"/?{UNKEPT}={number}", headers=BY_BROWSER) for number in range(50)]


def _lists(goods: Goods) -> list[Request]:
    ways = list(product(goods.sizes, SORTS, range(1, 5), ("", "-20", "-30", "20-40", "30-")))
    goods.chance.shuffle(ways)
    told = [
        {"size": size.lower(), "sort": sort, "price": price, "page": str(page), UNKEPT: "1"}
        for size, sort, page, price in ways
    ]
    paths = [f"/products?{urlencode({key: value for key, value in one.items() if value})}" for one in told[:LISTS]]
    # A list that has no such page sends its visitor on to its last one; only what shows a list is a list.
    shown = [path for path in paths if goods.found.get(path).status_code == 200]
    return [Request(path, headers=BY_BROWSER) for path in shown]


def _products(goods: Goods) -> list[Request]:
    return [Request(f"/products/{slug}?{UNKEPT}=1", headers=BY_BROWSER) for slug in goods.slugs]


def _typed_wrong(goods: Goods) -> list[Request]:
    """Two words of a name, one of them with a slip of the finger."""
    chance = goods.chance
    long_ones = [words for name in goods.names if len((words := name.lower().split())[-1]) > 4 and len(words) > 1]
    if not long_ones:
        raise Unmeasurable(f"{goods.url} has no product names that a typing error could be made in.")
    typed = (
        f"{chance.choice(words[:-1])} {mistyped(words[-1], chance)}"
        for words in (chance.choice(long_ones) for _ in range(50 * QUERIES))
    )
    return [Request(f"/search?{urlencode({'q': q})}", headers=BY_BROWSER) for q in islice(different(typed), QUERIES)]


def _beginnings(goods: Goods) -> list[Request]:
    typed = islice(beginnings(goods.names, goods.chance), QUERIES)
    return [Request(f"/search/suggest?{urlencode({'q': q})}", headers=BY_BROWSER) for q in typed]


def _baskets(goods: Goods) -> list[Request]:
    """The basket's page for sixteen shoppers with pieces in their baskets."""
    asked = []
    for number in range(16):
        with httpx.Client(base_url=goods.url, timeout=60, headers={"Origin": goods.url}) as shopper:
            for step in range(PIECES):
                sku = goods.skus[(number + 7 * step) % len(goods.skus)]
                answer = shopper.post("/cart/items", data={"sku": sku, "quantity": "1"})
                if answer.status_code != 302 or "kp_hint" not in shopper.cookies:
                    raise Unmeasurable(f"{goods.url} put nothing into a basket: it answered {answer.status_code}.")
            cookies = "; ".join(f"{name}={value}" for name, value in shopper.cookies.items())
        asked.append(Request("/cart", headers={**BY_BROWSER, "Cookie": cookies}))
    return asked


def _adds(goods: Goods) -> list[Request]:
    """One piece more into one of many baskets, so that no line passes what a basket may hold."""
    asked = []
    for _ in range(BASKETS):
        token = goods.found.post("/api/cart", json={}).raise_for_status().json()["token"]
        mine = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Accept-Encoding": "gzip"}
        asked += [
            Request("/api/cart/items", "POST", mine, json.dumps({"sku": sku, "quantity": 1}))
            for sku in goods.skus[:LINES]
        ]
    goods.chance.shuffle(asked)
    return asked


def _nothing(goods: Goods) -> list[Request]:
    return []


CHECKOUT = "checkout"
ROWS = (
    Row("kept br", "a kept page, br", "kept", _kept("br"), Aim(40_000, 3, 0.6)),
    Row("kept gzip", "a kept page, gzip", "kept", _kept("gzip"), Aim(40_000, 3, 0.6)),
    Row("kept plain", "a kept page, as it is", "kept", _kept("identity"), Aim(40_000, 3, 0.6)),
    Row("kept 304", "a kept page that the browser has", "kept", _known, Aim(40_000, 3, 0.6)),
    Row("home", "the front page, uncached", "page", _home),
    Row("list", "lists of 24 with facets, uncached", "page", _lists, Aim(700, 40)),
    Row("product", "product pages, uncached", "page", _products, Aim(900)),
    Row("search", "searches with a typing error", "page", _typed_wrong, Aim(p95=50)),
    Row("suggest", "beginnings of words", "page", _beginnings, Aim(p95=20)),
    Row("cart", "the basket's page with three lines", "page", _baskets),
    Row("add", "put a piece into a basket, with its hold", "write", _adds, Aim(500)),
    Row(CHECKOUT, "whole guest checkouts; times are the order call's", "visit", _nothing, Aim(60, 300)),
)  # fmt: skip
NAMES = tuple(row.name for row in ROWS)
