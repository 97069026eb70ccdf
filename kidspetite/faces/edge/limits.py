"""How often one client may call each kind of page. Rates come from RATE_*; docs/security.md lists what counts where."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from limits import RateLimitItemPerSecond

from kidspetite.faces.edge.answers import answer
from kidspetite.faces.edge.caching import is_shared
from kidspetite.faces.edge.client import client_key
from kidspetite.faces.edge.counters import Window, counter
from kidspetite.faces.edge.errors import TooManyRequests
from kidspetite.faces.edge.pagecache.door import OWN_ASKING
from kidspetite.foundation.content import queries as content
from kidspetite.foundation.kernel import clock

# The first line that matches decides. Pages and API share a class, so that one door is no way round the other.
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
ANY: frozenset[str] = frozenset()
CLASSES: tuple[tuple[str, frozenset[str], re.Pattern[str]], ...] = tuple(
    (name, methods, re.compile(pattern))
    for name, methods, pattern in (
        ("", ANY, r"/static/|/media/|/healthz$|/readyz$|/metrics$|/version$|/api/webhooks/"),
        (
            "signin",
            UNSAFE,
            r"/sign-|/admin/login|/account/(password|email|login|reauth|2fa)|/orders/find|/contact|/(newsletter|back-in-)",
        ),
        ("codes", UNSAFE, r"/cart/promo-code|/api/cart/promo-code|/api/promo-code/|/checkout/promo-code"),
        ("checkout", UNSAFE, r"/checkout|/api/checkout"),
        ("cart", UNSAFE, r"/cart|/api/cart"),
        ("address", ANY, r"/api/address/|/address/"),
        ("search", ANY, r"/search|/api/search"),
        ("browse", ANY, r"/api/vitals$"),
        ("api", ANY, r"/api/"),
        ("browse", ANY, r"/"),
    )
)


def _in_one(*, unsafe: bool) -> re.Pattern[str]:
    """All lines that such a method may meet as one pattern, which gives the first that matches the name of its line."""
    lines = [(place, line) for place, line in enumerate(CLASSES) if unsafe or not line[1]]
    return re.compile("|".join(f"(?P<_{place}>{pattern.pattern})" for place, (_name, _methods, pattern) in lines))


_OF_UNSAFE, _OF_SAFE = _in_one(unsafe=True), _in_one(unsafe=False)


class RateLimits:
    """Counts the request and turns it away with 429 when its client is over the limit of its class."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name = class_of(request.method or "", request.path)
        if not (name and settings.RATE_LIMITS_ON) or OWN_ASKING in request.META:
            return self.get_response(request)
        item = _item(name, *_rate(name))
        window = counter().hit(item, client_key(request))
        if window.hits > item.amount:
            response = _refusal(request, item, window)
        else:
            response = self.get_response(request)
        if not is_shared(response):  # what one client has left is nobody else's business
            response["RateLimit-Limit"] = str(item.amount)
            response["RateLimit-Remaining"] = str(max(0, item.amount - window.hits))
            response["RateLimit-Reset"] = str(_seconds_left(window))
        return response


def count_code(request: HttpRequest) -> None:
    """A promotion code came by another door than those of its class: it counts there too, so that nobody guesses codes
    where purchases are let through. Raises TooManyRequests."""
    if not settings.RATE_LIMITS_ON:
        return
    item = _item("codes", *_rate("codes"))
    window = counter().hit(item, client_key(request))
    if window.hits > item.amount:
        raise _too_many(item, window)[0]


def lets_in(request: HttpRequest) -> bool:
    """Count a call that is answered before the middleware; False when it is one too many, for that to be told there."""
    name = class_of("POST", request.path)
    if not settings.RATE_LIMITS_ON:
        return True
    item = _item(name, *_rate(name))
    return counter().hit(item, client_key(request)).hits <= item.amount


def class_of(method: str, path: str) -> str:
    """The class that a request counts in; empty for what is not counted."""
    found = (_OF_UNSAFE if method in UNSAFE else _OF_SAFE).match(path)
    return CLASSES[int(found.lastgroup[1:])][0] if found and found.lastgroup else ""


def _rate(name: str) -> tuple[int, int]:
    rate = settings.RATES[name]
    return rate.count, rate.seconds


@lru_cache(maxsize=64)
def _item(name: str, count: int, seconds: int) -> RateLimitItemPerSecond:
    return RateLimitItemPerSecond(count, seconds, namespace=name)


def _refusal(request: HttpRequest, item: RateLimitItemPerSecond, window: Window) -> HttpResponse:
    error, retry_at = _too_many(item, window)
    return answer(request, error, retry_at=retry_at)


def _too_many(item: RateLimitItemPerSecond, window: Window) -> tuple[TooManyRequests, datetime]:
    retry_at = datetime.fromtimestamp(window.ends, UTC).astimezone(_shop_zone(int(clock.now().timestamp() // 60)))
    error = TooManyRequests(
        _("That was a lot at once. Come back at {time}.").format(time=_clock_words(retry_at)),
        limit=item.amount,
        window_seconds=item.get_expiry(),
        retry_after=_seconds_left(window),
    )
    return error, retry_at


def _seconds_left(window: Window) -> int:
    return max(1, math.ceil(window.ends - clock.now().timestamp()))


def _clock_words(moment: datetime) -> str:
    """`3:42 pm EST`, rounded up to the minute."""
    if moment.second or moment.microsecond:
        moment = moment.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return f"{moment.hour % 12 or 12}:{moment:%M} {'am' if moment.hour < 12 else 'pm'} {moment:%Z}"


@lru_cache(maxsize=1)
def _shop_zone(minute: int) -> ZoneInfo:
    """The shop's zone, asked once a minute: a client in a rage must not cost a query a call."""
    try:
        return ZoneInfo(content.shop_settings().time_zone)
    except (DatabaseError, KeyError, ValueError):
        return ZoneInfo("UTC")
