"""What stands before several web nodes: asks each whether it is ready, keeps connections, and tries nothing twice."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

PROBE_SECONDS, PROBE_PATIENCE = 0.25, 2.0
PATIENCE = 60.0
FAILED = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
type Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Broken(Exception):
    """The node closed the line before the answer was whole."""


@dataclass
class Backend:
    port: int
    is_ready: bool = False
    asked: int = 0
    idle: list[Line] = field(default_factory=list)

    def hangs_up(self) -> None:
        while self.idle:
            self.idle.pop()[1].close()


@dataclass
class Front:
    """Answered and failed requests, counted by node; `is_ready` is what its probes were told last. While it does not
    look, it believes what it was told."""

    port: int
    backends: dict[int, Backend]
    answered: Counter[int] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)
    looks: bool = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def is_ready(self, port: int) -> bool:
        return self.backends[port].is_ready

    def is_done_with(self, port: int) -> bool:
        """Whether the node has said that it is not ready, and everything that was asked of it is answered."""
        return not self.backends[port].is_ready and not self.backends[port].asked


@contextmanager
def front_proxy(port: int, nodes: list[int]) -> Iterator[Front]:
    """A reverse proxy on this port in a thread of its own, before nodes on these ports of this machine."""
    front = Front(port, {node: Backend(node) for node in nodes})
    loop, opened = asyncio.new_event_loop(), threading.Event()
    closing = asyncio.Event()

    async def serve() -> None:
        turns = itertools.cycle(nodes)
        probes = [asyncio.create_task(_probe(front, backend)) for backend in front.backends.values()]
        server = await asyncio.start_server(lambda r, w: _talk(front, turns, r, w), "127.0.0.1", port)
        opened.set()
        await closing.wait()
        server.close()
        for probe in probes:
            probe.cancel()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        for backend in front.backends.values():
            backend.hangs_up()
        await asyncio.sleep(0)  # so that what was closed is closed

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), name="front", daemon=True)
    thread.start()
    assert opened.wait(10)
    try:
        yield front
    finally:
        loop.call_soon_threadsafe(closing.set)
        thread.join(10)
        loop.close()


async def _probe(front: Front, backend: Backend) -> None:
    """Ask /readyz on a line of its own, as Kubernetes and Caddy do. No answer in time is neither yes nor no: a busy
    machine may hold a node up.
    """
    question = b"GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    while True:
        if not front.looks:
            await asyncio.sleep(PROBE_SECONDS)
            continue
        said = backend.is_ready
        try:
            async with asyncio.timeout(PROBE_PATIENCE):
                reader, writer = await asyncio.open_connection("127.0.0.1", backend.port)
                with contextlib.closing(writer):
                    writer.write(question)
                    said = b" 200 " in await reader.readline()
        except TimeoutError:
            pass
        except OSError:
            said = False
        if front.looks:
            backend.is_ready = said
        if not backend.is_ready:
            backend.hangs_up()
        await asyncio.sleep(PROBE_SECONDS)


async def _talk(front: Front, turns: Iterator[int], reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One client's line, as long as it lasts."""
    with contextlib.suppress(ConnectionError, Broken, asyncio.CancelledError), contextlib.closing(writer):
        while request := await _message(reader, is_request=True):
            answer = await _ask(front, turns, request[0])
            writer.write(answer)
            await writer.drain()
            if answer is FAILED:
                break


async def _ask(front: Front, turns: Iterator[int], request: bytes) -> bytes:
    backend = _next_ready(front, turns)
    if backend is None:
        front.failed.append("no node is ready")
        return FAILED
    line: Line | None = None
    backend.asked += 1
    try:
        async with asyncio.timeout(PATIENCE):
            line = _idle_line(backend) or await asyncio.open_connection("127.0.0.1", backend.port)
            line[1].write(request)
            found = await _message(line[0], is_head=request.startswith(b"HEAD "))
            if not found:
                raise Broken("closed without an answer")
    except (OSError, TimeoutError, Broken) as fault:
        if line:
            line[1].close()
        front.failed.append(f"{request.split(b' HTTP')[0].decode()} at {backend.port}: {fault!r}")
        return FAILED
    finally:
        backend.asked -= 1
    answer, stays_open = found
    backend.idle.append(line) if stays_open and backend.is_ready else line[1].close()
    front.answered[backend.port] += 1
    return answer


def _next_ready(front: Front, turns: Iterator[int]) -> Backend | None:
    for _ in front.backends:
        if (backend := front.backends[next(turns)]).is_ready:
            return backend
    return None


def _idle_line(backend: Backend) -> Line | None:
    """A kept line that the node has not closed meanwhile."""
    while backend.idle:
        reader, writer = backend.idle.pop()
        if not reader.at_eof() and not writer.is_closing():
            return reader, writer
        writer.close()
    return None


async def _message(
    reader: asyncio.StreamReader, *, is_request: bool = False, is_head: bool = False
) -> tuple[bytes, bool] | None:
    """A whole request or answer as it came, and whether its line stays open; None at the end of the line."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as end:
        if end.partial:
            raise Broken("half a head") from None
        return None
    lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    try:
        body = b"" if is_head or lines[0].split(" ")[1] in {"204", "304"} else await _body(reader, headers, is_request)
    except asyncio.IncompleteReadError:
        raise Broken("half a body") from None
    return head + body, headers.get("connection", "").lower() != "close"


async def _body(reader: asyncio.StreamReader, headers: dict[str, str], is_request: bool) -> bytes:
    if "content-length" in headers:
        return await reader.readexactly(int(headers["content-length"]))
    if headers.get("transfer-encoding") != "chunked":
        return b"" if is_request else await reader.read()
    parts = []
    while True:
        size = await reader.readuntil(b"\r\n")
        parts += [size, await reader.readexactly(int(size, 16) + 2)]
        if int(size, 16) == 0:
            return b"".join(parts)
