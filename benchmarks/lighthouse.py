"""Lighthouse on every kind of page, as a phone: the best of three, kept as JSON.

    ./shop bench lighthouse
    ./shop bench lighthouse --url http://127.0.0.1:8000 --only home,list

Lighthouse slows line and processor down in a simulation, so a busy machine still shows: best of three, and
`benchmark_index` says how fast the machine was. Reports go to benchmarks/lighthouse/, without the address of the shop.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from benchmarks.ground import ROOT, ground
from benchmarks.options import some_of, whole_number
from benchmarks.tools import Missing, Tools, tools
from benchmarks.visitor import Visitor

REPORTS = ROOT / "benchmarks" / "lighthouse"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
METRICS = {
    "fcp_ms": "first-contentful-paint", "lcp_ms": "largest-contentful-paint", "tbt_ms": "total-blocking-time",
    "cls": "cumulative-layout-shift", "speed_index_ms": "speed-index",
}  # fmt: skip
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync")  # fmt: skip
SECONDS_A_VISIT = 180


@dataclass(frozen=True)
class Page:
    """`prepare` brings a visitor to where the page makes sense, and gives its path."""

    name: str
    prepare: Callable[[Visitor], str]
    performance: int = 95
    seo: int = 100


def _at(path: str, *steps: Callable[[Visitor], Any]) -> Callable[[Visitor], str]:
    def prepare(visitor: Visitor) -> str:
        for step in steps:
            step(visitor)
        return path

    return prepare


def _order(visitor: Visitor) -> str:
    for step in (Visitor.fill_basket, Visitor.give_address, Visitor.give_card):
        step(visitor)
    return f"/orders/{visitor.buy()}"


# What is one person's, or as many pages as there are words, is not to be found by search engines, and says so;
# Lighthouse takes a third of the points for that.
HIDDEN = 0
FULL, KNOWN, PAID = Visitor.fill_basket, Visitor.give_address, Visitor.give_card
PAGES = (
    Page("home", _at("/"), 100),
    Page("list", _at("/products"), 100),
    Page("product", lambda visitor: visitor.first_products(1)[0], 100),
    Page("cart", _at("/cart", FULL), 100, HIDDEN),
    Page("checkout-shipping", _at("/checkout/shipping", FULL), seo=HIDDEN),
    Page("checkout-payment", _at("/checkout/payment", FULL, KNOWN), seo=HIDDEN),
    Page("checkout-review", _at("/checkout/review", FULL, KNOWN, PAID), seo=HIDDEN),
    Page("order", _order, seo=HIDDEN),
    Page("search", _at("/search?q=bodysuit"), seo=HIDDEN),
    Page("sign-in", _at("/sign-in"), seo=HIDDEN),
    Page("account", _at("/account", Visitor.sign_in), seo=HIDDEN),
    Page("size-guide", _at("/size-guide")),
    Page("page", _at("/pages/returns")),
)


def main(arguments: list[str]) -> int:
    wanted = _wanted(arguments)
    found = tools()
    with ground(pictures=True) if not wanted.url else nullcontext() as own:
        url = own.url if own else wanted.url.rstrip("/")
        told = []
        for page in wanted.only:
            if not wanted.json:
                print(f"Measuring {page.name} …", file=sys.stderr, flush=True)
            report = measured(page, url, found, runs=wanted.runs)
            told.append(report)
            if not wanted.no_reports:
                keep(report)
    print(json.dumps(told) if wanted.json else _table(told))
    return 0


def _wanted(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./shop bench lighthouse", description=__doc__.splitlines()[0])
    parser.add_argument("--url", default="", help="a shop that runs already; else one of its own is started")
    names = ", ".join(page.name for page in PAGES)
    parser.add_argument("--only", type=_pages, default=PAGES, help=f"some of the pages, with commas: {names}")
    runs = whole_number("runs", least=1, most=100)
    parser.add_argument("--runs", type=runs, default=3, help="times each page is measured; the best counts")
    parser.add_argument("--no-reports", action="store_true", help="change nothing below benchmarks/lighthouse")
    parser.add_argument("--json", action="store_true", help="one JSON array and nothing else")
    return parser.parse_args(arguments)


def _pages(text: str) -> tuple[Page, ...]:
    known = {page.name: page for page in PAGES}
    return tuple(known[name] for name in some_of(known, "page")(text))


def measured(page: Page, url: str, found: Tools, *, runs: int) -> dict[str, Any]:
    """The report of the best run, and of the others what they scored. Each run is another visitor."""
    reports = []
    for _ in range(runs):
        visitor = Visitor(url)
        path = page.prepare(visitor)
        reports.append(told_of(page, path, _visit(url + path, visitor, found)))
    best = max(reports, key=lambda each: (*(each["scores"][name] for name in CATEGORIES), -each["metrics"]["lcp_ms"]))
    every = [{"performance": each["scores"]["performance"], **each["metrics"]} for each in reports]
    return best | {"runs": every}


def _visit(address: str, visitor: Visitor, found: Tools) -> dict[str, Any]:
    """One visit; once more where the browser's own record of it was of no use."""
    report = _report(address, visitor, found)
    if report.get("runtimeError"):
        report = _report(address, visitor, found)
    if fault := report.get("runtimeError"):
        raise Missing(f"Lighthouse could not read {address}: {fault.get('message')}")
    return report


