"""`./shop up`: starts, says where, heals, stops cleanly, and explains what stands in its way."""

import os
import re
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from kidspetite.config.env import ROOT, Env
from kidspetite.foundation.plumbing.postgres import Cluster
from tests.harness.server import free_port

pytestmark = pytest.mark.slow

PATIENCE = 60.0
READY = re.compile(r"^Ready: (http://\S+)$", re.MULTILINE)


class Start:
    """One run of `./shop up` on a data folder."""

    def __init__(self, data: Path, *arguments: str) -> None:
        self.said = data.with_suffix(f".{time.monotonic_ns()}.log")
        self.data = data
        with self.said.open("wb") as output:
            self.process = subprocess.Popen(
                ["./shop", "up", *arguments], cwd=ROOT, env=plain_environment(data), stdout=output, stderr=output
            )

    def words(self) -> str:
        return self.said.read_text()

    def wait_until_ready(self, seconds: float = 90) -> str:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if found := READY.search(self.words()):
                return found[1]
            assert self.process.poll() is None, self.words()
            time.sleep(0.05)
        raise AssertionError(self.words())

    def family(self) -> list[psutil.Process]:
        """Everything that belongs to this run: its children, and the database server's processes."""
        own = psutil.Process(self.process.pid).children(recursive=True)
        return [process for process in own if process.status() != psutil.STATUS_ZOMBIE]


def plain_environment(data: Path) -> dict[str, str]:
    ours = {name.upper() for name in Env.model_fields} | {"DJANGO_SETTINGS_MODULE"}
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return {**kept, "KP_DATA_DIR": str(data), "KP_ENV_FILE": "none"}


def wait_for(condition, seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/readyz", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("a shop with spaces") / "data"


@pytest.fixture
def start(data) -> Iterator:
    begun: list[Start] = []

    def begin(*arguments: str) -> Start:
        begun.append(Start(data, *arguments))
        return begun[-1]

    yield begin
    for run in begun:
        if run.process.poll() is None:
            run.process.terminate()
        run.process.wait(PATIENCE)


def test_it_says_where_it_is_once_and_leaves_nothing_behind(start):
    port = free_port()
    run = start("--port", str(port), "--no-demo")
    assert run.wait_until_ready() == f"http://127.0.0.1:{port}"
    assert answers(f"http://127.0.0.1:{port}")
    family = run.family()
    assert len(family) >= 4
    assert sum(process.environ().get("MALLOC_ARENA_MAX") == "2" for process in family) >= 3  # granian, its own, worker

    run.process.send_signal(signal.SIGINT)
    assert run.process.wait(PATIENCE) == 0, run.words()
    assert len(READY.findall(run.words())) == 1
    assert not [process for process in family if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]
    assert not Cluster(run.data / "pg").socket_folder.exists()


def test_a_later_start_has_nothing_to_prepare_and_heals_what_falls(start):
    run = start("--port", str(free_port()), "--no-demo", "--workers", "1")
    address = run.wait_until_ready()
    assert "Migrating" not in run.words()

    web = next(process for process in run.family() if "granian" in process.cmdline())
    web.kill()
    wait_for(lambda: "web ended" in run.words())
    wait_for(lambda: answers(address))

    postmaster = int((run.data / "pg/data/postmaster.pid").read_text().split()[0])
    os.kill(postmaster, signal.SIGKILL)
    wait_for(lambda: not psutil.pid_exists(postmaster) or psutil.Process(postmaster).status() == psutil.STATUS_ZOMBIE)
    wait_for(lambda: answers(address))

    run.process.terminate()
    assert run.process.wait(PATIENCE) == 0, run.words()


def test_a_killed_start_takes_everything_with_it(start):
    run = start("--port", str(free_port()), "--no-demo", "--workers", "1")
    run.wait_until_ready()
    family = run.family()
    run.process.kill()
    run.process.wait()
    psutil.wait_procs(family, PATIENCE)
    assert not [process for process in family if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]


def test_commands_work_beside_it_on_the_same_database(start):
    run = start("--port", str(free_port()), "--no-demo", "--workers", "1")
    run.wait_until_ready()
    done = subprocess.run(
        ["./shop", "migrate", "--check"],
        cwd=ROOT, env=plain_environment(run.data), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_a_busy_port_is_named(data):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        run = Start(data, "--port", str(port))
        assert run.process.wait(PATIENCE) == 1
    assert f"Port {port} is in use by another program." in run.words()


@pytest.mark.parametrize("arguments", [("--port", "0"), ("--port", "eighty"), ("--workers", "-1"), ("--nonsense",)])
def test_a_wrong_argument_is_explained(data, arguments):
    run = Start(data, *arguments)
    assert run.process.wait(PATIENCE) == 2
    assert "usage: ./shop up" in run.words()


def test_a_database_that_does_not_answer_is_explained(data):
    environment = {**plain_environment(data), "DATABASE_URL": "postgresql://nobody:hush@127.0.0.1:1/none"}
    done = subprocess.run(["./shop", "up"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "DATABASE_URL: the database does not answer" in done.stderr
    assert "hush" not in done.stderr
