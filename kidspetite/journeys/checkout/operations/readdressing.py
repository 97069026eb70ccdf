"""Correcting where a paid order goes, before it leaves: read, checked by the address port, then written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from kidspetite.foundation.accounts.types import PostalAddress
from kidspetite.journeys.checkout import rules
from kidspetite.journeys.checkout.operations.settling_address import settle_address
from kidspetite.journeys.checkout.types import AddressQuestion
from kidspetite.sales.orders import operations as orders


def readdress(
    order_id: int, typed: Mapping[str, Any], *, by: str, answer: str = "", asked: str = ""
) -> AddressQuestion | None:
    """Send an order elsewhere; gives a question instead when the checker would write the address otherwise.

    `answer` is "better" or "mine", for the question named `asked`. Up to two seconds of network: never inside a
    transaction. Raises PurchaseInvalid with the fields, AddressFixed, AddressCostsOther.
    """
    ship_to = rules.validate_address(typed)
    place = PostalAddress(ship_to.line1, ship_to.line2, ship_to.city, ship_to.state, ship_to.postal_code)
    found = settle_address(place, answer=answer, asked=asked)
    if isinstance(found, AddressQuestion):
        orders.check_new_address(order_id, ship_to)
        return found
    orders.correct_address(order_id, replace(ship_to, **found.place.as_dict(), note=found.note), by=by)
    return None
