"""`./shop up` and `./shop dev`: prepare, start web and worker, say where, watch over them, stop in order."""

import argparse
import errno
import http.client
import os
import shlex
import shutil
import signal
import socket
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

from kidspetite.faces.console import preparing
from kidspetite.faces.console.children import Child, end_orphans, note_children
from kidspetite.faces.console.entry import Refused
from kidspetite.faces.console.logins import demo_login_lines, first_owner_lines
from kidspetite.faces.console.surroundings import Surroundings
from kidspetite.faces.edge.all_processes import FOLDER as FOLDER_OF_FIGURES
from kidspetite.foundation.plumbing.lines import LINES_TO_PROVIDERS
from kidspetite.foundation.plumbing.postgres import ServerFailed, release_server

READY_SECONDS = 90.0
STOP_SECONDS = 5.0
# With one thread, two slow requests would stop the shop.
THREADS = 4 + LINES_TO_PROVIDERS
# How glibc hands out memory: few pools for many threads, and what packing a page took goes back to the machine. A web
# process that has filled its page cache is a seventh smaller; other systems do not read these names.
THRIFT = {"MALLOC_ARENA_MAX": "2", "MALLOC_MMAP_THRESHOLD_": "262144", "MALLOC_TRIM_THRESHOLD_": "262144"}
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # nosec B104


def up(arguments: list[str], here: Surroundings) -> int:
    """Start the shop and stay until Ctrl-C or SIGTERM; 0 after a clean stop."""
    wanted = _wanted("up", arguments, here)
    return _run_shop(wanted, here, debug=False)


def dev(arguments: list[str], here: Surroundings) -> int:
    """The same with error pages and reloading, for work on the shop itself."""
    if here.is_production:
        raise Refused("./shop dev shows the shop's insides; it does not run with KP_ENV=production.")
    return _run_shop(_wanted("dev", arguments, here), here, debug=True)


def web_command(
    host: str, port: int, *, workers: int, patience_seconds: int = 4, drain_seconds: float = 0
) -> list[str]:
    """Four threads a worker, and one for each line to a provider: whoever waits for a bank takes no thread from those
    who look around. A node that is asked to stop says so for `drain_seconds`; then open requests get
    `patience_seconds`."""
    serve = ["kidspetite.faces.console.web_server", str(drain_seconds)] if drain_seconds else ["granian"]
    return [
        sys.executable, "-m", *serve, "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(workers), "--blocking-threads", str(THREADS), "--respawn-failed-workers",
        "--workers-kill-timeout", str(patience_seconds), "--backlog", "2048", "--backpressure", "1024", "--no-ws",
        "kidspetite.config.wsgi:application",
    ]  # fmt: skip


def started_anew_on_change(command: list[str]) -> list[str]:
    """Run again whenever a Python file of ours changes, also while it is still starting."""
    return [
        sys.executable, "-m", "watchfiles", "--filter", "python", "--target-type", "command", "--verbosity", "warning",
        "--sigint-timeout", "3", shlex.join(command), "kidspetite",
    ]  # fmt: skip


def _wanted(name: str, arguments: list[str], here: Surroundings) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=f"./shop {name}", description=(up if name == "up" else dev).__doc__)
    parser.add_argument("--port", type=_port, default=here.port, help="default %(default)s")
    parser.add_argument(
        "--host", default="127.0.0.1", help="default %(default)s; 0.0.0.0 opens the shop to the network"
    )
    parser.add_argument("--workers", type=_workers, default=min(os.cpu_count() or 1, 2), help="default %(default)s")
    parser.add_argument("--no-demo", action="store_true", help="leave an empty shop empty")
    return parser.parse_args(arguments)


def _port(text: str) -> int:
    if text.isdigit() and 1 <= int(text) <= 65535:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is no port; a port is a number from 1 to 65535")


def _workers(text: str) -> int:
    if text.isdigit() and 1 <= int(text) <= 64:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} does not fit; 1 to 64 workers")


def _run_shop(wanted: argparse.Namespace, here: Surroundings, *, debug: bool) -> int:
    stop = _Stop()
    children: list[Child] = []
    notes = here.data_dir / "run"
    try:
        _refuse_busy_port(wanted.host, wanted.port)
        end_orphans(notes)
        with preparing.alone(here.data_dir, "prepare"):
            address = preparing.database_address(here)
            preparing.migrate_and_collect(here, address)
            if not wanted.no_demo and preparing.is_catalogue_empty(address):
                preparing.seed(here)
        stop.leave_if_asked()
        children += _children(wanted, here, debug=debug)
        for child in children:
            child.start()
        note = note_children(notes, children)
        _wait_until_ready(wanted, here, children, stop)
        _greet(wanted, here)
        _watch(children, here, stop)
        note.unlink(missing_ok=True)
        return 0
    except _Asked:
        return 0
    finally:
        _stop(children)
        release_server(here.data_dir)


class _Asked(Exception):
    """Somebody asked us to stop."""


