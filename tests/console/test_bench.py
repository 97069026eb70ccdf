"""`./shop bench` hands over to the folder benchmarks, with whatever follows the name."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def bench(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", "bench", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.slow
def test_options_after_the_name_belong_to_the_bench():
    done = bench("quote", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["promotions"] == 200


@pytest.mark.slow
def test_a_bench_tells_its_options_and_an_unknown_name_is_refused():
    assert "--connections" in bench("checkout", "--help").stdout
    unknown = bench("moon")
    assert unknown.returncode != 0
    assert "checkout" in unknown.stderr
