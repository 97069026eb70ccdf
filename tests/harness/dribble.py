"""A slow line: pages come through it in pieces, and each waits until the browser has painted what it has."""

from __future__ import annotations

import http.client
import re
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice, pairwise
from urllib.parse import urlsplit

TIMES = 3
PATIENCE_SECONDS = 20
PAINTED = "/painted-piece-"
# A comment ends each piece and takes no room. Two frames after it came, what stands before it is seen.
TELLS = """
new MutationObserver((changes) => {
  const added = changes.flatMap(({addedNodes}) => [...addedNodes])
  for (const {data} of added.filter(({nodeType, data}) => nodeType === 8 && data.startsWith('piece '))) {
    const tell = () => fetch('PAINTED' + data.slice(6), {cache: 'no-store'}).catch(() => {})
    requestAnimationFrame(() => requestAnimationFrame(tell))
  }
}).observe(document, {childList: true, subtree: true})
""".replace("PAINTED", PAINTED)
LEFT_OUT = {"connection", "content-encoding", "content-length", "keep-alive", "transfer-encoding"}


@contextmanager
def slow_line(shop_url: str, *places: str) -> Iterator[str]:
    """The address of a proxy before the shop (GET only). An HTML page is cut behind the first few tags that each of
    these patterns finds and sent piece by piece, each when the one before is painted: a page that is to be read so runs
    TELLS. Everything else passes as it comes."""
    painted: dict[str, threading.Event] = defaultdict(threading.Event)

    class Line(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith(PAINTED):
                painted[self.path.removeprefix(PAINTED)].set()
                self.send_response(204)
                self.end_headers()
                return
            status, headers, body = _ask(shop_url, self.path, dict(self.headers))
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.end_headers()
            is_page = any(name.lower() == "content-type" and "text/html" in value for name, value in headers)
            *before, last = _pieces(body, places) if is_page else [body]
            for number, piece in enumerate(before):
                is_seen = painted[str(number)]
                self.wfile.write(piece + f"<!--piece {number}-->".encode())
                self.wfile.flush()
                is_seen.wait(PATIENCE_SECONDS)
            self.wfile.write(last)

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
    found = (islice(re.finditer(f"{place}[^>]*>", text), TIMES) for place in places)
    ends = sorted({match.end() for matches in found for match in matches})
    return [text[start:end].encode() for start, end in pairwise([0, *ends, len(text)])]
