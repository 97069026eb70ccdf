"""Whether a pooled connection is still one, without asking the server."""

from __future__ import annotations

import select
from typing import Any

import psycopg
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
