"""A streaming replica of the run's PostgreSQL, on this machine."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

from kidspetite.foundation.plumbing.postgres import Cluster
from kidspetite.foundation.plumbing.postgres.cluster import FAST
from tests.harness.database import TestRun


@dataclass
class Standby:
    cluster: Cluster
    primary: str

    @property
    def host(self) -> str:
        return str(self.cluster.socket_folder)

    def url(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={self.host}"

    def start(self) -> None:
        self.cluster.start(FAST)
        self.catches_up()

    def stands_still(self) -> None:
        """What the primary commits from now on is not seen here."""
        self._says("SELECT pg_wal_replay_pause()")
        self._waits_until("SELECT pg_get_wal_replay_pause_state() = 'paused'")

    def goes_on(self) -> None:
        self._says("SELECT pg_wal_replay_resume()")
        self.catches_up()

    def catches_up(self) -> None:
        with psycopg.connect(self.primary, autocommit=True) as primary:
            place = primary.execute("SELECT pg_current_wal_insert_lsn()").fetchone()[0]
        self._waits_until(f"SELECT pg_last_wal_replay_lsn() >= '{place}'::pg_lsn")

    def _says(self, statement: str) -> object:
        with psycopg.connect(self.url("postgres"), autocommit=True) as line:
            return line.execute(statement).fetchone()[0]

    def _waits_until(self, question: str) -> None:
        until = time.monotonic() + 30
        while not self._says(question):
            assert time.monotonic() < until, question
            time.sleep(0.02)


@contextmanager
def streaming_standby(run: TestRun, *, name: str) -> Iterator[Standby]:
    """A copy taken with pg_basebackup that follows the run's server, until the block ends."""
    run.serve()
    primary, cluster = Cluster(run.folder / "pg"), Cluster(run.folder / f"standby-{name}-{run.worker}")
    cluster._run(
        "pg_basebackup", "-h", str(primary.socket_folder), "-U", "postgres", "-D", str(cluster.data), "-R",
        "-X", "stream", "-c", "fast", "--no-sync",
    )  # fmt: skip
    standby = Standby(cluster, run.url("postgres"))
    try:
        standby.start()
        yield standby
    finally:
        cluster.stop()
        shutil.rmtree(cluster.data, ignore_errors=True)
