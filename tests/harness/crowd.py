"""Many at once: every member waits at one door, and all go through together."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier

import pytest
from django.db import connection
from django.db.backends.utils import CursorWrapper

ROUNDS = 40
PATIENCE = 60.0

LOCK = re.compile(r'\bfor (no key )?update( of "?\w+"?(, "?\w+"?)*)?( skip locked)?', re.IGNORECASE)


def together[T](crowd: int, act: Callable[[int], T]) -> list[T]:
    """Run `act(0) … act(crowd - 1)` in threads that start at one moment, each with a connection of its own.

    The connection is open before the door is, so that connecting does not spread the crowd out in time. Nobody is sent
    away for having waited long for a row: on a busy machine who holds it may be kept from going on.
    """
    door = Barrier(crowd)

    def member(number: int) -> T:
        try:
            with connection.cursor() as cursor:
                cursor.execute("set lock_timeout = 0")  # statement_timeout still ends what would wait for good
            door.wait(PATIENCE)
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(crowd) as pool:
        return list(pool.map(member, range(crowd)))


def must_go_wrong(race: Callable[[int], bool]) -> None:
    """The control of a race: `race(0)`, `race(1)` … of the same crowd without its lock, until one is seen to go wrong.

    A busy machine may run a crowd one behind the other, and then nobody is in anybody's way; so there are many rounds,
    of which the first that goes wrong is enough.
    """
    if not any(race(number) for number in range(ROUNDS)):
        pytest.fail("the race is too tame: it passes without its lock")


@contextmanager
def without_locks(patch: pytest.MonkeyPatch) -> Iterator[None]:
    """The naive twin: the same code and the same statements, but nobody waits for anybody's row.

    Taken out where a statement leaves for the database, so that it reaches the ORM, recipes and written SQL alike.
    """
    honest = CursorWrapper.execute

    def execute(cursor: CursorWrapper, statement: object, params: object = None) -> object:
        if isinstance(statement, str):
            statement = LOCK.sub("", statement)
        return honest(cursor, statement, params)

    with patch.context() as inside:
        inside.setattr(CursorWrapper, "execute", execute)
        yield
