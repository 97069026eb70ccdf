"""A real shop for tests: granian and the job worker over a database of their own."""

import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from kidspetite.faces.console.children import Child
from kidspetite.faces.console.starting import web_command
from kidspetite.faces.edge.all_processes import FOLDER as FOLDER_OF_FIGURES
from tests.harness.database import ROOT, TestRun, alone
from tests.harness.promises import see_that_promises_are_kept

PORTS = range(20_000, 32_000)  # below those that kernels give to whoever connects
READY_SECONDS = 180.0  # a machine busy with other work is slow to start a shop, and that is no fault of the shop


@dataclass(frozen=True)
class ShopServer:
    """Where the shop answers, which database is below it, and where its words go."""

    url: str
    dsn: str
    database: str
    log: Path
    environment: dict[str, str]


@contextmanager
def running_shop(
    run: TestRun, environment: dict[str, str], *, name: str = "live", workers: int = 2
) -> Iterator[ShopServer]:
    """Web and job worker over a fresh clone, until the block ends; the environment is added to the tests' own.

    Then its promises are recomputed. Raises PromisesBroken; a test that breaks rows on purpose mends them.
    """
    database = f"{name}_{run.worker}"
    run.clone(database)
    port = free_port()
    folder = run.folder / database
    folder.mkdir(exist_ok=True)
    environment = {
        **environment,
        "DATABASE_URL": run.url(database), "KP_DATA_DIR": str(folder), "PORT": str(port),
        "BASE_URL": f"http://127.0.0.1:{port}", "PYTHONUNBUFFERED": "1",
    }  # fmt: skip
    collect_static(run, folder, environment)
    log, figures = folder / "shop.log", folder / "figures"
    figures.mkdir(exist_ok=True)
    web = environment | {FOLDER_OF_FIGURES: str(figures)}
    children = [
        Child("web", web_command("127.0.0.1", port, workers=workers), env=web, cwd=ROOT, log=log),
        Child("jobs", [sys.executable, "manage.py", "worker"], env=environment, cwd=ROOT, log=log),
    ]
    try:
        for child in children:
            child.start()
        shop = ShopServer(environment["BASE_URL"], environment["DATABASE_URL"], database, log, environment)
        _wait_until_ready(shop, children)
        yield shop
    finally:
        for child in children:
            child.send(signal.SIGINT)
        for child in children:
            child.end(8)
    see_that_promises_are_kept(shop.environment, database=database)


def _wait_until_ready(shop: ShopServer, children: list[Child]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and all(child.is_running for child in children):
        try:
            with urllib.request.urlopen(f"{shop.url}/readyz", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"the shop for tests did not become ready:\n{shop.log.read_text()[-4000:]}")


def until_worker_rests(seconds: float = 60.0) -> None:
    """Wait until the worker of the shop that this process's ORM looks at has nothing to do: what was published is known
    everywhere. Goes on after so many seconds whatever it does."""
    from django.db.models import Q
    from django.db.models.functions import Now
    from procrastinate.contrib.django.models import ProcrastinateJob

    deadline = time.monotonic() + seconds
    is_due = Q(scheduled_at=None) | Q(scheduled_at__lte=Now())
    while (
        time.monotonic() < deadline and ProcrastinateJob.objects.filter(is_due, status__in=["todo", "doing"]).exists()
    ):
        time.sleep(0.1)


def collect_static(run: TestRun, folder: Path, environment: dict[str, str]) -> None:
    """Once a run: every server of it links to the same files."""
    shared = run.folder / "static"
    with alone(run.folder / "static.lock"):
        if not shared.exists():
            first = {**environment, "KP_DATA_DIR": str(run.folder)}
            subprocess.run(
                [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"], cwd=ROOT, env=first, check=True
            )
    if not (folder / "static").exists():
        (folder / "static").symlink_to(shared)


def free_port() -> int:
    """A port of this machine that nobody uses, nor is given to somebody who connects while its server starts."""
    while True:
        port = secrets.choice(PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
