"""What a process remembers of the shop for a moment, and must ask anew when a page is purged."""

from __future__ import annotations

from collections.abc import Callable

from kidspetite.foundation.plumbing import replica
from kidspetite.goods.catalog.queries import hear_change

# The replica too is no place for what has just changed, until it knows of it.
_forgetters: list[Callable[[], None]] = [hear_change, replica.hear_change]


def forgets(forget: Callable[[], None]) -> None:
    """Register another such memory. Called from the ear's thread, so it may do no more than mark it as old."""
    _forgetters.append(forget)


def forget_everything() -> None:
    for forget in _forgetters:
        forget()
