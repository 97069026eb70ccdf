"""At most two calls to providers at once in a process: a provider that hangs must not take all its threads."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

LINES_TO_PROVIDERS = 2
_lines = threading.BoundedSemaphore(LINES_TO_PROVIDERS)


@contextmanager
def a_line(patience: float) -> Iterator[bool]:
    """One of the lines to providers, or False when none came free in so many seconds."""
    is_free = _lines.acquire(timeout=patience)
    try:
        yield is_free
    finally:
        if is_free:
            _lines.release()
