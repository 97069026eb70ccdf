"""A database server that stands still closes no line, and keeps nobody waiting all the same.

The shop here has a server of its own, for everybody's would stand still.
"""

from __future__ import annotations

import http.client
import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import psutil
import pytest

from kidspetite.faces.console.starting import THREADS
from kidspetite.foundation.plumbing.postgres import Cluster
from tests.conftest import RUN
from tests.harness.database import TestRun
from tests.harness.server import ShopServer, collect_static, running_shop

pytestmark = pytest.mark.slow

# Six seconds until a process knows, and some more for a busy machine; without its pulse, as long as the server stands.
KNOWN_WITHIN, AT_ONCE = 12.0, 3.0
KEPT = "/size-guide"


@dataclass(frozen=True)
class Answer:
    status: int
    took: float
    headers: dict[str, str]
    body: bytes

    @property
    def is_kept(self) -> bool:
        """For longer than a page that was made just after a purge."""
        return int(self.headers.get("age", 0)) > 2.5


class StandingShop:
    """One web process over a server of its own."""

    def __init__(self, shop: ShopServer, cluster: Cluster) -> None:
        self._place = urlsplit(shop.url).netloc
        self._shop, self._data = shop, cluster.data

    def ask(self, path: str) -> Answer:
        began = time.monotonic()
        line = http.client.HTTPConnection(self._place, timeout=30)
        try:
            line.request("GET", path)
            answer = line.getresponse()
            body, headers = answer.read(), {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, time.monotonic() - began, headers, body)
        finally:
            line.close()

    def ask_all(self, paths: list[str]) -> list[Answer]:
        with ThreadPoolExecutor(len(paths)) as crowd:
            return list(crowd.map(self.ask, paths))

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """The whole server stands still."""
        master = psutil.Process(int((self._data / "postmaster.pid").read_text().split()[0]))
        everybody = [master, *master.children()]
        try:
            for process in everybody:
                process.send_signal(signal.SIGSTOP)
            yield
        finally:
            for process in everybody:
                if process.is_running():
                    process.send_signal(signal.SIGCONT)

    def wait_for(self, holds: Callable[[], bool], within: float = 10.0) -> None:
        until = time.monotonic() + within
        while not holds():
            assert time.monotonic() < until, self._shop.log.read_text()[-3000:]
            time.sleep(0.05)


@pytest.fixture(scope="module")
def shop() -> Iterator[StandingShop]:
    run = TestRun(RUN.folder / f"still-{RUN.worker}")
    run.folder.mkdir()
    collect_static(RUN, run.folder, dict(os.environ))
    try:
        with running_shop(run, dict(os.environ), name="still", workers=1) as server:
            yield StandingShop(server, Cluster(run.folder / "pg"))
    finally:
        run.end()


@pytest.fixture(autouse=True)
def all_is_well(shop: StandingShop) -> None:
    shop.wait_for(lambda: shop.ask("/readyz").status == 200)
    shop.wait_for(lambda: shop.ask(KEPT).is_kept)


def searches(number: int) -> list[str]:
    return [f"/search?q=coat{place}" for place in range(number)]


def test_while_the_server_stands_still_everybody_is_answered_and_afterwards_all_is_as_before(shop: StandingShop):
    with shop.stopped():
        crowd = shop.ask_all([*searches(2 * THREADS), "/api/products", "/readyz", "/healthz"])
        assert [answer.status for answer in crowd] == [503] * (2 * THREADS + 2) + [200]
        assert max(answer.took for answer in crowd) < KNOWN_WITHIN
        assert all("retry-after" in answer.headers for answer in crowd[: 2 * THREADS + 1])
        assert b"Back in a moment" in crowd[0].body

        known = shop.ask_all([*searches(THREADS), "/readyz", "/healthz", KEPT])
        assert [answer.status for answer in known] == [503] * (THREADS + 1) + [200, 200]
        assert max(answer.took for answer in known) < AT_ONCE
        assert b'"database": false' in known[THREADS].body
    shop.wait_for(lambda: {answer.status for answer in shop.ask_all([*searches(THREADS), "/readyz", KEPT])} == {200})
