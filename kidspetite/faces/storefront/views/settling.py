"""Settling where a parcel goes: what the checker would write is offered once, and the shopper has the last word."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from kidspetite.foundation.accounts import operations as people
from kidspetite.foundation.accounts.types import AddressNote, AddressOutcome, PostalAddress
from kidspetite.journeys.checkout import rules

PLACE = ("line1", "line2", "city", "state", "postal_code")


@dataclass(frozen=True, slots=True)
class Question:
    """Which of two to send to. `about` names the address that it was asked for, so that a changed one is asked anew."""

    typed: PostalAddress
    better: PostalAddress
    about: str


def settled(request: HttpRequest, address: dict[str, str], known: dict[str, Any]) -> dict[str, str] | Question:
    """The address to keep, with what the packer should know of it, or the question to ask first.

    `address` is sound in form; `known` is what the basket's draft held before. Up to two seconds of network.
    """
    place = rules.validate_place({name: address[name] for name in PLACE})
    about = _mark_of(place)
    if known.get("settled") == about:
        return address | {"note": str(known.get("note", "")), "settled": about}
    verdict = people.check_address(place)
    notes = list(verdict.notes)
    if verdict.outcome == AddressOutcome.SUGGESTED and verdict.suggestion is not None:
        choice = request.POST.get("address_choice") if request.POST.get("address_asked") == about else None
        if choice == "better":
            better = verdict.suggestion
            return address | better.as_dict() | {"note": "", "settled": _mark_of(better)}
        if choice != "mine":
            return Question(place, verdict.suggestion, about)
        notes.append(AddressNote.KEPT_AS_TYPED)
    return address | {"note": ",".join(notes), "settled": about}


def _mark_of(place: PostalAddress) -> str:
    return hashlib.sha256("\n".join(place.as_dict().values()).encode()).hexdigest()[:16]