def _report(address: str, visitor: Visitor, found: Tools) -> dict[str, Any]:
    script = Path(__file__).with_name("visit.mjs")
    with _profile() as profile:
        flags = (*FLAGS, f"--user-data-dir={profile}")
        asked = {"url": address, "cookies": visitor.cookies, "chromium": str(found.chromium), "arguments": flags}
        try:
            done = subprocess.run(
                [str(found.node), str(script), str(found.modules)], input=json.dumps(asked), capture_output=True,
                text=True, timeout=SECONDS_A_VISIT, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise Missing(f"Lighthouse did not come through {address} in {SECONDS_A_VISIT} s.") from None
    if done.returncode:
        raise Missing(f"Lighthouse did not come through {address}:\n{done.stderr[-2000:]}")
    report: dict[str, Any] = json.loads(done.stdout)
    return report


@contextmanager
def _profile() -> Iterator[str]:
    """A folder for one browser. Whatever became of the visit, no browser of this folder is alive afterwards."""
    with tempfile.TemporaryDirectory(prefix="kp-visit-", ignore_cleanup_errors=True) as profile:
        try:
            yield profile
        finally:
            left = [
                each for each in psutil.process_iter(["cmdline"]) if profile in " ".join(each.info["cmdline"] or ())
            ]
            for each in left:
                with suppress(psutil.NoSuchProcess):
                    each.kill()
            psutil.wait_procs(left, timeout=5)


def told_of(page: Page, path: str, report: dict[str, Any]) -> dict[str, Any]:
    """What matters of a report, some 3 KB instead of 700, and nothing that tells of this machine's folders or ports."""
    audits = report["audits"]
    weights = _weights(audits)
    return {
        "page": page.name,
        "path": _without_token(path),
        "aim": dict.fromkeys(CATEGORIES, 100) | {"performance": page.performance, "seo": page.seo},
        "scores": {name: round(100 * (report["categories"][name]["score"] or 0)) for name in CATEGORIES},
        "metrics": {name: round(audits[audit]["numericValue"], 4 if name == "cls" else 0)
                    for name, audit in METRICS.items()},
        "bytes": weights,
        "requests": len(_requests(audits)),
        "failing": _failing(report),
        "warnings": [words.split(".")[0] for words in report.get("runWarnings", ())],
        "environment": _environment(report),
        "when": datetime.now(UTC).date().isoformat(),
    }  # fmt: skip


def _environment(report: dict[str, Any]) -> dict[str, Any]:
    settings, there = report["configSettings"], report["environment"]
    return {
        "lighthouse": report["lighthouseVersion"],
        "browser": next((word for word in there["hostUserAgent"].split() if "Chrome/" in word), ""),
        "benchmark_index": there["benchmarkIndex"],
        "cores": os.cpu_count(),
        "load": [round(one, 1) for one in os.getloadavg()],
        "form_factor": settings["formFactor"],
        "throttling": settings["throttlingMethod"],
        "rtt_ms": settings["throttling"]["rttMs"],
        "kbit_per_second": round(settings["throttling"]["throughputKbps"]),
        "processor_slowed_by": settings["throttling"]["cpuSlowdownMultiplier"],
    }


def _failing(report: dict[str, Any]) -> list[dict[str, Any]]:
    """Audits that cost points or hint at something, the dearest first."""
    found = []
    for category in CATEGORIES:
        for each in report["categories"][category]["auditRefs"]:
            audit = report["audits"][each["id"]]
            if audit["score"] is not None and audit["score"] < 1:
                found.append({
                    "category": category, "audit": each["id"], "weight": each["weight"], "score": audit["score"],
                    "shown": audit.get("displayValue", ""),
                })  # fmt: skip
    return sorted(found, key=lambda each: (-each["weight"], each["audit"]))


def _requests(audits: dict[str, Any]) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = audits["network-requests"]["details"]["items"]
    return items


def _weights(audits: dict[str, Any]) -> dict[str, int]:
    weights: dict[str, int] = {"total": 0}
    for each in _requests(audits):
        kind, size = each.get("resourceType", "Other").lower(), each.get("transferSize", 0)
        weights[kind] = weights.get(kind, 0) + size
        weights["total"] += size
    return weights


def _without_token(path: str) -> str:
    return "/orders/…" if path.startswith("/orders/") else path


def keep(report: dict[str, Any]) -> None:
    REPORTS.mkdir(exist_ok=True)
    (REPORTS / f"{report['page']}.json").write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", "utf-8")


def _table(told: list[dict[str, Any]]) -> str:
    lines = [
        f"{'':<18}{'perf':>5}{'a11y':>5}{'best':>5}{'seo':>5}{'LCP':>7}{'TBT':>6}{'CLS':>6}{'KB':>6}{'requests':>10}"
    ]
    for each in told:
        scores, metrics = each["scores"], each["metrics"]
        missed = [name for name in CATEGORIES if scores[name] < each["aim"][name]]
        lines.append(
            f"{each['page']:<18}" + "".join(f"{scores[name]:>5}" for name in CATEGORIES)
            + f"{metrics['lcp_ms'] / 1000:>6.1f}s{metrics['tbt_ms']:>6.0f}{metrics['cls']:>6.3g}"
            + f"{each['bytes']['total'] / 1000:>6.0f}{each['requests']:>10}"
            + (f"   below the aim: {', '.join(missed)}" if missed else "")
        )  # fmt: skip
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
