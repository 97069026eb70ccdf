from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from fnmatch import fnmatchcase

from kidspetite.foundation.content.rules import STATES as HOME_STATES
from kidspetite.foundation.content.rules import UNTAXED

# Where parcels go: the states, the territories and the military post, as a form lists them.
STATES: tuple[tuple[str, str], ...] = (
    *sorted(HOME_STATES.items(), key=lambda state: state[1]),
    *UNTAXED.items(),
)


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """The part of a US address that a post office reads. `state` is two capital letters."""

    line1: str
    line2: str
    city: str
    state: str
    postal_code: str

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class ZipFacts:
    """What is known of a ZIP: its state, the name the post gives its place, and names people use for it."""

    city: str
    state: str
    also: tuple[str, ...] = ()
    is_military: bool = False


class AddressOutcome(StrEnum):
    """None of these stops an order: a shopper knows their door better than any table."""

    VERIFIED = "verified"
    SUGGESTED = "suggested"
    UNVERIFIED = "unverified"


class AddressNote(StrEnum):
    """What somebody who packs the parcel should know. `po_box`, `military` and `rural_route` are no doubts."""

    PO_BOX = "po_box"
    MILITARY = "military"
    RURAL_ROUTE = "rural_route"
    NO_HOUSE_NUMBER = "no_house_number"
    APARTMENT_MISSING = "apartment_missing"
    CITY_MISMATCH = "city_mismatch"
    ZIP_STATE_MISMATCH = "zip_state_mismatch"
    ZIP_UNKNOWN = "zip_unknown"
    STREET_UNKNOWN = "street_unknown"
    KEPT_AS_TYPED = "kept_as_typed"


@dataclass(frozen=True, slots=True)
class AddressVerdict:
    """What a checker says of an address. `suggestion` only with the outcome SUGGESTED."""

    outcome: AddressOutcome
    address: PostalAddress
    suggestion: PostalAddress | None = None
    notes: tuple[AddressNote, ...] = ()
    checked_by: str = ""


@dataclass(frozen=True, slots=True)
class PlaceGuess:
    """A line in the list under an address field. `address` is there when choosing needs no second question;
    otherwise `id` is what to ask with."""

    text: str
    detail: str = ""
    id: str = ""
    address: PostalAddress | None = None


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
_CREDIT = ("payments.view_creditaccount", "payments.view_creditentry")

# Role → permissions, as patterns of `app.codename`. The table is the only place: groups follow it at every migrate.
ROLES: Mapping[Role, tuple[str, ...]] = {
    Role.OWNER: ("*",),
    Role.FULFILMENT: (
        *_SHELVES, *_ORDERS, "shipping.add_shipment", "shipping.change_shipment", "orders.change_order",
        "inventory.change_stocklevel",
    ),
    Role.SUPPORT: (
        *_SHELVES, *_ORDERS, *_CREDIT, "orders.change_order", "payments.add_refund", "payments.add_creditentry",
        "accounts.view_user", "accounts.change_user",
        "accounts.view_address", "accounts.view_enquiry", "accounts.change_enquiry", "notifications.view_message",
        "notifications.change_message", "notifications.view_suppression", "notifications.delete_suppression",
        "notifications.view_postevent", "notifications.view_answer", "content.view_page",
    ),
    Role.CATALOGUE: (
        "catalog.*", "media.*", "inventory.view_*", "inventory.change_stocklevel", "content.view_page",
        "vitals.view_vitalcount",
    ),
    Role.MARKETING: (
        *_SHELVES, "catalog.*_collection", "catalog.*_collectionitem", "content.*_page",
        "pricing.*_promotion", "pricing.*_promocode", "pricing.view_redemption",
        "notifications.view_consent", "winback.view_round", "vitals.view_vitalcount",
    ),
    Role.READ_ONLY: (
        *_SHELVES, *_ORDERS, *_CREDIT, "pricing.view_*", "accounts.view_user", "accounts.view_enquiry",
        "content.view_*", "vitals.view_vitalcount",
    ),
}  # fmt: skip


def may(role: Role, permission: str) -> bool:
    """Whether a role grants a permission such as `orders.view_order`."""
    return any(fnmatchcase(permission, pattern) for pattern in ROLES[role])