class _Stop:
    """Set by Ctrl-C or SIGTERM; a second one while stopping changes nothing, for stopping is bounded anyway."""

    def __init__(self) -> None:
        self.asked = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask)

    def leave_if_asked(self) -> None:
        if self.asked:
            raise _Asked

    def _ask(self, *_: object) -> None:
        self.asked = True


def _refuse_busy_port(host: str, port: int) -> None:
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror:
        raise Refused(f"{host} is no address of this machine. Leave --host out, or use 127.0.0.1 or 0.0.0.0.") from None
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(place)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise Refused(
                    f"Port {port} is in use by another program. Try ./shop up --port {_next(port)}."
                ) from None
            raise Refused(f"The shop can't listen on {host}:{port}: {error.strerror}.") from None


def _next(port: int) -> int:
    return port + 1 if port < 65535 else 8000


def _children(wanted: argparse.Namespace, here: Surroundings, *, debug: bool) -> list[Child]:
    environment = THRIFT | here.environment(DEBUG=str(int(debug)), PORT=str(wanted.port))
    if not here.is_production:
        environment["BASE_URL"] = here.base_url or _address(wanted)
        if wanted.host not in {"127.0.0.1", "localhost", "::1"} and not here.hosts:
            environment["ALLOWED_HOSTS"] = "*"
    environment["DJANGO_SETTINGS_MODULE"] = "kidspetite.config.settings"
    web = web_command(wanted.host, wanted.port, workers=wanted.workers)
    jobs = [sys.executable, "manage.py", "worker"]
    if debug:
        serve = [sys.executable, "manage.py", "runserver", "--noreload", f"{wanted.host}:{wanted.port}"]
        web, jobs = started_anew_on_change(serve), started_anew_on_change(jobs)
    here.logs.mkdir(parents=True, exist_ok=True)
    figures = here.data_dir / "run" / f"figures-{wanted.port}"
    shutil.rmtree(figures, ignore_errors=True)
    figures.mkdir(parents=True)
    to_terminal = debug or here.is_production
    return [
        Child(name, command, env=env, cwd=here.root, log=None if to_terminal else here.logs / f"{name}.log")
        for name, command, env in (
            ("web", web, environment | {FOLDER_OF_FIGURES: str(figures)}),
            ("jobs", jobs, environment),
        )
    ]


def _near(host: str) -> str:
    """Where this machine itself reaches a server that listens on `host`."""
    return EVERYWHERE.get(host, host)


def _address(wanted: argparse.Namespace) -> str:
    host = _near(wanted.host)
    return f"http://{f'[{host}]' if ':' in host else host}:{wanted.port}"


def _wait_until_ready(wanted: argparse.Namespace, here: Surroundings, children: list[Child], stop: _Stop) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and not any(child.keeps_falling for child in children):
        stop.leave_if_asked()
        if _is_ready(wanted, here):
            return
        for child in children:
            child.look_after()
        time.sleep(0.1)
    words = "\n".join(child.last_words() for child in children)
    raise Refused(f"The shop did not become ready.\n{words}")


def _is_ready(wanted: argparse.Namespace, here: Surroundings) -> bool:
    name = urlsplit(here.base_url).netloc if here.base_url else None
    door = http.client.HTTPConnection(_near(wanted.host), wanted.port, timeout=5)
    try:
        door.request("GET", "/readyz", headers={"Host": name} if name else {})
        return door.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        door.close()


def _greet(wanted: argparse.Namespace, here: Surroundings) -> None:
    if not here.is_production:
        print(f"Logs: {_short(here.logs, here.root)}")
        address = preparing.database_address(here)
        for line in demo_login_lines(address) + first_owner_lines(address):
            print(line)
    print(f"Ready: http://{wanted.host}:{wanted.port}", flush=True)


def _short(path: Path, root: Path) -> str:
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)


def _watch(children: list[Child], here: Surroundings, stop: _Stop) -> None:
    """Start again what falls; give up only on a child that falls again and again."""
    looked = time.monotonic()
    while not stop.asked:
        time.sleep(0.1)
        for child in children:
            if told := child.look_after():
                print(told, file=sys.stderr, flush=True)
                note_children(here.data_dir / "run", children)
            if child.keeps_falling:
                raise Refused(f"{child.name} keeps ending. Its last words:\n{child.last_words()}")
        if time.monotonic() - looked > 2:
            looked = time.monotonic()
            _heal_database(here)


def _heal_database(here: Surroundings) -> None:
    if here.database_url or preparing.is_database_up(here):
        return
    try:
        preparing.database_address(here)
    except ServerFailed as error:
        print(error, file=sys.stderr, flush=True)


def _stop(children: list[Child]) -> None:
    """All at once, within the time that Ctrl-C may take; what does not go by itself is ended."""
    deadline = time.monotonic() + STOP_SECONDS
    for child in children:
        child.send(signal.SIGINT)
    for child in children:
        child.end(deadline - time.monotonic())
