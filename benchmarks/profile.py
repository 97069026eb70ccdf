"""Where the processor time of a request goes, without a server around it: one process, one call after the other.

    ./shop bench profile                          CPU ms, statements and function calls of each row
    ./shop bench profile --rows product --functions 40
    ./shop bench profile --rows list --products 100000 --passes 10

The calls go through the WSGI application as granian's do, past the page cache; `frame` is a page with nothing in its
frame. The tenth part of the calls that took least tells most: a neighbour on the same core makes a call dearer and
never cheaper. Function calls do not vary at all.
"""

from __future__ import annotations

import argparse
import cProfile
import io
import json
import os
import pstats
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

from benchmarks.drivers import Request
from benchmarks.ground import ROOT, ground
from benchmarks.inside import fill_shelves, statements_of
from benchmarks.options import LEAST_PRODUCTS, MOST_PRODUCTS, some_of, whole_number
from benchmarks.rows import BY_BROWSER, ROWS, UNKEPT, Row, Unmeasurable, goods_of

FRAME = Row(
    "frame", "a page without content", "page", lambda goods: [Request(f"/offline?{UNKEPT}=1", headers=BY_BROWSER)]
)
MEASURED = (FRAME, *(row for row in ROWS if row.kind in {"page", "write"}))
MEASURABLE = tuple(row.name for row in MEASURED)
WARMING, COUNTED = 60, 100
# A page cache makes pages beside what is measured as soon as it is there.
UNKEPT_PAGES = {"LOG_LEVEL": "WARNING", "PAGE_CACHE_MB": "0"}


def main(arguments: list[str]) -> int:
    wanted = _wanted(arguments)
    try:
        with ground(wanted.products) as own:
            goods = goods_of(own.url)
            fill_shelves(own, goods.skus)
            asked = {row.name: row.asked(goods) for row in MEASURED if row.name in wanted.rows}
            statements = statements_of(own, asked)
            plan = {
                "url": own.url, "passes": wanted.passes, "functions": wanted.functions, "by": wanted.by,
                "rows": {name: [asdict(one) for one in requests] for name, requests in asked.items()},
                "statements": statements,
            }  # fmt: skip
            return subprocess.run(
                [sys.executable, "-m", "benchmarks.profile", "--inside"], input=json.dumps(plan), text=True, cwd=ROOT,
                env=own.environment | UNKEPT_PAGES, check=False,
            ).returncode  # fmt: skip
    except (Unmeasurable, RuntimeError) as refusal:
        print(refusal, file=sys.stderr)
        return 2


def _wanted(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./shop bench profile", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--products", type=whole_number("products", least=LEAST_PRODUCTS, most=MOST_PRODUCTS), default=500,
        help="size of the catalogue, default %(default)s",
    )  # fmt: skip
    parser.add_argument(
        "--rows", type=some_of(MEASURABLE, "row"), default=MEASURABLE, help=f"some of: {', '.join(MEASURABLE)}"
    )
    passes, functions = whole_number("passes", least=1, most=1_000), whole_number("functions", least=0, most=10_000)
    parser.add_argument("--passes", type=passes, default=4, help=f"of {COUNTED} calls each, default %(default)s")
    parser.add_argument("--functions", type=functions, default=0, help="how many of the dearest functions to name")
    parser.add_argument("--by", choices=("cumtime", "tottime", "ncalls"), default="cumtime", help="default %(default)s")
    return parser.parse_args(arguments)


def _inside(plan: dict[str, Any]) -> None:
    """In a process that sees the measured shop's database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kidspetite.config.settings")
    from kidspetite.config.wsgi import application

    for thread in threading.enumerate():
        if thread.name in {"recall_words", "read_zips"}:
            thread.join()
    host = urlsplit(plan["url"]).netloc
    print(f"{'row':<10}{'CPU ms':>8}{'middle':>8}{'statements':>12}{'functions':>11}")
    for name, requests in plan["rows"].items():
        calls = [_call(application, Request(**one), host) for one in requests]
        for call in _round(calls, WARMING):
            call()
        took = sorted(_spent(call) for _ in range(plan["passes"]) for call in _round(calls, COUNTED))
        stats = _profiled(_round(calls, COUNTED))
        each = stats.total_calls / COUNTED  # type: ignore[attr-defined]  # the stubs lack it
        print(
            f"{name:<10}{1000 * took[len(took) // 10]:>8.2f}{1000 * took[len(took) // 2]:>8.2f}"
            f"{plan['statements'].get(name, 0):>12}{each:>11,.0f}",
            flush=True,
        )
        if plan["functions"]:
            stats.sort_stats(plan["by"]).print_stats(plan["functions"])


def _round(calls: list[Callable[[], None]], count: int) -> list[Callable[[], None]]:
    return (calls * (count // len(calls) + 1))[:count]


def _call(application: Any, asked: Request, host: str) -> Callable[[], None]:
    from django.test import RequestFactory

    headers = {"Host": host, **asked.headers}
    kind = headers.pop("Content-Type", "application/octet-stream")
    body = (asked.body or "").encode()
    # Granian makes it without Python, so it is made beforehand and not measured.
    environ = RequestFactory().generic(asked.method, asked.path, body, kind, headers=headers).environ

    def call() -> None:
        told: list[str] = []
        fresh = {**environ, "wsgi.input": io.BytesIO(body)}
        answer = application(fresh, lambda status, _headers, _fault=None: told.append(status))
        b"".join(answer)
        answer.close()
        if not told[0].startswith("2"):
            raise RuntimeError(f"{asked.method} {asked.path} answered {told[0]}.")

    return call


def _spent(call: Callable[[], None]) -> float:
    before = time.thread_time()
    call()
    return time.thread_time() - before


def _profiled(calls: list[Callable[[], None]]) -> pstats.Stats:
    profile = cProfile.Profile()
    with profile:
        for call in calls:
            call()
    return pstats.Stats(profile, stream=sys.stdout)


if __name__ == "__main__":
    if sys.argv[1:] == ["--inside"]:
        _inside(json.load(io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8")))
    else:
        sys.exit(main(sys.argv[1:]))
