"""Everything a start needs that an earlier start may have done already: migrations, static files, demo data."""

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from kidspetite.faces.console.entry import Refused
from kidspetite.faces.console.surroundings import Surroundings
from kidspetite.foundation.plumbing.postgres import embedded_url, ensure_server


def database_address(here: Surroundings) -> str:
    """A database that answers: the given one, or the embedded one, started if need be. Raises Refused."""
    if not here.database_url:
        return ensure_server(here.data_dir)
    try:
        with psycopg.connect(here.database_url, connect_timeout=5) as database:
            if database.info.server_version < 160000:
                raise Refused("DATABASE_URL: the server is older than PostgreSQL 16. Use 16 or newer.")
    except psycopg.OperationalError as error:
        raise Refused(f"DATABASE_URL: the database does not answer: {str(error).strip()}") from None
    return here.database_url


def is_database_up(here: Surroundings) -> bool:
    """A quick look without a connection of our own left behind."""
    try:
        psycopg.connect(here.database_url or embedded_url(here.data_dir), connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


@contextmanager
def alone(folder: Path, name: str) -> Iterator[None]:
    """One process at a time; the kernel frees the lock of one that dies."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = os.open(folder / f"{name}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def migrate_and_collect(here: Surroundings, address: str) -> None:
    """Bring database and static files up to date; both are skipped when their stamp fits. Raises Refused."""
    steps: list[tuple[str, str, list[list[str]]]] = []
    migrated, collected = _migration_stamp(here, address), _static_stamp(here)
    if _stamp(here, "migrated") != migrated:
        steps.append(("migrate", migrated, [["migrate", "--noinput", "-v0"], ["createcachetable", "-v0"]]))
    if _stamp(here, "collected") != collected or not (here.data_dir / "static").exists():
        steps.append(("collectstatic", collected, [["collectstatic", "--noinput", "-v0"]]))
    running = []
    for name, _, commands in steps:
        print({"migrate": "Migrating the database …", "collectstatic": "Collecting static files …"}[name], flush=True)
        script = "; ".join(f"call_command(*{command!r})" for command in commands)
        running.append(
            _start(here, f"import django; django.setup(); from django.core.management import call_command; {script}")
        )
    failed = []
    for (name, stamp, _), process in zip(steps, running, strict=True):
        if process.wait():
            failed.append(name)
        else:
            _write_stamp(here, {"migrate": "migrated", "collectstatic": "collected"}[name], stamp)
    if failed:
        raise Refused(f"{' and '.join(failed)} failed (see above).")


def is_catalogue_empty(address: str) -> bool:
    with psycopg.connect(address) as database:
        return database.execute("SELECT 1 FROM catalog_product LIMIT 1").fetchone() is None


def seed(here: Surroundings) -> None:
    """Fill the shop with demo data; the logins are told at the end of the start. Raises Refused."""
    if subprocess.call([sys.executable, "manage.py", "seed", "--no-logins"], cwd=here.root, env=here.environment()):
        raise Refused("The demo data could not be made (see above). ./shop up --no-demo starts with an empty shop.")


def migration_files(root: Path) -> list[Path]:
    return sorted((root / "kidspetite").glob("**/migrations/*.py"))


def digest_of(files: Iterable[Path], *facts: str) -> str:
    digest = hashlib.sha256("\0".join(facts).encode())
    for file in files:
        digest.update(str(file).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def _start(here: Surroundings, code: str) -> subprocess.Popen[bytes]:
    environment = here.environment(DJANGO_SETTINGS_MODULE="kidspetite.config.settings")
    return subprocess.Popen([sys.executable, "-c", code], cwd=here.root, env=environment)


def _migration_stamp(here: Surroundings, address: str) -> str:
    """Our migrations, the packages that bring their own, and the very database they were run on."""
    with psycopg.connect(address) as database:
        row = database.execute(
            "SELECT system_identifier::text || ':' || oid::text FROM pg_control_system(), pg_database"
            " WHERE datname = current_database()"
        ).fetchone()
    return digest_of([*migration_files(here.root), here.root / "uv.lock"], row[0] if row else "")


def _static_stamp(here: Surroundings) -> str:
    files = (path for path in (here.root / "kidspetite").glob("**/static/**/*") if path.is_file())
    known = "\n".join(sorted(f"{path} {(state := path.stat()).st_size} {state.st_mtime_ns}" for path in files))
    return digest_of([here.root / "uv.lock"], known)


def _stamp(here: Surroundings, name: str) -> str:
    file = here.stamps / name
    return file.read_text() if file.exists() else ""


def _write_stamp(here: Surroundings, name: str, stamp: str) -> None:
    here.stamps.mkdir(parents=True, exist_ok=True)
    (here.stamps / name).write_text(stamp)
