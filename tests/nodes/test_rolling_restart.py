"""Web nodes are restarted one after the other under load, and nobody notices: what stands before them tries no request
twice, and none of 5,000 fails. The control: before somebody who does not ask who is ready, some do."""

from __future__ import annotations

import http.client
import json
import secrets
import threading
import time
from collections import Counter
from urllib.parse import urlsplit

import pytest

from tests.harness.nodes import Nodes

pytestmark = pytest.mark.slow

CLIENTS = 6
PATIENCE = 60.0
THINKS_SECONDS = 0.05  # or the load would leave a starting node no processor time


class Visitor(threading.Thread):
    """Comes again and again over one line: pages that are kept, pages that are not, and a basket that is written."""

    def __init__(self, url: str, sku: str, done: threading.Event) -> None:
        super().__init__(daemon=True)
        self.url, self.sku, self.done = url, sku, done
        self.seen: Counter[int] = Counter()

    def run(self) -> None:
        line = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=60)
        while not self.done.is_set():
            token = json.loads(self._asks(line, "POST", "/api/cart", 201)).get("token", "")
            bearer = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
            self._asks(line, "POST", "/api/cart/items", 201, json.dumps({"sku": self.sku}), bearer)
            for path in ("/", "/products", "/api/products", "/search?q=coat", "/healthz", "/api/cart"):
                self._asks(line, "GET", path, 200, headers=bearer)
        line.close()

    def _asks(
        self, line: http.client.HTTPConnection, method: str, path: str, expected: int, body: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> bytes:  # fmt: skip
        sent = {**(headers or {}), "Idempotency-Key": secrets.token_hex(8)}
        time.sleep(THINKS_SECONDS)
        try:
            line.request(method, path, body, sent)
            answer = line.getresponse()
            raw = answer.read()
            self.seen[answer.status] += 1
            return raw if answer.status == expected else b"{}"
        except (OSError, http.client.HTTPException):
            line.close()
            self.seen[0] += 1
            return b"{}"


def test_no_request_fails_while_one_node_after_the_other_is_restarted(nodes, sku, scale):
    done, wanted = threading.Event(), scale(500, 5_000)
    visitors = [Visitor(nodes.front.url, sku, done) for _ in range(CLIENTS)]
    for visitor in visitors:
        visitor.start()
    restarts = 0
    while restarts < 2 or sum(nodes.front.answered.values()) < wanted:
        nodes.webs[restarts % 2].restart(nodes.front)
        restarts += 1
    politely, seen = list(nodes.front.failed), sum((visitor.seen for visitor in visitors), Counter())
    unseen(nodes)
    done.set()
    for visitor in visitors:
        visitor.join(60)
    print(f"{restarts} restarts, {dict(seen)}, by node {dict(nodes.front.answered)}")
    assert politely == []
    assert set(seen) == {200, 201}
    assert min(nodes.front.answered.values()) > 0
    assert nodes.front.failed, "the load does not notice a node that is gone"
    nodes.front.failed.clear()


def unseen(nodes: Nodes) -> None:
    """The same leave-taking before somebody who does not look whether a node is ready."""
    web = nodes.webs[0]
    nodes.front.looks = False
    web.leave(lambda: True)
    until = time.monotonic() + PATIENCE
    while not nodes.front.failed and time.monotonic() < until:
        time.sleep(0.05)
    nodes.front.looks = True
    web.start(nodes.front)
