"""granian that leaves politely: `python -m kidspetite.faces.console.web_server SECONDS …`, then granian's own options.

Asked to stop (SIGTERM, SIGINT), the node first tells its workers: `/readyz` answers 503 and every answer closes its
connection, while new requests are still taken. After so many seconds granian stops: it takes nothing more and finishes
what it has begun. A second signal skips the wait. Imports neither Django nor the shop: this process only watches.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from granian import cli
from granian.server import MPServer

from kidspetite.faces.edge.leaving import PIPE


class Wakeful(threading.Event):
    """Waits as an event does, but wakes now and then: two signals at once may be taken by another thread than the one
    that waits, and Python then runs their handlers only when the waiting one wakes. A node once hung so for good."""

    def wait(self, timeout: float | None = None) -> bool:
        while not super().wait(0.5):
            pass
        return True


class PoliteServer(MPServer):
    """`drain_seconds` is set before it is made: granian's own command makes it."""

    drain_seconds = 0.0
    _is_leaving = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.main_loop_interrupt = Wakeful()

    def signal_handler_interrupt(self, *args: Any, **kwargs: Any) -> None:
        if self._is_leaving or not self.drain_seconds:
            super().signal_handler_interrupt()
            return
        self._is_leaving = True
        # Stays open: a worker that is started meanwhile hears of it too.
        os.open(os.environ[PIPE], os.O_RDWR)
        stop = threading.Timer(self.drain_seconds, super().signal_handler_interrupt)
        stop.daemon = True
        stop.start()


def main(arguments: list[str]) -> None:
    PoliteServer.drain_seconds = float(arguments[0])
    cli.Server = PoliteServer
    folder = Path(tempfile.mkdtemp(prefix="kp-web-"))
    os.mkfifo(folder / "leaving")
    os.environ[PIPE] = str(folder / "leaving")
    try:
        cli.cli(arguments[1:], auto_envvar_prefix="GRANIAN")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1:])
