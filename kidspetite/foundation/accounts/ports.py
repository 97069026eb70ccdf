from __future__ import annotations

from typing import Protocol

from kidspetite.foundation.accounts.types import AddressVerdict, PlaceGuess, PostalAddress


class AddressChecker(Protocol):
    """Somebody who knows addresses. Every call may raise AddressesUnavailable, and takes two seconds at most."""

    def check(self, address: PostalAddress) -> AddressVerdict:
        """Say whether this is a place where parcels arrive."""
        ...

    def suggest(self, typed: str, *, session: str) -> tuple[PlaceGuess, ...]:
        """Guess what is being typed, best first. `session` is the same for one address from its first letter on."""
        ...

    def place(self, place_id: str, *, session: str) -> PostalAddress | None:
        """The address behind a guess; None when it is no address in the United States."""
        ...
