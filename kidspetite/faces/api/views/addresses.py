from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router

from kidspetite.faces.api import shapes
from kidspetite.faces.api.refusals import refusals
from kidspetite.foundation.accounts import operations as people
from kidspetite.foundation.accounts.types import PlaceGuess, PostalAddress
from kidspetite.foundation.kernel.ids import token
from kidspetite.journeys.checkout.rules import validate_place

SHORTEST = 3

router = Router(tags=["Addresses"])

Typed = Annotated[str, Query("", max_length=160, description="what has been typed so far")]
Place = Annotated[str, Query("", max_length=400, pattern=r"^[A-Za-z0-9_-]*$", description="the id of a suggestion")]
Session = Annotated[
    str,
    Query("", max_length=36, pattern=r"^[A-Za-z0-9_-]*$", description="the same from the first letter to the choice"),
]


@router.post("address/validate", response={200: shapes.AddressOut, **refusals(422)}, summary="Check an address")
def validate_address(request: HttpRequest, typed: shapes.PlaceIn) -> Any:
    """Three outcomes, and none stops an order: `verified`; `suggested`, with what we would write; `unverified`, which
    is accepted and marked for the packer."""
    verdict = people.check_address(validate_place(typed.model_dump()))
    return {
        "outcome": verdict.outcome,
        "address": verdict.address.as_dict(),
        "suggestion": verdict.suggestion and verdict.suggestion.as_dict(),
        "notes": list(verdict.notes),
        "checked_by": verdict.checked_by,
    }


@router.get("address/suggest", response={200: shapes.PlaceGuesses, **refusals(422)}, summary="Suggest an address")
def suggest_address(request: HttpRequest, q: Typed, place: Place, session: Session) -> Any:
    """With `q`, guesses for what is being typed: one with an `address` is whole, any other is asked for again with its
    `id` as `place`. A ZIP gives its city and state. Nobody to ask is no error: the list is empty."""
    return {"items": [_item(guess) for guess in _guesses(q.strip(), place, session or token())]}


def _guesses(typed: str, place: str, session: str) -> tuple[PlaceGuess, ...]:
    if place:
        found = people.address_of_place(place, session=session)
        return (PlaceGuess("", address=found),) if found else ()
    return people.suggest_addresses(typed, session=session) if len(typed) >= SHORTEST else ()


def _item(guess: PlaceGuess) -> dict[str, Any]:
    return {"id": guess.id, "text": guess.text, "detail": guess.detail, "address": _dict(guess.address)}


def _dict(address: PostalAddress | None) -> dict[str, str] | None:
    return address.as_dict() if address else None
