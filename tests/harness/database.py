"""One PostgreSQL server a test run, copied from a cluster that was migrated once, and a database a worker."""

import contextlib
import fcntl
import hashlib
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg import sql

from kidspetite.foundation.plumbing.postgres import Cluster, embedded_url, ensure_server, release_server

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".shop" / "test"
SOURCE = "kidspetite"
RUN_VARIABLE = "SHOP_TEST_RUN"
TWO_DAYS = 2 * 86400


class TestRun:
    """The folder of this run. It is locked by the run's first process, so a later run can clear what died."""

    __test__ = False

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        self._is_served = False

    @classmethod
    def begin_or_join(cls) -> "TestRun":
        """xdist's workers join the run of their controller; everybody else begins one."""
        if os.environ.get("PYTEST_XDIST_WORKER"):
            return cls(Path(os.environ[RUN_VARIABLE]))
        _clear_dead_runs()
        folder = FOLDER / f"run-{os.getpid()}-{secrets.token_hex(3)}"
        folder.mkdir(parents=True)
        _lock_for_life(folder / "held.lock")
        os.environ[RUN_VARIABLE] = str(folder)
        return cls(folder)

    @property
    def own_database(self) -> str:
        return f"test_{self.worker}"

    def url(self, database: str) -> str:
        return embedded_url(self.folder, database=database)

    def serve(self) -> None:
        """See that the run's server is up, with a migrated database to clone from."""
        if self._is_served:
            return
        template = migrated_cluster()
        with alone(self.folder / "copy.lock"):
            here = Cluster(self.folder / "pg")
            if not here.exists:
                _copy(Cluster(template / "pg").data, here.data)
        ensure_server(self.folder, profile="fast")
        self._is_served = True

    def clone(self, database: str) -> None:
        """A fresh copy of the migrated database under this name; connections to an older one are cut."""
        self.serve()
        name, source = sql.Identifier(database), sql.Identifier(SOURCE)
        with psycopg.connect(self.url("postgres"), autocommit=True) as server:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
            server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(name, source))

    def end(self) -> None:
        """Stop the server and remove everything, when the run's first process leaves."""
        release_server(self.folder)
        if self.worker == "main":
            shutil.rmtree(self.folder, ignore_errors=True)


def migrated_cluster() -> Path:
    """A stopped cluster with all migrations applied; made once for each state of the migration files."""
    target = FOLDER / f"template-{_digest()}"
    FOLDER.mkdir(parents=True, exist_ok=True)
    with alone(FOLDER / "template.lock"):
        if not target.exists():
            _build(target)
            _clear_old_templates(target)
        os.utime(target)
    return target


def _build(target: Path) -> None:
    draft = FOLDER / f"draft-{os.getpid()}"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    try:
        address = ensure_server(draft, database=SOURCE, profile="fast")
        environment = {
            **os.environ,
            "DATABASE_URL": address,
            "KP_QUIET": "1",
            "KP_TEST_DATABASE": "1",
            "KP_ENV_FILE": "none",
        }
        for command in (["migrate", "--noinput", "-v0"], ["createcachetable", "-v0"]):
            done = subprocess.run(
                [sys.executable, "manage.py", *command],
                cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
            )  # fmt: skip
            if done.returncode:
                raise RuntimeError(f"{command[0]} failed on an empty database:\n{done.stdout}")
        release_server(draft)
        draft.rename(target)
    finally:
        release_server(draft)
        shutil.rmtree(draft, ignore_errors=True)


def _digest() -> str:
    digest = hashlib.sha256()
    roles = ROOT / "kidspetite/foundation/accounts/types.py"  # migrate makes the groups from its table
    for file in [*sorted((ROOT / "kidspetite").glob("**/migrations/*.py")), roles, ROOT / "uv.lock"]:
        digest.update(str(file.relative_to(ROOT)).encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def _copy(source: Path, target: Path) -> None:
    draft = target.with_name("data.copy")
    shutil.rmtree(draft, ignore_errors=True)
    subprocess.run(["cp", "-a", source, draft], check=True)  # keeps the owner, which copytree does not
    draft.rename(target)


def _clear_dead_runs() -> None:
    for folder in [*FOLDER.glob("run-*"), *FOLDER.glob("draft-*")]:
        with contextlib.suppress(OSError):
            lock = os.open(folder / "held.lock", os.O_RDWR | os.O_CREAT)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if time.time() - folder.stat().st_mtime > 120:
                    shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(lock)


def _clear_old_templates(keep: Path) -> None:
    for folder in FOLDER.glob("template-*"):
        if folder != keep and folder.is_dir() and time.time() - folder.stat().st_mtime > TWO_DAYS:
            shutil.rmtree(folder, ignore_errors=True)


def _lock_for_life(file: Path) -> None:
    fcntl.flock(os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC), fcntl.LOCK_EX)


@contextlib.contextmanager
def alone(file: Path) -> Iterator[None]:
    """One process at a time; the kernel frees the lock of one that dies."""
    lock = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)
