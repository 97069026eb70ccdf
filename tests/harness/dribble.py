"""A slow line: pages come through it in pieces, so that a browser paints what it has before the rest arrives."""

from __future__ import annotations

import http.client
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice, pairwise
from urllib.parse import urlsplit

PAUSE_SECONDS = 0.06
TIMES = 3
FIRST_PAUSE_SECONDS = 0.4  # the head's style sheet and fonts arrive meanwhile: nothing is painted without them
LEFT_OUT = {"connection", "content-encoding", "content-length", "keep-alive", "transfer-encoding"}


@contextmanager
def slow_line(shop_url: str, *places: str) -> Iterator[str]:
    """The address of a proxy before the shop (GET only). An HTML page is cut behind the first few tags that each of
    these patterns finds and sent piece by piece with a pause after each; everything else passes as it comes."""

    class Line(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = _ask(shop_url, self.path, dict(self.headers))
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.end_headers()
            is_page = any(name.lower() == "content-type" and "text/html" in value for name, value in headers)
            for number, piece in enumerate(_pieces(body, places) if is_page else [body]):
                if number:
                    time.sleep(FIRST_PAUSE_SECONDS if number == 1 else PAUSE_SECONDS)
                self.wfile.write(piece)
                self.wfile.flush()

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: the shop keeps its own log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Line)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def _ask(shop_url: str, path: str, headers: dict[str, str]) -> tuple[int, list[tuple[str, str]], bytes]:
    there = urlsplit(shop_url).netloc
    connection = http.client.HTTPConnection(there, timeout=20)
    try:
        connection.request("GET", path, headers={**headers, "Host": there, "Accept-Encoding": "identity"})
        answer = connection.getresponse()
        kept = [(name, value) for name, value in answer.getheaders() if name.lower() not in LEFT_OUT]
        return answer.status, kept, answer.read()
    finally:
        connection.close()


def _pieces(body: bytes, places: tuple[str, ...]) -> list[bytes]:
    text = body.decode()
    found = (islice(re.finditer(f"{place}[^>]*>", text), TIMES) for place in ("</head", *places))
    ends = sorted({match.end() for matches in found for match in matches})
    return [text[start:end].encode() for start, end in pairwise([0, *ends, len(text)])]
