"""Makes pages anew beside the visitors, one at a time, and the likeliest ones before anybody comes."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.db import connection

from kidspetite.foundation.content import queries as content
from kidspetite.goods.catalog import queries as catalog
from kidspetite.goods.catalog.types import Filters

log = structlog.get_logger(__name__)

STYLES_WARMED = 48
LIKELIEST = "likeliest"


class Rebuilder(threading.Thread):
    """One thread a process, so that making pages anew never takes more than one of its places."""

    def __init__(self, make_anew: Callable[[str, dict[str, Any]], None]) -> None:
        super().__init__(name="page-cache-rebuilder", daemon=True)
        self._make_anew = make_anew
        self._wanted: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._waiting: set[str] = set()

    def want(self, key: str) -> None:
        """Make this page anew soon; wanting it again meanwhile changes nothing."""
        if key not in self._waiting:
            self._waiting.add(key)
            self._wanted.put(key)

    def want_likeliest(self) -> None:
        """Make the pages that most visits begin with. Where the database does not answer, visitors make them."""
        self.want(LIKELIEST)

    def run(self) -> None:
        while True:
            key = self._wanted.get()
            try:
                if key == LIKELIEST:
                    self._want_all(likeliest())
                else:
                    self._make_anew(key, asking_for_ourselves())
            except Exception:  # a page that cannot be made is answered by Django when somebody asks
                log.exception("page_not_rebuilt", page=key)
            finally:
                self._waiting.discard(key)

    def _want_all(self, keys: Iterator[str]) -> None:
        try:
            for key in keys:
                self.want(key)
        finally:
            connection.close()


def likeliest() -> Iterator[str]:
    """The keys of the front page, the lists, the owner's pages, and the styles that lists show first."""
    yield from ("/", "/products", "/size-guide")
    for root in catalog.category_tree():
        yield from (root.url, *(branch.url for branch in root.children))
    yield from (collection.url for collection in catalog.collections())
    yield from (f"/pages/{page.slug}" for page in content.pages())
    first = dict.fromkeys(
        [*catalog.chosen_ids(Filters(), limit=STYLES_WARMED // 2),
         *catalog.chosen_ids(Filters(sort="bestselling"), limit=STYLES_WARMED // 2)]
    )  # fmt: skip
    yield from (card.url for card in catalog.cards_of(list(first)))


def asking_for_ourselves() -> dict[str, Any]:
    """The surroundings of a question that no visitor asked."""
    address = urlsplit(settings.BASE_URL)
    return {
        "REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": "/", "QUERY_STRING": "", "REMOTE_ADDR": "127.0.0.1",
        "SERVER_NAME": address.hostname or "", "SERVER_PORT": str(address.port or 80), "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": address.netloc, "HTTP_X_FORWARDED_PROTO": address.scheme,
        "wsgi.version": (1, 0), "wsgi.url_scheme": address.scheme, "wsgi.errors": None,
        "wsgi.multithread": True, "wsgi.multiprocess": True, "wsgi.run_once": False,
    }  # fmt: skip
