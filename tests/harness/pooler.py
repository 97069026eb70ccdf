"""A real PgBouncer in transaction mode before the run's server, where this machine has one."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.harness.database import TestRun
from tests.harness.server import free_port

PGBOUNCER = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
SESSIONS = 6
SETTINGS = """
[databases]
* = host={socket} port=5432
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {folder}/users.txt
admin_users = postgres
pool_mode = transaction
default_pool_size = {sessions}
max_client_conn = 200
"""


@contextmanager
def pooler(run: TestRun) -> Iterator[int]:
    """Its port. It refuses what Debian's 1.18 refuses: options at the start of a session, and prepared statements."""
    run.serve()
    port, folder = free_port(), Path(tempfile.mkdtemp(prefix="kp-bouncer-"))
    folder.chmod(0o755)
    told = {"socket": run.url("x").partition("host=")[2], "port": port, "folder": folder, "sessions": SESSIONS}
    (folder / "pgbouncer.ini").write_text(SETTINGS.format(**told))
    (folder / "users.txt").write_text('"postgres" ""\n')
    as_somebody = ["-u", "nobody"] if os.geteuid() == 0 else []
    command = [str(PGBOUNCER), "-q", *as_somebody, str(folder / "pgbouncer.ini")]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(port)
        yield port
    finally:
        process.terminate()
        process.wait(10)
        shutil.rmtree(folder)


def _wait(port: int) -> None:
    until = time.monotonic() + 20
    while True:
        try:
            psycopg.connect(f"postgresql://postgres@127.0.0.1:{port}/postgres", connect_timeout=5).close()
            return
        except psycopg.OperationalError:
            assert time.monotonic() < until
            time.sleep(0.1)
