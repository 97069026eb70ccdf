"""Whether a pooled connection is still one, without asking the server; and how to reach the database past a pooler."""

from __future__ import annotations

import select
from collections.abc import Mapping
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection, connections
from django.db.utils import ConnectionHandler
from psycopg import sql
from psycopg_pool import AsyncConnectionPool, ConnectionPool

NOT_PSYCOPGS = {"cursor_factory", "context"}


def refuse_closed(connection: psycopg.Connection[Any]) -> None:
    """The pool's check before it hands a connection out; raises when the server has gone away behind it.

    A server that stops says good-bye, and the kernel closes the line of one that is killed; either can be read. A
    living idle connection has nothing to read, so one look at the socket is enough and costs no round trip. Where
    something lies there, it may be a mere notice: then the server is asked.
    """
    if _says_something(connection):
        ConnectionPool.check_connection(connection)


async def refuse_closed_line(connection: psycopg.AsyncConnection[Any]) -> None:
    """The same for the worker's own lines."""
    if _says_something(connection):
        await AsyncConnectionPool.check_connection(connection)


def _says_something(connection: psycopg.Connection[Any] | psycopg.AsyncConnection[Any]) -> bool:
    line = select.poll()
    line.register(connection.fileno(), select.POLLIN)
    return bool(line.poll(0))


def direct_line() -> Mapping[str, Any]:
    """psycopg's parameters for a session of one's own: what listens cannot do it through a pooler."""
    own = settings.LISTEN_DATABASE or connections["default"].settings_dict
    wrapper: Any = ConnectionHandler({"default": own})["default"]
    parameters: dict[str, Any] = wrapper.get_connection_params()
    return parameters


def line_of_jobs() -> dict[str, Any]:
    """The same for the worker itself, which takes a job and writes down its end, each in a statement of its own.

    Neither waits for the disk. The log is flushed in order, so whatever a job commits takes along that it was taken; an
    end that a crash loses is one of a job that another worker gets, and finds done.
    """
    line = {name: value for name, value in direct_line().items() if name not in NOT_PSYCOPGS}
    return {**line, "options": f"{line.get('options', '')} -c synchronous_commit=off".strip()}


async def without_transactions(line: psycopg.AsyncConnection[Any]) -> None:
    """Each statement of the worker is all there is to its transaction."""
    await line.set_autocommit(True)


def give_limits_to_role() -> None:
    """Behind a pooler a session cannot be told its time limits as it begins, so our role has them in this database."""
    own = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        for name, value in settings.AT_START.items():
            statement = sql.SQL("ALTER ROLE CURRENT_USER IN DATABASE {} SET {} = {}")
            cursor.execute(statement.format(sql.Identifier(own), sql.Identifier(name), sql.Literal(value)))


def has_limits() -> bool:
    """Whether the session that the pooler gave us has our time limits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT setting FROM pg_settings WHERE name = 'lock_timeout'")
        return bool(cursor.fetchone()[0] == settings.AT_START["lock_timeout"])
