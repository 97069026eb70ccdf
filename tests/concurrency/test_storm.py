"""A sale's first hour through HTTP: a crowd that puts in, takes out, pays, is declined and goes away, at a few shelves.

Usual: 4 SKUs of 10 pieces, 320 attempts. Full: 100 SKUs, 10,000 attempts, 10 rounds. Baskets hold for two seconds, so
that holds lapse all the while. When the storm is over everything left is bought: then every piece is sold, and none
twice. The same storm at a shop without row locks breaks that.
"""

from __future__ import annotations

import http.client
import json
import os
import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from random import Random
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from kidspetite.faces.console.starting import web_command
from tests.conftest import RUN
from tests.factories.checkout import a_selling_shop, a_stocked_variant, told
from tests.harness import server
from tests.harness.promises import PromisesBroken
from tests.harness.server import ShopServer, running_shop

CLIENTS, PIECES, TTL_SECONDS = 32, 10, 2
BUSY_TRIES = 10
ENVIRONMENT = {"RESERVATION_TTL_SECONDS": str(TTL_SECONDS), "RATE_LIMITS": "off"}


class Fell(Exception):
    """The shop answered with a fault of its own."""


class Client:
    """One connection that is kept, with one basket after another as the shop told it last, and what became of its
    orders."""

    def __init__(self, url: str) -> None:
        self.door = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
        self.token = ""
        self.lines: list[dict[str, Any]] = []
        self.bought: Counter[str] = Counter()
        self.fell: list[str] = []

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Asks again, under its key, while the shop says that many people are at this shelf: that is no fault of it."""
        sent = {"Content-Type": "application/json", "Idempotency-Key": secrets.token_hex(8)}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        for _ in range(BUSY_TRIES):
            self.door.request(method, f"/api/{path}", None if body is None else json.dumps(body), sent)
            answer = self.door.getresponse()
            raw = answer.read()
            if answer.status != 503 or b"kernel.busy" not in raw:
                break
            time.sleep(int(answer.headers["Retry-After"]))
        if answer.status >= 500:
            raise Fell(f"{method} {path}: {answer.status}")
        document = json.loads(raw)
        self.lines = document.get("items", self.lines)
        return answer.status, document

    def opens_a_basket(self) -> None:
        self.token = ""
        self.token = self.call("POST", "cart")[1]["token"]

    def puts_in(self, sku: str, pieces: int) -> int:
        """How many it could be: as many as were wanted, or as there are by the shop's word."""
        status, answer = self.call("POST", "cart/items", {"sku": sku, "quantity": pieces})
        return pieces if status == 201 else answer["facts"]["available"]

    def buys(self, token: str = "tok_visa") -> bool:
        status, order = self.call("POST", "checkout", told(token, expected_total_cents=None))
        if status == 201 and order["status"] == "paid":
            self.bought.update({line["sku"]: line["quantity"] for line in self.lines})
        return status == 201


def attempts(client: Client, skus: list[str], chance: Random, count: int) -> None:
    """So many times a piece is wanted, with everything that people do before, after and instead of paying."""
    for _ in range(count):
        try:
            attempt(client, chance.choice(skus), chance)
        except Fell as fault:
            client.fell.append(str(fault))
            client.token = ""


def attempt(client: Client, sku: str, chance: Random) -> None:
    if not client.token or chance.random() < 0.5:
        client.opens_a_basket()
    wanted = chance.choice((1, 1, 1, 2, 3))
    match chance.randrange(8) if client.puts_in(sku, wanted) == wanted else 7:
        case 0:
            client.buys()
            client.token = ""
        case 1:
            client.buys("tok_declined")
        case 2 | 3:
            client.call("PATCH", f"cart/items/{client.lines[0]['id']}", {"quantity": chance.randrange(4)})
        case 4:
            client.call("DELETE", f"cart/items/{client.lines[-1]['id']}")
        case 5:
            client.call("GET", "cart")  # whoever looks is held for again, where the pieces are still there
        case _:
            pass  # goes away; the hold lapses


