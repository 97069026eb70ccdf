"""Many at once: every member waits at one door, and all go through together."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection


def together[T](crowd: int, act: Callable[[int], T]) -> list[T]:
    """Run `act(0) … act(crowd - 1)` in threads that start at one moment, each with a connection of its own.

    The connection is open before the door is, so that connecting does not spread the crowd out in time.
    """
    door = Barrier(crowd)

    def member(number: int) -> T:
        connection.ensure_connection()
        try:
            door.wait(30)
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(crowd) as pool:
        return list(pool.map(member, range(crowd)))
