"""Google: Address Validation for checking, Places (New) for suggesting."""

from __future__ import annotations

from typing import Any

from kidspetite.foundation.accounts import rules
from kidspetite.foundation.accounts.errors import AddressesUnavailable
from kidspetite.foundation.accounts.types import (
    AddressNote,
    AddressOutcome,
    AddressVerdict,
    PlaceGuess,
    PostalAddress,
)
from kidspetite.foundation.plumbing import http

# Somebody is waiting with a finger on the button, so no call is tried twice.
SECONDS = 2.0
SUGGESTION_MASK = (
    "suggestions.placePrediction.placeId,suggestions.placePrediction.structuredFormat.mainText.text,"
    "suggestions.placePrediction.structuredFormat.secondaryText.text,suggestions.placePrediction.text.text"
)
# dpvConfirmation: D, the building is known and the apartment missing; S, the apartment is not one of the building's.
NEEDS_APARTMENT = frozenset({"D", "S"})


class GoogleAddresses:
    """One key for both services. Any failure is AddressesUnavailable; no answer is stored beyond the request."""

    def __init__(self, *, key: str, address_base: str, places_base: str, timeout: float = SECONDS) -> None:
        headers = {"X-Goog-Api-Key": key}
        self._validation = http.client(address_base, timeout=timeout, headers=headers)
        self._places = http.client(places_base, timeout=timeout, headers=headers)

    def check(self, address: PostalAddress) -> AddressVerdict:
        lines = [line for line in (address.line1, address.line2) if line]
        asked = {
            "regionCode": "US", "addressLines": lines, "locality": address.city,
            "administrativeArea": address.state, "postalCode": address.postal_code,
        }  # fmt: skip
        told = _answer(
            self._validation, "POST", "/v1:validateAddress", json={"address": asked, "enableUspsCass": True}
        ).get("result", {})
        return _verdict(address, told)

    def suggest(self, typed: str, *, session: str) -> tuple[PlaceGuess, ...]:
        asked = {
            "input": typed, "sessionToken": session, "includedRegionCodes": ["us"], "languageCode": "en",
            "includedPrimaryTypes": ["street_address", "premise", "subpremise", "route"],
        }  # fmt: skip
        told = _answer(
            self._places, "POST", "/v1/places:autocomplete", json=asked, headers={"X-Goog-FieldMask": SUGGESTION_MASK}
        )
        found = [each["placePrediction"] for each in told.get("suggestions", []) if "placePrediction" in each]
        return tuple(_guess(prediction) for prediction in found if prediction.get("placeId"))

    def place(self, place_id: str, *, session: str) -> PostalAddress | None:
        told = _answer(
            self._places, "GET", f"/v1/places/{place_id}", params={"sessionToken": session},
            headers={"X-Goog-FieldMask": "id,addressComponents"},
        )  # fmt: skip
        parts = {kind: part for part in told.get("addressComponents", []) for kind in part.get("types", [])}
        if _short(parts, "country") != "US" or not _short(parts, "administrative_area_level_1"):
            return None
        city = next((c for k in ("locality", "sublocality", "postal_town") if (c := _long(parts, k))), "")
        return PostalAddress(
            line1=" ".join(filter(None, (_long(parts, "street_number"), _short(parts, "route")))),
            line2=_long(parts, "subpremise"),
            city=city,
            state=_short(parts, "administrative_area_level_1"),
            postal_code=_long(parts, "postal_code"),
        )


def _answer(client: Any, method: str, path: str, **request: Any) -> dict[str, Any]:
    try:
        response = client.request(method, path, **request)
        told = response.json()
    except (http.Failed, ValueError) as error:
        raise AddressesUnavailable from error
    if response.status_code != http.OK or not isinstance(told, dict):
        raise AddressesUnavailable(status=response.status_code)
    return told


def _verdict(address: PostalAddress, told: dict[str, Any]) -> AddressVerdict:
    verdict, found = told.get("verdict", {}), told.get("address", {})
    notes = _notes(address, told)
    better = _better(address, found.get("postalAddress", {}))
    is_changed = any(
        part.get("replaced") or part.get("spellCorrected") or (part.get("inferred") and _matters(part))
        for part in found.get("addressComponents", [])
    )
    if is_changed and better is not None:
        return AddressVerdict(AddressOutcome.SUGGESTED, address, better, notes, "google")
    is_sure = verdict.get("addressComplete") and not verdict.get("hasUnconfirmedComponents")
    if is_sure and not rules.is_in_doubt(notes):
        return AddressVerdict(AddressOutcome.VERIFIED, address, None, notes, "google")
    if not rules.is_in_doubt(notes):
        notes = (*notes, AddressNote.STREET_UNKNOWN)
    return AddressVerdict(AddressOutcome.UNVERIFIED, address, None, notes, "google")


def _notes(address: PostalAddress, told: dict[str, Any]) -> tuple[AddressNote, ...]:
    found, usps = told.get("address", {}), told.get("uspsData", {})
    missing = {*found.get("missingComponentTypes", []), *found.get("unconfirmedComponentTypes", [])}
    asks_apartment = told.get("verdict", {}).get("possibleNextAction") == "CONFIRM_ADD_SUBPREMISES"
    notes = [note for note in rules.street_notes(address) if not rules.is_in_doubt([note])]
    if told.get("metadata", {}).get("poBox") and AddressNote.PO_BOX not in notes:
        notes.append(AddressNote.PO_BOX)
    if asks_apartment or "subpremise" in missing or usps.get("dpvConfirmation") in NEEDS_APARTMENT:
        notes.append(AddressNote.APARTMENT_MISSING)
    if "street_number" in missing:
        notes.append(AddressNote.NO_HOUSE_NUMBER)
    return tuple(notes)


def _matters(part: dict[str, Any]) -> bool:
    """An inferred ZIP+4 or country is no correction."""
    return part.get("componentType") not in ("postal_code_suffix", "country", "administrative_area_level_2")


def _better(address: PostalAddress, found: dict[str, Any]) -> PostalAddress | None:
    """Google's own spelling, or None when it lacks a part or says the same as was typed."""
    lines = [*found.get("addressLines", []), "", ""]
    better = PostalAddress(
        line1=lines[0], line2=lines[1] or (address.line2 if address.line2 not in lines[0] else ""),
        city=found.get("locality", ""), state=found.get("administrativeArea", ""),
        postal_code=found.get("postalCode", ""),
    )  # fmt: skip
    is_whole = better.line1 and better.city and better.state and better.postal_code
    return better if is_whole and better != address else None


def _guess(prediction: dict[str, Any]) -> PlaceGuess:
    shape = prediction.get("structuredFormat", {})
    main = shape.get("mainText", {}).get("text") or prediction.get("text", {}).get("text", "")
    return PlaceGuess(main, shape.get("secondaryText", {}).get("text", ""), id=prediction["placeId"])


def _short(parts: dict[str, dict[str, str]], kind: str) -> str:
    return parts.get(kind, {}).get("shortText", "")


def _long(parts: dict[str, dict[str, str]], kind: str) -> str:
    return parts.get(kind, {}).get("longText", "")
