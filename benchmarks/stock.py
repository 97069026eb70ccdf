"""Holds a second: on many SKUs, where nobody waits, and on one hot SKU, where everybody does.

    ./shop bench stock

The command that a basket calls, `inventory.hold_stock`, from two processes with four threads each, as the shop runs
them, on a durable PostgreSQL of its own (`.shop/bench-stock`). Before and after each run pgbench sends the same
statements, bare, over as many connections: the ratio says what everything around the statements costs.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from threading import Barrier
from typing import Any

from benchmarks.options import read_seconds

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".shop" / "bench-stock"
SPREAD, PIECES = 1_000, 1_000_000
PROCESSES, THREADS = 2, 4
READY = "ready"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./shop bench stock", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--seconds", type=read_seconds, default=8, help="of each run of ours; pgbench has half of it, twice"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object and nothing else")
    wanted = parser.parse_args(arguments)
    from kidspetite.foundation.plumbing.postgres import ensure_server, release_server

    environment = {**os.environ, "DATABASE_URL": ensure_server(FOLDER), "KP_QUIET": "1", "KP_ENV_FILE": "none"}
    try:
        _run([sys.executable, "manage.py", "migrate", "--noinput", "-v0"], environment)
        first, last = json.loads(_run(_call("prepare()"), environment).splitlines()[-1])
        told = {
            "load": [round(one, 2) for one in os.getloadavg()],
            "spread": measured(environment, first, last, seconds=wanted.seconds),
            "hot": measured(environment, first, first, seconds=wanted.seconds),
        }
    finally:
        release_server(FOLDER)
    print(json.dumps(told) if wanted.json else _table(told))
    return 0


def measured(environment: dict[str, str], first: int, last: int, *, seconds: float) -> dict[str, Any]:
    """Holds on the variants from `first` to `last`: bare, ours, and bare again, each on empty ledgers."""
    bare = [_bare(environment, first, last, seconds / 2)]
    ours = _ours(environment, first, last, seconds)
    bare.append(_bare(environment, first, last, seconds / 2))
    usual = sum(bare) / len(bare)
    return {
        "holds_per_second": round(ours), "bare_per_second": [round(one) for one in bare],
        "ratio": round(ours / usual, 2) if usual else None,
    }  # fmt: skip


def _ours(environment: dict[str, str], first: int, last: int, seconds: float) -> float:
    _run(_call("clear()"), environment)
    calls = [_call(f"hold({number}, {first}, {last}, {seconds})") for number in range(PROCESSES)]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    children = [subprocess.Popen(each, cwd=ROOT, env=environment, **pipes) for each in calls]
    ready = [child.stdout.readline().strip() for child in children]
    held = [int(child.communicate("go\n")[0].strip() or 0) for child in children]
    if ready != [READY] * PROCESSES or not all(held):
        raise SystemExit("The processes that hold ended early; what they said stands above.")
    return sum(held) / seconds


def _bare(environment: dict[str, str], first: int, last: int, seconds: float) -> float:
    from kidspetite.foundation.plumbing.postgres.cluster import Cluster

    _run(_call("clear()"), environment)
    script = FOLDER / "bare.sql"
    script.write_text(_run(_call(f"tell_bare_statements({first}, {last})"), environment))
    pgbench = Cluster(FOLDER / "pg").binaries / "pgbench"
    connections = PROCESSES * THREADS
    words = _run(
        [str(pgbench), "-n", "-c", str(connections), "-j", "2", "-T", str(max(1, round(seconds))), "-f", str(script),
         environment["DATABASE_URL"]], environment,
    )  # fmt: skip
    return float(re.findall(r"tps = ([0-9.]+)", words)[0])


def tell_bare_statements(first: int, last: int) -> None:
    """Print the transaction of one hold for pgbench: the shop's own SQL, with values where it binds them."""
    _django()
    from kidspetite.goods.inventory.operations.statements import HOLDS_THAT_MATTER, LOCK_LEVELS, PUT_BACK

    soon = "now() + interval '15 minutes'"
    values = {
        "levels": "array[:level]", "now": "now()", "asking": "array['cart:' || :holder]", "ended": "'{}'",
        "hold_levels": "array[:level]", "holders": "array['cart:' || :holder]", "origins": "array['']",
        "clients": "array['']", "pieces": "array[1]", "kinds": "array['soft']", "ends": f"array[{soon}]",
        "moved_levels": "array[:level]", "moves": "array['held']", "moved_pieces": "array[0]", "promised": "array[1]",
        "reasons": "array['']", "causes": "array['cart:' || :holder]", "actors": "array['shopper']",
        "on_hand": "array[:on_hand]", "reserved": "array[:reserved + 1]",
    }  # fmt: skip

    def written(statement: str) -> str:
        text = statement.strip().replace("%s", "array[:variant]")
        return " ".join(re.sub(r"%\((\w+)\)s", lambda found: values[found[1]], text).split())

    lock = written(LOCK_LEVELS).replace("select id,", "select id as level,")
    print(
        f"\\set variant random({first}, {last})", "\\set holder random(1, 1000000000000)", "begin;", f"{lock} \\gset",
        f"{written(HOLDS_THAT_MATTER)};", f"{written(PUT_BACK)};", "commit;", sep="\n",
    )  # fmt: skip


