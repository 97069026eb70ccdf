"""A page that never changes, served by granian alone: what this machine can give just now."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGE = b"<!doctype html><title>constant</title>" + b"x" * 29_962
HEADERS = [("Content-Type", "text/html"), ("Content-Length", str(len(PAGE)))]
READY_SECONDS = 30.0


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("200 OK", HEADERS)
    return [PAGE]


@contextmanager
def constant_page(*, workers: int) -> Iterator[str]:
    """Serve it on a port of its own with as many workers and threads as the shop has, and give its address."""
    from kidspetite.faces.console.starting import web_command

    port = free_port()
    command = web_command("127.0.0.1", port, workers=workers)
    command[command.index("kidspetite.config.wsgi:application")] = "benchmarks.constant:application"
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _wait_until_open(port, server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_open(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"{sys.executable} -m granian did not serve the constant page on port {port}.")
