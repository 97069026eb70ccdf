"""How a process comes to use the server of a folder, whoever started it, and how it lets go."""

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
from psycopg import sql

from kidspetite.foundation.plumbing.postgres.cluster import START_SECONDS, Cluster, ServerFailed

PROJECT = Path(__file__).resolve().parents[4]
FOLDER = "pg"

_held: dict[Path, int] = {}
_keepers: dict[Path, subprocess.Popen[bytes]] = {}


def embedded_url(data_dir: Path, *, database: str = "kidspetite") -> str:
    """The address of the server below this folder; starts nothing."""
    return f"postgresql://postgres@/{database}?host={Cluster(data_dir / FOLDER).socket_folder}"


def ensure_server(data_dir: Path, *, database: str = "kidspetite", profile: str = "durable") -> str:
    """A running server with this database, for as long as this process lives; its address. Raises ServerFailed.

    Any number of processes may call it at once; the first starts the server and the last one's end stops it. Calling
    again is cheap and heals a server whose keeper was killed. The profile is `durable`, or `fast` for tests.
    """
    cluster = Cluster(data_dir / FOLDER)
    _hold(cluster.folder)
    if not _answers(cluster):
        _start_keeper(cluster, profile)
    _create_database(cluster, database)
    return embedded_url(data_dir, database=database)


def release_server(data_dir: Path) -> None:
    """Let go before this process ends; if nobody else uses the server, wait until it has stopped."""
    folder = Cluster(data_dir / FOLDER).folder
    if (users := _held.pop(folder, None)) is None:
        return
    for _ in range(3):  # the keeper itself holds it for a blink when it looks for users
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.02)
        else:
            _stop_keeper(folder)
            break
    else:
        _leave_keeper(folder)
    os.close(users)


def _hold(folder: Path) -> None:
    """A shared lock for life. It waits while a keeper that found no users is stopping the server."""
    if folder in _held:
        return
    folder.mkdir(parents=True, exist_ok=True)
    users = os.open(folder / "users.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(users, fcntl.LOCK_SH)
    _held[folder] = users


def _start_keeper(cluster: Cluster, profile: str) -> None:
    """Every process that finds no server starts a keeper; one gets the lock, the others leave at once."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with (cluster.folder / "keeper.log").open("ab") as log:
            begin = log.tell()
            keeper = subprocess.Popen(
                [sys.executable, "-m", "kidspetite.foundation.plumbing.postgres", str(cluster.folder), profile],
                cwd=PROJECT, start_new_session=True, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip
        _keepers[cluster.folder] = keeper
        while time.monotonic() < deadline:
            if _answers(cluster):
                return
            if code := keeper.poll():
                said = (cluster.folder / "keeper.log").read_bytes()[begin:].decode(errors="replace").strip()
                raise ServerFailed(f"The embedded PostgreSQL did not start (code {code}).\n{said}")
            if code == 0:
                time.sleep(0.3)  # another keeper holds the folder; ask it, and look again if it goes
                break
            time.sleep(0.03)
    raise ServerFailed(f"The embedded PostgreSQL did not answer within {START_SECONDS:.0f} s.\n{cluster.log_end()}")


def _stop_keeper(folder: Path) -> None:
    """Called while holding `users.lock` alone."""
    lock = os.open(folder / "keeper.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        for attempt in range(400):
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                pid = os.pread(lock, 20, 0).decode()
                if attempt == 0 and pid.isdigit():
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(int(pid), signal.SIGTERM)
                time.sleep(0.025)
    finally:
        os.close(lock)
    if keeper := _keepers.pop(folder, None):
        with contextlib.suppress(subprocess.TimeoutExpired):
            keeper.wait(5)


def _leave_keeper(folder: Path) -> None:
    """Others use the server: whoever started its keeper may end before it, and is not to be warned of that."""
    keeper = _keepers.pop(folder, None)
    if keeper and keeper.poll() is None:
        keeper.returncode = 0  # so that nobody looks after it any more


def _answers(cluster: Cluster) -> bool:
    if not cluster.accepts_connections():
        return False
    try:
        _connect(cluster, "postgres").close()
    except psycopg.OperationalError:
        return False
    return True


def _connect(cluster: Cluster, database: str) -> psycopg.Connection:
    return psycopg.connect(
        host=str(cluster.socket_folder), port=5432, user="postgres", dbname=database, autocommit=True, connect_timeout=5
    )


def _create_database(cluster: Cluster, name: str) -> None:
    with _connect(cluster, "postgres") as server:
        if server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return
        with contextlib.suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
