"""Correcting where a paid order goes, before it leaves: read, checked by the address port, then written."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kidspetite.foundation.accounts import operations as people
from kidspetite.foundation.accounts.types import AddressNote, PostalAddress
from kidspetite.journeys.checkout import rules
from kidspetite.journeys.checkout.types import AddressQuestion
from kidspetite.sales.orders import operations as orders
from kidspetite.sales.orders.types import ShipTo


def readdress(
    order_id: int, typed: Mapping[str, Any], *, by: str, answer: str = "", asked: str = ""
) -> AddressQuestion | None:
    """Send an order elsewhere; gives a question instead when the checker would write the address otherwise.

    `answer` is "better" or "mine", for the question named `asked`. Up to two seconds of network: never inside a
    transaction. Raises PurchaseInvalid with the fields, AddressFixed, AddressCostsOther.
    """
    ship_to = rules.validate_address(typed)
    place = PostalAddress(ship_to.line1, ship_to.line2, ship_to.city, ship_to.state, ship_to.postal_code)
    verdict = people.check_address(place)
    notes = list(verdict.notes)
    if better := verdict.suggestion:
        question = AddressQuestion(place, better, _mark_of(place))
        if asked != question.about or answer not in ("better", "mine"):
            orders.check_new_address(order_id, ship_to)
            return question
        if answer == "better":
            ship_to, notes = _written_as(ship_to, better), []
        else:
            notes.append(AddressNote.KEPT_AS_TYPED)
    orders.correct_address(order_id, replace(ship_to, note=",".join(notes)), by=by)
    return None


def _written_as(ship_to: ShipTo, better: PostalAddress) -> ShipTo:
    return replace(ship_to, **better.as_dict())


def _mark_of(place: PostalAddress) -> str:
    return hashlib.sha256("\n".join(place.as_dict().values()).encode()).hexdigest()[:16]
