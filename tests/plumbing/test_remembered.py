from __future__ import annotations

import pytest

from kidspetite.foundation.plumbing.remembered import Remembered


def lengths(limit: int) -> Remembered[str, str]:
    return Remembered(limit, lambda _key, told: len(told))


def test_what_is_known_is_not_made_again():
    memory, made = lengths(100), []
    for _ in range(2):
        assert memory.get("a", lambda: made.append("a") or "told") == "told"
    assert (made, len(memory), memory.bytes) == (["a"], 1, 4)


def test_what_was_asked_for_longest_ago_makes_room():
    memory = lengths(10)
    for key in ("a", "b", "a", "c"):
        memory.get(key, lambda: "four")
    assert memory.get("a", lambda: "new") == "four"
    assert memory.get("b", lambda: "new!") == "new!"
    assert memory.bytes <= 10


def test_what_is_larger_than_all_the_room_is_made_each_time_and_drives_nothing_out():
    memory = lengths(10)
    memory.get("small", lambda: "four")
    assert memory.get("large", lambda: "x" * 11) == "x" * 11
    assert memory.get("large", lambda: "y" * 11) == "y" * 11
    assert (len(memory), memory.bytes) == (1, 4)


def test_what_fails_is_tried_again():
    memory = lengths(10)
    with pytest.raises(ZeroDivisionError):
        memory.get("a", lambda: str(1 // 0))
    assert memory.get("a", lambda: "told") == "told"


def test_all_of_it_can_be_forgotten():
    memory = lengths(10)
    memory.get("a", lambda: "told")
    memory.forget()
    assert (memory.get("a", lambda: "new"), memory.bytes) == ("new", 3)
