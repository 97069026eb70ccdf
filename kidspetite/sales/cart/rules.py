from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from kidspetite.sales.cart.errors import BadQuantity
from kidspetite.sales.cart.types import CapReason, LineView

FEWEST, MOST = 1, 99
MOST_LINES = 100
MOST_CODES = 5
# Longer than people leave a basket between two visits (the session's cookie ends after 30 days, a token may be used
# later), and short enough that addresses typed by people who never bought are not kept for years.
KEPT = timedelta(days=90)
TOUCHED_AT_MOST_EVERY = timedelta(minutes=1)


def checked_quantity(quantity: object, *, least: int = FEWEST) -> int:
    """The number of pieces asked for, if it is a whole number from `least` to 99. Raises BadQuantity."""
    if isinstance(quantity, bool) or not isinstance(quantity, int) or not least <= quantity <= MOST:
        raise BadQuantity()
    return quantity


def quantity_from_form(text: str, *, least: int = FEWEST) -> int:
    """What a person typed into a field, as a number of pieces. Raises BadQuantity."""
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 4):
        raise BadQuantity()
    return checked_quantity(int(digits), least=least)


def is_touch_due(touched_at: datetime, now: datetime) -> bool:
    return now - touched_at >= TOUCHED_AT_MOST_EVERY


def needs_touch(touched_at: datetime, lines: Iterable[LineView], *, now: datetime) -> bool:
    """Whether looking at a basket that is known already can have an effect on its holds."""
    return is_touch_due(touched_at, now) or any(line.is_past_cap for line in lines)


def merged_quantity(here: int, there: int, *, available: int) -> tuple[int, CapReason | None]:
    """How many pieces of two baskets' lines make one line, and what capped it.

    Never fewer than were here. A line of which nothing is left comes over whole: it is shown as sold out, not lost.
    """
    together = here + there
    most, reason = (MOST, CapReason.MOST_PIECES) if together > MOST else (together, None)
    if 0 < available < most:
        most, reason = available, CapReason.STOCK
    return max(most, here), reason if most < together else None
