"""After a restart of the database nobody gets a connection that the server has closed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection
from psycopg.pq import TransactionStatus
from psycopg_pool import AsyncConnectionPool, ConnectionPool

from kidspetite.config.settings import LINE, database
from kidspetite.foundation.plumbing.connections import (
    line_of_jobs,
    refuse_closed,
    refuse_closed_line,
    without_transactions,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pool_with() -> Iterator[Callable[..., ConnectionPool]]:
    """A pool of two connections to the tests' database, with a check of this kind or none."""
    pools: list[ConnectionPool] = []

    def made(check: Any) -> ConnectionPool:
        told = {"autocommit": True, **connection.get_connection_params()}
        told.pop("cursor_factory", None)
        told.pop("context", None)
        pools.append(ConnectionPool(kwargs=told, min_size=2, max_size=2, timeout=5, check=check, open=True))
        pools[-1].wait(5)
        return pools[-1]

    yield made
    for pool in pools:
        pool.close()


def end_all_of(pool: ConnectionPool) -> None:
    """What a restarting server does to every line."""
    with connection.cursor() as cursor:
        for each in list(pool._pool):
            cursor.execute("select pg_terminate_backend(%s, 2000)", [each.info.backend_pid])


def test_without_the_check_the_first_request_meets_a_dead_line(pool_with):
    pool = pool_with(None)
    end_all_of(pool)
    with pytest.raises(psycopg.OperationalError), pool.connection() as line:
        line.execute("select 1")


def test_with_it_every_request_gets_a_living_one(pool_with):
    pool = pool_with(refuse_closed)
    end_all_of(pool)
    for _ in range(4):
        with pool.connection() as line:
            assert line.execute("select 1").fetchone() == (1,)


def test_a_notice_that_lies_there_is_no_reason_to_throw_a_line_away(pool_with):
    pool = pool_with(refuse_closed)
    with pool.connection() as line:
        line.execute("listen shelves")
        pid = line.info.backend_pid
        with connection.cursor() as cursor:
            cursor.execute("notify shelves")
        refuse_closed(line)
        assert not line.closed
        assert line.info.backend_pid == pid


def test_the_shop_checks_its_own_pool_so():
    assert database("postgresql:///shop")["OPTIONS"]["pool"]["check"] is refuse_closed


def test_a_server_that_vanished_is_given_up_soon_unless_its_address_says_otherwise():
    usual = database("postgresql://db.example/shop")["OPTIONS"]
    assert usual["keepalives_idle"] + usual["keepalives_count"] * usual["keepalives_interval"] <= 30
    assert (usual["connect_timeout"], usual["tcp_user_timeout"]) == (5, 25_000)
    assert database("postgresql://db.example/shop?connect_timeout=9")["OPTIONS"]["connect_timeout"] == "9"
    psycopg.conninfo.make_conninfo(**{name: usual[name] for name in LINE})


def test_the_workers_own_lines_commit_by_the_statement_and_survive_a_restart_too():
    async def asked() -> tuple[Any, ...]:
        pool = AsyncConnectionPool(
            kwargs=line_of_jobs(), min_size=2, max_size=2, timeout=5, open=False, check=refuse_closed_line,
            configure=without_transactions,
        )  # fmt: skip
        async with pool:
            await pool.wait(5)
            for each in list(pool._pool):
                async with await psycopg.AsyncConnection.connect(**line_of_jobs()) as other:
                    await other.execute("select pg_terminate_backend(%s, 2000)", [each.info.backend_pid])
            async with pool.connection() as line:
                told = await line.execute("select current_setting('synchronous_commit')")
                return (await told.fetchone(), line.info.transaction_status)

    assert asyncio.run(asked()) == (("off",), TransactionStatus.IDLE)
