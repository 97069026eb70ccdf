"""Web nodes that look at goods look at the replica, and nobody who writes does."""

from __future__ import annotations

import time
from urllib.request import Request, urlopen

import psycopg
import pytest

from tests.harness.nodes import Nodes
from tests.harness.standby import Standby

pytestmark = pytest.mark.slow

# The last that a line was asked: cards.
ASKED = """select count(*) from pg_stat_activity where datname = %s and application_name = 'kidspetite'
              and query ~ 'media_picture'"""


def test_cards_of_a_search_are_asked_at_the_replica(nodes, sku, standby):
    until = time.monotonic() + 20
    while not asked_there(standby, nodes):
        assert time.monotonic() < until, nodes.errors()
        # A process that is new wants a replica that has everything, so the first may go to the primary.
        urlopen(f"{nodes.front.url}/api/search?q=", timeout=30).close()
        time.sleep(0.3)


def asked_there(standby: Standby, nodes: Nodes) -> int:
    with psycopg.connect(standby.url("postgres")) as line:
        return line.execute(ASKED, [nodes.database]).fetchone()[0]


def test_who_writes_is_told_to_stay_at_the_primary(nodes):
    with urlopen(Request(f"{nodes.front.url}/api/cart", method="POST", data=b""), timeout=30) as answer:
        assert "kp_wrote=1" in ", ".join(answer.headers.get_all("Set-Cookie"))
