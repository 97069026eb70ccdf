"""The checker that is always there: a table of all ZIPs, and no network."""

from __future__ import annotations

import re

from kidspetite.foundation.accounts import rules
from kidspetite.foundation.accounts.types import AddressVerdict, PlaceGuess, PostalAddress, ZipFacts

WHOLE_ZIP = re.compile(r"([0-9]{5})(-?[0-9]{4})?")


class ZipTable:
    """Knows which city and state belong to a ZIP, and no streets. Never unavailable."""

    def check(self, address: PostalAddress) -> AddressVerdict:
        return rules.judge_address(address, rules.places_of(address.postal_code[:5]))

    def suggest(self, typed: str, *, session: str) -> tuple[PlaceGuess, ...]:
        """For a whole ZIP its city and state; for anything else nothing, because the table has no streets."""
        if (found := WHOLE_ZIP.fullmatch(typed.strip())) is None:
            return ()
        code = found[1]
        return tuple(
            PlaceGuess(
                f"{_city(place)}, {place.state} {code}",
                address=PostalAddress("", "", _city(place), place.state, code),
            )
            for place in rules.places_of(code)
        )

    def place(self, place_id: str, *, session: str) -> PostalAddress | None:
        return None


def _city(place: ZipFacts) -> str:
    return place.city.upper() if place.is_military else place.city
