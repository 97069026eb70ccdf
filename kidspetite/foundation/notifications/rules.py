"""Whether a letter is still wanted is asked of the room that wrote it, at the moment of sending."""

from __future__ import annotations

from collections.abc import Callable

type Guard = Callable[[str], bool]

_guards: dict[str, Guard] = {}


def still_wanted(name: str) -> Callable[[Guard], Guard]:
    """Register a guard under the name that letters carry. It is given the letter's `subject_key` and says whether the
    letter may leave; it runs outside any transaction and must not be slow."""

    def register(guard: Guard) -> Guard:
        _guards[name] = guard
        return guard

    return register


def is_known(name: str) -> bool:
    return name in _guards


def is_still_wanted(name: str, subject_key: str) -> bool:
    return not name or _guards[name](subject_key)
