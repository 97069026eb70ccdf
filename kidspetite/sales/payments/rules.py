"""The path of a payment, and what may still go back of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

UNSETTLED = frozenset({"intended", "requires_action", "unknown"})
SECURED = frozenset({"authorised", "captured"})
"""The order may be packed: the money is ours, or held by the bank for us."""
CAN_END = UNSETTLED | {"authorised"}
MOST_CREDIT_AT_ONCE = 1_000_00
"""Cents of store credit that one grant may give; more is a slip of the finger."""

MOVES: Mapping[str, frozenset[str]] = {
    "intended": frozenset({"requires_action", "unknown", "authorised", "captured", "declined", "voided", "surplus"}),
    "requires_action": frozenset({"unknown", "authorised", "captured", "declined", "voided", "surplus"}),
    "unknown": frozenset({"requires_action", "authorised", "captured", "declined", "voided", "surplus"}),
    "authorised": frozenset({"captured", "declined", "voided", "surplus"}),
    # Money is the truth: should a provider have taken it after all, we say so, and then finish the order or refund.
    "declined": frozenset({"authorised", "captured", "surplus"}),
    "voided": frozenset({"authorised", "captured", "surplus"}),
    "captured": frozenset(),
    "surplus": frozenset(),
}

ABANDONED_AFTER = timedelta(minutes=30)
AWAY_AFTER = timedelta(minutes=5)
"""After so long without a sign of the shopper, a letter tells them that an attempt failed."""
HELD_WHILE_PAYING = timedelta(minutes=45)
"""Longer than an attempt may take before it is given up, so that nobody pays for pieces that went meanwhile."""

NEWS_KEPT_FOR = timedelta(days=30)
"""How far back a provider lists what it told."""
NEWS_AT_ONCE, NEWS_AGAIN = timedelta(hours=6), timedelta(minutes=10)
"""How much of that list is read in one round; and how much of it twice, because a list may be a little behind."""
LOOKED_OVER_EVERY, LOOKED_OVER_FOR = timedelta(days=1), timedelta(days=180)
"""How often, and for how long, a charge is asked what went back of it, where the provider keeps no list. Later than
that PayPal gives nothing back."""

SILENT_FOR = timedelta(hours=24)
"""How long an order waits for a provider that tells nothing at all. Its pieces were for sale again long before."""


OPEN_WISHES = frozenset({"sent", "requires_action", "unknown"})
"""A wish to keep a card that its provider has not answered for good."""


DECLINES_WITHIN = timedelta(hours=1)
DECLINES_ALLOWED: Mapping[str, int] = {"card": 4, "session": 5, "account": 8, "client": 20}
"""How many declines in an hour are an honest shopper's. An address may be an office, so it may have more."""
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(minutes=30)


def waits_until(kind: str, declines: Sequence[datetime]) -> datetime | None:
    """Until when somebody waits who was declined at these moments; None for nobody. Each further one doubles it."""
    beyond = len(declines) - DECLINES_ALLOWED[kind]
    if beyond < 0:
        return None
    return max(declines) + min(FIRST_WAIT * 2 ** min(beyond, 10), LONGEST_WAIT)


def takes(status: str, to: str) -> bool:
    """Whether a payment may go from one state to another; late or repeated news changes nothing."""
    return to in MOVES[status]


def left_to_refund(*, paid: int, refunded: int) -> int:
    """Cents that may still go back."""
    return max(paid - refunded, 0)


def may_refund(amount: int, *, paid: int, refunded: int) -> bool:
    return 0 < amount <= left_to_refund(paid=paid, refunded=refunded)


def is_closed(dispute_status: str) -> bool:
    """Whether a dispute has ended; late news of an earlier step changes it no more."""
    return dispute_status in ("won", "lost", "resolved", "warning_closed", "prevented")


def may_capture(amount: int, *, held: int) -> bool:
    return 0 < amount <= held


def worth_of(line_cents: int, *, pieces: int, of: int, before: int = 0) -> int:
    """What some pieces of a line give back when others have gone back `before`: their part of what the line cost after
    discount and with tax, in whole cents. However they are parted, all of them give back all of it."""
    return line_cents * (before + pieces) // of - line_cents * before // of


def shares(amount: int, lefts: Sequence[int]) -> list[int]:
    """Share a refund out among tenders, of which so much is left each, in their order: the first gives all it can
    before the next is asked. Raises ValueError for more than is left."""
    found = []
    for left in lefts:
        found.append(min(amount, left))
        amount -= found[-1]
    if amount:
        raise ValueError("more than is left")
    return found


def is_expired(month: int, year: int, *, today: date) -> bool:
    """A card is good until the last day of its month."""
    return (year, month) < (today.year, today.month)
