"""Against people who try out stolen cards here. An honest shopper waits a little, and never meets a wall."""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from django.conf import settings

from kidspetite.foundation.kernel import clock
from kidspetite.sales.payments import queries, rules
from kidspetite.sales.payments.errors import TooManyDeclines

log = structlog.get_logger(__name__)


def watches_pace(traces: Sequence[str]) -> bool:
    """Whether anybody's declines are counted."""
    return bool(traces) and settings.RATE_LIMITS_ON


def check_pace(traces: Sequence[str]) -> None:
    """Refuse another attempt for a while when the bank has said no too often to whoever this is: by card, session,
    account or network address, whichever waits longest. Raises TooManyDeclines. RATE_LIMITS=off switches it off."""
    if not watches_pace(traces):
        return
    now = clock.now()
    found = queries.recent_declines(traces, since=now - rules.DECLINES_WITHIN)
    waits = {trace: rules.waits_until(trace.partition(":")[0], moments) for trace, moments in found.items()}
    late = {trace: until for trace, until in waits.items() if until and until > now}
    if late:
        until = max(late.values())
        log.warning("too_many_declines", kinds=sorted({trace.partition(":")[0] for trace in late}))
        raise TooManyDeclines(retry_after=int((until - now).total_seconds()) + 1)