def buys_what_is_left(client: Client, sku: str) -> None:
    """All that the shop says is there, as a stranger would, until it says that there is nothing."""
    try:
        client.opens_a_basket()
        wanted = PIECES
        for _ in range(2 * PIECES):  # a shop without locks would say for ever that something is left
            left = client.puts_in(sku, wanted)
            if not left:
                return
            if left == wanted:
                client.buys()
                client.opens_a_basket()
            wanted = left
    except Fell as fault:
        client.fell.append(str(fault))


@contextmanager
def storm_shop(
    skus: int, blocker: Any, *, name: str, application: str = "busy_shop"
) -> Iterator[tuple[ShopServer, Callable[[], list[str]]]]:
    """A running shop, and a way to fill new shelves in it."""
    from django.db import connections

    def new_shelves() -> list[str]:
        default = connections["default"].settings_dict
        connections.close_all()
        own, default["NAME"] = default["NAME"], shop.database
        try:
            with blocker.unblock():
                connections["default"].cursor().execute("VACUUM (ANALYZE)")  # nobody else does, in tests
                a_selling_shop()
                made = [a_stocked_variant(PIECES, name=f"Storm {secrets.token_hex(4)}").sku for _ in range(skus)]
                connections.close_all()
        finally:
            default["NAME"] = own
        return made

    def command(host: str, port: int, *, workers: int) -> list[str]:
        return [*web_command(host, port, workers=workers)[:-1], f"tests.concurrency.{application}:application"]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(server, "web_command", command)
        with running_shop(RUN, {**os.environ, **ENVIRONMENT}, name=name) as shop:
            yield shop, new_shelves


def storm(shop: ShopServer, skus: list[str], *, count: int, seed: int) -> list[str]:
    """One round; gives what was wrong in it."""
    clients = [Client(shop.url) for _ in range(CLIENTS)]
    with ThreadPoolExecutor(CLIENTS) as crowd:
        list(crowd.map(lambda n: attempts(clients[n], skus, Random(f"{seed}-{n}"), count // CLIENTS), range(CLIENTS)))
        time.sleep(TTL_SECONDS + 0.5)
        closing = [Client(shop.url) for _ in skus]
        list(crowd.map(buys_what_is_left, closing, skus))
    clients += closing
    bought = sum((client.bought for client in clients), Counter())
    broken = [fault for client in clients for fault in client.fell]
    told = [f"{sku}: {bought[sku]} of {PIECES} were bought" for sku in skus if bought[sku] != PIECES]
    return broken + told + [f"{sku}: {words}" for sku, words in left_on(shop, skus)]


def left_on(shop: ShopServer, skus: list[str]) -> list[tuple[str, str]]:
    """Shelves on which something is left, or of which the ledger sold another number than there was."""
    asked = """
    select variant.sku, level.on_hand, level.reserved,
           (select -sum(quantity) from inventory_movement m where m.level_id = level.id and m.kind = 'sold')
    from inventory_stocklevel level join catalog_variant variant on variant.id = level.variant_id
    where variant.sku = any(%s)"""
    with psycopg.connect(shop.dsn) as database:
        rows = database.execute(asked, [skus]).fetchall()
    assert len(rows) == len(skus)
    return [
        (sku, f"{on_hand} left, {reserved} held, {sold} sold")
        for sku, on_hand, reserved, sold in rows
        if (on_hand, sold) != (0, PIECES)
    ]


def test_a_storm_sells_every_piece_once(django_db_setup, django_db_blocker, scale):
    with storm_shop(scale(4, 100), django_db_blocker, name="storm") as (shop, new_shelves):
        for round_ in range(scale(1, 10)):
            assert storm(shop, new_shelves(), count=scale(320, 10_000), seed=round_) == []


def test_the_same_storm_at_a_shop_without_locks_goes_wrong(django_db_setup, django_db_blocker, scale):
    """Pieces are sold twice or not at all, or the audit that ends every running shop says what is broken."""
    found: list[str] = []
    try:
        naive = storm_shop(scale(4, 100), django_db_blocker, name="naive_storm", application="naive_shop")
        with naive as (shop, new_shelves):
            found += storm(shop, new_shelves(), count=scale(320, 10_000), seed=0)
    except PromisesBroken as broken:
        found.append(str(broken))
    found = [one for one in found if not one.startswith(("POST", "GET", "PATCH", "DELETE"))]
    assert found, "the storm is too tame: it passes without its locks"
