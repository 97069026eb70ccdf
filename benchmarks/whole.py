"""The whole table: every kind of page and call, with few products and with many, at one connection and at sixteen.

    ./shop bench                       everything, some ten minutes; the first time the catalogues are made too
    ./shop bench --quick               500 products, a second a cell
    ./shop bench --check               exit code 1 where a row got slower than benchmarks/baseline.json by the margin
    ./shop bench --peer URL --list /catalogue/       any other shop with the same driver

Each cell is held against a constant page that granian alone serves, asked just before and just after.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx

from benchmarks.constant import constant_page
from benchmarks.drivers import Load, NoAnswer, Request, driver_name, load, load_of_story
from benchmarks.ground import ROOT, Ground, ground
from benchmarks.inside import fill_shelves, statements_of, statements_of_checkout
from benchmarks.options import read_connections, read_seconds, read_sizes, some_of
from benchmarks.rows import CHECKOUT, NAMES, ROWS, Goods, Row, Unmeasurable, goods_of
from benchmarks.table import (
    CROWD,
    MARGIN,
    MOST_GROWTH,
    MOST_MEMORY_MB,
    Cell,
    NoBaseline,
    growths,
    is_slower,
    missed,
    read_baseline,
    save_baseline,
    slower,
    table,
    told_cell,
)  # fmt: skip

BASELINE = ROOT / "benchmarks" / "baseline.json"
SIZES = "500,100000"
PEER_PAGES = ("home", "list", "product", "search")
PLACES = 500  # addresses that a peer is asked from
WORKERS = 2
FILLING_SECONDS = 10


def main(arguments: list[str]) -> int:
    wanted = _wanted(arguments)
    try:
        driver = driver_name(wanted.driver)
        baseline = read_baseline(wanted.baseline) if wanted.check or wanted.baseline.exists() else None
        run = Run(wanted, driver, baseline)
        with constant_page(workers=WORKERS) as page:
            run.constant_url = page
            if wanted.peer:
                run.measure_peer(_peer_pages(wanted))
            else:
                for products in wanted.products:
                    run.measure_own(products)
    except (NoAnswer, NoBaseline, Unmeasurable, RuntimeError) as refusal:
        print(refusal, file=sys.stderr)
        return 2
    return run.tell()


class Run:
    """What is measured in one run, cell by cell."""

    def __init__(self, wanted: argparse.Namespace, driver: str, baseline: dict[str, Any] | None) -> None:
        self.wanted, self.driver, self.baseline = wanted, driver, baseline
        self.cells: list[Cell] = []
        self.memory: dict[str, dict[str, float]] = {}
        self.constants: list[float] = []
        self.constant_url = ""

    def measure_own(self, products: int) -> None:
        """Start a shop with so many products, and measure the rows that are wanted. Raises Unmeasurable, NoAnswer."""
        rows = [row for row in ROWS if row.name in self.wanted.rows]
        with ground(products) as own:
            goods = goods_of(own.url, seed=self.wanted.seed)
            if goods.total < products:
                raise Unmeasurable(
                    f"The shop in {own.folder} has {goods.total:,} products, not {products:,}. Delete that folder, and"
                    " it is made anew."
                )
            fill_shelves(own, goods.skus)
            asked = {row.name: row.asked(goods) for row in rows}
            statements = self._statements(own, goods, asked)
            for row in rows:
                run = self._driving(own.url, row, asked[row.name], goods)
                self._measure(row.name, products, run, statements.get(row.name), own)
            if not self.wanted.quick:
                self._say("filling the page cache")
                self._fill_pages(own.url, goods)
            self.memory[str(products)] = own.memory_mb()

    def measure_peer(self, pages: dict[str, str]) -> None:
        """Raises Unmeasurable, NoAnswer."""
        url = self.wanted.peer.rstrip("/")
        for name, path in pages.items():
            _see_that_it_answers(url, name, path)
        for name, path in pages.items():
            self._measure(name, 0, self._asking(url, _from_many_places(path)), None, None)

    def tell(self) -> int:
        """Print what was found; 1 where `--check` found something worse than the baseline."""
        growth = growths(self.cells)
        worse = []
        if self.wanted.check and self.baseline:
            worse = slower(self.cells, self.memory, self.baseline, margin=self.wanted.margin)
        if self.wanted.save and not worse:
            save_baseline(self.wanted.baseline, self.cells, self.memory, self.facts)
        told = self.facts | {
            "load": [round(one, 2) for one in os.getloadavg()],
            "cells": [told_cell(cell) for cell in self.cells],
            "memory_mb": self.memory,
            "growth": growth,
            "missed": missed(self.cells, {row.name: row.aim for row in ROWS}) + _too_much(growth, self.memory),
            "slower": worse,
        }
        print(json.dumps(told) if self.wanted.json else "\n".join(_page(told, self.cells, self.baseline)))
        broken = any(cell.is_broken for cell in self.cells)
        return 1 if worse or broken else 0

    @property
    def facts(self) -> dict[str, Any]:
        constants = [round(one) for one in (min(self.constants, default=0), max(self.constants, default=0))]
        return {
            "driver": self.driver, "cpus": os.cpu_count(), "python": platform.python_version(),
            "seconds": self.wanted.seconds, "constant_per_second": constants,
        }  # fmt: skip

    def _statements(self, own: Ground, goods: Goods, asked: dict[str, list[Request]]) -> dict[str, int]:
        kept = {row.name: 0 for row in ROWS if row.kind == "kept"}
        counted = statements_of(own, {name: requests for name, requests in asked.items() if requests})
        if CHECKOUT in asked:
            calls = statements_of_checkout(own, goods.skus)
            counted[CHECKOUT] = sum(calls.values()) + calls.get("add", 0)  # two pieces, counted as one
        return counted | kept

    def _driving(self, url: str, row: Row, asked: list[Request], goods: Goods) -> Callable[[int, int], Load]:
        if row.kind == "visit":
            return lambda connections, seconds: load_of_story(
                url, row.name, goods.skus, connections=connections, seconds=max(seconds, 3)
            )
        return self._asking(url, asked)

    def _asking(self, url: str, asked: list[Request]) -> Callable[[int, int], Load]:
        return lambda connections, seconds: load(self.driver, url, asked, connections=connections, seconds=seconds)

    def _measure(
        self, name: str, products: int, drive: Callable[[int, int], Load], statements: int | None, own: Ground | None
    ) -> None:
        drive(CROWD, 1)  # connections, caches, plans
        for connections in self.wanted.connections:
            cell = self._cell(name, products, connections, drive, statements, own)
            if self.wanted.check and self.baseline and is_slower(cell, self.baseline, margin=self.wanted.margin):
                again = self._cell(name, products, connections, drive, statements, own)
                cell = max(cell, again, key=lambda one: one.ratio)  # a hiccup of the machine does not come twice
            self.cells.append(cell)

    def _cell(
        self, name: str, products: int, connections: int, drive: Callable[[int, int], Load], statements: int | None,
        own: Ground | None,
    ) -> Cell:  # fmt: skip
        self._say(f"{name} at {connections}" + (f", {products:,} products" if products else ""))
        before = self._constant(connections)
        spent = own.processor_seconds() if own else {}
        told = drive(connections, self.wanted.seconds)
        used = sum(own.processor_seconds().values()) - sum(spent.values()) if own else None
        calm = (before + self._constant(connections)) / 2
        return Cell(
            products, name, connections, told.count, told.failed, told.per_second, told.p50, told.p95, told.p99,
            round(calm, 1), statements,
            None if used is None or not told.count else round(1000 * used / told.count, 3),
        )  # fmt: skip

    def _constant(self, connections: int) -> float:
        asked = [Request("/")]
        found = load(self.driver, self.constant_url, asked, connections=connections, seconds=1).per_second
        self.constants.append(found)
        return found

    def _fill_pages(self, url: str, goods: Goods) -> None:
        """Until every process holds as much as it may: pages of products and lists, in each encoding by turns."""
        pages = max(goods.found.get("/api/products").json()["pages"], 1)
        paths = [
            f"/products?sort={sort}&page={page}" for page in range(1, min(pages, 300)) for sort in ("price", "newest")
        ]
        paths += [f"/products/{slug}" for slug in goods.slugs]
        asked = [
            Request(path, headers={"Accept-Encoding": encoding, "Accept": "text/html"})
            for path in paths
            for encoding in ("br", "gzip", "identity")
        ]
        load(self.driver, url, asked, connections=CROWD, seconds=FILLING_SECONDS)

    def _say(self, words: str) -> None:
        if sys.stderr.isatty() or not self.wanted.json:
            print(f"… {words}", file=sys.stderr, flush=True)


def _peer_pages(wanted: argparse.Namespace) -> dict[str, str]:
    pages = {name: getattr(wanted, name) for name in PEER_PAGES if getattr(wanted, name)}
    if not pages:
        raise Unmeasurable("Say which pages of the other shop to ask for: --home / --list /catalogue/ and the like.")
    for name, path in pages.items():
        if not path.startswith("/"):
            raise Unmeasurable(f"--{name} {path} is no path; a path begins with a slash.")
    return pages


def _from_many_places(path: str) -> list[Request]:
    """As a proxy would pass on the questions of many shoppers: a shop that limits each address would stop one."""
    told = {"Accept-Encoding": "gzip", "Accept": "text/html"}
    return [Request(path, headers=told | {"X-Forwarded-For": f"10.0.{number // 250}.{number % 250 + 1}"})
            for number in range(PLACES)]  # fmt: skip


def _see_that_it_answers(url: str, name: str, path: str) -> None:
    if not url.startswith("http://"):
        raise Unmeasurable(f"--peer {url} is no address that can be measured; give one that begins with http://.")
    try:
        status = httpx.get(url + path, timeout=30).status_code
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Unmeasurable(f"{url} cannot be reached: {error}. Is that shop running?") from None
    if status != 200:
        raise Unmeasurable(f"The {name} page {url}{path} answered {status} and not 200; nothing was measured.")


def _too_much(growth: dict[str, float], memory: dict[str, dict[str, float]]) -> list[str]:
    told = [f"{row} costs {by} × as much with the most products; the aim is {MOST_GROWTH} ×"
            for row, by in growth.items() if by > MOST_GROWTH]  # fmt: skip
    for size, parts in memory.items():
        if sum(parts.values()) > MOST_MEMORY_MB:
            told.append(
                f"memory at {int(size):,} products: {sum(parts.values()):.0f} MB; the aim is {MOST_MEMORY_MB} MB"
            )
    return told


def _page(told: dict[str, Any], cells: list[Cell], baseline: dict[str, Any] | None) -> Iterator[str]:
    low, high = told["constant_per_second"]
    driver = (
        "wrk" if told["driver"] == "wrk" else "the bundled Python driver (no wrk here; it takes more of the machine)"
    )
    yield (f"load by {driver}, {told['seconds']} s a cell · {told['cpus']} cores · load average {told['load']}"
           f" · constant page {low:,}–{high:,}/s")  # fmt: skip
    yield from table(cells, baseline)
    yield ""
    for size, parts in told["memory_mb"].items():
        held = ", ".join(f"{part} {mb:,.0f}" for part, mb in parts.items())
        yield f"memory at {int(size):,} products: {sum(parts.values()):,.0f} MB PSS ({held})"
    if told["growth"]:
        yield "growth with products: " + ", ".join(f"{row} {by} ×" for row, by in told["growth"].items())
    yield from (f"failed: {c.key} {c.failed} of {c.count}" for c in cells if c.failed)
    yield from (f"missed: {words}" for words in told["missed"])
    yield from (f"WORSE: {words}" for words in told["slower"])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./shop bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--products", type=_sizes, help=f"sizes of the catalogue, default {SIZES}; 500 with --quick")
    parser.add_argument("--rows", type=some_of(NAMES, "row"), default=NAMES, help=f"some of: {', '.join(NAMES)}")
    parser.add_argument("--connections", type=read_connections, default=(1, CROWD), help="default 1,16")
    parser.add_argument("--seconds", type=read_seconds, help="of load for each cell, default 4; 1 with --quick")
    parser.add_argument("--quick", action="store_true", help="a short run, to see that all is well")
    parser.add_argument("--driver", choices=("auto", "wrk", "python"), default="auto", help="auto takes wrk if there")
    parser.add_argument("--seed", type=int, default=7, help="which words and mistakes are tried follows from it")
    parser.add_argument("--json", action="store_true", help="one JSON object and nothing else")
    parser.add_argument("--baseline", type=Path, default=BASELINE, help="default %(default)s")
    parser.add_argument("--check", action="store_true", help="exit code 1 where a row got worse than the baseline")
    parser.add_argument(
        "--margin", type=_part, default=MARGIN, help="how much worse a ratio may be, default %(default)s"
    )
    parser.add_argument("--save", action="store_true", help="make what was measured the baseline")
    parser.add_argument("--peer", default="", metavar="URL", help="measure another shop instead")
    for name in PEER_PAGES:
        parser.add_argument(f"--{name}", default="", metavar="PATH", help=f"the other shop's {name} page")
    return parser


def _wanted(arguments: list[str]) -> argparse.Namespace:
    """What was asked for, with what `--quick` decides filled in."""
    wanted = _parser().parse_args(arguments)
    wanted.products = wanted.products or _sizes("500" if wanted.quick else SIZES)
    wanted.seconds = wanted.seconds or (1 if wanted.quick else 4)
    return wanted


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(sorted(set(read_sizes(text))))


def _part(text: str) -> float:
    try:
        part = float(text)
    except ValueError:
        part = -1.0
    if not 0 < part < 1:
        raise argparse.ArgumentTypeError(f"{text!r} does not fit; a margin is a part of one, such as 0.3")
    return part


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
