from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from fnmatch import fnmatchcase

from kidspetite.foundation.content.rules import STATES as HOME_STATES

# Where parcels go: the states, the territories and the military post, as a form lists them.
STATES: tuple[tuple[str, str], ...] = (
    *sorted(HOME_STATES.items(), key=lambda state: state[1]),
    ("AS", "American Samoa"), ("GU", "Guam"), ("MP", "Northern Mariana Islands"), ("VI", "U.S. Virgin Islands"),
    ("AA", "Armed Forces Americas"), ("AE", "Armed Forces Europe"), ("AP", "Armed Forces Pacific"),
)  # fmt: skip


class Role(StrEnum):
    """What somebody on the merchant's team does. The name is the name of the group."""

    OWNER = "Owner"
    FULFILMENT = "Fulfilment"
    SUPPORT = "Support"
    CATALOGUE = "Catalogue"
    MARKETING = "Marketing"
    READ_ONLY = "Read-only"


_SHELVES = ("catalog.view_*", "inventory.view_*", "media.view_*")
_ORDERS = ("orders.view_*", "shipping.view_*", "payments.view_payment", "payments.view_refund")

# Role → permissions, as patterns of `app.codename`. The table is the only place: groups follow it at every migrate.
ROLES: Mapping[Role, tuple[str, ...]] = {
    Role.OWNER: ("*",),
    Role.FULFILMENT: (
        *_SHELVES, *_ORDERS, "shipping.add_shipment", "shipping.change_shipment", "orders.change_order",
        "inventory.change_stocklevel",
    ),
    Role.SUPPORT: (
        *_SHELVES, *_ORDERS, "orders.change_order", "payments.add_refund", "accounts.view_user", "accounts.change_user",
        "accounts.view_address", "accounts.view_enquiry", "accounts.change_enquiry", "notifications.view_message",
        "notifications.change_message", "content.view_page",
    ),
    Role.CATALOGUE: (
        "catalog.*", "media.*", "inventory.view_*", "inventory.change_stocklevel", "content.view_page",
    ),
    Role.MARKETING: (
        *_SHELVES, "catalog.*_collection", "catalog.*_collectionitem", "content.*_page",
    ),
    Role.READ_ONLY: (
        *_SHELVES, *_ORDERS, "pricing.view_*", "accounts.view_user", "accounts.view_enquiry", "content.view_*",
    ),
}  # fmt: skip


def may(role: Role, permission: str) -> bool:
    """Whether a role grants a permission such as `orders.view_order`."""
    return any(fnmatchcase(permission, pattern) for pattern in ROLES[role])
