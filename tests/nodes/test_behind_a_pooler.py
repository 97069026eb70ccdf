"""What hangs on a session finds its way where a pooler gives each transaction another one."""

from __future__ import annotations

import json
import time
from urllib.request import urlopen

import psycopg
import pytest

from tests.harness.pooler import PGBOUNCER

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not PGBOUNCER, reason="PgBouncer is a program of the system; no package of ours brings it"),
]


PATIENCE = 60.0


def asked(url: str) -> bytes:
    with urlopen(url, timeout=30) as answer:
        return answer.read()


def test_our_time_limits_come_with_the_role(nodes):
    told = json.loads(asked(f"{nodes.front.url}/readyz"))
    assert "pooler" not in {warning["name"] for warning in told["warnings"]}
    with psycopg.connect(nodes.environment["DATABASE_URL"], prepare_threshold=None) as line:
        limits = [line.execute(f"show {name}").fetchone()[0] for name in ("lock_timeout", "statement_timeout")]
    assert limits == ["3s", "30s"]


def test_every_web_process_hears_of_a_change_through_the_direct_line(nodes, sku, inside):
    from kidspetite.goods.catalog import operations as catalog  # models, which are too early above
    from kidspetite.goods.catalog.models import Product, Variant

    with inside():
        product = Product.objects.get(pk=Variant.objects.get(sku=sku).product_id)
    doors = [f"http://127.0.0.1:{web.port}/products/{product.slug}" for web in nodes.webs]
    for door in doors:
        assert product.name.encode() in asked(door)
    took = []
    for name in ("Renamed at once", "Renamed again", "Renamed for good"):
        with inside():
            product.name = name
            catalog.save_product(product, by="test")
        began = time.monotonic()
        while not all(name.encode() in asked(door) for door in doors):
            assert time.monotonic() - began < PATIENCE, "somebody did not hear of the change"
            time.sleep(0.05)
        took.append(time.monotonic() - began)
    assert min(took) < 2, "a busy machine may hold up one of them; a page that nobody purges lives for longer"
