"""A shop to measure: the one that `./shop up` starts, in a folder of its own, with its limits off."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg

from benchmarks.constant import free_port

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".shop" / "bench"
KEEPER = "kidspetite.foundation.plumbing.postgres"
READY_SECONDS, CALM_SECONDS, PICTURE_SECONDS = 300.0, 60.0, 1800.0


@dataclass(frozen=True)
class Ground:
    """Where the shop answers, and the environment in which a process of its own would see its database."""

    url: str
    environment: dict[str, str]
    pid: int
    folder: Path = FOLDER

    def processor_seconds(self) -> dict[str, float]:
        """What web processes, jobs and the database have spent so far."""
        spent = {"web": 0.0, "jobs": 0.0, "database": 0.0}
        for process in psutil.process_iter(["cmdline", "pid"]):
            if (part := self._part(process)) is not None:
                times = process.cpu_times()
                spent[part] += times.user + times.system
        return spent

    def memory_mb(self) -> dict[str, float]:
        """What web processes (granian's own among them) and jobs have to themselves, and their share of the rest."""
        held = {"web": 0.0, "jobs": 0.0}
        for process in psutil.process_iter(["cmdline", "pid"]):
            if (part := self._part(process)) in held:
                held[part] += process.memory_full_info().pss / 2**20
        return {part: round(mb, 1) for part, mb in held.items()}

    def _part(self, process: psutil.Process) -> str | None:
        try:
            words = " ".join(process.info["cmdline"] or ())
            if KEEPER in words:
                return None  # it looks after the embedded database, and serves nobody
            if words.startswith("postgres:") or "bin/postgres" in words:
                place = f"{self.folder}{os.sep}"
                is_ours = any(place in " ".join(each.cmdline()) for each in (process, *process.parents()))
                return "database" if is_ours else None
            if self.pid not in (each.pid for each in process.parents()):
                return None
            return "jobs" if "procrastinate" in words or "manage.py worker" in words else "web"
        except psutil.Error:
            return None


@contextmanager
def ground(products: int = 0, /, *, pictures: bool = False, **environment: str) -> Iterator[Ground]:
    """Start a shop with demo data, and with at least so many products; stop it at the end. Widths of pictures, which
    its first jobs would make, are left out, or all made before anything is measured. The folder stays, so that the next
    time is quick."""
    folder = FOLDER.with_name(f"bench-{products or 'pictures'}") if products or pictures else FOLDER
    if products and not (folder / "seeded").exists():
        with _started(folder, environment) as own:
            _seed(own, products)
        (folder / "seeded").touch()
    with _started(folder, environment, pictures=pictures) as own:
        yield own


@contextmanager
def _started(folder: Path, environment: dict[str, str], *, pictures: bool = False) -> Iterator[Ground]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    told = {
        **os.environ, "KP_DATA_DIR": str(folder), "KP_ENV": "development", "RATE_LIMITS": "off", "KP_ENV_FILE": "none",
        "BASE_URL": url, "KP_QUIET": "1", **environment,
    }  # fmt: skip
    told.pop("DATABASE_URL", None)
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "manage.py", "up", "--port", str(port)]
    with (folder / "up.log").open("wb") as log:
        shop = subprocess.Popen(command, cwd=ROOT, env=told, stdout=log, stderr=subprocess.STDOUT)
    own = Ground(url, told, shop.pid, folder)
    try:
        _wait(lambda: _is_ready(own, shop), READY_SECONDS, "become ready", folder)
        if pictures:
            _wait(lambda: _has_nothing_to_do(folder), PICTURE_SECONDS, "draw its pictures", folder)
        else:
            _leave_pictures(folder)
        _wait(lambda: _is_calm(folder), CALM_SECONDS, "finish the jobs it was at", folder)
        yield own
    finally:
        shop.send_signal(signal.SIGINT)
        try:
            shop.wait(30)
        except subprocess.TimeoutExpired:
            shop.kill()


def _seed(own: Ground, products: int) -> None:
    print(f"Making {products:,} products, kept in {own.folder} for the next time …", file=sys.stderr, flush=True)
    command = [sys.executable, "manage.py", "seed", "--products", str(products), "--no-logins"]
    if subprocess.call(command, cwd=ROOT, env=own.environment, stdout=sys.stderr):
        raise RuntimeError(f"{products:,} products could not be made (see above).")


def _wait(is_there: Callable[[], bool], seconds: float, what: str, folder: Path) -> None:
    deadline = time.monotonic() + seconds
    while not is_there():
        if time.monotonic() > deadline:
            raise RuntimeError(f"The shop did not {what} in {seconds:.0f} s; see {folder / 'up.log'}.")
        time.sleep(0.5)


def _is_ready(own: Ground, shop: subprocess.Popen[bytes]) -> bool:
    if shop.poll() is not None:
        raise RuntimeError(f"The shop ended before it was ready; see {own.folder / 'up.log'}.")
    return f"Ready: {own.url}" in (own.folder / "up.log").read_text(errors="replace")


def _leave_pictures(folder: Path) -> None:
    """Widths of pictures take minutes of processor time that would be measured too; most benches look at no picture."""
    _asked(
        folder,
        "update procrastinate_jobs set status = 'cancelled' where status = 'todo' and scheduled_at is null returning 1",
    )


def _has_nothing_to_do(folder: Path) -> bool:
    return not _asked(folder, "select 1 from procrastinate_jobs where status = 'todo' and scheduled_at is null limit 1")


def _is_calm(folder: Path) -> bool:
    return not _asked(
        folder, "select 1 from procrastinate_jobs where status = 'doing' and scheduled_at is null limit 1"
    )


def _asked(folder: Path, statement: str) -> bool:
    from kidspetite.foundation.plumbing.postgres import embedded_url

    with psycopg.connect(embedded_url(folder)) as database:
        return database.execute(statement).fetchone() is not None