def prepare() -> None:
    """For `main`, in a process that sees the database: prints the first and the last of the variants."""
    _django()
    from kidspetite.goods.catalog.models import Band, Category, Colour, Product, Size, Variant
    from kidspetite.goods.inventory import operations as inventory

    found = Variant.objects.filter(sku__startswith="BENCH-").order_by("pk").values_list("pk", flat=True)
    if not found:
        category = Category.objects.create(slug="bench", name="Bench")
        product = Product.objects.create(name="Bench", slug="bench", category=category)
        colour = Colour.objects.create(slug="bench", name="Bench", swatch="#888888")
        sizes = Size.objects.bulk_create(Size(key=f"b{n}", label=f"B{n}", position=n) for n in range(SPREAD))
        Variant.objects.bulk_create(
            Variant(product=product, size=size, colour=colour, sku=f"BENCH-{n}", price_minor=100, band=Band.SOLD_OUT)
            for n, size in enumerate(sizes)
        )
        inventory.receive_stock(dict.fromkeys(found.all(), PIECES), reason="bench", by="bench")
    print(json.dumps([found.all()[0], found.all().reverse()[0]]))
    _leave()


def clear() -> None:
    """End all holds and forget what was told of them, so that each run begins with the same small tables."""
    _django()
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("truncate inventory_hold")
        cursor.execute("delete from inventory_movement where quantity = 0")
        cursor.execute("update inventory_stocklevel set reserved = 0")
        cursor.execute("vacuum full analyze inventory_movement")
        cursor.execute("vacuum full analyze inventory_stocklevel")
        cursor.execute("checkpoint")
    _leave()


def hold(number: int, first: int, last: int, seconds: float) -> None:
    """For `main`: when told to go, take one piece after another for ever new baskets; print how many were held."""
    _django()
    from random import Random

    from django.db import connection

    from kidspetite.goods.inventory import operations as inventory
    from tests.factories.inventory import soon

    door = Barrier(THREADS + 1)

    def take(thread: int) -> int:
        chance, until = Random(f"{number}-{thread}"), soon()
        connection.ensure_connection()
        door.wait()  # all are connected
        door.wait()  # told to go
        end = time.perf_counter() + seconds
        for held in count():
            if time.perf_counter() >= end:
                break
            holder = f"cart:{number}-{thread}-{held}"
            inventory.hold_stock({chance.randint(first, last): 1}, holder=holder, until=until, at_most=60)
        connection.close()
        return held

    with ThreadPoolExecutor(THREADS) as pool:
        counts = pool.map(take, range(THREADS))
        door.wait()
        print(READY, flush=True)
        sys.stdin.readline()
        door.wait()
        print(sum(counts))
    _leave()


def _django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kidspetite.config.settings")
    import django

    django.setup()


def _leave() -> None:
    from django.db import connection

    connection.close()
    connection.close_pool()


def _call(what: str) -> list[str]:
    return [sys.executable, "-c", f"from benchmarks import stock; stock.{what}"]


def _run(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit((done.stdout + done.stderr)[-2000:])
    return done.stdout


def _table(told: dict[str, Any]) -> str:
    lines = [f"load {told['load']}", f"{'':<8}{'holds/s':>9}{'bare/s':>16}{'ratio':>8}"]
    for name in ("spread", "hot"):
        one = told[name]
        bare = ", ".join(str(each) for each in one["bare_per_second"])
        lines.append(f"{name:<8}{one['holds_per_second']:>9}{bare:>16}{one['ratio']:>8}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
