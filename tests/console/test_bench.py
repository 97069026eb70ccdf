"""`./shop bench` hands over to the folder benchmarks, with whatever follows the name."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import profile

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


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--rows", "list,bogus"], "there is no row 'bogus'; there are frame, home, list"),
        (["--products", "50"], "'50' does not fit; give a whole number from 100 on"),
        (["--passes", "0"], "a whole number from 1 on"),
        (["--functions", "-1"], "a whole number from 0 on"),
    ],
)
def test_a_profile_of_what_is_not_there_is_refused(arguments: list[str], words: str, capsys):
    with pytest.raises(SystemExit) as refused:
        profile.main(arguments)
    assert refused.value.code == 2
    assert words in capsys.readouterr().err
