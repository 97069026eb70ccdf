"""The checker that is always there: a table of all ZIPs, and no network."""

from __future__ import annotations

import re
from functools import lru_cache

import zipcodes

from kidspetite.foundation.accounts import rules
from kidspetite.foundation.accounts.types import AddressVerdict, PlaceGuess, PostalAddress, ZipFacts

FIVE_DIGITS = re.compile(r"[0-9]{5}")
WHOLE_ZIP = re.compile(r"([0-9]{5})(-?[0-9]{4})?")


class ZipTable:
    """Knows which city and state belong to a ZIP, and no streets. Never unavailable."""

    def check(self, address: PostalAddress) -> AddressVerdict:
        return rules.judge_address(address, places_of(address.postal_code[:5]))

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
            for place in places_of(code)
        )

    def place(self, place_id: str, *, session: str) -> PostalAddress | None:
        return None


@lru_cache(maxsize=4096)
def places_of(five_digits: str) -> tuple[ZipFacts, ...]:
    """The places of a ZIP; none for an unknown one, or for what is no ZIP."""
    if not FIVE_DIGITS.fullmatch(five_digits):
        return ()  # the package panics on letters outside ASCII
    return tuple(
        ZipFacts(
            city=row["city"],
            state=row["state"],
            also=(*row["acceptable_cities"], *row["unacceptable_cities"]),
            is_military=row["zip_code_type"] == "MILITARY",
        )
        for row in zipcodes.matching(five_digits)
    )


def read_zips() -> None:
    """Read the table into memory, which takes a second the first time."""
    places_of("10001")


def _city(place: ZipFacts) -> str:
    return place.city.upper() if place.is_military else place.city
