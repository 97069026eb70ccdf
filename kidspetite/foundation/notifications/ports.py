from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from kidspetite.foundation.notifications.types import Letter, PostNote


class Postman(Protocol):
    """Takes letters. Called outside any transaction.

    Raises PostUnreachable when it may help to try again, PostRefused when it does not.
    """

    code: str

    def deliver(self, letter: Letter) -> str:
        """Hand one letter over; returns the provider's id of it, or an empty string where there is none."""
        ...


class PostNews(Protocol):
    """A postman that tells afterwards what became of its letters."""

    def opened(self, raw: bytes, headers: Mapping[str, str]) -> tuple[PostNote, ...]:
        """What a message of the provider says, once its signature is found right for these very bytes. Raises
        NewsRefused."""
        ...
