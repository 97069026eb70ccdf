"""The whole table of `./shop bench`: what is asked, what is told, and what counts as worse."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpx
import pytest

from benchmarks import whole
from benchmarks.constant import PAGE, constant_page
from benchmarks.drivers import NoAnswer, Request, driver_name, load, lua, read_wrk
from benchmarks.rows import Aim, Unmeasurable, goods_of
from benchmarks.table import Cell, NoBaseline, growths, missed, read_baseline, save_baseline, slower, table

CELL = Cell(
    products=500, row="list", connections=16, count=1000, failed=0, per_second=100.0, p50=10.0, p95=20.0, p99=30.0,
    constant=20_000.0, statements=2, cpu_ms=9.5,
)  # fmt: skip
FACTS = {"driver": "wrk", "cpus": 2}


@pytest.fixture
def baseline_file(tmp_path: Path) -> Path:
    file = tmp_path / "baseline.json"
    save_baseline(file, [CELL], {"500": {"web": 300.0, "jobs": 100.0}}, FACTS)
    return file


def test_a_busy_machine_is_no_news_where_the_constant_page_says_the_same(baseline_file: Path):
    busy = replace(CELL, per_second=50.0, constant=10_000.0)
    assert slower([busy], {}, read_baseline(baseline_file)) == []


def test_a_row_beyond_the_margin_is_named_with_both_ratios(baseline_file: Path):
    baseline = read_baseline(baseline_file)
    assert slower([replace(CELL, per_second=71.0)], {}, baseline) == []
    assert slower([replace(CELL, per_second=60.0)], {}, baseline) == [
        "500/list/16: 0.0030 of the constant page, and was 0.0050"
    ]
    assert slower([replace(CELL, per_second=60.0)], {}, baseline, margin=0.5) == []


def test_one_statement_more_and_memory_and_failures_are_named_too(baseline_file: Path):
    baseline = read_baseline(baseline_file)
    assert slower([replace(CELL, statements=3)], {}, baseline) == ["500/list/16: 3 statements, and were 2"]
    assert slower([replace(CELL, failed=100)], {}, baseline) == ["500/list/16: 100 of 1000 answers failed"]
    assert slower([], {"500": {"web": 450.0, "jobs": 100.0}}, baseline) == [
        "memory at 500 products: 550 MB, and was 400 MB"
    ]
    assert slower([], {"500": {"web": 340.0, "jobs": 100.0}}, baseline) == []


def test_saving_some_rows_keeps_the_others_of_the_same_driver(baseline_file: Path):
    save_baseline(baseline_file, [replace(CELL, row="cart")], {}, FACTS)
    kept = read_baseline(baseline_file)
    assert set(kept["cells"]) == {"500/list/16", "500/cart/16"}
    assert kept["memory"]["500"] == {"web": 300.0, "jobs": 100.0}
    save_baseline(baseline_file, [replace(CELL, row="home")], {}, {"driver": "python"})
    assert set(read_baseline(baseline_file)["cells"]) == {"500/home/16"}


def test_a_missing_or_broken_baseline_says_how_to_make_one(tmp_path: Path):
    for words in (None, "{", "[]", '{"cells": {}}', '{"cells": {"500/list/16": 3}}'):
        file = tmp_path / "baseline.json"
        if words is not None:
            file.write_text(words)
        with pytest.raises(NoBaseline, match="--save makes it"):
            read_baseline(file)


def test_growth_is_of_ratios_and_names_what_costs_more_with_many_products():
    many = replace(CELL, products=100_000, per_second=50.0, constant=20_000.0)
    assert growths([CELL, many]) == {"list": 2.0}
    assert growths([CELL, replace(many, constant=10_000.0)]) == {"list": 1.0}
    assert growths([CELL]) == {}


def test_aims_bind_at_sixteen_connections():
    aims = {"list": Aim(per_second=700, p95=15, of_constant=0.6)}
    assert missed([CELL], aims) == [
        "list at 500 products: 0.01 of the constant page; the aim is 0.6",
        "list at 500 products: 100/s; the aim is 700/s",
        "list at 500 products: p95 20.0 ms; the aim is 15 ms",
    ]
    assert missed([replace(CELL, connections=1)], aims) == []
    assert missed([replace(CELL, per_second=20_000.0, p95=3.0)], aims) == []


def test_a_table_has_a_block_a_size_and_a_column_to_the_baseline(baseline_file: Path):
    lines = table([replace(CELL, per_second=200.0), replace(CELL, products=0)], read_baseline(baseline_file))
    assert [line for line in lines if "products" in line or "shop" in line] == ["another shop", "500 products"]
    assert lines[-1].split() == [
        "list", "16", "200", "10.0", "20.0", "30.0", "0.0100", "2", "9.50", "×", "2.00",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--rows", "list,moon"], "there is no row 'moon'; there are kept br"),
        (["--products", "many"], "products are whole numbers from 100"),
        (["--products", "24"], "products are whole numbers from 100"),
        (["--connections", "0"], "connections are whole numbers from 1"),
        (["--margin", "30"], "a margin is a part of one"),
    ],
)
def test_what_does_not_fit_is_said(words: list[str], told: str, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as end:
        whole.main(words)
    assert end.value.code == 2
    assert told in " ".join(capsys.readouterr().err.split())


def test_wrk_reads_every_byte_of_a_request():
    post = Request("/api/cart", "POST", {"Authorization": 'Bearer "a\\b"'}, '{"sku": "KP-é"}')
    script = lua("http://127.0.0.1:8000", [post, Request("/cart")])
    assert 'GET /cart HTTP/1.1\\013\\010Host: 127.0.0.1:8000\\013\\010\\013\\010"' in script
    assert "Bearer \\034a\\092b\\034" in script
    assert "Content-Length: 16" in script
    assert script.isascii()


def test_wrk_figures_become_milliseconds():
    told = read_wrk("figures 5000 12 2000000 1500 2500 9990")
    assert (told.count, told.failed, told.per_second) == (5000, 12, 2500.0)
    assert (told.p50, told.p95, told.p99) == (1.5, 2.5, 9.99)


def test_wrk_is_taken_where_it_is_and_missed_where_it_is_asked_for(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert driver_name() == "python"
    with pytest.raises(NoAnswer, match="--driver python"):
        driver_name("wrk")
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    assert (driver_name(), driver_name("python")) == ("wrk", "python")


@pytest.mark.slow
def test_another_shop_is_measured_with_the_bundled_driver(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    """The other shop is a constant page here; both of our drivers get its bytes."""
    none = str(tmp_path / "none.json")
    with constant_page(workers=1) as url:
        assert whole.main(["--peer", url, "--list", "/x", "--driver", "python", "--quick", "--json",
                           "--connections", "2", "--baseline", none]) == 0  # fmt: skip
        told = json.loads(capsys.readouterr().out)
        (cell,) = told["cells"]
        assert (told["driver"], cell["row"], cell["failed"]) == ("python", "list", 0)
        assert cell["count"] > 50
        assert 0.2 < cell["ratio"] < 5
        if shutil.which("wrk"):
            assert (
                load("wrk", url, [Request("/"), Request("/y", "POST", {}, "{}")], connections=2, seconds=1).count > 50
            )
        with pytest.raises(Unmeasurable, match="does not answer as a Kids Petite shop"):
            goods_of(url)
        assert len(httpx.get(url).content) == len(PAGE) == 30_000


def test_another_shop_that_limits_each_address_is_measured_all_the_same(capsys: pytest.CaptureFixture[str]):
    seen: Counter[str] = Counter()

    class Strict(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            place = self.headers.get("X-Forwarded-For", "")
            seen[place] += 1
            self.send_response(200 if seen[place] <= 100 else 429)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *said): ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Strict) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        ended = whole.main(
            ["--peer", url, "--home", "/", "--driver", "python", "--quick", "--json", "--connections", "2"]
        )
        server.shutdown()
    (cell,) = json.loads(capsys.readouterr().out)["cells"]
    assert (ended, cell["failed"]) == (0, 0)
    assert cell["count"] > 100 < len(seen)


def test_a_shop_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    from contextlib import nullcontext

    monkeypatch.setattr(whole, "constant_page", lambda workers: nullcontext("http://127.0.0.1:9"))
    for words, told in (
        (["--peer", "http://127.0.0.1:9", "--home", "/"], "cannot be reached"),
        (["--peer", "shop.example", "--home", "/"], "begins with http://"),
        (["--peer", "http://127.0.0.1:9"], "Say which pages"),
        (["--peer", "http://127.0.0.1:9", "--list", "catalogue"], "a path begins with a slash"),
    ):
        assert whole.main(words) == 2
        assert told in capsys.readouterr().err
