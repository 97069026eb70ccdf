"""The one place where waiting too long for a row becomes a word for people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import errors

from kidspetite.foundation.kernel.errors import Busy
from kidspetite.foundation.plumbing.spending import spending_on_database

# lock_timeout; statement_timeout; two who wait for each other, of whom PostgreSQL sends one away.
TOO_LONG = (errors.LockNotAvailable, errors.QueryCanceled, errors.DeadlockDetected)


def say_busy(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Run a statement; raises Busy when its rows could not be had in time. The transaction around it is lost."""
    try:
        return execute(sql, params, many, context)
    except OperationalError as error:
        if isinstance(error.__cause__, TOO_LONG):
            raise Busy(reason=type(error.__cause__).__name__) from error
        raise


def watch(connection: BaseDatabaseWrapper) -> None:
    """Put our wrappers around every statement of a connection."""
    for wrapper in (say_busy, spending_on_database):
        if wrapper not in connection.execute_wrappers:
            connection.execute_wrappers.append(wrapper)
