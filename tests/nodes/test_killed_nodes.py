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
from dataclasses import dataclass
from datetime import datetime
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
            dead = kill_one_worker_at_work(nodes, office)
            kill_a_web_that_is_asked(nodes, done)
            wait_for(lambda: sum(len(shopper.orders) for shopper in shoppers) >= scale(24, 400), done)
        finally:
            enough.set()
        for future in done:
            future.result()
    answered = {email: number for shopper in shoppers for email, number in shopper.orders.items()}
    half_a_minute_passes(nodes, dead)
    wait_for(lambda: not open_jobs(nodes), done)

    assert dead.stalled, "the worker was killed with nothing in hand"
    found = ask(nodes, "select distinct status from procrastinate_jobs where id = any(%s)", dead.stalled)
    assert found == [("succeeded",)]
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


@dataclass(frozen=True)
class Dead:
    """A worker as the shop knows it, when it died, and the jobs that it had in hand."""

    worker: int
    at: datetime
    stalled: list[int]


def kill_one_worker_at_work(nodes: Nodes, office: Any) -> Dead:
    """The post holds every letter until both workers wait for it with one: so the first dies with work in hand."""
    may_go_on, seen = threading.Event(), [set[tuple[int, int]]()]

    def both_wait() -> bool:
        """Looked at twice: a letter that was taken just before the post held them is no longer in anybody's hand."""
        seen.append(posting(nodes))
        return seen[-2] == seen[-1] and len({worker for worker, _ in seen[-1]}) == 2

    office.on_letter = lambda to: may_go_on.wait(PATIENCE)
    try:
        wait_for(both_wait, [])
        process = nodes.workers[0].process
        assert process
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    finally:
        may_go_on.set()
        office.on_letter = lambda to: None
    killed_at = ask(nodes, "select clock_timestamp()")[0][0]
    alive = "select id from procrastinate_workers where last_heartbeat > %s"
    wait_for(lambda: ask(nodes, alive, killed_at), [])  # it gives a sign of life every 5 s
    [(dead,)] = ask(nodes, "select id from procrastinate_workers where last_heartbeat <= %s", killed_at)
    in_hand = ask(nodes, "select id from procrastinate_jobs where status = 'doing' and worker_id = %s", dead)
    return Dead(dead, killed_at, [job for (job,) in in_hand])


def kill_a_web_that_is_asked(nodes: Nodes, crowd: list[Future[None]]) -> None:
    """The front believes in it until a request has failed there: the crowd has met the end of the node."""
    nodes.webs[0].wait_until_ready(nodes.front)
    nodes.front.looks = False
    try:
        nodes.webs[0].kill()
        wait_for(lambda: nodes.front.failed, crowd)
    finally:
        nodes.front.looks = True


def half_a_minute_passes(nodes: Nodes, dead: Dead) -> None:
    """For the worker that died; then the clock of the living one gives its jobs to it."""
    ask(
        nodes,
        "update procrastinate_workers set last_heartbeat = last_heartbeat - interval '40 s' where id = %s returning id",
        dead.worker,
    )
    ask(
        nodes,
        """update notifications_message set claimed_at = claimed_at - interval '1 hour'
           where status = 'queued' and claimed_at < %s returning id""",
        dead.at,
    )


def posting(nodes: Nodes) -> set[tuple[int, int]]:
    """Workers with a letter in hand."""
    return set(
        ask(
            nodes,
            """select worker_id, id from procrastinate_jobs where status = 'doing' and worker_id is not null
               and args ->> 'event' like '%%MessageQueued' and %s""",
            True,
        )
    )


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
