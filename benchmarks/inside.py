"""What has to be done in a process that sees the measured shop's database: full shelves, and counting of statements."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from benchmarks.drivers import Request
from benchmarks.ground import ROOT, Ground
from benchmarks.load import Shopper

PIECES_A_SHELF = 100_000
WARMING, COUNTED = 6, 8


def fill_shelves(own: Ground, skus: Sequence[str]) -> None:
    """Enough pieces of these that no bench sells them out."""
    _asked(own, {"fill": list(skus)})


def statements_of(own: Ground, asked: dict[str, list[Request]]) -> dict[str, int]:
    """What one request of each row asks of the database: the most that any of some requests asked, once warm."""
    some = {row: [asdict(one) for one in requests[: WARMING + COUNTED]] for row, requests in asked.items()}
    told: dict[str, int] = _asked(own, {"count": some})
    return told


def statements_of_checkout(own: Ground, skus: Sequence[str]) -> dict[str, int]:
    """The same of a whole guest checkout, call by call."""
    told: dict[str, int] = _asked(own, {"checkout": list(skus)})
    return told


def _asked(own: Ground, plan: dict[str, Any]) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.inside"], input=json.dumps(plan), cwd=ROOT, env=own.environment,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"The measured shop's database did not answer: {done.stderr.strip()[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def counting_shopper() -> tuple[Shopper, dict[str, int]]:
    """A shopper who goes to Django without a network, and what each of the calls asked of the database."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client, counted = Client(), dict[str, int]()

    class Counting(Shopper):
        def __init__(self) -> None:
            self.number = 0

        def call(
            self, name: str, method: str, path: str, body: Any = None, *, headers: Any = None, wanted: Any = ()
        ) -> bytes:
            data = json.dumps(body) if body is not None else ""
            with CaptureQueriesContext(connection) as seen:
                answer = client.generic(method, path, data, "application/json", headers=headers or {})
            counted[name] = len(seen)
            return bytes(answer.content)

    return Counting(), counted


def _fill(skus: list[str]) -> None:
    from kidspetite.goods.inventory import operations as inventory
    from kidspetite.goods.inventory.models import StockLevel

    for shelf in StockLevel.objects.filter(variant__sku__in=skus, on_hand__lt=PIECES_A_SHELF):
        inventory.set_stock(shelf.variant_id, on_hand=PIECES_A_SHELF, reason="bench", by="bench")


def _count(rows: dict[str, list[dict[str, Any]]]) -> dict[str, int]:
    most = {}
    for row, requests in rows.items():
        shopper, counted = counting_shopper()
        seen = []
        for one in requests:
            body = json.loads(one["body"]) if one["body"] else None
            shopper.call(row, one["method"], one["path"], body, headers=one["headers"])
            seen.append(counted[row])
        most[row] = max(seen[len(seen) // 2 :], default=0)
    return most


def _count_checkout(skus: list[str]) -> dict[str, int]:
    from benchmarks.checkout import story_of

    shopper, counted = counting_shopper()
    for _warm in range(2):
        story_of(skus[:2])(shopper)
    return counted


def _done(plan: dict[str, Any]) -> Any:
    if "fill" in plan:
        return _fill(plan["fill"])
    return _count(plan["count"]) if "count" in plan else _count_checkout(plan["checkout"])


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kidspetite.config.settings")
    import django

    django.setup()
    from django.db import connection

    print(json.dumps(_done(json.load(sys.stdin))))
    connection.close()
    connection.close_pool()


if __name__ == "__main__":
    main()
