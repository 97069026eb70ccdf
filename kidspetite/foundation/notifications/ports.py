from __future__ import annotations

from typing import Protocol

from kidspetite.foundation.notifications.types import Letter


class Postman(Protocol):
    """Takes letters. Called outside any transaction.

    Raises PostUnreachable when it may help to try again, PostRefused when it does not.
    """

    code: str

    def deliver(self, letter: Letter) -> str:
        """Hand one letter over; returns the provider's id of it, or an empty string where there is none."""
        ...
