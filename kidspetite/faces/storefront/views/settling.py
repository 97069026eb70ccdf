"""Settling where a parcel goes at the shipping step: asked about once, and remembered with what was typed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from kidspetite.journeys.checkout import operations as checkout
from kidspetite.journeys.checkout import rules
from kidspetite.journeys.checkout.types import AddressQuestion

PLACE = ("line1", "line2", "city", "state", "postal_code")


def settled(request: HttpRequest, address: dict[str, str], known: dict[str, Any]) -> dict[str, str] | AddressQuestion:
    """The address to keep, with what the packer should know of it, or the question to ask first.

    `address` is sound in form; `known` is what the basket's draft held before. Up to two seconds of network.
    """
    place = rules.validate_place({name: address[name] for name in PLACE})
    if known.get("settled") == rules.mark_of(place):
        return address | {"note": str(known.get("note", "")), "settled": known["settled"]}
    found = checkout.settle_address(
        place, answer=request.POST.get("address_choice", ""), asked=request.POST.get("address_asked", "")
    )
    if isinstance(found, AddressQuestion):
        return found
    written = found.place.as_dict() if found.place != place else {}
    return address | written | {"note": found.note, "settled": rules.mark_of(found.place)}
