"""Asks a WSGI application, as a server would."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.datastructures import CaseInsensitiveMapping

type App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True)
class Said:
    status: int
    headers: CaseInsensitiveMapping[str]
    body: bytes

    @property
    def etag(self) -> str:
        return self.headers["ETag"]

    @property
    def cache(self) -> str:
        """What the page cache says of this answer; empty when it did not answer."""
        return self.headers.get("Cache-Status", "").removeprefix("pages; ")


def ask(app: App, address: str = "/", *, method: str = "GET", host: str = "testserver", **headers: str) -> Said:
    """`ask(app, "/products?size=3m", accept_encoding="br")`; header names as keywords."""
    path, _mark, query = address.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method, "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": query,
        "REMOTE_ADDR": "127.0.0.1",
        "SERVER_NAME": "testserver", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": host,
        "wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(), "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True, "wsgi.multiprocess": True, "wsgi.run_once": False,
        **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
    }  # fmt: skip
    said: list[tuple[str, list[tuple[str, str]]]] = []
    chunks = app(environ, lambda status, headers, error=None: said.append((status, headers)))
    try:
        body = b"".join(chunks)
    finally:
        if close := getattr(chunks, "close", None):
            close()
    status, given = said[-1]
    assert len({name.lower() for name, _ in given if name.lower() != "set-cookie"}) == len(
        [name for name, _ in given if name.lower() != "set-cookie"]
    ), f"a header came twice: {given}"
    return Said(int(status.split()[0]), CaseInsensitiveMapping(given), body)
