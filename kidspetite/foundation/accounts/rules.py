from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import zipcodes

from kidspetite.foundation.accounts.types import (
    AddressNote,
    AddressOutcome,
    AddressVerdict,
    PostalAddress,
    ZipFacts,
)

FIVE_DIGITS = re.compile(r"[0-9]{5}")
PO_BOX = re.compile(r"\b(p\.?\s*o\.?\s*box|post office box|general delivery)\b", re.IGNORECASE)
RURAL_ROUTE = re.compile(r"\b(r\.?\s*r\.?|rural route|h\.?\s*c\.?|highway contract)\s*#?\d+.*\bbox\b", re.IGNORECASE)
UNIT_WITHOUT_NUMBER = re.compile(r"\b(apt|apartment|suite|ste|unit|#)\.?\s*$", re.IGNORECASE)
MILITARY_CITIES = frozenset({"apo", "fpo", "dpo"})
# What people write and the post abbreviates, or the other way round.
ONE_NAME = {
    "saint": "st",
    "sainte": "ste",
    "fort": "ft",
    "mount": "mt",
    "north": "n",
    "south": "s",
    "east": "e",
    "west": "w",
}
HARMLESS = frozenset({AddressNote.PO_BOX, AddressNote.MILITARY, AddressNote.RURAL_ROUTE})


def clean_line(text: str, limit: int) -> str:
    """One line of typed text: normal form, single spaces, no control characters, at most `limit` characters."""
    plain = unicodedata.normalize("NFC", text)
    return re.sub(r"\s+", " ", "".join(c for c in plain if c.isspace() or unicodedata.category(c)[0] != "C")).strip()[
        :limit
    ]


def clean_text(text: str, limit: int) -> str:
    """Typed text that may have line breaks."""
    lines = (clean_line(line, limit) for line in unicodedata.normalize("NFC", text).splitlines())
    return "\n".join(lines).strip()[:limit]


def address_faults(typed: dict[str, str]) -> list[tuple[str, str]]:
    """What keeps an address from being kept: (field, sentence) pairs, in the order of the form."""
    faults = []
    for field, words in (
        ("name", "Who opens the door? A full name, please."),
        ("line1", "A street and a number, please."),
        ("city", "Which city?"),
    ):
        if not typed[field]:
            faults.append((field, words))
    if not re.fullmatch(r"[A-Z]{2}", typed["state"]):
        faults.append(("state", "Choose a state."))
    digits = re.sub(r"\D", "", typed["postal_code"])
    if len(digits) not in (5, 9):
        faults.append(("postal_code", "A US ZIP has five digits."))
    return faults


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


def judge_address(address: PostalAddress, places: Sequence[ZipFacts]) -> AddressVerdict:
    """What a table of ZIPs can tell. `places` are those of the address's own ZIP; none for an unknown one.

    VERIFIED here means that city, state and ZIP belong together and the street has the shape of one: no table knows
    every house. A wrong state or city is corrected from the ZIP when the rest agrees with it.
    """
    notes = street_notes(address)
    if any(place.is_military for place in places) and AddressNote.MILITARY not in notes:
        notes = (*notes, AddressNote.MILITARY)
    if not places:
        return _verdict(address, None, (*notes, AddressNote.ZIP_UNKNOWN))
    there = next((place for place in places if place.state == address.state), places[0])
    knows_city = _is_called(address.city, there)
    if there.state != address.state:
        mended = replace(address, state=there.state) if knows_city else None
        return _verdict(address, mended, (*notes, AddressNote.ZIP_STATE_MISMATCH))
    if knows_city:
        return _verdict(address, None, notes)
    mended = replace(address, city=there.city.upper() if there.is_military else there.city)
    return _verdict(address, mended, (*notes, AddressNote.CITY_MISMATCH))


def street_notes(address: PostalAddress) -> tuple[AddressNote, ...]:
    """What can be seen from the lines alone."""
    street = f"{address.line1} {address.line2}".strip()
    notes = []
    if address.city.lower() in MILITARY_CITIES:
        notes.append(AddressNote.MILITARY)
    if PO_BOX.search(street):
        notes.append(AddressNote.PO_BOX)
    elif RURAL_ROUTE.search(street):
        notes.append(AddressNote.RURAL_ROUTE)
    elif not any(letter.isdigit() for letter in street):
        notes.append(AddressNote.NO_HOUSE_NUMBER)
    last_line = address.line2 or address.line1
    if UNIT_WITHOUT_NUMBER.search(last_line):
        notes.append(AddressNote.APARTMENT_MISSING)
    return tuple(notes)


def is_in_doubt(notes: Sequence[AddressNote]) -> bool:
    return not HARMLESS.issuperset(notes)


def _verdict(address: PostalAddress, mended: PostalAddress | None, notes: tuple[AddressNote, ...]) -> AddressVerdict:
    if mended is not None:
        outcome = AddressOutcome.SUGGESTED
    else:
        outcome = AddressOutcome.UNVERIFIED if is_in_doubt(notes) else AddressOutcome.VERIFIED
    return AddressVerdict(outcome, address, mended, notes, "local")


def _is_called(city: str, place: ZipFacts) -> bool:
    return _plain(city) in {_plain(name) for name in (place.city, *place.also)}


def _plain(city: str) -> str:
    folded = unicodedata.normalize("NFKD", city).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z ]+", " ", folded).split()
    return " ".join(ONE_NAME.get(word, word) for word in words)
