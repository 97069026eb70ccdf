"""Which client is calling, as far as the network can tell."""

from __future__ import annotations

import ipaddress
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac


def client_address(request: HttpRequest) -> str:
    """The address of the client, as the outermost of our own proxies saw it.

    Every proxy adds the address that called it at the right end of X-Forwarded-For. With TRUSTED_PROXY_COUNT proxies
    before us, the entry of that count from the right was written by one of them; whatever stands further left was
    written by the caller and counts for nothing. A header with too few entries did not pass our proxies.
    """
    entries = [entry.strip() for entry in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if entry.strip()]
    count = settings.TRUSTED_PROXY_COUNT
    found = entries[-count] if 0 < count <= len(entries) else request.META.get("REMOTE_ADDR", "")
    return _cleaned(found) or _cleaned(request.META.get("REMOTE_ADDR", "")) or "unknown"


def client_key(request: HttpRequest) -> str:
    """A client's name for counting. Not its address: that never reaches a table or a log.

    IPv6 clients own at least a /64, so all addresses of one count as one client.
    """
    return _key_of(client_address(request))


@lru_cache(maxsize=4096)
def _key_of(address: str) -> str:
    """Kept in memory for the busiest: a visitor asks many times."""
    try:
        parsed = ipaddress.ip_address(address)
        if parsed.version == 6:
            address = str(ipaddress.ip_network((parsed, 64), strict=False).network_address)
    except ValueError:
        pass
    return salted_hmac("kidspetite.limits", address, algorithm="sha256").hexdigest()[:24]


def traces_of(request: HttpRequest) -> tuple[str, ...]:
    """Who is trying, as digests that say nothing by themselves: by network address, by session or bearer token, by
    account. Pages and API give the same ones."""
    token = request.headers.get("Authorization", "").partition(" ")[2].strip() or request.session.session_key or ""
    found = [f"client:{client_key(request)}"]
    if token:
        found.append(f"session:{salted_hmac('kidspetite.traces', token, algorithm='sha256').hexdigest()[:24]}")
    if request.user.is_authenticated:
        found.append(f"account:{request.user.pk}")
    return tuple(found)


def _cleaned(text: str) -> str:
    """The bare address of `1.2.3.4`, `1.2.3.4:5678`, `[::1]:5678` or `::1`; empty when it is none of these."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        parsed = ipaddress.ip_address(text)
    except ValueError:
        return ""
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return str(mapped or parsed)
