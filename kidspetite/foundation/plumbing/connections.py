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
from psycopg_pool import ConnectionPool


def refuse_closed(connection: psycopg.Connection[Any]) -> None:
    """The pool's check before it hands a connection out; raises when the server has gone away behind it.

    A server that stops says good-bye, and the kernel closes the line of one that is killed; either can be read. A
    living idle connection has nothing to read, so one look at the socket is enough and costs no round trip. Where
    something lies there, it may be a mere notice: then the server is asked.
    """
    line = select.poll()
    line.register(connection.fileno(), select.POLLIN)
    if line.poll(0):
        ConnectionPool.check_connection(connection)


def direct_line() -> Mapping[str, Any]:
    """psycopg's parameters for a session of one's own: what listens cannot do it through a pooler."""
    own = settings.LISTEN_DATABASE or connections["default"].settings_dict
    wrapper: Any = ConnectionHandler({"default": own})["default"]
    parameters: dict[str, Any] = wrapper.get_connection_params()
    return parameters


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
