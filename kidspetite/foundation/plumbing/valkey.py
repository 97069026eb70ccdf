"""Redis or Valkey: what several nodes count and remember together. The shop does without when it is away: nothing is
remembered, limits are counted by each worker alone, and no request waits long to find that out."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

import structlog
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

log = structlog.get_logger(__name__)

PATIENCE_SECONDS = 0.3
# After a failure nobody asks for a moment: a server that swallows questions costs a worker one wait, not each request.
RESTS_SECONDS = 2.0


def options() -> dict[str, Any]:
    """How its clients connect. One try: the next request is the retry."""
    return {
        "socket_connect_timeout": PATIENCE_SECONDS,
        "socket_timeout": PATIENCE_SECONDS,
        "retry": Retry(NoBackoff(), 0),
    }


def address(url: str) -> str:
    """The address as clients of Redis read it; both speak one language."""
    scheme, mark, rest = url.partition("://")
    return f"{scheme.replace('valkeys', 'rediss').replace('valkey', 'redis')}{mark}{rest}"


class Rest:
    """Remembers that something did not answer a moment ago."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until = 0.0

    def is_over(self) -> bool:
        return self._clock() >= self._until

    def begin(self, reason: str) -> None:
        self._until = self._clock() + RESTS_SECONDS
        log.warning("shared_memory_away", reason=reason, seconds=RESTS_SECONDS)


_rest = Rest()


def _forgiving(method: Callable[..., Any], otherwise: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        if _rest.is_over():
            try:
                return method(self, *args, **kwargs)
            except RedisError as fault:
                _rest.begin(type(fault).__name__)
        return otherwise(*args, **kwargs)

    return call


def _not_found(key: str, delta: int) -> int:
    raise ValueError(f"Key '{key}' not found.")


class ForgivingClient(RedisCacheClient):
    """While the server is away nothing is found, and everything is taken and forgotten."""

    add = _forgiving(RedisCacheClient.add, lambda key, value, timeout: True)
    get = _forgiving(RedisCacheClient.get, lambda key, default: default)
    set = _forgiving(RedisCacheClient.set, lambda key, value, timeout: None)
    touch = _forgiving(RedisCacheClient.touch, lambda key, timeout: False)
    delete = _forgiving(RedisCacheClient.delete, lambda key: False)
    get_many = _forgiving(RedisCacheClient.get_many, lambda keys: {})
    has_key = _forgiving(RedisCacheClient.has_key, lambda key: False)
    incr = _forgiving(RedisCacheClient.incr, _not_found)
    set_many = _forgiving(RedisCacheClient.set_many, lambda data, timeout: None)
    delete_many = _forgiving(RedisCacheClient.delete_many, lambda keys: None)
    clear = _forgiving(RedisCacheClient.clear, lambda: False)


class ForgivingCache(RedisCache):
    """Django's cache over Redis or Valkey, which never stops a request."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(address(server), params | {"OPTIONS": options()})
        self._class = ForgivingClient
