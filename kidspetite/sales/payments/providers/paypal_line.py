"""Calls to PayPal: a token that is kept until it ends, two more tries for what fails quickly, errors by who can act."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog

from kidspetite.foundation.plumbing import http
from kidspetite.sales.payments.errors import GatewayRefused, GatewayUnreachable

log = structlog.get_logger(__name__)

type Facts = dict[str, Any]

TRIES = 3
# Shares of PROVIDER_TIMEOUT_SECONDS: a token, a look and a step together stay within it.
TOKEN, LOOK, STEP, PATIENCE = 0.2, 0.25, 0.5, 0.2
RENEWED_BEFORE = 60
NOT_NOW = (409, 429)
NOT_US = (401, 403)


class Refusal(Exception):
    """PayPal understood the call and said no: `issue` is its word for why, `debug_id` what its support asks for."""

    def __init__(self, status: int, told: Facts) -> None:
        details = told.get("details")
        first = details[0] if isinstance(details, list) and details and isinstance(details[0], dict) else {}
        self.status, self.issue = status, str(first.get("issue") or told.get("name") or told.get("error") or status)
        self.debug_id = str(told.get("debug_id", ""))
        super().__init__(f"{status} {self.issue}")


class _Stumbled(Exception):
    """No answer, or none that can be understood; whether anything happened is not known."""


class PayPalLine:
    """Every POST carries a key of ours where PayPal takes one, so that trying again does nothing twice."""

    def __init__(self, *, client_id: str, client_secret: str, api_base: str, timeout: float) -> None:
        self._http = http.client(api_base, timeout=timeout, headers={"Prefer": "return=representation"})
        self._credentials = (client_id, client_secret)
        self._timeout = timeout
        self._token, self._good_until = "", 0.0
        self._renewing = threading.Lock()

    def look(self, path: str) -> Facts:
        return self._tried("GET", path, share=LOOK)

    def step(self, path: str, told: Facts | None = None, *, once: str = "") -> Facts:
        return self._tried("POST", path, json.dumps(told).encode() if told is not None else b"", once=once, share=STEP)

    def step_raw(self, path: str, body: bytes) -> Facts:
        """The same with bytes that must arrive as they are."""
        return self._tried("POST", path, body, share=STEP)

    def _tried(self, method: str, path: str, body: bytes = b"", *, once: str = "", share: float) -> Facts:
        began = time.monotonic()
        for tried in range(1, TRIES + 1):
            try:
                return self._answered(method, path, body, once, share)
            except _Stumbled as fault:
                if tried == TRIES or time.monotonic() - began > self._timeout * PATIENCE:
                    raise
                log.info("paypal_again", tried=tried, why=str(fault))
                time.sleep(0.1 * tried)
        raise AssertionError("unreachable")

    def _answered(self, method: str, path: str, body: bytes, once: str, share: float) -> Facts:
        """One answer; a token that PayPal no longer takes is renewed once."""
        for token in (self._good_token(), None):
            headers = {"Authorization": f"Bearer {token or self._renewed_token()}"}
            if body:
                headers["Content-Type"] = "application/json"
            if once:
                headers["PayPal-Request-Id"] = once
            try:
                return self._sent(method, path, share, content=body, headers=headers)
            except Refusal as refusal:
                if refusal.status != 401 or token is None:
                    raise
        raise AssertionError("unreachable")

    def _sent(self, method: str, path: str, share: float, **request: Any) -> Facts:
        try:
            response = self._http.request(method, path, timeout=self._timeout * share, **request)
            told = response.json() if response.content else {}
        except (http.Failed, ValueError) as fault:
            raise _Stumbled(type(fault).__name__) from fault
        if response.status_code >= 500 or not isinstance(told, dict):
            raise _Stumbled(f"status {response.status_code}")
        if response.status_code >= 300:
            refusal = Refusal(response.status_code, told)
            log.info("paypal_said_no", path=path, status=refusal.status, issue=refusal.issue, debug_id=refusal.debug_id)
            raise refusal
        return told

    def _good_token(self) -> str:
        with self._renewing:
            if self._token and time.monotonic() < self._good_until:
                return self._token
        return self._renewed_token()

    def _renewed_token(self) -> str:
        with self._renewing:
            told = self._sent(
                "POST", "/v1/oauth2/token", TOKEN, auth=self._credentials, data={"grant_type": "client_credentials"}
            )
            try:
                self._token = str(told["access_token"])
                self._good_until = time.monotonic() + int(told["expires_in"]) - RENEWED_BEFORE
            except (KeyError, ValueError, TypeError) as fault:
                raise _Stumbled("no token") from fault
            return self._token


@contextmanager
def in_our_words(key: str) -> Iterator[None]:
    """Errors by who can act. What may have happened all the same is unreachable, never refused."""
    try:
        yield
    except _Stumbled as fault:
        raise GatewayUnreachable(key=key, why=str(fault)) from fault
    except Refusal as refusal:
        kind = GatewayUnreachable if refusal.status in NOT_NOW else GatewayRefused
        raise kind(key=key, why=refusal.issue, request=refusal.debug_id) from refusal
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, ArithmeticError) as fault:
        raise GatewayUnreachable(key=key, why=f"garbage: {type(fault).__name__}") from fault  # an answer that is none
