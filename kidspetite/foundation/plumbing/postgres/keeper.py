"""The keeper owns the server of one folder: starts it, starts it again if it dies, stops it when nobody uses it."""

import fcntl
import os
import signal
import time
from pathlib import Path

from kidspetite.foundation.plumbing.postgres.cluster import PROFILES, Cluster, ServerFailed

GRACE_SECONDS = 1.5
LOOK_SECONDS = 0.25
OUT_OF_REACH = (
    "PostgreSQL does not run as root, and here root may not hand it over to another user. "
    "Start the shop as an ordinary user, or set DATABASE_URL."
)


class Keeper:
    """One a folder, by an exclusive lock on `keeper.lock`. Users hold a shared lock on `users.lock`.

    The kernel drops a lock when its process ends, however it ends, so no user is ever counted who is gone.
    """

    def __init__(self, folder: Path, profile: str = "durable") -> None:
        self.cluster = Cluster(folder)
        self.settings = PROFILES[profile]
        self._told_to_stop = False

    def run(self) -> int:
        """Keep the server until nobody has used it for a moment, or until told to stop. Returns the exit code."""
        lock = self._open("keeper.lock")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return 0
        os.ftruncate(lock, 0)
        os.pwrite(lock, str(os.getpid()).encode(), 0)
        signal.signal(signal.SIGTERM, self._note_stop)
        signal.signal(signal.SIGINT, self._note_stop)
        try:
            self.cluster.create()
            self.cluster.start(self.settings)
            self._watch()
        except ServerFailed as error:
            print(error, flush=True)
            return 1
        except OSError as error:
            print(f"{error}\n{OUT_OF_REACH}", flush=True)
            return 1
        finally:
            self.cluster.stop()
        return 0

    def _watch(self) -> None:
        """Leaves holding `users.lock` alone: a newcomer waits until the server has stopped, then starts afresh."""
        users = self._open("users.lock")
        unused_since: float | None = None
        while not self._told_to_stop:
            time.sleep(LOOK_SECONDS)
            if self.cluster.process and self.cluster.process.poll() is not None:
                print(f"PostgreSQL ended with code {self.cluster.process.returncode}; starting it again", flush=True)
                self.cluster.start(self.settings)
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                unused_since = None
                continue
            unused_since = unused_since or time.monotonic()
            if time.monotonic() - unused_since >= GRACE_SECONDS:
                return
            fcntl.flock(users, fcntl.LOCK_UN)

    def _open(self, name: str) -> int:
        self.cluster.folder.mkdir(parents=True, exist_ok=True)
        return os.open(self.cluster.folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def _note_stop(self, *_: object) -> None:
        self._told_to_stop = True
