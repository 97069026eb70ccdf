"""When a reminder is due, who gets none so that we can tell what reminders do, and what the numbers say."""

from __future__ import annotations

import hashlib
import hmac
import math
from collections.abc import Callable, Collection, Set
from datetime import datetime, timedelta

from kidspetite.journeys.winback.types import Effect, Tally

WAITS = (timedelta(hours=1), timedelta(hours=24), timedelta(hours=72))
"""From leaving a basket to each of its letters."""
APART = timedelta(hours=20)
"""At least so long between two letters, also after a pause of the worker."""
TOO_LATE = timedelta(days=7)
"""After leaving: nobody expects a letter about it any more."""
LONGEST = timedelta(days=14)
"""From the first letter of a round to its end, however often its person comes back."""
REST = timedelta(days=30)
"""From the beginning of one round to the beginning of the next."""
LATELY = timedelta(hours=24)
"""Who bought so shortly before leaving has what they came for."""
CUSTOMER_FOR = timedelta(days=730)
"""Who bought from us so lately is a customer, and may be written to about what they left until they say no."""
FRESH = timedelta(hours=12)
"""A letter that could not leave for so long tells of shelves as they were, and stays."""
LINK_WORKS = timedelta(days=14)
MEASURED = timedelta(days=7)
"""A purchase so soon after the first letter, sent or held back, counts."""
LOOKED_AT = timedelta(days=90)
"""How far back the figures go, and for how long an address is kept with a round."""
SURE = 1.96

type Ask = Callable[[int, Set[int]], Collection[int]]

_askers: dict[str, Ask] = {}


def no_longer_wanted(name: str) -> Callable[[Ask], Ask]:
    """Register somebody who knows that pieces are not wanted any more though they lie in a basket and on a shelf, such
    as gifts that somebody else has given. Asked right before a letter is written and again before it leaves, with a
    basket's id and its variants; names those to be left out."""

    def register(ask: Ask) -> Ask:
        _askers[name] = ask
        return ask

    return register


def unwanted(cart_id: int, variant_ids: Set[int]) -> set[int]:
    return {variant_id for ask in _askers.values() for variant_id in ask(cart_id, variant_ids)}


def due_letter(*, left_at: datetime, told: int, told_at: datetime | None, now: datetime) -> int:
    """Which letter is due, 1 to 3; 0 for none. `told` is the latest one so far.

    It is the last whose time has come, so after a pause there is one letter, the right one; and never one that was
    told, whatever the clock does.
    """
    since = now - left_at
    if since >= TOO_LATE or (told_at is not None and now - told_at < APART):
        return 0
    latest = sum(since >= wait for wait in WAITS)
    return latest if latest > told else 0


def is_over(*, opened_at: datetime, left_at: datetime, now: datetime) -> bool:
    return now - left_at >= TOO_LATE or now - opened_at >= LONGEST


def is_held_out(address: str, *, percent: int, secret: bytes) -> bool:
    """Whether this person gets no reminders for comparison's sake: the same answer every time for the same share."""
    digest = hmac.digest(secret, address.lower().encode(), hashlib.sha256)
    return int.from_bytes(digest[:8]) % 10_000 < percent * 100


def effect(reminded: Tally, held_out: Tally) -> Effect | None:
    """The difference in buyers of a hundred with its 95 % interval after Agresti and Caffo, which also holds for few
    people; None while one of the groups is empty."""
    if not (reminded.people and held_out.people):
        return None
    one, other = _padded(reminded), _padded(held_out)
    middle = one.share - other.share
    spread = SURE * math.sqrt(sum(each.share * (1 - each.share) / each.people for each in (one, other)))
    low, high = max(middle - spread, -1.0), min(middle + spread, 1.0)
    return Effect(100 * (reminded.share - held_out.share), 100 * low, 100 * high)


def _padded(tally: Tally) -> Tally:
    return Tally(tally.people + 2, tally.bought + 1)
