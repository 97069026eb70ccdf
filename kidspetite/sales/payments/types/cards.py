"""Cards for next time."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Keeping(StrEnum):
    """What became of a wish to keep a card. `sent` is the wish itself, before any answer."""

    SENT = "sent"
    REQUIRES_ACTION = "requires_action"
    UNKNOWN = "unknown"
    KEPT = "kept"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class CardFacts:
    """A card that a provider keeps: its id there, and what may be shown of it. `card_print` is the same for every
    token of the same card."""

    reference: str
    brand: str
    last4: str
    exp_month: int
    exp_year: int
    card_print: str = ""


@dataclass(frozen=True, slots=True)
class CardWish:
    """A card that a vault is asked to keep for a payer. `key` makes asking twice harmless."""

    key: str
    payer: str
    method: str
    return_url: str


@dataclass(frozen=True, slots=True)
class CardAnswer:
    """What a vault says to a wish. `card` only with KEPT, `reason` only with REFUSED, `next_action_url` only with
    REQUIRES_ACTION; `reference` names the wish there."""

    result: Keeping
    reference: str = ""
    card: CardFacts | None = None
    reason: str = ""
    next_action_url: str = ""
    card_print: str = ""


SAVED = "saved_"
"""What the token of a saved card begins with; the rest is its name."""


@dataclass(frozen=True, slots=True)
class SavedCardView:
    """A customer's card as they see it. `name` is ours; `token` is what a purchase calls it."""

    name: str
    provider: str
    brand: str
    last4: str
    exp_month: int
    exp_year: int
    label: str
    is_default: bool
    is_expired: bool

    @property
    def token(self) -> str:
        return f"{SAVED}{self.name}"


@dataclass(frozen=True, slots=True)
class WishView:
    """How a wish to keep a card stands, as its owner sees it. `card` once it is kept."""

    name: str
    status: str
    reason: str = ""
    next_action_url: str = ""
    card: SavedCardView | None = None
