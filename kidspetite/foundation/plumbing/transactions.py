from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def one_transaction() -> Generator[None]:
    """Join the caller's transaction, or open one.

    Without a savepoint, which would cost two statements on the busiest path: fit for commands that write nothing
    before they refuse, so that there is nothing to take back when they do.
    """
    if connection.in_atomic_block:
        yield
    else:
        with transaction.atomic():
            yield
