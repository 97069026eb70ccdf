"""How fast the catalogue answers: lists, search and suggestions of a running shop, each address asked once.

    python -m benchmarks.catalog --url http://127.0.0.1:8000

Every list, query and beginning is another one, so that no page cache answers. The words come from the shop's own
products; a third of the queries is mistyped. Figures are milliseconds at one connection; `healthz` in the same run says
how busy the machine was.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice, product
from urllib.parse import urlencode, urlsplit

import httpx
import psutil

LISTS, QUERIES, BEGINNINGS, CALIBRATIONS = 100, 200, 100, 50
PAGES_OF_NAMES = 8
SORTS = ("featured", "newest", "price", "-price", "bestselling")


@dataclass(frozen=True)
class Figures:
    """Milliseconds, of `count` answers."""

    name: str
    count: int
    p50: float
    p95: float
    most: float


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.catalog", description=__doc__.splitlines()[0])
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="a running shop, RATE_LIMITS=off")
    parser.add_argument("--seed", type=int, default=7, help="which words and mistakes are tried follows from it")
    parser.add_argument("--json", action="store_true", help="one JSON object and nothing else")
    wanted = parser.parse_args(arguments)
    try:
        with httpx.Client(base_url=wanted.url, timeout=60, follow_redirects=True) as shop:
            first = _seconds(shop, "/products") * 1000
            products = shop.get("/api/products").raise_for_status().json()["total"]
            figures = _measured(shop, random.Random(wanted.seed))
    except httpx.HTTPError as error:
        print(f"{wanted.url} gave no figures: {error}", file=sys.stderr)
        return 1
    told = {
        "url": wanted.url,
        "products": products,
        "load": [round(one, 2) for one in os.getloadavg()],
        "first_list_ms": round(first, 1),
        "memory_mb": _memory(urlsplit(wanted.url).port or 80),
        "figures": [asdict(one) for one in figures],
    }
    print(json.dumps(told) if wanted.json else _table(told, figures))
    return 0


def _measured(shop: httpx.Client, chance: random.Random) -> list[Figures]:
    names = _names(shop)
    pages: dict[str, list[str]] = {
        "healthz": ["/healthz"] * CALIBRATIONS,
        "list": list(islice(_lists(shop, chance), LISTS)),
        "search": [f"/search?{urlencode({'q': q})}" for q in islice(_queries(names, chance), QUERIES)],
        "suggest": [f"/search/suggest?{urlencode({'q': q})}" for q in islice(beginnings(names, chance), BEGINNINGS)],
    }
    return [_figures(name, [_seconds(shop, page) for page in asked]) for name, asked in pages.items()]


def _seconds(shop: httpx.Client, page: str) -> float:
    began = time.perf_counter()
    answer = shop.get(page)
    took = time.perf_counter() - began
    answer.raise_for_status()
    return took


def _figures(name: str, seconds: list[float]) -> Figures:
    ms = sorted(1000 * one for one in seconds)
    p95 = statistics.quantiles(ms, n=20)[-1] if len(ms) > 1 else ms[0]
    return Figures(name, len(ms), round(statistics.median(ms), 1), round(p95, 1), round(ms[-1], 1))


def _names(shop: httpx.Client) -> list[str]:
    """Some of the shop's product names, from lists in several orders."""
    found: list[str] = []
    for page in range(1, PAGES_OF_NAMES + 1):
        answer = shop.get("/api/products", params={"page": page, "sort": SORTS[page % len(SORTS)]})
        found += [item["name"] for item in answer.raise_for_status().json()["items"]]
    return sorted(set(found))


def _lists(shop: httpx.Client, chance: random.Random) -> Iterator[str]:
    """Lists by one size, one price and one order, no two the same."""
    slug = shop.get("/api/products").json()["items"][0]["slug"]
    sizes = sorted({piece["size"] for piece in shop.get(f"/api/products/{slug}").json()["variants"]})
    ways = list(product(sizes, SORTS, range(1, 5), ("", "-20", "-30", "20-40", "30-")))
    chance.shuffle(ways)
    for size, sort, page, price in ways:
        asked = {"size": size.lower(), "sort": sort, "price": price, "page": page}
        yield f"/products?{urlencode({key: value for key, value in asked.items() if value})}"


def _queries(names: list[str], chance: random.Random) -> Iterator[str]:
    """One or two words of a name, some with a price, every third with a slip of the finger; no two the same."""
    return different(_query(chance.choice(names).lower().split(), number, chance) for number in range(50 * QUERIES))


def _query(words: list[str], number: int, chance: random.Random) -> str:
    chosen = [words[-1]] if number % 4 == 0 else [*chance.sample(words[:-1], min(1, len(words) - 1)), words[-1]]
    if number % 3 == 0:
        chosen[-1] = mistyped(chosen[-1], chance)
    return " ".join([*chosen, f"under {chance.randint(20, 60)}"] if number % 10 == 9 else chosen)


def mistyped(word: str, chance: random.Random) -> str:
    if len(word) < 5:
        return word
    place = chance.randrange(1, len(word) - 2)
    if chance.random() < 0.5:
        return word[:place] + word[place + 1 :]
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def beginnings(names: list[str], chance: random.Random) -> Iterator[str]:
    words = [word for name in names for word in name.lower().split() if len(word) > 2]
    typed = (chance.choice(words) for _ in range(50 * BEGINNINGS))
    return different(word[: chance.randint(2, len(word))] for word in typed)


def different(queries: Iterable[str]) -> Iterator[str]:
    return iter(dict.fromkeys(queries))


def _memory(port: int) -> dict[str, float]:
    """Of the web processes on this machine, each by its number: what it has to itself and its share of the rest."""
    mb = {}
    for process in psutil.process_iter(["cmdline"]):
        if any(one == str(port) for one in process.info["cmdline"] or ()) and "granian" in " ".join(
            process.info["cmdline"]
        ):
            for one in (process, *process.children(recursive=True)):
                mb[str(one.pid)] = round(one.memory_full_info().pss / 2**20, 1)
    return mb


def _table(told: dict[str, object], figures: list[Figures]) -> str:
    lines = [
        f"{told['url']} · {told['products']:,} products · load {told['load']}",
        f"first list {told['first_list_ms']} ms · memory (PSS, MB) {told['memory_mb'] or 'not on this machine'}",
        f"{'':<12}{'count':>7}{'p50':>9}{'p95':>9}{'most':>9}",
    ]
    lines += [f"{one.name:<12}{one.count:>7}{one.p50:>9}{one.p95:>9}{one.most:>9}" for one in figures]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
