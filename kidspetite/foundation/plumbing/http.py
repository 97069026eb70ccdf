"""One way to talk to the outside: timeouts always, retries only where the caller says that they are safe."""

from __future__ import annotations

import httpx
import structlog

# What a call may end in instead of an answer; named here because only this module and providers know httpx.
Failed = httpx.HTTPError
OK = httpx.codes.OK


def client(base_url: str, *, timeout: float, retries: int = 0, headers: dict[str, str] | None = None) -> httpx.Client:
    """An HTTP client for one provider. `timeout` (seconds) is for each read; `retries` are connects only."""
    return httpx.Client(
        base_url=base_url,
        timeout=httpx.Timeout(timeout, connect=min(timeout, 3.0)),
        headers=headers or {},
        transport=httpx.HTTPTransport(retries=retries),
        event_hooks={"request": [_carry_request_id]},
        follow_redirects=False,
    )


def _carry_request_id(request: httpx.Request) -> None:
    if request_id := structlog.contextvars.get_contextvars().get("request_id"):
        request.headers.setdefault("X-Request-Id", str(request_id))
