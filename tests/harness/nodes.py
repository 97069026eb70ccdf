"""A shop on several machines, as far as one machine can show it: web nodes and workers with a folder of their own each,
over one database and one Valkey, behind a front."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from kidspetite.faces.console.children import Child
from kidspetite.faces.console.starting import web_command
from tests.harness.database import ROOT, TestRun
from tests.harness.front import Front, front_proxy
from tests.harness.promises import see_that_promises_are_kept
from tests.harness.server import READY_SECONDS, collect_static, free_port

DRAIN_SECONDS = 60.0  # of which nobody waits more than it takes a front to look: a second signal skips the rest


class Web:
    """One web node with one worker process; it is told to stop as an orchestrator tells it."""

    def __init__(self, child: Child, port: int) -> None:
        self.child, self.port = child, port

    def restart(self, front: Front) -> None:
        """Stop it with SIGTERM and wait until it is gone; start it, and wait until the front sends it visitors.

        It leaves when the front has seen that it wants to, however long a busy machine takes for that.
        """
        self.leave(lambda: front.is_done_with(self.port))
        self.start(front)

    def leave(self, may_go: Callable[[], bool]) -> None:
        """Ask it to stop, and skip the rest of its leave-taking, with a second signal, once it may go."""
        self.child.send(signal.SIGTERM)
        self._wait_until(lambda: self.says_that_it_leaves() and may_go())
        self.child.send(signal.SIGTERM)
        assert self.child.process
        self.child.process.wait(READY_SECONDS)
        assert self.child.process.returncode == 0, f"{self.child.process.returncode}: {self.child.last_words()}"

    def start(self, front: Front) -> None:
        front.backends[self.port].is_ready = False  # what the front was told before is of another life
        self.child.start()
        self.wait_until_ready(front)

    def kill(self) -> None:
        """As a machine that loses its power: everything at once."""
        assert self.child.process
        os.killpg(self.child.process.pid, signal.SIGKILL)
        self.child.process.wait()

    def says_that_it_leaves(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5):
                return False
        except urllib.error.HTTPError as answer:
            answer.close()
            return answer.code == 503
        except OSError:
            return False

    def wait_until_ready(self, front: Front) -> None:
        self._wait_until(lambda: front.is_ready(self.port))

    def _wait_until(self, holds: Callable[[], bool]) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline and self.child.is_running:
            if holds():
                return
            time.sleep(0.05)
        raise RuntimeError(f"a node did not become ready, or left too soon:\n{self.child.last_words()}")


@dataclass(frozen=True)
class Nodes:
    front: Front
    webs: list[Web]
    workers: list[Child]
    dsn: str
    database: str
    environment: dict[str, str]

    def errors(self) -> str:
        """What web nodes and workers said went wrong."""
        logs = [child.log for child in (*(web.child for web in self.webs), *self.workers) if child.log]
        return "\n".join(line for log in logs for line in log.read_text().splitlines() if '"level": "error"' in line)


@contextmanager
def several_nodes(
    run: TestRun,
    environment: dict[str, str],
    *,
    name: str,
    webs: int = 2,
    workers: int = 0,
    pooled_at: int | None = None,
) -> Iterator[Nodes]:
    """Web nodes and workers until the block ends; then the promises are recomputed from the database's rows.

    `pooled_at` is the port of a pooler before the database; the role then learns our time limits from `migrate`.
    """
    database, port = f"{name}_{run.worker}", free_port()
    run.clone(database)
    shared = {
        **environment, "DATABASE_URL": run.url(database), "BASE_URL": f"http://127.0.0.1:{port}",
        "PYTHONUNBUFFERED": "1", "KP_DATA_DIR": str(run.folder / database),
    }  # fmt: skip
    if pooled_at:
        pooled = {"DATABASE_URL": f"postgresql://postgres@127.0.0.1:{pooled_at}/{database}"}
        shared |= pooled | {"DATABASE_DIRECT_URL": run.url(database)}
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=shared, check=True)
        with psycopg.connect(f"postgresql://postgres@127.0.0.1:{pooled_at}/pgbouncer", autocommit=True) as desk:
            desk.execute("RECONNECT")  # the sessions that migrate used are older than what it told the role
    made = [_web(run, run.folder / database / f"web{number}", shared) for number in range(webs)]
    jobs = [_worker(run.folder / database / f"jobs{number}", shared) for number in range(workers)]
    children = [*(web.child for web in made), *jobs]
    try:
        for child in children:
            child.start()
        with front_proxy(port, [web.port for web in made]) as front:
            for web in made:
                web.wait_until_ready(front)
            yield Nodes(front, made, jobs, run.url(database), database, shared)
    finally:
        for child in children:
            child.send(signal.SIGINT)
        for child in children:
            child.send(signal.SIGTERM)  # the second one skips the leave-taking
            child.end(8)
    see_that_promises_are_kept(shared, database=database)


def _web(run: TestRun, folder: Path, shared: dict[str, str]) -> Web:
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    own = {**shared, "KP_DATA_DIR": str(folder), "PORT": str(port)}
    collect_static(run, folder, own)
    command = web_command("127.0.0.1", port, workers=1, patience_seconds=10, drain_seconds=DRAIN_SECONDS)
    return Web(Child("web", command, env=own, cwd=ROOT, log=folder / "web.log"), port)


def _worker(folder: Path, shared: dict[str, str]) -> Child:
    folder.mkdir(parents=True, exist_ok=True)
    own = {**shared, "KP_DATA_DIR": str(folder)}
    return Child("jobs", [sys.executable, "manage.py", "worker"], env=own, cwd=ROOT, log=folder / "jobs.log")
