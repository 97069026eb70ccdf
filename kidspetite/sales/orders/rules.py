"""The path of an order, and the fingerprint of what it was quoted for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

DAILY_AT = 7
"""The hour of the team's daily letter."""

OPEN = frozenset({"awaiting_payment", "requires_action", "payment_unknown"})

MOVES: Mapping[str, frozenset[str]] = {
    "awaiting_payment": OPEN | {"paid", "cancelled"},
    "requires_action": OPEN | {"paid", "cancelled"},
    "payment_unknown": OPEN | {"paid", "cancelled"},
    "paid": frozenset({"shipped", "delivered", "cancelled", "refunded"}),
    "shipped": frozenset({"delivered", "refunded"}),
    "delivered": frozenset({"refunded"}),
    "cancelled": frozenset({"refunded"}),
    "refunded": frozenset(),
}

PATH = ("paid", "shipped", "delivered")
"""The way forward. News of a step that is behind the order already is old news, not a fault."""


class Step(StrEnum):
    TAKE = "take"
    OLD_NEWS = "old_news"
    REFUSE = "refuse"


def step(status: str, to: str) -> Step:
    """Whether an order may go from one state to another, has been there already, or must not."""
    if status == to or (status in PATH and to in PATH and PATH.index(to) < PATH.index(status)):
        return Step.OLD_NEWS
    if status not in OPEN and to in OPEN:
        return Step.OLD_NEWS
    return Step.TAKE if to in MOVES[status] else Step.REFUSE


def can_be_cancelled(status: str) -> bool:
    """Until it has left the house."""
    return "cancelled" in MOVES[status]


def before_refund(kinds: Iterable[str]) -> str:
    """What a refunded order was before, by the kinds of marks on its timeline."""
    known = set(kinds)
    if "cancelled" in known:
        return "cancelled"
    return next((step for step in reversed(PATH) if step in known), "paid")


def can_be_readdressed(status: str) -> bool:
    """While it is paid and here. Before it is paid the basket knows where it goes, and checkout is the place."""
    return status == "paid"


def costs_the_same(old: Mapping[str, str], new: Mapping[str, str], *, taxed_by_state: bool) -> bool:
    """Whether tax and shipping, as they were worked out for one address, hold for another: in the same state, and where
    a provider told the local rate, in the same city and ZIP."""
    if old["state"] != new["state"]:
        return False
    is_same_zip = old["postal_code"][:5] == new["postal_code"][:5]
    return taxed_by_state or (is_same_zip and old["city"].casefold() == new["city"].casefold())


def last_telling(now: datetime, time_zone: str) -> datetime:
    """The moment up to which the newest daily letter tells: seven in the morning, by the shop's clock."""
    here = now.astimezone(ZoneInfo(time_zone))
    day = here if here.hour >= DAILY_AT else here - timedelta(days=1)
    return day.replace(hour=DAILY_AT, minute=0, second=0, microsecond=0).astimezone(UTC)


def basket_print(pieces: Iterable[tuple[int, int]], address: Mapping[str, str], method: str) -> str:
    """A fingerprint of (variant, quantity) pairs, address and method: the same basket gives the same order."""
    told = json.dumps([sorted(pieces), sorted(address.items()), method], ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()
