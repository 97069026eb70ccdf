"""Where the time of a request goes: seconds by part, told to browsers as `Server-Timing`."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_spent: ContextVar[dict[str, float] | None] = ContextVar("spent", default=None)


def begin_spending() -> dict[str, float]:
    """Count anew, for the request that begins here."""
    spent: dict[str, float] = defaultdict(float)
    _spent.set(spent)
    return spent


@contextmanager
def spending(part: str) -> Generator[None]:
    """What happens inside counts as time of this part; nothing is counted outside a request."""
    began = time.perf_counter()
    try:
        yield
    finally:
        spent = _spent.get()
        if spent is not None:
            spent[part] += time.perf_counter() - began


def spending_on_database(
    execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """Runs around every statement of a connection, so without the detour of `spending("db")`."""
    if (spent := _spent.get()) is None:
        return execute(sql, params, many, context)
    began = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        spent["db"] += time.perf_counter() - began
