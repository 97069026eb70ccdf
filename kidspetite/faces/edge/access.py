"""The line that every request writes into the log, in the form of all others (config/logs.py). It is put together here,
because the way through the processors takes as long as a third of a small page, and nothing in it could be personal."""

from __future__ import annotations

import json
import logging

from kidspetite.foundation.kernel import clock

LOG = logging.getLogger("kidspetite.access")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"})


def note(*, method: str | None, route: str, status: int, ms: float, request_id: str) -> None:
    """Write the line. `route` is a pattern of ours and never a path; a method that nobody knows is not repeated."""
    if not LOG.isEnabledFor(logging.INFO):
        return
    told = method if method in METHODS else "…"
    at = clock.now().replace(tzinfo=None).isoformat()
    line = (
        f'{{"method": "{told}", "route": {json.dumps(route)}, "status": {status}, "ms": {ms}, "event": "request", '
        f'"request_id": "{request_id}", "level": "info", "logger": "kidspetite.access", "timestamp": "{at}Z"}}'
    )
    LOG.handle(logging.LogRecord(LOG.name, logging.INFO, "", 0, line, None, None))
