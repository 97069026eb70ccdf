"""A web node and a worker lose their power while a crowd orders: nothing is lost and nothing is doubled.

Shoppers keep asking with their key until they have an answer. Usual: 24 orders and what is bought until both are dead;
full: 400.
"""

from __future__ import annotations

import http.client
import json
import os
import secrets
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.factories.checkout import told
from tests.harness.nodes import Nodes

pytestmark = pytest.mark.slow

CLIENTS = 6
PATIENCE = 120.0


class Shopper:
    """Buys one piece after another, each as a new address, and tries again what was not answered, under its key."""

    def __init__(self, nodes: Nodes, sku: str) -> None:
        self.nodes, self.host, self.sku = nodes, urlsplit(nodes.front.url).netloc, sku
        self.line = http.client.HTTPConnection(self.host, timeout=30)
        self.orders: dict[str, str] = {}
        self.tries = 0

    def buys_on(self, name: str, enough: threading.Event) -> None:
        number = 0
        while not enough.is_set():
            number += 1
            self.buys(f"{name}-{number}@home.example")
        self.line.close()

    def buys(self, email: str) -> None:
        token = self.asks("cart", None, 201)["token"]
        self.asks("cart/items", {"sku": self.sku}, 201, token)
        order = self.asks("checkout", told(email=email), 201, token)
        assert order["status"] == "paid"
        self.orders[email] = order["order_number"]

    def asks(self, path: str, body: Any, expected: int, token: str = "") -> Any:
        key, until = secrets.token_hex(8), time.monotonic() + PATIENCE
        sent = {"Content-Type": "application/json", "Idempotency-Key": key}
        if token:
            sent["Authorization"] = f"Bearer {token}"
        while time.monotonic() < until:
            self.tries += 1
            try:
                self.line.request("POST", f"/api/{path}", json.dumps(body), sent)
                answer = self.line.getresponse()
                raw = answer.read()
            except (OSError, http.client.HTTPException):
                self.line.close()
                continue
            if answer.status == expected:
                return json.loads(raw)
            # A twin in flight, a node that is gone.
            assert answer.status in {409, 502, 503}, self.nodes.errors() or raw
            time.sleep(0.2)
        raise TimeoutError(path)


def test_a_web_node_and_a_worker_are_killed_while_a_crowd_orders(nodes, sku, office, scale):
    enough, shoppers = threading.Event(), [Shopper(nodes, sku) for _ in range(CLIENTS)]
    with ThreadPoolExecutor(CLIENTS) as crowd:
        done = [crowd.submit(shopper.buys_on, f"buyer-{n}", enough) for n, shopper in enumerate(shoppers)]
        try:
            wait_for(lambda: len(office.letters) >= 3, done)
            stalled = kill_one_worker_at_work(nodes, office)
            nodes.webs[0].kill()
            wait_for(lambda: sum(len(shopper.orders) for shopper in shoppers) >= scale(24, 400), done)
            wait_for(lambda: nodes.front.failed, done)
        finally:
            enough.set()
        for future in done:
            future.result()
    answered = {email: number for shopper in shoppers for email, number in shopper.orders.items()}
    half_a_minute_passes(nodes)
    wait_for(lambda: not open_jobs(nodes), done)

    assert stalled, "the worker was killed with nothing in hand"
    assert ask(nodes, "select distinct status from procrastinate_jobs where id = any(%s)", stalled) == [("succeeded",)]
    rows = ask(nodes, "select email, number, status from orders_order where email like 'buyer-%%' and %s", True)
    assert sorted(rows) == sorted((email, number, "paid") for email, number in answered.items())
    sold = ask(
        nodes,
        """select -sum(m.quantity) from inventory_movement m join inventory_stocklevel l on l.id = m.level_id
                           join catalog_variant v on v.id = l.variant_id where m.kind = 'sold' and v.sku = %s""",
        sku,
    )
    assert sold == [(len(answered),)]
    letters = Counter(to for to in office.arrived if to in answered)
    assert set(letters) == set(answered), "letters were lost"
    assert sum(letters.values()) - len(answered) <= 1, "a kill doubles one letter at most"
    nodes.front.failed.clear()
    nodes.webs[0].start(nodes.front)


def kill_one_worker_at_work(nodes: Nodes, office: Any) -> list[int]:
    """The post is slow for a moment, so that both workers wait for it; gives the jobs that the dead one had in hand."""
    office.on_letter = lambda to: time.sleep(0.4)
    wait_for(lambda: len({worker for worker, _ in doing(nodes)}) == 2, [])
    process = nodes.workers[0].process
    assert process
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    office.on_letter = lambda to: None
    time.sleep(6)  # the living one gives a sign of life every 5 s
    dead = ask(nodes, "select id from procrastinate_workers order by last_heartbeat limit 1")[0][0]
    return [job for worker, job in doing(nodes) if worker == dead]


def half_a_minute_passes(nodes: Nodes) -> None:
    """For who was not heard of; then the clock of the living worker gives the jobs of the dead one to it."""
    ask(
        nodes,
        """update procrastinate_workers set last_heartbeat = last_heartbeat - interval '40 s'
                  where last_heartbeat < now() - interval '6 s' returning id""",
    )
    ask(nodes, "update notifications_message set claimed_at = claimed_at - interval '1 hour' where status = 'queued'"
               " and claimed_at is not null returning id")  # fmt: skip


def doing(nodes: Nodes) -> list[tuple[int, int]]:
    return ask(nodes, "select worker_id, id from procrastinate_jobs where status = 'doing' and worker_id is not null")


def open_jobs(nodes: Nodes) -> list[tuple[Any, ...]]:
    """Work that orders left behind; what the clock starts comes and goes."""
    return ask(
        nodes,
        """select id, task_name, status from procrastinate_jobs where status in ('todo', 'doing')
           and args ->> 'timestamp' is null and coalesce(scheduled_at, now()) <= now() + interval '5 s'""",
    )


def ask(nodes: Nodes, statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with psycopg.connect(nodes.dsn) as database:
        return database.execute(statement, list(values) or None).fetchall()


def wait_for(holds: Callable[[], Any], crowd: list[Future[None]]) -> None:
    until = time.monotonic() + PATIENCE
    while not holds():
        for member in crowd:
            if member.done():
                member.result()  # what stopped it is what we want to know
        assert time.monotonic() < until
        time.sleep(0.1)
