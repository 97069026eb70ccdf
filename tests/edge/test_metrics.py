"""What a monitor may read, and who may."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from kidspetite.faces.edge.all_processes import FOLDER

pytestmark = pytest.mark.django_db

# A web process with 40 hits of 50 answers and one page, which stays until it is told to go.
A_PROCESS = """
import sys
from kidspetite.faces.edge.pagecache.page import Page
from kidspetite.faces.edge.pagecache.store import Store
from kidspetite.faces.edge.pagecache.tally import Tally
store = Store(1_000_000)
store.open()
page = Page.of([], b"", tags=frozenset({"catalog"}), made=store.clock(), life=(300, 0))
store.put("/", page, begun=store.begin())
tally = Tally(store)
tally.counts.update(hit=40, miss=10)
tally.tell()
print("told", flush=True)
sys.stdin.read()
"""


def a_process(folder: Path) -> subprocess.Popen[str]:
    surroundings = {**os.environ, FOLDER: str(folder)}
    one = subprocess.Popen(
        [sys.executable, "-c", A_PROCESS], env=surroundings, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert one.stdout
    assert one.stdout.readline() == "told\n"
    return one


def test_numbers_are_those_of_all_processes_and_what_a_dead_one_counted_stays(tmp_path: Path, monkeypatch):
    def told() -> list[str]:
        lines = Client().get("/metrics").content.decode().splitlines()
        return [line for line in sorted(lines) if re.match(r"kidspetite_pages_(?!bytes).* (?!0\.0)", line)]

    monkeypatch.setenv(FOLDER, str(tmp_path))
    with a_process(tmp_path) as one, a_process(tmp_path) as other:
        both = told()
        one.kill()
        one.wait()
        left = told()
        other.kill()
    assert both == [
        "kidspetite_pages_hit_rate 0.8", "kidspetite_pages_kept 2.0", "kidspetite_pages_open 1.0",
        'kidspetite_pages_total{outcome="hit"} 80.0', 'kidspetite_pages_total{outcome="miss"} 20.0',
    ]  # fmt: skip
    assert left == [line.replace("kept 2.0", "kept 1.0") for line in both]


def test_a_caller_on_this_machine_reads_the_state_of_the_jobs():
    text = Client().get("/metrics").content.decode()
    assert "kidspetite_failed_jobs 0.0" in text
    assert "kidspetite_worker_silent_seconds +Inf" in text
    assert "process_cpu_seconds_total" in text


@pytest.mark.parametrize(("secret", "status"), [("right-secret-of-the-shop", 200), ("wrong", 404), ("", 404)])
def test_in_production_only_the_cron_secret_opens_it(settings, secret: str, status: int):
    settings.IS_PRODUCTION, settings.CRON_SECRET = True, "right-secret-of-the-shop"
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    assert Client().get("/metrics", headers=headers).status_code == status


def test_a_stranger_finds_no_such_page():
    assert Client(REMOTE_ADDR="203.0.113.9").get("/metrics").status_code == 404
