"""A database that does not answer keeps nobody waiting."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.db import OperationalError, connection
from psycopg.errors import ConnectionTimeout

from kidspetite.config.settings import database
from kidspetite.foundation.plumbing import pulse
from kidspetite.foundation.plumbing.connections import direct_line
from kidspetite.foundation.plumbing.pulse import Line, ListeningLine, Pulse, Silent
from tests.harness.clock import Clock

REFUSED = 'connection to server at "127.0.0.1", port 5432 failed: Connection refused\n\tIs the server running?'
NO_SOCKET = 'connection to server on socket "/run/.s.PGSQL.5432" failed: No such file or directory'
TOO_MANY = 'connection to server at "127.0.0.1", port 5432 failed: FATAL:  sorry, too many clients already'
STARTING = 'connection to server at "127.0.0.1", port 5432 failed: FATAL:  the database system is starting up'


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def happened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What becomes of the pool, without doing it."""
    told: list[str] = []
    monkeypatch.setattr(pulse, "_turn_away", lambda: told.append("turned away"))
    monkeypatch.setattr(pulse, "_open_pool", lambda: told.append("let in"))
    return told


def test_silence_turns_everybody_away_once_until_an_answer_comes(happened: list[str], clock: Clock):
    one = Pulse(clock)
    one.beats()
    assert happened == []
    for _ in range(3):
        one.lost(Silent("no answer"))
        clock.now += 2.5
        one.lost(ConnectionTimeout("connection timeout expired"))
        one.lost(ConnectionTimeout("connection timeout expired"))
        assert happened == ["turned away"]
        one.beats()
        one.beats()
        assert happened == ["turned away", "let in"]
        happened.clear()


def test_one_line_that_falls_silent_cuts_no_other(happened: list[str], clock: Clock):
    one = Pulse(clock)
    for _ in range(3):
        one.lost(Silent("no answer"))
        clock.now += 1
        one.beats()
        clock.now += 2
    assert happened == []


@pytest.mark.parametrize(
    "error", [ConnectionTimeout("connection timeout expired"), *map(psycopg.OperationalError, (REFUSED, NO_SOCKET))]
)
def test_a_server_that_is_not_there_is_waited_for_a_moment(error: Exception, happened: list[str], clock: Clock):
    one = Pulse(clock)
    one.lost(psycopg.OperationalError("server closed the connection unexpectedly"))
    clock.now += 1.5
    one.lost(error)
    assert happened == []
    clock.now += 0.5
    one.lost(error)
    assert happened == ["turned away"]


def test_a_short_restart_turns_nobody_away(happened: list[str], clock: Clock):
    one = Pulse(clock)
    for _ in range(3):
        one.lost(psycopg.OperationalError(REFUSED))
        clock.now += 1
        one.beats()
    assert happened == []


@pytest.mark.parametrize("words", [TOO_MANY, STARTING])
def test_a_server_that_says_no_is_there(words: str, happened: list[str], clock: Clock):
    one = Pulse(clock)
    for _ in range(9):
        one.lost(psycopg.OperationalError(words))
        clock.now += 1
    assert happened == []


def test_the_words_for_nobody_are_those_of_the_library():
    with pytest.raises(psycopg.OperationalError) as refused:
        psycopg.connect("host=127.0.0.1 port=1")
    with pytest.raises(psycopg.OperationalError) as missing:
        psycopg.connect("host=/nowhere")
    assert all(pulse._is_nobody_there(error.value) for error in (refused, missing))


@pytest.fixture
def stopped() -> Iterator[list[int]]:
    """Servers of single lines, which stand still until the test is over."""
    pids: list[int] = []
    yield pids
    for pid in pids:
        os.kill(pid, signal.SIGCONT)


def stop(line: psycopg.Connection, stopped: list[int]) -> None:
    stopped.append(line.info.backend_pid)
    os.kill(stopped[-1], signal.SIGSTOP)


@pytest.mark.django_db(transaction=True)
class TestStoppedServer:
    """One of which a line waits, as PostgreSQL is when somebody sends it SIGSTOP."""

    def test_a_listening_line_waits_no_longer_than_it_may(self, monkeypatch, stopped):
        monkeypatch.setattr(pulse, "PATIENCE_SECONDS", 0.3)
        with ListeningLine.connect(**direct_line(), autocommit=True) as line:
            assert line.execute("select 1").fetchone() == (1,)
            assert list(line.notifies(timeout=0.4)) == [], "waiting for news may last longer, and is no silence"
            stop(line, stopped)
            began = time.monotonic()
            with pytest.raises(Silent):
                line.execute("select 1")
            assert 0.3 <= time.monotonic() - began < 3
            assert line.closed

    def test_what_a_listening_line_is_told_is_no_silence(self):
        with ListeningLine.connect(**direct_line(), autocommit=True) as line:
            with pytest.raises(psycopg.errors.DivisionByZero):
                line.execute("select 1 / 0")
            with pytest.raises(psycopg.OperationalError) as ended:
                line.execute("select pg_terminate_backend(pg_backend_pid())")
            assert not isinstance(ended.value, Silent)

    def test_whoever_waits_on_a_line_that_is_cut_is_told_at_once(self, stopped):
        line = Line.connect(**direct_line(), autocommit=True)
        stop(line, stopped)
        with ThreadPoolExecutor(1) as pool:
            asked = pool.submit(line.execute, "select 1")
            with pytest.raises(TimeoutError):
                asked.result(0.5)
            pulse._cut(line)
            with pytest.raises(psycopg.OperationalError):
                asked.result(3)
        line.close()
        pulse._cut(line)  # nothing is left to be cut, and nobody minds


@pytest.fixture
def pooled(transactional_db: None) -> Iterator[None]:
    """The shop's own pool, which other tests do without."""
    options = connection.settings_dict["OPTIONS"]
    connection.close()
    options["pool"] = database("postgresql:///shop")["OPTIONS"]["pool"]
    yield
    connection.close()
    connection.close_pool()
    del options["pool"]


@pytest.mark.django_db(transaction=True)
def test_while_it_is_silent_whoever_asks_or_waits_is_refused_and_afterwards_asks_as_ever(pooled):
    def waits() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("select pg_sleep(30)")
        finally:
            connection.close()

    clock = Clock()
    one = Pulse(clock)
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(waits)
        with pytest.raises(TimeoutError):
            asked.result(0.5)
        one.lost(Silent("no answer"))
        clock.now += 2.5
        one.lost(ConnectionTimeout("connection timeout expired"))
        with pytest.raises(OperationalError):
            asked.result(3)
    began = time.monotonic()
    with pytest.raises(OperationalError):
        connection.ensure_connection()
    assert time.monotonic() - began < 1
    one.beats()
    with connection.cursor() as cursor:
        cursor.execute("select 1")
        assert isinstance(connection.connection, Line)
