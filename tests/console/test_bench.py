"""`./shop bench` hands over to the folder benchmarks, with whatever follows the name."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from benchmarks import checkout, gateway, lighthouse, profile, stock

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
    ("one", "arguments", "words"),
    [
        (checkout, ["--connections", "0"], "connections are whole numbers from 1 to 256"),
        (checkout, ["--connections", "1,16"], "give one number"),
        (checkout, ["--seconds", "-3"], "seconds are whole numbers from 1 to 600"),
        (gateway, ["--seconds", "soon"], "seconds are whole numbers"),
        (stock, ["--seconds", "0"], "seconds are whole numbers"),
        (lighthouse, ["--runs", "0"], "runs are whole numbers from 1 to 100"),
        (lighthouse, ["--only", "home,moon"], "there is no page 'moon'; there are home, list, product"),
    ],
)
def test_every_bench_refuses_what_does_not_fit_in_the_same_words(one: ModuleType, arguments, words: str, capsys):
    with pytest.raises(SystemExit) as refused:
        one.main(arguments)
    assert refused.value.code == 2
    assert words in capsys.readouterr().err


def test_a_shop_that_does_not_answer_gives_no_figures(capsys):
    assert checkout.main(["--url", "http://127.0.0.1:9"]) == 2
    assert "http://127.0.0.1:9 gave no figures" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--rows", "list,bogus"], "there is no row 'bogus'; there are frame, home, list"),
        (["--products", "50"], "'50' does not fit; products are whole numbers from 100 to 1,000,000"),
        (["--passes", "0"], "passes are whole numbers from 1"),
        (["--functions", "-1"], "functions are whole numbers from 0"),
    ],
)
def test_a_profile_of_what_is_not_there_is_refused(arguments: list[str], words: str, capsys):
    with pytest.raises(SystemExit) as refused:
        profile.main(arguments)
    assert refused.value.code == 2
    assert words in capsys.readouterr().err
