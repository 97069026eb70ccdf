"""The line to Stripe: its client, its tries, and its errors in our words. No Stripe exception leaves this module."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import stripe
import structlog

from kidspetite.sales.payments.errors import GatewayRefused, GatewayUnreachable
from kidspetite.sales.payments.providers.stripe_words import Facts

log = structlog.get_logger(__name__)

API_VERSION = "2026-10-28.endive"
TRIES = 3

stripe.enable_telemetry = False


class StripeLine:
    """One call takes PROVIDER_TIMEOUT_SECONDS at the most, tries included: what fails quickly is tried again under its
    idempotency key, what keeps us waiting is left to a job."""

    def __init__(self, *, secret_key: str, api_base: str, timeout: float = 10.0) -> None:
        self._patience = timeout * 0.2
        self.client = stripe.StripeClient(
            secret_key,
            base_addresses={"api": api_base},
            stripe_version=API_VERSION,
            max_network_retries=0,
            http_client=stripe.RequestsClient(timeout=(timeout * 0.2, timeout * 0.7)),
        ).v1

    def tried[T](self, call: Callable[[], T]) -> T:
        """Twice more when the answer was quick and may be better next time; every POST carries its key."""
        began = time.monotonic()
        for tried in range(1, TRIES + 1):
            try:
                return call()
            except (stripe.APIConnectionError, stripe.APIError) as error:
                if tried == TRIES or not _is_worth_a_try(error) or time.monotonic() - began > self._patience:
                    raise
                log.info("stripe_again", tried=tried, error=type(error).__name__, request=error.request_id)
                time.sleep(0.1 * tried)
        raise AssertionError("unreachable")


@contextmanager
def in_our_words(key: str) -> Iterator[None]:
    """Errors by who can act. What may have happened all the same is unreachable, never refused."""
    try:
        yield
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        raise GatewayRefused(key=key, why=type(error).__name__, request=error.request_id) from error
    except stripe.IdempotencyError as error:
        raise GatewayUnreachable(key=key, why="the key was used before", request=error.request_id) from error
    except stripe.RateLimitError as error:
        raise GatewayUnreachable(key=key, why="too many calls", request=error.request_id) from error
    except stripe.InvalidRequestError as error:
        if error.http_status in (409, 429):
            raise GatewayUnreachable(key=key, why=str(error.code), request=error.request_id) from error
        raise GatewayRefused(key=key, why=str(error.code or error.param), request=error.request_id) from error
    except stripe.StripeError as error:
        raise GatewayUnreachable(key=key, why=type(error).__name__, request=error.request_id) from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:  # an answer that is none of Stripe's
        raise GatewayUnreachable(key=key, why=f"garbage: {type(error).__name__}") from error


def body_of(error: stripe.StripeError) -> Facts:
    return error.json_body if isinstance(error.json_body, dict) else {}


def once(key: str) -> Any:
    return {"idempotency_key": key}


def facts_of(thing: Any) -> Facts:
    found = thing.to_dict()
    if not isinstance(found, dict):
        raise TypeError("no object")
    return found


def _is_worth_a_try(error: stripe.StripeError) -> bool:
    headers = {name.lower(): value for name, value in dict(error.headers or {}).items()}
    return headers.get("stripe-should-retry") != "false"
