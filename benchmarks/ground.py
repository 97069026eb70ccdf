"""A shop to measure: the one that `./shop up` starts, in a folder of its own, with its limits off."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".shop" / "bench"
READY_SECONDS, CALM_SECONDS = 300.0, 60.0


@dataclass(frozen=True)
class Ground:
    """Where the shop answers, and the environment in which a process of its own would see its database."""

    url: str
    environment: dict[str, str]
    pid: int

    def processor_seconds(self) -> dict[str, float]:
        """What web processes, jobs and the database have spent so far."""
        spent = {"web": 0.0, "jobs": 0.0, "database": 0.0}
        for process in psutil.process_iter(["cmdline", "pid"]):
            if (part := self._part(process)) is not None:
                times = process.cpu_times()
                spent[part] += times.user + times.system
        return spent

    def _part(self, process: psutil.Process) -> str | None:
        try:
            words = " ".join(process.info["cmdline"] or ())
            if words.startswith("postgres:") or "bin/postgres" in words:
                is_ours = any(str(FOLDER) in " ".join(each.cmdline()) for each in (process, *process.parents()))
                return "database" if is_ours else None
            if self.pid not in (each.pid for each in process.parents()):
                return None
            return "jobs" if "procrastinate" in words else "web"
        except psutil.Error:
            return None


@contextmanager
def ground(**environment: str) -> Iterator[Ground]:
    """Start a shop with demo data, without the pictures' widths that its first jobs would make; stop it at the end.
    The folder stays, so that the next time is quick."""
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    told = {
        **os.environ, "KP_DATA_DIR": str(FOLDER), "KP_ENV": "development", "RATE_LIMITS": "off", "KP_ENV_FILE": "none",
        "BASE_URL": url, "KP_QUIET": "1", **environment,
    }  # fmt: skip
    told.pop("DATABASE_URL", None)
    FOLDER.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "manage.py", "up", "--port", str(port)]
    with (FOLDER / "up.log").open("wb") as log:
        shop = subprocess.Popen(command, cwd=ROOT, env=told, stdout=log, stderr=subprocess.STDOUT)
    try:
        _wait(lambda: _is_ready(url, shop), READY_SECONDS, "become ready")
        _leave_pictures()
        _wait(_is_calm, CALM_SECONDS, "finish the jobs it was at")
        yield Ground(url, told, shop.pid)
    finally:
        shop.send_signal(signal.SIGINT)
        try:
            shop.wait(30)
        except subprocess.TimeoutExpired:
            shop.kill()


def _wait(is_there: object, seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not is_there():  # type: ignore[operator]
        if time.monotonic() > deadline:
            raise RuntimeError(f"The shop did not {what} in {seconds:.0f} s; see {FOLDER / 'up.log'}.")
        time.sleep(0.5)


def _is_ready(url: str, shop: subprocess.Popen[bytes]) -> bool:
    if shop.poll() is not None:
        raise RuntimeError(f"The shop ended before it was ready; see {FOLDER / 'up.log'}.")
    return f"Ready: {url}" in (FOLDER / "up.log").read_text(errors="replace")


def _leave_pictures() -> None:
    """Widths of pictures take minutes of processor time that would be measured too; no bench looks at pictures."""
    _asked(
        "update procrastinate_jobs set status = 'cancelled' where status = 'todo' and scheduled_at is null returning 1"
    )


def _is_calm() -> bool:
    return not _asked("select 1 from procrastinate_jobs where status = 'doing' and scheduled_at is null limit 1")


def _asked(statement: str) -> bool:
    from kidspetite.foundation.plumbing.postgres import embedded_url

    with psycopg.connect(embedded_url(FOLDER)) as database:
        return database.execute(statement).fetchone() is not None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
