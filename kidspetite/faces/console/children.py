"""Processes that live and die with us: started in sessions of their own, started again when they fall."""

import contextlib
import json
import os
import signal
import subprocess
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path

import psutil

from kidspetite.foundation.plumbing.postgres.privileges import tied_to_parent
from kidspetite.foundation.plumbing.processes import birth_of, living

FALLS, WINDOW_SECONDS = 5, 60.0
LOG_BYTES = 10_000_000


class Child:
    """One program under watch. Its words go to a log file, or to the terminal when there is none."""

    def __init__(self, name: str, command: Sequence[str], *, env: dict[str, str], cwd: Path, log: Path | None) -> None:
        self.name, self.command, self.env, self.cwd, self.log = name, list(command), env, cwd, log
        self.falls: deque[float] = deque(maxlen=FALLS)
        self.process: subprocess.Popen[bytes] | None = None
        self._start_again_at = 0.0

    def start(self) -> None:
        if self.log and self.log.exists() and self.log.stat().st_size > LOG_BYTES:
            self.log.replace(self.log.with_suffix(".old"))
        output = self.log.open("ab") if self.log else None
        try:
            self.process = subprocess.Popen(
                self.command, env=self.env, cwd=self.cwd, preexec_fn=tied_to_parent(),
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT if output else None,
            )  # fmt: skip
        finally:
            if output:
                output.close()

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def look_after(self) -> str | None:
        """Start it again if it fell, each time a little later. Gives what to tell, if anything."""
        if self.is_running or self.process is None:
            return None
        now = time.monotonic()
        if not self._start_again_at:
            self._end_session()  # what it had started itself would hold its port and its work
            self.falls.append(now)
            self._start_again_at = now + min(0.2 * 2 ** len(self.falls), 5.0)
            return f"{self.name} ended with code {self.process.returncode}; starting it again"
        if now >= self._start_again_at:
            self._start_again_at = 0.0
            self.start()
        return None

    @property
    def keeps_falling(self) -> bool:
        return len(self.falls) == FALLS and self.falls[-1] - self.falls[0] < WINDOW_SECONDS

    def send(self, number: signal.Signals) -> None:
        if self.process and self.is_running:
            self.process.send_signal(number)

    def end(self, seconds: float) -> None:
        """Wait for it to go after a signal; then take its whole session down."""
        if not self.process:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(max(seconds, 0.05))
        self._end_session()
        self.process.wait()

    def _end_session(self) -> None:
        if self.process:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def last_words(self, lines: int = 25) -> str:
        if not self.log or not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def end_orphans(folder: Path) -> None:
    """End what an earlier parent left behind when it was killed where the kernel does not do it (macOS)."""
    for note in folder.glob("*.json"):
        try:
            known = json.loads(note.read_text())
        except (OSError, ValueError):
            continue
        parent, born = known["parent"]
        if living(parent, born=born):
            continue
        left = [process for pid, born in known["children"] if (process := living(pid, born=born))]
        for process in left:
            process.terminate()
        for process in psutil.wait_procs(left, timeout=5)[1]:
            process.kill()
        note.unlink(missing_ok=True)


def note_children(folder: Path, children: Sequence[Child]) -> Path:
    """Write down who belongs to us, for `end_orphans` of a later start."""
    folder.mkdir(parents=True, exist_ok=True)
    note, born = folder / f"{os.getpid()}.json", {}
    for child in children:
        if child.process and child.is_running:
            with contextlib.suppress(psutil.NoSuchProcess):
                born[child.process.pid] = birth_of(child.process.pid)
    parent = os.getpid(), birth_of(os.getpid())
    note.write_text(json.dumps({"parent": parent, "children": list(born.items())}))
    return note
